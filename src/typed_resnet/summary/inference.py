"""Read off a model's source, as mypy and the plugin understand it, what each layer will return.

mypy proves the source for all sizes; here its symbolic result types are followed from the model's
own `__call__` into each layer it calls, with the numbers of one input put for the symbols. No
array is looked at, so that what is found can be compared with what the arrays turn out to be.
"""

from __future__ import annotations

import inspect
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from mypy import build
from mypy.modulefinder import BuildSource
from mypy.nodes import (
    CallExpr,
    Decorator,
    Expression,
    ForStmt,
    FuncDef,
    MemberExpr,
    NameExpr,
    OverloadedFuncDef,
    TypeInfo,
)
from mypy.options import Options
from mypy.traverser import TraverserVisitor
from mypy.types import CallableType, Instance, Type, get_proper_type

from typed_resnet.dims.matching import Axis, Part, Star, match
from typed_resnet.dims.normal_form import Dim, normal_form
from typed_resnet.dims.sentences import sentence
from typed_resnet.dims.sentences import shape as written_shape
from typed_resnet.dims.term import Symbol
from typed_resnet.layer import Layer
from typed_resnet.mypy_plugin.translate import (
    Reader,
    is_tensor,
    print_instance,
    size_parameters,
    symbol_of,
)
from typed_resnet.runtime import layer_sizes

Shape = tuple[int, ...]


@dataclass(frozen=True)
class Inferred:
    """What the source says of one call of a layer."""

    path: str
    """The layer's name in the model: `layer2.rest.0.conv1`."""
    declared: str
    """Its type as the field declares it: `Conv2D[Cout, Cout, 3, 1, 1]`."""
    symbolic: str
    """The shape of its result in the caller's symbols: `[*B, Cout, ⌈H/S⌉, ⌈W/S⌉]`."""
    shape: Shape
    """The same for the input given."""


class Source:
    """The typed sources of some modules."""

    def __init__(self, modules: Iterable[str]) -> None:
        options = Options()
        options.plugins = ["typed_resnet.mypy_plugin"]
        options.export_types = True
        options.incremental = False
        options.follow_untyped_imports = True
        sources = [BuildSource(None, module, None) for module in sorted(set(modules))]
        with tempfile.TemporaryDirectory() as cache:
            options.cache_dir = cache
            self.result = build.build(sources, options)

    def class_info(self, cls: type) -> TypeInfo:
        node = self.result.files[cls.__module__].names[cls.__qualname__].node
        assert isinstance(node, TypeInfo)
        return node

    def method(self, cls: type, name: str) -> FuncDef:
        """Find the body of a method; of an overloaded one, its implementation."""
        symbol = self.class_info(cls).get(name)
        node = symbol.node if symbol is not None else None
        if isinstance(node, OverloadedFuncDef):
            node = node.impl
        if isinstance(node, Decorator):
            node = node.func
        if not isinstance(node, FuncDef):
            raise ValueError(f"{cls.__name__} has no method {name} that mypy can follow")
        return node

    def sizes(self, model: Layer) -> dict[Symbol, Dim]:
        """Read the sizes of the model itself, the one thing that is taken from its arrays."""
        known = {variable.__name__: size for variable, size in layer_sizes(model).items()}
        return {
            symbol: normal_form(known[symbol.name])
            for _, variable in size_parameters(self.class_info(type(model)))
            if (symbol := symbol_of(variable)) is not None and symbol.name in known
        }

    def type_of(self, expression: Expression) -> Type | None:
        typ = self.result.types.get(expression)
        return None if typ is None else get_proper_type(typ)


def infer(model: Layer, shape: Shape) -> list[Inferred]:
    """Infer the shape that each layer of a model returns for an input, from the source alone.

    Raises: ValueError, where a size cannot be followed; it says which.
    """
    source = Source({type(layer).__module__ for _, layer in layers(model)})
    inferred: list[Inferred] = []
    call = _Call(source, inferred, model, "", source.sizes(model))
    call.run("__call__", [tuple(shape)])
    return inferred


def layers(model: Layer, path: str = "") -> Iterator[tuple[str, Layer]]:
    """Walk a model and all layers in it, each with its name in the model."""
    yield path, model
    for name, value in vars(model).items():
        inner = f"{path}.{name}" if path else name
        if isinstance(value, Layer):
            yield from layers(value, inner)
        elif isinstance(value, list | tuple):
            for index, item in enumerate(value):
                if isinstance(item, Layer):
                    yield from layers(item, f"{inner}.{index}")


