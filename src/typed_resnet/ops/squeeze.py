"""Axes of one cell made and taken away, and tensors stacked."""

from __future__ import annotations

from typing import Literal as L
from typing import overload

import numpy as np

from typed_resnet.differentiable import differentiable
from typed_resnet.dims import B, C, H, W
from typed_resnet.errors import ShapeError
from typed_resnet.layers import FunctionVjp
from typed_resnet.layers.arrays import AnyTensor, check_alike
from typed_resnet.ops.axes import AnyVjp, around, paired
from typed_resnet.runtime import check_same_shape, typed_overloads
from typed_resnet.tensor import Shape, Tensor, check_same_dtype


@overload
def squeeze(x: Tensor[*B, L[1]], axis: L[-1]) -> Tensor[*B]: ...
@overload
def squeeze(x: Tensor[*B, L[1], W], axis: L[-2]) -> Tensor[*B, W]: ...
@overload
def squeeze(x: Tensor[*B, L[1], H, W], axis: L[-3]) -> Tensor[*B, H, W]: ...
@overload
def squeeze(x: Tensor[*B, L[1], C, H, W], axis: L[-4]) -> Tensor[*B, C, H, W]: ...
@typed_overloads
@differentiable(lambda: squeeze_vjp)
def squeeze(x: AnyTensor, axis: int) -> AnyTensor:
    """Take away an axis of one cell; it is counted from the end. The result is a view."""
    before, after = around("squeeze", x, axis)
    if x.array.shape[axis] != 1:
        raise ShapeError(f"squeeze expects 1 on axis {axis}, got {x.array.shape[axis]}")
    return Tensor(x.array.reshape(before + after))


@overload
def squeeze_vjp(x: Tensor[*B, L[1]], axis: L[-1]) -> FunctionVjp[Tensor[*B], Tensor[*B, L[1]]]: ...
@overload
def squeeze_vjp(
    x: Tensor[*B, L[1], W], axis: L[-2]
) -> FunctionVjp[Tensor[*B, W], Tensor[*B, L[1], W]]: ...
@overload
def squeeze_vjp(
    x: Tensor[*B, L[1], H, W], axis: L[-3]
) -> FunctionVjp[Tensor[*B, H, W], Tensor[*B, L[1], H, W]]: ...
@overload
def squeeze_vjp(
    x: Tensor[*B, L[1], C, H, W], axis: L[-4]
) -> FunctionVjp[Tensor[*B, C, H, W], Tensor[*B, L[1], C, H, W]]: ...
@typed_overloads
def squeeze_vjp(x: AnyTensor, axis: int) -> AnyVjp:
    """Take away, and return with y the pullback dy -> dx, which puts the axis back."""
    before, after = around("squeeze", x, axis)
    shape = x.array.shape
    if shape[axis] != 1:
        raise ShapeError(f"squeeze expects 1 on axis {axis}, got {shape[axis]}")
    return paired("squeeze", x.array.reshape(before + after), lambda dy: dy.reshape(shape))


@overload
def unsqueeze(x: Tensor[*B], axis: L[-1]) -> Tensor[*B, L[1]]: ...
@overload
def unsqueeze(x: Tensor[*B, W], axis: L[-2]) -> Tensor[*B, L[1], W]: ...
@overload
def unsqueeze(x: Tensor[*B, H, W], axis: L[-3]) -> Tensor[*B, L[1], H, W]: ...
@overload
def unsqueeze(x: Tensor[*B, C, H, W], axis: L[-4]) -> Tensor[*B, L[1], C, H, W]: ...
@typed_overloads
@differentiable(lambda: unsqueeze_vjp)
def unsqueeze(x: AnyTensor, axis: int) -> AnyTensor:
    """Make an axis of one cell; it is counted from the end of the result. That is a view."""
    return Tensor(_with_axis(x, axis))


