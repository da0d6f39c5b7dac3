"""Between tensors of any rank and kernels on [N, K, M], whose middle axis is worked on."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

import numpy as np

from typed_resnet import kernels
from typed_resnet.errors import ShapeError
from typed_resnet.layers import FunctionVjp
from typed_resnet.layers.arrays import AnyTensor, Like, check_alike
from typed_resnet.runtime import check_same_shape
from typed_resnet.tensor import Tensor

Sizes: TypeAlias = tuple[int, ...]

AnyVjp: TypeAlias = FunctionVjp[Any, Any]
"""What an implementation returns, whose overloads say the shapes."""


def around(who: str, x: AnyTensor, axis: int) -> tuple[Sizes, Sizes]:
    """Give the sizes before and after an axis, which is counted from the end.

    Raises: ShapeError, where there is no such axis.
    """
    shape = x.array.shape
    if len(shape) < -axis:
        raise ShapeError(f"{who} expects at least {-axis} axes, got {list(shape)}")
    place = len(shape) + axis
    return shape[:place], shape[place + 1 :]


def middle(before: Sizes, array: np.ndarray, after: Sizes) -> np.ndarray:
    """Gather what stands before and after: [N, K, M], where K is what is left."""
    N, M = math.prod(before), math.prod(after)
    return array.reshape(N, math.prod(array.shape[len(before) : array.ndim - len(after)]), M)


def check_others(who: str, axis: int, *tensors: AnyTensor) -> None:
    """Refuse tensors that differ on another axis than this one.

    Raises: ShapeError.
    """
    first = tensors[0].array.shape
    for tensor in tensors[1:]:
        shape = list(tensor.array.shape)
        if len(shape) == len(first):
            shape[axis] = first[axis]
        check_same_shape(who, first, tuple(shape))


def paired(who: str, y: np.ndarray, pullback: Callable[[np.ndarray], np.ndarray]) -> AnyVjp:
    """Make y a tensor, and dy -> dx a function of tensors, which wants a dy like y.

    Whoever calls this declares their shapes.
    """
    made: AnyTensor = Tensor(y)

    def back(dy: AnyTensor) -> AnyTensor:
        check_alike(who, made, dy)
        return Tensor(pullback(dy.array))

    return made, back


def cut_vjp(
    who: str, x: AnyTensor, sizes: Sequence[int], axis: int
) -> FunctionVjp[tuple[AnyTensor, ...], AnyTensor]:
    """Cut a tensor along an axis, and return with the parts the pullback that joins theirs."""
    before, after = around(who, x, axis)
    arrays, pullback = kernels.split_vjp(middle(before, x.array, after), *sizes)
    parts = tuple(_tensor(part.reshape(*before, part.shape[1], *after)) for part in arrays)
    likes = list(map(Like.of, parts))

    def back(dys: tuple[AnyTensor, ...]) -> AnyTensor:
        for like, dy in zip(likes, dys, strict=True):
            check_alike(who, like, dy)
        joined = pullback(*(middle(before, dy.array, after) for dy in dys))
        return Tensor(joined.reshape(x.array.shape))

    return parts, back


def _tensor(array: np.ndarray) -> AnyTensor:
    return Tensor(array)
