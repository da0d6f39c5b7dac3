"""What a function declares, read once at its first call."""

from __future__ import annotations

import inspect
import typing
from collections.abc import Callable, Mapping
from enum import Enum
from inspect import Parameter
from types import FunctionType, GenericAlias
from typing import Any

from typed_resnet.dims.term import Symbol
from typed_resnet.runtime import fields, resolve
from typed_resnet.runtime.forms import (
    Form,
    ManyForm,
    MappingForm,
    SizesForm,
    runs_of_shapes,
    symbols_inside,
    without_others_runs,
)
from typed_resnet.runtime.reading import read_form

SIGNS = {"__add__": "+", "__sub__": "-", "__mul__": "*", "__truediv__": "/", "__matmul__": "@"}


class Kind(Enum):
    """What the first parameter is: nothing special, an instance, a class."""

    FUNCTION = "function"
    METHOD = "method"
    CLASS_METHOD = "class method"
    CONSTRUCTOR = "constructor"


class Signature:
    """The forms of a function's parameters and of its result, and the name errors give it."""

    def __init__(
        self,
        function: FunctionType,
        kind: Kind,
        owner: type | None,
        local: Mapping[str, Any],
        around: Mapping[str, Any] | None = None,
    ) -> None:
        self.function = function
        self.kind = kind
        self.owner = owner
        self.parameters = parameters_of(function)
        own = {p.__name__ for p in getattr(inspect.unwrap(function), "__type_params__", ())}
        own.update(() if owner is None else fields.size_parameters(owner))
        self.around = {name: size for name, size in (around or {}).items() if name not in own}
        """The sizes of the call in which it was defined: a symbol of that one is the same here."""
        self.flow: tuple[Form, ...] = ()
        """What a generator yields, is sent and returns, as far as it says."""
        if kind is Kind.CONSTRUCTOR and owner is not None and _is_of_dataclass(owner):
            of_fields = fields.annotated_forms(owner)
            self.forms = {p.name: of_fields[p.name] for p in self.parameters[1:]}
            self.result = Form(typing.Any)
            self._leave_out_others_runs()
            return
        names = resolve.names_of_function(function, owner, local)
        evaluate = resolve.evaluator(names, function.__qualname__)
        hints = resolve.annotations_of(function)
        self.forms = {
            p.name: _of_all(p, read_form(hints[p.name], evaluate, {}, owner))
            for p in self.parameters
            if p.name in hints
        }
        result = hints.get("return", typing.Any)
        if _kind_of_call(function) != _kind_of_call(inspect.unwrap(function)):
            result = typing.Any  # of a context manager, say, the hint is what the inside yields
        while isinstance(result, str):
            result = evaluate(result)
        if _yields(function):
            ways = typing.get_args(result)
            self.flow = tuple(read_form(way, evaluate, {}, owner) for way in ways)
            result = typing.Any
        self.result = read_form(result, evaluate, {}, owner)
        if kind is Kind.CONSTRUCTOR:
            self.result = Form(typing.Any)
        self._leave_out_others_runs()

    def _leave_out_others_runs(self) -> None:
        forms = [*self.forms.values(), self.result, *self.flow]
        runs = set[Symbol]().union(*map(runs_of_shapes, forms))
        self.forms = {name: without_others_runs(f, runs) for name, f in self.forms.items()}
        self.result = without_others_runs(self.result, runs)
        self.flow = tuple(without_others_runs(form, runs) for form in self.flow)

    @property
    def own_sizes(self) -> tuple[str, ...]:
        """The sizes that `self` brings."""
        if self.kind is not Kind.METHOD or self.owner is None:
            return ()
        return fields.size_parameters(self.owner)

    def symbols(self) -> set[str]:
        """Name the symbols that it declares; a run's name begins with a star."""
        forms = [*self.forms.values(), self.result, *self.flow]
        return {*self.own_sizes, *self.around}.union(*map(symbols_inside, forms))

    def who(self, values: Mapping[str, Any]) -> str:
        """Name what is called, as mypy names it: `relu`, `Conv2D[3, 64, 7, 2, 3]`, `+`."""
        name = self.function.__name__
        if self.kind is Kind.FUNCTION or not self.parameters:
            return self.function.__qualname__.rpartition("<locals>.")[2]
        first = values[self.parameters[0].name]
        if self.kind is Kind.CONSTRUCTOR:
            return (first if isinstance(first, type) else type(first)).__name__
        if self.kind is Kind.CLASS_METHOD:
            return f"{first.__name__}.{name}"
        if name in SIGNS:
            return SIGNS[name]
        owner = fields.printed_type(first)
        return owner if name in ("__call__", "forward") else f"{owner}.{name}"


def _is_of_dataclass(owner: type) -> bool:
    """Say whether the constructor of a class was made from its fields."""
    own = vars(owner)
    return "__dataclass_fields__" in own and bool(own["__dataclass_params__"].init)


def _of_all(parameter: Parameter, form: Form) -> Form:
    """Read the form of `*xs` and `**xs`, of which the hint names each."""
    if isinstance(form, SizesForm):
        return form
    if form.sized and parameter.kind is Parameter.VAR_POSITIONAL:
        return ManyForm(GenericAlias(tuple, (form.plain, ...)), inner=(form,))
    if form.sized and parameter.kind is Parameter.VAR_KEYWORD:
        by_name = GenericAlias(dict, (str, form.plain))
        return MappingForm(by_name, inner=(Form(str), form))
    return form


def parameters_of(function: FunctionType) -> list[Parameter]:
    """The parameters of a function, without a look at its annotations."""
    if hasattr(function, "__wrapped__"):
        return list(inspect.signature(function).parameters.values())
    bare = FunctionType(function.__code__, {}, closure=function.__closure__)
    bare.__defaults__ = function.__defaults__
    bare.__kwdefaults__ = function.__kwdefaults__
    return list(inspect.signature(bare).parameters.values())


def _yields(function: Callable[..., Any]) -> bool:
    return inspect.isgeneratorfunction(function) or inspect.isasyncgenfunction(function)


def _kind_of_call(function: Callable[..., Any]) -> tuple[bool, bool]:
    """Say whether a call of it yields, and whether it is awaited."""
    return _yields(function), inspect.iscoroutinefunction(function)
