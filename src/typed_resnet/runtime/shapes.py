"""What `Tensor` itself asks of shapes, at every switch."""

from __future__ import annotations

import operator
from typing import Any

from typed_resnet.dims.matching import Part, Star, match
from typed_resnet.dims.sentences import sentence
from typed_resnet.dims.term import Symbol
from typed_resnet.errors import ShapeError


def check_same_shape(who: str, left: tuple[int, ...], right: tuple[int, ...]) -> None:
    """Refuse two arrays of different shapes.

    Raises: ShapeError.
    """
    if left == right:
        return
    matched = match([Part("other", left, right)], ())
    assert matched.failure is not None
    raise ShapeError(sentence(who, matched.failure))


def check_product(who: str, left: tuple[int, ...], right: tuple[int, ...]) -> None:
    """Refuse two arrays that are no `[*B, Rows, Inner]` and `[*B, Inner, Columns]`.

    Raises: ShapeError.
    """
    if len(left) > 1 and left[:-2] == right[:-2] and left[-1:] == right[-2:-1]:
        return
    batch, rows, columns = Symbol("B", least=0), Symbol("Rows"), Symbol("Columns")
    if len(left) < 2:
        part = Part("self", (Star(batch), rows, Symbol("Inner")), left)
    else:
        part = Part("other", (*left[:-2], left[-1], columns), right)
    matched = match([part], (batch, rows, Symbol("Inner"), columns))
    assert matched.failure is not None
    raise ShapeError(sentence(who, matched.failure))


def sizes(shape: tuple[Any, ...]) -> tuple[int, ...]:
    """Read the sizes that a new tensor is to have.

    Raises: ShapeError, where one is no whole number of at least 0.
    """
    found = []
    for axis, size in enumerate(shape):
        try:
            found.append(operator.index(size))
        except TypeError:
            raise ShapeError(f"axis {axis} expects a size, got {size!r}") from None
        if found[-1] < 0:
            raise ShapeError(f"axis {axis} expects a size ≥ 0, got {size}")
    return tuple(found)
