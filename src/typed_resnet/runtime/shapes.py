"""What `Tensor` itself asks of shapes, at every switch."""

from __future__ import annotations

import operator
from typing import Any

from typed_resnet.dims.matching import Part, match
from typed_resnet.dims.sentences import sentence
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
