"""Two axes exchanged."""

from __future__ import annotations

from typing import Literal as L
from typing import overload

from typed_resnet import kernels
from typed_resnet.differentiable import differentiable
from typed_resnet.dims import B, C, H, N, W
from typed_resnet.layers import FunctionVjp
from typed_resnet.layers.arrays import AnyTensor
from typed_resnet.ops.axes import AnyVjp, around, paired
from typed_resnet.runtime import typed_overloads
from typed_resnet.tensor import Tensor


@overload
def transpose(x: Tensor[*B, H, W], axis0: L[-2], axis1: L[-1]) -> Tensor[*B, W, H]: ...
@overload
def transpose(x: Tensor[*B, H, W], axis0: L[-1], axis1: L[-2]) -> Tensor[*B, W, H]: ...
@overload
def transpose(x: Tensor[*B, C, H, W], axis0: L[-3], axis1: L[-1]) -> Tensor[*B, W, H, C]: ...
@overload
def transpose(x: Tensor[*B, C, H, W], axis0: L[-1], axis1: L[-3]) -> Tensor[*B, W, H, C]: ...
@overload
def transpose(x: Tensor[*B, N, C, H, W], axis0: L[-4], axis1: L[-1]) -> Tensor[*B, W, C, H, N]: ...
@overload
def transpose(x: Tensor[*B, N, C, H, W], axis0: L[-1], axis1: L[-4]) -> Tensor[*B, W, C, H, N]: ...
@overload
def transpose(x: Tensor[*B, C, H, W], axis0: L[-3], axis1: L[-2]) -> Tensor[*B, H, C, W]: ...
@overload
def transpose(x: Tensor[*B, C, H, W], axis0: L[-2], axis1: L[-3]) -> Tensor[*B, H, C, W]: ...
@overload
def transpose(x: Tensor[*B, N, C, H, W], axis0: L[-4], axis1: L[-2]) -> Tensor[*B, H, C, N, W]: ...
@overload
def transpose(x: Tensor[*B, N, C, H, W], axis0: L[-2], axis1: L[-4]) -> Tensor[*B, H, C, N, W]: ...
@overload
def transpose(x: Tensor[*B, N, C, H, W], axis0: L[-4], axis1: L[-3]) -> Tensor[*B, C, N, H, W]: ...
@overload
def transpose(x: Tensor[*B, N, C, H, W], axis0: L[-3], axis1: L[-4]) -> Tensor[*B, C, N, H, W]: ...
@typed_overloads
@differentiable(lambda: transpose_vjp)
def transpose(x: AnyTensor, axis0: int, axis1: int) -> AnyTensor:
    """Exchange two of the last four axes, which are counted from the end, in either order.

    transpose(x, -2, -1)      [*B, H, W] to [*B, W, H]
    transpose(x, -3, -1)      [*B, C, H, W] to [*B, W, H, C]
    """
    around("transpose", x, min(axis0, axis1))
    return Tensor(kernels.transpose(x.array, axis0, axis1))


@overload
def transpose_vjp(
    x: Tensor[*B, H, W], axis0: L[-2], axis1: L[-1]
) -> FunctionVjp[Tensor[*B, W, H], Tensor[*B, H, W]]: ...
@overload
def transpose_vjp(
    x: Tensor[*B, H, W], axis0: L[-1], axis1: L[-2]
) -> FunctionVjp[Tensor[*B, W, H], Tensor[*B, H, W]]: ...
@overload
def transpose_vjp(
    x: Tensor[*B, C, H, W], axis0: L[-3], axis1: L[-1]
) -> FunctionVjp[Tensor[*B, W, H, C], Tensor[*B, C, H, W]]: ...
@overload
def transpose_vjp(
    x: Tensor[*B, C, H, W], axis0: L[-1], axis1: L[-3]
) -> FunctionVjp[Tensor[*B, W, H, C], Tensor[*B, C, H, W]]: ...
@overload
def transpose_vjp(
    x: Tensor[*B, N, C, H, W], axis0: L[-4], axis1: L[-1]
) -> FunctionVjp[Tensor[*B, W, C, H, N], Tensor[*B, N, C, H, W]]: ...
@overload
def transpose_vjp(
    x: Tensor[*B, N, C, H, W], axis0: L[-1], axis1: L[-4]
) -> FunctionVjp[Tensor[*B, W, C, H, N], Tensor[*B, N, C, H, W]]: ...
@overload
def transpose_vjp(
    x: Tensor[*B, C, H, W], axis0: L[-3], axis1: L[-2]
) -> FunctionVjp[Tensor[*B, H, C, W], Tensor[*B, C, H, W]]: ...
@overload
def transpose_vjp(
    x: Tensor[*B, C, H, W], axis0: L[-2], axis1: L[-3]
) -> FunctionVjp[Tensor[*B, H, C, W], Tensor[*B, C, H, W]]: ...
@overload
def transpose_vjp(
    x: Tensor[*B, N, C, H, W], axis0: L[-4], axis1: L[-2]
) -> FunctionVjp[Tensor[*B, H, C, N, W], Tensor[*B, N, C, H, W]]: ...
@overload
def transpose_vjp(
    x: Tensor[*B, N, C, H, W], axis0: L[-2], axis1: L[-4]
) -> FunctionVjp[Tensor[*B, H, C, N, W], Tensor[*B, N, C, H, W]]: ...
@overload
def transpose_vjp(
    x: Tensor[*B, N, C, H, W], axis0: L[-4], axis1: L[-3]
) -> FunctionVjp[Tensor[*B, C, N, H, W], Tensor[*B, N, C, H, W]]: ...
@overload
def transpose_vjp(
    x: Tensor[*B, N, C, H, W], axis0: L[-3], axis1: L[-4]
) -> FunctionVjp[Tensor[*B, C, N, H, W], Tensor[*B, N, C, H, W]]: ...
@typed_overloads
def transpose_vjp(x: AnyTensor, axis0: int, axis1: int) -> AnyVjp:
    """Exchange, and return with y the pullback dy -> dx, which exchanges the same axes."""
    around("transpose", x, min(axis0, axis1))
    return paired("transpose", *kernels.transpose_vjp(x.array, axis0, axis1))
