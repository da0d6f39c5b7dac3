"""Read off a model's source, as mypy and the plugin understand it, what each layer will return.

mypy proves the source for all sizes; here its symbolic result types are followed from the model's
own `__call__` into each layer it calls. Each shape is written in the symbols of the model's own
input; then the numbers of one input are put for these. No array is looked at, so that what is
found can be compared with what the arrays turn out to be. The sizes of the model itself are read
from it, as its caller would write them in its type.
"""

from __future__ import annotations

import inspect
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace

from mypy.nodes import CallExpr, Expression, FuncDef, MemberExpr, NameExpr
from mypy.types import (
    AnyType,
    Instance,
    Type,
    TypeOfAny,
    TypeVarType,
    get_proper_type,
)

from typed_resnet.dims.matching import Axis, Part, Star, match
from typed_resnet.dims.normal_form import Dim, normal_form
from typed_resnet.dims.sentences import sentence
from typed_resnet.dims.sentences import shape as written_shape
from typed_resnet.dims.term import Symbol
from typed_resnet.errors import ShapeError
from typed_resnet.layer import Layer
from typed_resnet.mypy_plugin.classes import is_tensor, size_parameters
from typed_resnet.mypy_plugin.composing import flow_of, layers_of
from typed_resnet.mypy_plugin.parts import Walker
from typed_resnet.mypy_plugin.translate import Reader, print_instance, symbol_of
from typed_resnet.summary.arguments import defaults, names_of, passed, signature_of
from typed_resnet.summary.body import UNKNOWN, Body
from typed_resnet.summary.bound import Bound
from typed_resnet.summary.model import Shape, is_leaf, layers, names
from typed_resnet.summary.source import Source, UnreadError, as_owner
from typed_resnet.summary.steps import UNKNOWN_SHAPE, start, steps


@dataclass(frozen=True)
class Inferred:
    """What the source says of one call of a layer."""

    path: str
    """The layer's name in the model: `layer2.rest.0.conv1`."""
    declared: str
    """Its type as the caller has it: `Conv2D[Cin, Cout, 3, S, 1]`."""
    numbers: str
    """The same for this model: `Conv2D[64, 128, 3, 1, 1]`."""
    symbolic: str
    """The shape of its result for every input: `[*B, 64, ⌈H/2⌉, ⌈W/2⌉]`."""
    shape: Shape | None
    """The same for the input given; None where mypy does not know it."""


def infer(model: Layer, shape: Shape, source: Source | None = None) -> list[Inferred]:
    """Infer the shape that each layer of a model returns for an input, from the source alone.

    The calls come in the order in which they are made. One that cannot be followed is left out.

    Raises: ShapeError, where the model does not take the input.
    """
    source = source or Source(model)
    while True:
        following = Following(source, names(model))
        with suppress(UnreadError):
            following.start(model, shape)
            return following.inferred