class _Call(TraverserVisitor):
    """Follows one call of a method of one layer, with the numbers that its symbols stand for."""

    def __init__(
        self,
        source: Source,
        inferred: list[Inferred],
        layer: Layer,
        path: str,
        class_sizes: Mapping[Symbol, Dim],
    ) -> None:
        super().__init__()
        self.source = source
        self.inferred = inferred
        self.layer = layer
        self.path = path
        self.class_sizes = class_sizes
        self.sizes: dict[Symbol, Dim] = {}
        self.stars: Mapping[Symbol, tuple[Axis, ...]] = {}
        self.names: dict[str, tuple[object, str]] = {}
        """What a local name stands for, and where in the model that is."""

    def run(self, method: str, shapes: Sequence[Shape]) -> None:
        """Bind the method's own symbols by the shapes of its arguments, and follow its body."""
        function = self.source.method(type(self.layer), method)
        signature = function.type
        assert isinstance(signature, CallableType)
        owner, *names = [argument.variable.name for argument in function.arguments]
        self.names[owner] = (self.layer, self.path)
        parts = [
            Part(name, Reader().axes(formal.args), shape)
            for name, typ, shape in zip(names, signature.arg_types[1:], shapes, strict=True)
            if isinstance(formal := get_proper_type(typ), Instance)
        ]
        flexible = [s for v in signature.variables if (s := symbol_of(v)) is not None]
        matched = match(parts, flexible, self.class_sizes)
        if matched.failure is not None:
            raise ValueError(sentence(self.path or type(self.layer).__name__, matched.failure))
        self.sizes = {s: size for s, size in matched.sizes.items() if size is not None}
        self.stars = matched.stars
        function.body.accept(self)

    def visit_for_stmt(self, o: ForStmt, /) -> None:
        iterated, path = self._value(o.expr)
        if not (isinstance(o.index, NameExpr) and isinstance(iterated, list | tuple)):
            super().visit_for_stmt(o)
            return
        for index, item in enumerate(iterated):
            self.names[o.index.name] = (item, f"{path}.{index}")
            o.body.accept(self)

    def visit_call_expr(self, o: CallExpr, /) -> None:
        super().visit_call_expr(o)  # what is inside is called first
        value, path = self._value(o.callee)
        callee, result = self.source.type_of(o.callee), self.source.type_of(o)
        if isinstance(value, Layer) and isinstance(callee, Instance):
            if any(name for name, _ in layers(value) if name):
                inner = self._inner_sizes(callee)
                self._follow(_Call(self.source, self.inferred, value, path, inner), "__call__", o)
            elif isinstance(result, Instance) and is_tensor(result.type):
                symbolic = Reader().axes(result.args)
                declared = print_instance(callee)
                self.inferred.append(
                    Inferred(path, declared, written_shape(symbolic), self._shape(symbolic))
                )
        elif isinstance(o.callee, MemberExpr) and inspect.ismethod(value):
            if value.__self__ is self.layer:
                again = _Call(self.source, self.inferred, self.layer, self.path, self.class_sizes)
                self._follow(again, o.callee.name, o)

    def _follow(self, call: _Call, method: str, expression: CallExpr) -> None:
        shapes = [
            self._shape(Reader().axes(typ.args))
            for argument in expression.args
            if isinstance(typ := self.source.type_of(argument), Instance) and is_tensor(typ.type)
        ]
        if len(shapes) == len(expression.args):
            call.run(method, shapes)

    def _inner_sizes(self, callee: Instance) -> dict[Symbol, Dim]:
        sizes = {}
        for place, variable in size_parameters(callee.type):
            symbol, term = symbol_of(variable), Reader().term(callee.args[place])
            if symbol is not None and term is not None:
                sizes[symbol] = normal_form(term).substitute(self.sizes)
        return sizes

    def _shape(self, axes: Iterable[Axis]) -> Shape:
        """Put numbers for the symbols of a shape."""
        shape: list[int] = []
        for axis in axes:
            if isinstance(axis, Star) and axis.symbol is not None:
                shape += self._shape(self.stars.get(axis.symbol, ()))
            elif axis is not None and not isinstance(axis, Star):
                size = normal_form(axis).substitute(self.sizes).constant
                if size is None:
                    raise ValueError(f"{self.path}: {written_shape([axis])} has no number")
                shape.append(size)
            else:
                raise ValueError(f"{self.path}: a size is unknown to mypy")
        return tuple(shape)

    def _value(self, expression: Expression) -> tuple[object, str]:
        """Find what an expression such as `self.layer1.first` stands for in the model at hand."""
        if isinstance(expression, NameExpr):
            return self.names.get(expression.name, (None, ""))
        if isinstance(expression, MemberExpr):
            owner, path = self._value(expression.expr)
            if owner is not None:
                inner = f"{path}.{expression.name}" if path else expression.name
                return getattr(owner, expression.name, None), inner
        return None, ""
