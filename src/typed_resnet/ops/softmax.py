"""Softmax, and its logarithm, along an axis."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal as L
from typing import overload

import numpy as np

from typed_resnet import kernels
from typed_resnet.differentiable import differentiable
from typed_resnet.dims import B, C, H, N, W
from typed_resnet.layers import FunctionVjp
from typed_resnet.layers.arrays import AnyTensor
from typed_resnet.ops.axes import AnyVjp, around, middle, paired
from typed_resnet.runtime import typed_overloads
from typed_resnet.tensor import Tensor


@overload
def softmax(x: Tensor[*B, W], axis: L[-1] = -1) -> Tensor[*B, W]: ...
@overload
def softmax(x: Tensor[*B, H, W], axis: L[-2]) -> Tensor[*B, H, W]: ...
@overload
def softmax(x: Tensor[*B, C, H, W], axis: L[-3]) -> Tensor[*B, C, H, W]: ...
@overload
def softmax(x: Tensor[*B, N, C, H, W], axis: L[-4]) -> Tensor[*B, N, C, H, W]: ...
@typed_overloads
@differentiable(lambda: softmax_vjp)
def softmax(x: AnyTensor, axis: int = -1) -> AnyTensor:
    """Turn the numbers along an axis into shares of one.

        y[k] = exp(x[k]) / sum over j of exp(x[j])

    The axis is counted from the end; the last one, if none is named.
    """
    before, after = around("softmax", x, axis)
    return Tensor(kernels.softmax(middle(before, x.array, after)).reshape(x.array.shape))


@overload
def softmax_vjp(
    x: Tensor[*B, W], axis: L[-1] = -1
) -> FunctionVjp[Tensor[*B, W], Tensor[*B, W]]: ...
@overload
def softmax_vjp(
    x: Tensor[*B, H, W], axis: L[-2]
) -> FunctionVjp[Tensor[*B, H, W], Tensor[*B, H, W]]: ...
@overload
def softmax_vjp(
    x: Tensor[*B, C, H, W], axis: L[-3]
) -> FunctionVjp[Tensor[*B, C, H, W], Tensor[*B, C, H, W]]: ...
@overload
def softmax_vjp(
    x: Tensor[*B, N, C, H, W], axis: L[-4]
) -> FunctionVjp[Tensor[*B, N, C, H, W], Tensor[*B, N, C, H, W]]: ...
@typed_overloads
def softmax_vjp(x: AnyTensor, axis: int = -1) -> AnyVjp:
    """Do so, and return with y the pullback dy -> dx.

    dx = y (dy - sum of dy y)
    """
    return _along("softmax", kernels.softmax_vjp, x, axis)


@overload
def log_softmax(x: Tensor[*B, W], axis: L[-1] = -1) -> Tensor[*B, W]: ...
@overload
def log_softmax(x: Tensor[*B, H, W], axis: L[-2]) -> Tensor[*B, H, W]: ...
@overload
def log_softmax(x: Tensor[*B, C, H, W], axis: L[-3]) -> Tensor[*B, C, H, W]: ...
@overload
def log_softmax(x: Tensor[*B, N, C, H, W], axis: L[-4]) -> Tensor[*B, N, C, H, W]: ...
@typed_overloads
@differentiable(lambda: log_softmax_vjp)
def log_softmax(x: AnyTensor, axis: int = -1) -> AnyTensor:
    """Take the logarithms of the softmax along an axis.

        y[k] = x[k] - log(sum over j of exp(x[j]))

    The axis is counted from the end; the last one, if none is named.
    """
    before, after = around("log_softmax", x, axis)
    return Tensor(kernels.log_softmax(middle(before, x.array, after)).reshape(x.array.shape))


@overload
def log_softmax_vjp(
    x: Tensor[*B, W], axis: L[-1] = -1
) -> FunctionVjp[Tensor[*B, W], Tensor[*B, W]]: ...
@overload
def log_softmax_vjp(
    x: Tensor[*B, H, W], axis: L[-2]
) -> FunctionVjp[Tensor[*B, H, W], Tensor[*B, H, W]]: ...
@overload
def log_softmax_vjp(
    x: Tensor[*B, C, H, W], axis: L[-3]
) -> FunctionVjp[Tensor[*B, C, H, W], Tensor[*B, C, H, W]]: ...
@overload
def log_softmax_vjp(
    x: Tensor[*B, N, C, H, W], axis: L[-4]
) -> FunctionVjp[Tensor[*B, N, C, H, W], Tensor[*B, N, C, H, W]]: ...
@typed_overloads
def log_softmax_vjp(x: AnyTensor, axis: int = -1) -> AnyVjp:
    """Do so, and return with y the pullback dy -> dx.

    dx = dy - softmax(x) (sum of dy)
    """
    return _along("log_softmax", kernels.log_softmax_vjp, x, axis)


def _along(
    who: str,
    kernel: Callable[[np.ndarray], tuple[np.ndarray, Callable[[np.ndarray], np.ndarray]]],
    x: AnyTensor,
    axis: int,
) -> FunctionVjp[AnyTensor, AnyTensor]:
    """Apply a kernel that keeps the shape along an axis."""
    before, after = around(who, x, axis)
    y, pullback = kernel(middle(before, x.array, after))
    shape = x.array.shape

    def back(dy: np.ndarray) -> np.ndarray:
        return pullback(middle(before, dy, after)).reshape(shape)

    return paired(who, y.reshape(shape), back)
