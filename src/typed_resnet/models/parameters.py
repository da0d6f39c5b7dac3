"""The parameters of a layer, by name."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterator, Mapping
from typing import Any, TypeAlias, TypeVar, cast

import numpy.typing as npt

from typed_resnet.layer import Layer, Record
from typed_resnet.tensor import Tensor

Model = TypeVar("Model", bound=Layer)

AnyTensor: TypeAlias = Tensor[*tuple[Any, ...]]


def parameters(layer: Record) -> Iterator[tuple[str, AnyTensor]]:
    """Name every tensor that a layer holds: `layer1.rest.0.conv1.kernel`.

    A record of gradients has its layer's names.
    """
    return _named("", layer)


def parameter_count(layer: Layer) -> int:
    """Count the numbers that all parameters hold."""
    return sum(math.prod(tensor.array.shape) for _, tensor in parameters(layer))


def with_parameters(layer: Model, arrays: Mapping[str, npt.ArrayLike]) -> Model:
    """Make the layer anew with these arrays in the places that `parameters` names.

    Raises: KeyError, where a name is missing.
    """
    return cast(Model, _filled("", layer, arrays))


def _named(name: str, value: object) -> Iterator[tuple[str, AnyTensor]]:
    if isinstance(value, Tensor):
        yield name, value
        return
    for inner, item in _items(value):
        yield from _named(f"{name}.{inner}" if name else inner, item)


def _filled(name: str, value: object, arrays: Mapping[str, npt.ArrayLike]) -> object:
    if isinstance(value, Tensor):
        made: AnyTensor = Tensor(arrays[name])
        return made
    items = {
        inner: _filled(f"{name}.{inner}" if name else inner, item, arrays)
        for inner, item in _items(value)
    }
    if isinstance(value, tuple):
        return tuple(items.values())
    return type(value)(**items) if isinstance(value, Layer) else value


def _items(value: object) -> Iterator[tuple[str, object]]:
    """Name what a layer or a tuple of layers holds."""
    if isinstance(value, Record) and dataclasses.is_dataclass(value):
        for field in dataclasses.fields(value):
            yield field.name, getattr(value, field.name)
    elif isinstance(value, tuple):
        for index, item in enumerate(cast(tuple[object, ...], value)):
            yield str(index), item
