"""What a record holds, by name: its parameters, or all its parts."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeAlias, TypeVar, cast

import numpy.typing as npt

from typed_resnet.layer import Record, State
from typed_resnet.tensor import Tensor

Held = TypeVar("Held", bound=Record)

Container = TypeVar("Container", bound=tuple[Any, ...] | list[Any] | dict[Any, Any])

AnyTensor: TypeAlias = Tensor[*tuple[Any, ...]]


def parameters(layer: Record) -> Iterator[tuple[str, AnyTensor]]:
    """Name every parameter of a layer: `layer1.rest.0.conv1.kernel`.

    A record of gradients has its layer's names.
    """
    for name, value in walk("", layer, State):
        if isinstance(value, Tensor):
            yield name, value


def with_parameters(layer: Held, arrays: Mapping[str, npt.ArrayLike]) -> Held:
    """Make a layer, or a record of gradients, anew with these arrays where `parameters` says.

    Raises: KeyError, where a name is missing.
    """

    def change(name: str, value: object) -> object:
        if isinstance(value, Tensor):
            made: AnyTensor = Tensor(arrays[name])
            return made
        return value

    return changed(layer, change, State)


def changed(
    model: Held, change: Callable[[str, object], object], *untouched: type[Record]
) -> Held:
    """Make a model anew from its parts; `change` takes each by its name, inner ones first."""

    def rebuilt(name: str, value: object) -> object:
        if not isinstance(value, untouched):
            parts = {part: rebuilt(_joined(name, part), item) for part, item in items(value)}
            if isinstance(value, tuple | list | dict):
                value = like(cast(Any, value), parts.values())
            elif any(parts[part] is not item for part, item in items(value)):
                value = value.with_parts(parts) if isinstance(value, Record) else value
        return change(name, value)

    return cast(Held, rebuilt("", model))


def walk(name: str, value: object, *untouched: type[Record]) -> Iterator[tuple[str, object]]:
    """Name a value and all its parts, but not what is inside of the untouched."""
    if isinstance(value, untouched):
        return
    yield name, value
    for part, item in items(value):
        yield from walk(_joined(name, part), item, *untouched)


def items(value: object) -> Iterator[tuple[str, object]]:
    """Name what a record holds, or a tuple, a list or a dict of records."""
    if isinstance(value, Record) and dataclasses.is_dataclass(value):
        yield from value.parts()
    elif isinstance(value, tuple | list):
        for index, item in enumerate(cast(Sequence[object], value)):
            yield str(index), item
    elif isinstance(value, dict):
        for key, item in cast(dict[object, object], value).items():
            yield str(key), item


def like(value: Container, items: Iterable[object]) -> Container:
    """Make a tuple, a list or a dict like this one, of other items in their order."""
    if isinstance(value, dict):
        return cast(Container, dict(zip(value, items, strict=True)))
    made: Callable[[Iterable[object]], Container] = getattr(value, "_make", type(value))
    return made(items)  # a NamedTuple has a `_make`


def _joined(name: str, part: str) -> str:
    return f"{name}.{part}" if name else part