@overload
def unsqueeze_vjp(x: Tensor[*B], axis: L[-1]) -> FunctionVjp[Tensor[*B, L[1]], Tensor[*B]]: ...
@overload
def unsqueeze_vjp(
    x: Tensor[*B, W], axis: L[-2]
) -> FunctionVjp[Tensor[*B, L[1], W], Tensor[*B, W]]: ...
@overload
def unsqueeze_vjp(
    x: Tensor[*B, H, W], axis: L[-3]
) -> FunctionVjp[Tensor[*B, L[1], H, W], Tensor[*B, H, W]]: ...
@overload
def unsqueeze_vjp(
    x: Tensor[*B, C, H, W], axis: L[-4]
) -> FunctionVjp[Tensor[*B, L[1], C, H, W], Tensor[*B, C, H, W]]: ...
@typed_overloads
def unsqueeze_vjp(x: AnyTensor, axis: int) -> AnyVjp:
    """Make the axis, and return with y the pullback dy -> dx, which takes it away."""
    shape = x.array.shape
    return paired("unsqueeze", _with_axis(x, axis), lambda dy: dy.reshape(shape))


def _with_axis(x: AnyTensor, axis: int) -> np.ndarray:
    shape = x.array.shape
    if len(shape) < -axis - 1:
        raise ShapeError(f"unsqueeze expects at least {-axis - 1} axes, got {list(shape)}")
    place = len(shape) + 1 + axis
    return x.array.reshape(*shape[:place], 1, *shape[place:])


@overload
def stack(x: Tensor[*Shape], y: Tensor[*Shape]) -> Tensor[L[2], *Shape]: ...
@overload
def stack(x: Tensor[*Shape], y: Tensor[*Shape], z: Tensor[*Shape]) -> Tensor[L[3], *Shape]: ...
@overload
def stack(
    x: Tensor[*Shape], y: Tensor[*Shape], z: Tensor[*Shape], w: Tensor[*Shape]
) -> Tensor[L[4], *Shape]: ...
@typed_overloads
@differentiable(lambda: stack_vjp)
def stack(
    x: AnyTensor, y: AnyTensor, z: AnyTensor | None = None, w: AnyTensor | None = None
) -> AnyTensor:
    """Put two to four tensors of one shape side by side, along a new first axis."""
    return Tensor(_stacked(x, y, z, w))


@overload
def stack_vjp(
    x: Tensor[*Shape], y: Tensor[*Shape]
) -> FunctionVjp[Tensor[L[2], *Shape], tuple[Tensor[*Shape], Tensor[*Shape]]]: ...
@overload
def stack_vjp(
    x: Tensor[*Shape], y: Tensor[*Shape], z: Tensor[*Shape]
) -> FunctionVjp[Tensor[L[3], *Shape], tuple[Tensor[*Shape], Tensor[*Shape], Tensor[*Shape]]]: ...
@overload
def stack_vjp(
    x: Tensor[*Shape], y: Tensor[*Shape], z: Tensor[*Shape], w: Tensor[*Shape]
) -> FunctionVjp[
    Tensor[L[4], *Shape],
    tuple[Tensor[*Shape], Tensor[*Shape], Tensor[*Shape], Tensor[*Shape]],
]: ...
@typed_overloads
def stack_vjp(
    x: AnyTensor, y: AnyTensor, z: AnyTensor | None = None, w: AnyTensor | None = None
) -> AnyVjp:
    """Stack, and return with y the pullback dy -> (dx, dy, …), which takes it apart."""
    stacked: AnyTensor = Tensor(_stacked(x, y, z, w))

    def back(dy: AnyTensor) -> tuple[AnyTensor, ...]:
        check_alike("stack", stacked, dy)
        return tuple(Tensor(part.copy()) for part in dy.array)

    return stacked, back


def _stacked(*given: AnyTensor | None) -> np.ndarray:
    tensors = [tensor for tensor in given if tensor is not None]
    for tensor in tensors[1:]:
        check_same_shape("stack", tensors[0].array.shape, tensor.array.shape)
    check_same_dtype("stack", *tensors)
    return np.stack([tensor.array for tensor in tensors])
