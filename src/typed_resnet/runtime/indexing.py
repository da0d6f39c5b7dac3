"""What `Tensor` asks of an index."""

from __future__ import annotations

import operator
from types import EllipsisType
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from typed_resnet.dims import slicing
from typed_resnet.dims.indexing_sentences import misindexed
from typed_resnet.dims.slicing import IndexingError, Item, Open
from typed_resnet.errors import ShapeError

_PLAIN: Final = frozenset({int, slice, EllipsisType, type(None)})


def indexed(array: npt.NDArray[Any], index: Any) -> npt.NDArray[Any]:
    """Take a part of an array that shares its elements.

    Raises: ShapeError, where the index does not fit; TypeError, where it is none of ints, slices,
        `...` and None.
    """
    items = index if isinstance(index, tuple) else (index,)
    if not all(item.__class__ in _PLAIN for item in items):
        for item in items:
            _item(item)
    try:
        part = np.asarray(array[index])
    except (IndexError, ValueError):  # of an int beyond its axis, of a step of 0
        _check(array.shape, items)
        raise
    if 0 in part.shape:
        _check(array.shape, items)
    return part


def _check(shape: tuple[int, ...], items: tuple[object, ...]) -> None:
    try:
        slicing.indexed(shape, [_item(item) for item in items])
    except IndexingError as error:
        raise ShapeError(misindexed(error.failure)) from None


def _item(item: object) -> Item:
    if item is None:
        return Open.NEW_AXIS
    if item is ...:
        return ...
    if isinstance(item, slice):
        return slicing.Slice(*map(_bound, (item.start, item.stop, item.step)))
    return _int(item)


def _bound(bound: object) -> int | None:
    return None if bound is None else _int(bound)


def _int(value: object) -> int:
    if isinstance(value, bool | np.bool_ | np.ndarray) or not hasattr(value, "__index__"):
        raise TypeError(
            f"[] expects ints, slices, ... and None, got {type(value).__name__}:"
            " index x.array, and cast what comes out"
        )
    return operator.index(value)