class Following:
    """Follows calls into one another, and collects those of layers without layers in them."""

    def __init__(self, source: Source, paths: Mapping[int, str]) -> None:
        self.source = source
        self.paths = paths
        self.inferred: list[Inferred] = []
        self.input = Bound()
        """The numbers of the one input."""

    def start(self, model: Layer, shape: Shape) -> None:
        """Follow the model's own call, on an input of symbols."""
        typ = self.source.type_of_value(model)
        if isinstance(typ, Instance) and layers_of(typ) is not None:
            given, self.input = start(typ, shape)
            result = self._follow_layers(model, typ, given, Bound())
            if is_leaf(model):  # one of functions alone
                self.inferred.append(self._inferred(model, typ, result, Bound()))
            return
        receiver = self.source.type_of_self(model)
        function = self.source.method(type(model), "__call__")
        if receiver is None or function is None or len(function.arguments) != 2:
            return
        known = self.source.sizes_of(model)
        symbols = [symbol_of(variable) for _, variable in size_parameters(receiver.type)]
        own = Bound({s: normal_form(known[s.name]) for s in symbols if s and s.name in known})
        sizes = self._sizes_of(receiver, function, own)
        formal = get_proper_type(signature_of(function).arg_types[1])
        if sizes is None or not isinstance(formal, Instance):
            return
        part = Part("x", Reader().axes(formal.args), shape)
        matched = match([part], _symbols(function), sizes)
        if matched.failure is not None:
            raise ShapeError(sentence(repr(model), matched.failure))
        found = {s: size for s, size in matched.sizes.items() if size is not None}
        free = {s: Symbol(s.name, s.least, "input") for s in (*found, *matched.stars)}
        self.input = Bound(
            {free[s]: size for s, size in found.items() if s not in sizes},
            {free[s]: axes for s, axes in matched.stars.items()},
        )
        bound = Bound(
            {s: sizes.get(s) or normal_form(free[s]) for s in found},
            {s: (Star(free[s]),) for s in matched.stars},
        )
        if is_leaf(model) and isinstance(typ, Instance):
            result = bound.axes(_axes(signature_of(function).ret_type))
            self.inferred.append(self._inferred(model, typ, result, bound))
            return
        self._run(function, {names_of(function)[0]: model}, bound)

    def _run(self, function: FuncDef, values: Mapping[str, object], bound: Bound) -> None:
        body = Body(values)
        for call in body.calls(function.body):
            self._call(call, body, bound)

    def _call(self, call: CallExpr, body: Body, bound: Bound) -> None:
        """Take note of the call of a layer; follow it into methods, and functions of layers."""
        value, method, receiver = body.value(call.callee), "__call__", call.callee
        if isinstance(call.callee, MemberExpr) and inspect.ismethod(value):
            value, method, receiver = value.__self__, call.callee.name, call.callee.expr
            if vars(type(value)).get(method) is vars(type(value)).get("__call__", UNKNOWN):
                method = "__call__"  # `forward`, the same under another name
        if isinstance(value, Layer):
            typ = self.source.type_of(receiver)
            declared = typ if isinstance(typ, Instance) else None
            if method == "__call__" and is_leaf(value):
                symbolic = self._shape_of(call, bound)
                self.inferred.append(self._inferred(value, declared, symbolic, bound))
            elif declared is not None and method == "__call__" and layers_of(declared) is not None:
                given = self._shape_of(call.args[0], bound) if call.args else UNKNOWN_SHAPE
                self._follow_layers(value, declared, given, bound)
            elif declared is not None:
                self._follow_method(value, method, declared, call, body, bound)
        elif isinstance(call.callee, NameExpr) and any(
            next(layers(body.value(argument)), None) for argument in call.args
        ):
            function = self.source.function(call.callee.node)
            if function is not None:
                self._follow(function, call, body, bound, {}, {})

    def _follow_layers(
        self, layer: Layer, typ: Instance, given: tuple[Axis, ...], bound: Bound
    ) -> tuple[Axis, ...]:
        """Note each layer that a composition applies, or follow it; say what the last returns."""
        for step in steps(layer, typ, given, bound):
            proper = get_proper_type(step.declared)
            declared = proper if isinstance(proper, Instance) else None
            given = step.returned
            if not isinstance(step.layer, Layer):
                continue
            if is_leaf(step.layer):
                self.inferred.append(self._inferred(step.layer, declared, step.returned, bound))
            elif declared is not None:
                self._follow_step(step.layer, declared, step.taken, bound)
        return given

    def _follow_step(
        self, layer: Layer, receiver: Instance, given: tuple[Axis, ...], bound: Bound
    ) -> None:
        function = self.source.method(type(layer), "__call__")
        sizes = None if function is None else self._sizes_of(receiver, function, bound)
        if function is None or sizes is None:
            return
        part = Part("x", _axes(signature_of(function).arg_types[1]), given)
        self._enter(function, [part], sizes, {names_of(function)[0]: layer} | defaults(function))

    def _follow_method(
        self,
        layer: Layer,
        method: str,
        receiver: Instance,
        call: CallExpr,
        body: Body,
        bound: Bound,
    ) -> None:
        function = self.source.method(type(layer), method)
        if function is not None:
            sizes = self._sizes_of(receiver, function, bound)
            if sizes is not None:
                self._follow(function, call, body, bound, sizes, {names_of(function)[0]: layer})

    def _follow(
        self,
        function: FuncDef,
        call: CallExpr,
        body: Body,
        bound: Bound,
        sizes: Mapping[Symbol, Dim],
        own: Mapping[str, object],
    ) -> None:
        """Bind a function's symbols by the types that a call passes, and follow its body.

        `sizes` are those of the object it is a method of, and `own` is that object by its name.
        """
        given = passed(call, names_of(function)[len(own) :])
        walker = Walker(self._type, Reader(), Reader())
        values = dict(own) | defaults(function)
        signature = signature_of(function)
        for argument, declared in zip(function.arguments, signature.arg_types, strict=True):
            name = argument.variable.name
            if name in given:
                values[name] = body.value(given[name])
                formal = get_proper_type(declared)
                if isinstance(formal, TypeVarType):
                    walker.size(formal, self._type(given[name]), given[name], name)
                else:
                    walker.walk(formal, self._type(given[name]), None, name)
        parts = [replace(part, actual=bound.axes(part.actual)) for part in walker.parts]
        self._enter(function, parts, sizes, values)

    def _enter(
        self,
        function: FuncDef,
        parts: Sequence[Part],
        sizes: Mapping[Symbol, Dim],
        values: Mapping[str, object],
    ) -> None:
        """Follow the body of a function that is called with these shapes and values."""
        matched = match(parts, _symbols(function), sizes)
        if matched.failure is not None:
            raise ShapeError(sentence(function.name, matched.failure))
        lost = dict.fromkeys(_symbols(function))  # what was not bound is unknown
        self._run(function, values, Bound(lost | matched.sizes, matched.stars))

    def _type(self, expression: Expression) -> Type:
        return self.source.type_of(expression) or AnyType(TypeOfAny.special_form)

    def _sizes_of(
        self, receiver: Instance, function: FuncDef, bound: Bound
    ) -> dict[Symbol, Dim] | None:
        """Say what the type parameters are of the class that a method is written in."""
        owner = as_owner(receiver, function.info)
        if owner is None:
            return None
        sizes: dict[Symbol, Dim] = {}
        for place, variable in size_parameters(owner.type):
            symbol, size = symbol_of(variable), bound.size(Reader().term(owner.args[place]))
            if symbol is not None and size is not None:
                sizes[symbol] = normal_form(size)
        return sizes

    def _shape_of(self, expression: Expression, bound: Bound) -> tuple[Axis, ...]:
        return bound.axes(_axes(self._type(expression)))

    def _inferred(
        self,
        layer: Layer,
        declared: Instance | None,
        symbolic: tuple[Axis, ...],
        bound: Bound,
    ) -> Inferred:
        return Inferred(
            self.paths.get(id(layer), "?"),
            "?" if declared is None else _print(declared),
            "?" if declared is None else _print_numbers(declared, bound),
            written_shape(symbolic),
            self.input.shape(symbolic),
        )


def _print(declared: Instance) -> str:
    flow = flow_of(declared)
    return print_instance(declared) if flow is None else f"{declared.type.name}[{flow}]"


def _print_numbers(declared: Instance, bound: Bound) -> str:
    if layers_of(declared) is not None:
        return _print(declared)
    sizes = bound.axes(Reader().axes(declared.args))
    return declared.type.name + (written_shape(sizes) if sizes else "")


def _axes(typ: Type) -> tuple[Axis, ...]:
    """Read the shape of a tensor; of anything else none is known."""
    proper = get_proper_type(typ)
    if not isinstance(proper, Instance) or not is_tensor(proper.type):
        return UNKNOWN_SHAPE
    return Reader().axes(proper.args)


def _symbols(function: FuncDef) -> list[Symbol]:
    """List the symbols of a function, and of the class that it is a method of."""
    own = [variable for _, variable in size_parameters(function.info)] if function.info else []
    variables = (*signature_of(function).variables, *own)
    return [symbol for variable in variables if (symbol := symbol_of(variable)) is not None]
