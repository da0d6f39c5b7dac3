"""What a layer holds, by name: parameters, and the stored statistics of its norms."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeAlias, TypeVar, cast

import numpy.typing as npt

from typed_resnet.layer import Layer, Record
from typed_resnet.layers import RunningStatistics
from typed_resnet.tensor import Tensor

Model = TypeVar("Model", bound=Layer)
Held = TypeVar("Held", bound=Record)

AnyTensor: TypeAlias = Tensor[*tuple[Any, ...]]


def parameters(layer: Record) -> Iterator[tuple[str, AnyTensor]]:
    """Name every parameter of a layer: `layer1.rest.0.conv1.kernel`.

    A record of gradients has its layer's names.
    """
    for name, value in walk("", layer, RunningStatistics):
        if isinstance(value, Tensor):
            yield name, value


def parameter_count(layer: Layer) -> int:
    """Count the numbers that all parameters hold."""
    return sum(math.prod(tensor.array.shape) for _, tensor in parameters(layer))


def with_parameters(layer: Held, arrays: Mapping[str, npt.ArrayLike]) -> Held:
    """Make a layer, or a record of gradients, anew with these arrays where `parameters` says.

    Raises: KeyError, where a name is missing.
    """

    def change(name: str, value: object) -> object:
        if isinstance(value, Tensor):
            made: AnyTensor = Tensor(arrays[name])
            return made
        return value

    return changed(layer, change, RunningStatistics)


def in_training(model: Model) -> Model:
    """Let norms take the batch's statistics, and the stored ones follow them.

    The model that is returned shares all arrays with the one that is given.
    """
    return _in_mode(model, True)


def in_evaluation(model: Model) -> Model:
    """Let norms take the stored statistics."""
    return _in_mode(model, False)


def statistics(layer: Layer) -> Iterator[tuple[str, RunningStatistics[Any]]]:
    """Name the stored statistics of every norm: `layer1.rest.0.bn1.statistics`."""
    for name, value in walk("", layer):
        if isinstance(value, RunningStatistics):
            yield name, value


def changed(
    model: Held, change: Callable[[str, object], object], *untouched: type[Record]
) -> Held:
    """Make a model anew from its parts; `change` takes each by its name, inner ones first."""

    def rebuilt(name: str, value: object) -> object:
        if not isinstance(value, untouched):
            parts = {part: rebuilt(_joined(name, part), item) for part, item in _items(value)}
            if isinstance(value, tuple):
                return tuple(parts.values())
            if any(parts[part] is not item for part, item in _items(value)):
                value = type(value)(**parts)
        return change(name, value)

    return cast(Held, rebuilt("", model))


def _in_mode(model: Model, training: bool) -> Model:
    def change(_: str, value: object) -> object:
        if isinstance(value, RunningStatistics):
            stored = cast("RunningStatistics[Any]", value)  # type: ignore[redundant-cast]  # Pyright knows no arguments
            return dataclasses.replace(stored, training=training)
        return value

    return changed(model, change)


def walk(name: str, value: object, *untouched: type[Record]) -> Iterator[tuple[str, object]]:
    """Name a value and all its parts, but not what is inside of the untouched."""
    if isinstance(value, untouched):
        return
    yield name, value
    for part, item in _items(value):
        yield from walk(_joined(name, part), item, *untouched)


def _items(value: object) -> Iterator[tuple[str, object]]:
    """Name what a record or a tuple of records holds."""
    if isinstance(value, Record) and dataclasses.is_dataclass(value):
        for field in dataclasses.fields(value):
            yield field.name, getattr(value, field.name)
    elif isinstance(value, tuple):
        for index, item in enumerate(cast(tuple[object, ...], value)):
            yield str(index), item


def _joined(name: str, part: str) -> str:
    return f"{name}.{part}" if name else part
