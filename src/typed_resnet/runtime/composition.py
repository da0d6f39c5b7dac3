"""Whether layers can follow one another, read from their own signatures when they are joined."""

from __future__ import annotations

import inspect
import warnings
from collections.abc import Callable, Iterable, Sequence
from inspect import Parameter
from types import FunctionType
from typing import Any, get_overloads

from typed_resnet.dims.composition import Clash, Composed, Rule, compose
from typed_resnet.dims.conditions import filled
from typed_resnet.dims.matching import Axis, Part, Star, symbols_of
from typed_resnet.dims.normal_form import normal_form
from typed_resnet.dims.products import run_of
from typed_resnet.dims.sentences import flow, in_layer, sentence
from typed_resnet.dims.term import Symbol, Undefined
from typed_resnet.errors import ShapeError
from typed_resnet.runtime import fields
from typed_resnet.runtime.forms import TensorForm
from typed_resnet.runtime.signature import Kind, Signature
from typed_resnet.runtime.switch import enabled


def check_composition(whole: object, layers: Sequence[tuple[str, object]]) -> None:
    """Refuse layers of which one cannot take what those before it return.

    So are those that are not of the types which the class of the whole gives its parameters.

    Raises: ShapeError.
    """
    if not enabled():
        return
    fields.own_sizes(whole)
    clash = compose([_rule(layer) for _, layer in layers])
    if isinstance(clash, Clash):
        name, _ = layers[clash.place]
        raise ShapeError(in_layer(type(whole).__name__, name, sentence(clash.who, clash.failure)))


def flow_of(layers: Iterable[object]) -> str | None:
    """Say what layers make of which shape; None where that depends on the input."""
    found = compose(list(map(_rule, layers)))
    return flow(found.taken, found.returned) if isinstance(found, Composed) else None


def _rule(layer: object) -> Rule | None:
    """Read what a layer or a function makes of a shape; None where that is no plain rule."""
    call = layer if isinstance(layer, FunctionType) else _call_of(type(layer))
    function = None if call is None else inspect.unwrap(call)
    if not isinstance(function, FunctionType):
        return None
    if layer is call:
        stubs = [stub for stub in get_overloads(function) if isinstance(stub, FunctionType)]
        function = next(filter(_takes_one, stubs[::-1]), function)
    kind, owner = Kind.FUNCTION, None
    if not isinstance(layer, FunctionType):
        kind, owner = Kind.METHOD, _owner(type(layer), function)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")  # of a name that is not known here
            signature = Signature(function, kind, owner, {})
        return _of_signature(signature, layer)
    except (RuntimeWarning, Undefined):
        return None


def _takes_one(function: Callable[..., Any]) -> bool:
    first, *others = inspect.signature(function).parameters.values()
    return first.default is Parameter.empty and all(p.default is not p.empty for p in others)


def _call_of(cls: type) -> Callable[..., Any] | None:
    """Find the `__call__` of a class, as it is written."""
    found = (vars(base).get("__call__") for base in cls.__mro__)
    return next((call for call in found if isinstance(call, FunctionType)), None)


def _owner(cls: type, function: FunctionType) -> type:
    """Find the class that defines a method."""
    for base in cls.__mro__:
        found = vars(base).get("__call__")
        if found is not None and inspect.unwrap(found) is function:
            return base
    return cls


def _of_signature(signature: Signature, layer: object) -> Rule | None:
    parameters = signature.parameters[signature.kind is Kind.METHOD :]
    if not parameters:
        return None
    first, *others = parameters
    if any(p.default is Parameter.empty for p in others):
        return None
    taken, result = signature.forms.get(first.name), signature.result
    if not isinstance(taken, TensorForm) or not isinstance(result, TensorForm):
        return None
    own = fields.sizes_as(layer, signature.owner) if signature.owner is not None else ()
    brought = dict(zip(signature.own_sizes, own or (), strict=False))
    axes = (*taken.axes.declared, *result.axes.declared)
    sizes = {
        s: None if (size := brought[s.name]) is None else normal_form(size)
        for s in _symbols(axes)
        if s.name in brought
    }
    formal, returned = (filled(form.axes.declared, sizes, {}) for form in (taken, result))
    flexible = dict.fromkeys(s for s in _symbols((*formal, *returned)) if run_of(s) is None)
    runs = {run: None for s in _symbols(axes) if (run := run_of(s)) is not None}
    who = signature.who({signature.parameters[0].name: layer})
    part = Part(first.name, formal, (), taken.axes.names)
    return Rule(who, part, returned, (*flexible, *(r for r in runs if r not in flexible)))


def _symbols(axes: Iterable[Axis]) -> Iterable[Symbol]:
    for axis in axes:
        if isinstance(axis, Star):
            yield from () if axis.symbol is None else (axis.symbol,)
        elif axis is not None:
            yield from symbols_of(axis)
