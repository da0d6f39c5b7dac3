"""Sums and means over axes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal as L
from typing import TypeAlias, overload

import numpy as np

from typed_resnet import kernels
from typed_resnet.differentiable import differentiable
from typed_resnet.dims import B, C, H, N, W
from typed_resnet.layers import FunctionVjp
from typed_resnet.layers.arrays import AnyTensor
from typed_resnet.ops.axes import AnyVjp, Sizes, around, middle, paired
from typed_resnet.runtime import typed_overloads
from typed_resnet.tensor import Shape, Tensor

Axes: TypeAlias = int | tuple[int, int] | None


@overload
def sum(x: Tensor[*Shape], axis: None = None) -> Tensor[()]: ...
@overload
def sum(x: Tensor[*B, W], axis: L[-1]) -> Tensor[*B]: ...
@overload
def sum(x: Tensor[*B, H, W], axis: L[-2]) -> Tensor[*B, W]: ...
@overload
def sum(x: Tensor[*B, C, H, W], axis: L[-3]) -> Tensor[*B, H, W]: ...
@overload
def sum(x: Tensor[*B, N, C, H, W], axis: L[-4]) -> Tensor[*B, C, H, W]: ...
@overload
def sum(x: Tensor[*B, H, W], axis: tuple[L[-2], L[-1]]) -> Tensor[*B]: ...
@typed_overloads
@differentiable(lambda: sum_vjp)
def sum(x: AnyTensor, axis: Axes = None) -> AnyTensor:
    """Add up along an axis, along the last two, or all there is.

        sum(x, axis=-3)           [*B, C, H, W] to [*B, H, W]
        sum(x, axis=(-2, -1))     [*B, H, W] to [*B]
        sum(x)                    to [()]

    The axis is counted from the end, and is gone from the result.
    """
    before, after = _around("sum", x, axis)
    return Tensor(kernels.sum_axis(middle(before, x.array, after)).reshape(before + after))


@overload
def sum_vjp(x: Tensor[*Shape], axis: None = None) -> FunctionVjp[Tensor[()], Tensor[*Shape]]: ...
@overload
def sum_vjp(x: Tensor[*B, W], axis: L[-1]) -> FunctionVjp[Tensor[*B], Tensor[*B, W]]: ...
@overload
def sum_vjp(x: Tensor[*B, H, W], axis: L[-2]) -> FunctionVjp[Tensor[*B, W], Tensor[*B, H, W]]: ...
@overload
def sum_vjp(
    x: Tensor[*B, C, H, W], axis: L[-3]
) -> FunctionVjp[Tensor[*B, H, W], Tensor[*B, C, H, W]]: ...
@overload
def sum_vjp(
    x: Tensor[*B, N, C, H, W], axis: L[-4]
) -> FunctionVjp[Tensor[*B, C, H, W], Tensor[*B, N, C, H, W]]: ...
@overload
def sum_vjp(
    x: Tensor[*B, H, W], axis: tuple[L[-2], L[-1]]
) -> FunctionVjp[Tensor[*B], Tensor[*B, H, W]]: ...
@typed_overloads
def sum_vjp(x: AnyTensor, axis: Axes = None) -> AnyVjp:
    """Add up, and return with y the pullback dy -> dx: every term gets all of it."""
    return _over("sum", kernels.sum_axis_vjp, x, axis)


@overload
def mean(x: Tensor[*Shape], axis: None = None) -> Tensor[()]: ...
@overload
def mean(x: Tensor[*B, W], axis: L[-1]) -> Tensor[*B]: ...
@overload
def mean(x: Tensor[*B, H, W], axis: L[-2]) -> Tensor[*B, W]: ...
@overload
def mean(x: Tensor[*B, C, H, W], axis: L[-3]) -> Tensor[*B, H, W]: ...
@overload
def mean(x: Tensor[*B, N, C, H, W], axis: L[-4]) -> Tensor[*B, C, H, W]: ...
@overload
def mean(x: Tensor[*B, H, W], axis: tuple[L[-2], L[-1]]) -> Tensor[*B]: ...
@typed_overloads
@differentiable(lambda: mean_vjp)
def mean(x: AnyTensor, axis: Axes = None) -> AnyTensor:
    """Average along an axis, along the last two, or all there is.

        mean(x, axis=-3)           [*B, C, H, W] to [*B, H, W]
        mean(x, axis=(-2, -1))     [*B, H, W] to [*B]
        mean(x)                    to [()]

    The axis is counted from the end, and is gone from the result.
    """
    before, after = _around("mean", x, axis)
    return Tensor(kernels.mean_axis(middle(before, x.array, after)).reshape(before + after))


@overload
def mean_vjp(x: Tensor[*Shape], axis: None = None) -> FunctionVjp[Tensor[()], Tensor[*Shape]]: ...
@overload
def mean_vjp(x: Tensor[*B, W], axis: L[-1]) -> FunctionVjp[Tensor[*B], Tensor[*B, W]]: ...
@overload
def mean_vjp(x: Tensor[*B, H, W], axis: L[-2]) -> FunctionVjp[Tensor[*B, W], Tensor[*B, H, W]]: ...
@overload
def mean_vjp(
    x: Tensor[*B, C, H, W], axis: L[-3]
) -> FunctionVjp[Tensor[*B, H, W], Tensor[*B, C, H, W]]: ...
@overload
def mean_vjp(
    x: Tensor[*B, N, C, H, W], axis: L[-4]
) -> FunctionVjp[Tensor[*B, C, H, W], Tensor[*B, N, C, H, W]]: ...
@overload
def mean_vjp(
    x: Tensor[*B, H, W], axis: tuple[L[-2], L[-1]]
) -> FunctionVjp[Tensor[*B], Tensor[*B, H, W]]: ...
@typed_overloads
def mean_vjp(x: AnyTensor, axis: Axes = None) -> AnyVjp:
    """Average, and return with y the pullback dy -> dx: every term gets an equal share."""
    return _over("mean", kernels.mean_axis_vjp, x, axis)


def _around(who: str, x: AnyTensor, axes: Axes) -> tuple[Sizes, Sizes]:
    if axes is None:
        return (), ()
    if isinstance(axes, int):
        return around(who, x, axes)
    before, _ = around(who, x, min(axes))
    return before, ()


def _over(
    who: str,
    kernel: Callable[[np.ndarray], tuple[np.ndarray, Callable[[np.ndarray], np.ndarray]]],
    x: AnyTensor,
    axes: Axes,
) -> FunctionVjp[AnyTensor, AnyTensor]:
    """Apply a kernel that takes an axis away."""
    before, after = _around(who, x, axes)
    array = middle(before, x.array, after)
    y, pullback = kernel(array)

    def back(dy: np.ndarray) -> np.ndarray:
        return pullback(dy.reshape(array.shape[0], array.shape[2])).reshape(x.array.shape)

    return paired(who, y.reshape(before + after), back)
