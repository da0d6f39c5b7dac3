"""The tensors that a value holds, and the same value with others in their places."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from typing import Any, Final, TypeAlias, TypeVar, cast

from typed_resnet.layer import Record, State
from typed_resnet.records import items, like, walk
from typed_resnet.runtime.fields import KEPT
from typed_resnet.tensor import Tensor

AnyTensor: TypeAlias = Tensor[*tuple[Any, ...]]

V = TypeVar("V")

ORIGINAL: Final = "__original__"
"""Where a traced record keeps the plain one that it was made from."""


def has_gradient(value: object) -> bool:
    """Say whether a value can have a gradient: a tensor of floats, a record, a tuple of such.

    A list and a dict are as good as a tuple.
    """
    if isinstance(value, Tensor):
        return value.dtype.kind in "fO"  # labels are integers
    if isinstance(value, tuple | list | dict):
        return any(has_gradient(item) for _, item in items(value))
    return isinstance(value, Record) and not isinstance(value, State)


def replaced(value: V, change: Callable[[AnyTensor], AnyTensor], *, remember: bool = False) -> V:
    """Put another tensor for each that can have a gradient, in the order of fields and items.

    No record is constructed: its class may demand of parameters what their gradients do not meet.
    What a record keeps beside its fields, computed from them, stays behind; only its sizes are
    the same. A new record may `remember` the old one.
    """
    return cast(V, _replaced(value, change, remember))


def _replaced(value: object, change: Callable[[AnyTensor], AnyTensor], remember: bool) -> object:
    if not has_gradient(value):
        return value
    if isinstance(value, Tensor):
        return change(value)
    if isinstance(value, tuple | list | dict):
        return like(value, [_replaced(item, change, remember) for _, item in items(value)])
    assert dataclasses.is_dataclass(value)
    before = vars(value)
    names = [field.name for field in dataclasses.fields(value)]
    after = {name: _replaced(before[name], change, remember) for name in names}
    if all(after[name] is before[name] for name in names):
        return value
    made: object = object.__new__(type(value))
    vars(made).update(after)
    if KEPT in before:
        vars(made)[KEPT] = before[KEPT]
    if remember:
        vars(made)[ORIGINAL] = value
    return made


def tensors(value: object) -> Iterator[tuple[str, AnyTensor]]:
    """Name the tensors of a value that can have a gradient, in the same order."""
    for name, part in parts(value):
        if isinstance(part, Tensor) and has_gradient(part):
            yield name, part


def parts(value: object) -> Iterator[tuple[str, object]]:
    """Name a value and all its parts."""
    return walk("", value, State)
