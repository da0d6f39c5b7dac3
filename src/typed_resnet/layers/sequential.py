"""Layers one after another."""

from __future__ import annotations

import dataclasses
import inspect
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, Generic, Self, TypeVar, TypeVarTuple, cast

from typed_resnet.dims.sentences import in_layer
from typed_resnet.errors import ShapeError
from typed_resnet.layer import Layer
from typed_resnet.runtime import check_composition, flow_of
from typed_resnet.tensor import Tensor

if TYPE_CHECKING:
    from typing_extensions import override
else:  # in `typing` from 3.12 on

    def override(method):
        return method


X = TypeVar("X")
Layers = TypeVarTuple("Layers")


class Composed(Tensor[*tuple[Any, ...]], Generic[X, *Layers]):
    """What layers make of X one after another, in a signature: `Composed[X, *Layers]`.

    The plugin puts the type for it that calls of all layers have, of any function that returns
    it. To other checkers it is a Tensor of any shape. While the program runs it asks for nothing:
    each layer checks what it is given.
    """

    if not TYPE_CHECKING:

        def __class_getitem__(cls, arguments):
            return Any


class Sequential(Layer, Generic[*Layers]):
    """Apply layers and functions in turn, each to what the one before it returns.

        stem = Sequential(Conv2D.init(rng, 3, 64, 7, 2, 3), relu, MaxPool2D(3, 2, 1))

    It is refused at once if one of them can never take what those before it return. Its parts
    are named "0", "1", …, as PyTorch's.

    Raises: ShapeError, where layers do not fit.
    """

    if TYPE_CHECKING:

        @property  # to mypy a subclass without fields has the constructor of its base
        def layers(self) -> tuple[*Layers]: ...

        def __init__(self, *layers: *Layers) -> None: ...

    else:  # the run reads `*layers: *Layers` as sizes
        layers: tuple[*Layers]

        def __init__(self, *layers):
            object.__setattr__(self, "layers", layers)
            check_composition(self, list(_listed(self.parts())))

        def __init_subclass__(cls):
            if not inspect.get_annotations(cls):
                cls.__init__ = cls.__init__  # as to mypy: no other is made for it
            super().__init_subclass__()

    def __call__(self, x: X) -> Composed[X, *Layers]:
        y: Any = x
        for name, layer in _listed(self.parts()):
            try:
                y = cast("Callable[[Any], Any]", layer)(y)
            except ShapeError as error:
                error.args = (in_layer(type(self).__name__, name, str(error)),)
                raise
        return y  # type: ignore[no-any-return]  # the plugin has looked at each layer

    forward = __call__

    @override
    def parts(self) -> Iterator[tuple[str, object]]:
        """Name the layers by their places."""
        layers: tuple[object, ...] = self.layers
        for place, layer in enumerate(layers):
            yield str(place), layer

    @override
    def with_parts(self, parts: Mapping[str, object]) -> Self:
        """Make one of other layers."""
        made = object.__new__(type(self))
        for field in dataclasses.fields(self):
            object.__setattr__(made, field.name, getattr(self, field.name))
        object.__setattr__(made, "layers", (*parts.values(),))
        check_composition(made, list(_listed(made.parts())))
        return made

    @override
    def __repr__(self) -> str:
        flow = flow_of(layer for _, layer in _listed(self.parts()))
        name = type(self).__name__
        type_of_it = name if flow is None else f"{name}[{flow}]"
        return f"{type_of_it}({', '.join(map(_written, self.layers))})"


def _listed(parts: Iterable[tuple[str, object]], before: str = "") -> Iterator[tuple[str, object]]:
    """List all layers with their names, those of a Sequential among them in its place."""
    for name, layer in parts:
        if isinstance(layer, Sequential):
            yield from _listed(layer.parts(), f"{before}{name}.")
        else:
            yield f"{before}{name}", layer


def _written(layer: object) -> str:
    return getattr(layer, "__name__", None) or repr(layer)
