"""Tensors put end to end, and cut."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal as L
from typing import overload

import numpy as np

from typed_resnet import kernels
from typed_resnet.differentiable import differentiable
from typed_resnet.dims import Add, B, C, H, N, Sub, W
from typed_resnet.dims.sentences import out_of_range
from typed_resnet.dims.term import Operation
from typed_resnet.errors import ShapeError
from typed_resnet.layers import FunctionVjp
from typed_resnet.layers.arrays import AnyTensor, check_alike
from typed_resnet.layers.hyperparameters import whole
from typed_resnet.ops.axes import AnyVjp, around, check_others, middle
from typed_resnet.ops.variables import C1, C2, C3, H1, H2, H3, N1, N2, N3, W1, W2, W3
from typed_resnet.runtime import typed_overloads
from typed_resnet.tensor import Tensor, check_same_dtype


@overload
def concat(x: Tensor[*B, W1], y: Tensor[*B, W2], *, axis: L[-1]) -> Tensor[*B, Add[W1, W2]]: ...
@overload
def concat(
    x: Tensor[*B, H1, W], y: Tensor[*B, H2, W], *, axis: L[-2]
) -> Tensor[*B, Add[H1, H2], W]: ...
@overload
def concat(
    x: Tensor[*B, C1, H, W], y: Tensor[*B, C2, H, W], *, axis: L[-3]
) -> Tensor[*B, Add[C1, C2], H, W]: ...
@overload
def concat(
    x: Tensor[*B, N1, C, H, W], y: Tensor[*B, N2, C, H, W], *, axis: L[-4]
) -> Tensor[*B, Add[N1, N2], C, H, W]: ...
@overload
def concat(
    x: Tensor[*B, W1], y: Tensor[*B, W2], z: Tensor[*B, W3], *, axis: L[-1]
) -> Tensor[*B, Add[W1, Add[W2, W3]]]: ...
@overload
def concat(
    x: Tensor[*B, H1, W], y: Tensor[*B, H2, W], z: Tensor[*B, H3, W], *, axis: L[-2]
) -> Tensor[*B, Add[H1, Add[H2, H3]], W]: ...
@overload
def concat(
    x: Tensor[*B, C1, H, W], y: Tensor[*B, C2, H, W], z: Tensor[*B, C3, H, W], *, axis: L[-3]
) -> Tensor[*B, Add[C1, Add[C2, C3]], H, W]: ...
@overload
def concat(
    x: Tensor[*B, N1, C, H, W],
    y: Tensor[*B, N2, C, H, W],
    z: Tensor[*B, N3, C, H, W],
    *,
    axis: L[-4],
) -> Tensor[*B, Add[N1, Add[N2, N3]], C, H, W]: ...
@typed_overloads
@differentiable(lambda: concat_vjp)
def concat(x: AnyTensor, y: AnyTensor, z: AnyTensor | None = None, *, axis: int) -> AnyTensor:
    """Put two or three tensors end to end along an axis, which is counted from the end.

        concat(x, y, axis=-3)      [*B, C1, H, W] and [*B, C2, H, W] to [*B, C1 + C2, H, W]

    The other axes are the same. More than three are put together in steps.
    """
    joined, _ = _concat_vjp([x, y] if z is None else [x, y, z], axis)
    return joined


@overload
def concat_vjp(
    x: Tensor[*B, W1], y: Tensor[*B, W2], *, axis: L[-1]
) -> FunctionVjp[Tensor[*B, Add[W1, W2]], tuple[Tensor[*B, W1], Tensor[*B, W2]]]: ...
@overload
def concat_vjp(
    x: Tensor[*B, H1, W], y: Tensor[*B, H2, W], *, axis: L[-2]
) -> FunctionVjp[Tensor[*B, Add[H1, H2], W], tuple[Tensor[*B, H1, W], Tensor[*B, H2, W]]]: ...
@overload
def concat_vjp(
    x: Tensor[*B, C1, H, W], y: Tensor[*B, C2, H, W], *, axis: L[-3]
) -> FunctionVjp[
    Tensor[*B, Add[C1, C2], H, W], tuple[Tensor[*B, C1, H, W], Tensor[*B, C2, H, W]]
]: ...
@overload
def concat_vjp(
    x: Tensor[*B, N1, C, H, W], y: Tensor[*B, N2, C, H, W], *, axis: L[-4]
) -> FunctionVjp[
    Tensor[*B, Add[N1, N2], C, H, W], tuple[Tensor[*B, N1, C, H, W], Tensor[*B, N2, C, H, W]]
]: ...
@overload
def concat_vjp(
    x: Tensor[*B, W1], y: Tensor[*B, W2], z: Tensor[*B, W3], *, axis: L[-1]
) -> FunctionVjp[
    Tensor[*B, Add[W1, Add[W2, W3]]], tuple[Tensor[*B, W1], Tensor[*B, W2], Tensor[*B, W3]]
]: ...
@overload
def concat_vjp(
    x: Tensor[*B, H1, W], y: Tensor[*B, H2, W], z: Tensor[*B, H3, W], *, axis: L[-2]
) -> FunctionVjp[
    Tensor[*B, Add[H1, Add[H2, H3]], W],
    tuple[Tensor[*B, H1, W], Tensor[*B, H2, W], Tensor[*B, H3, W]],
]: ...
@overload
def concat_vjp(
    x: Tensor[*B, C1, H, W], y: Tensor[*B, C2, H, W], z: Tensor[*B, C3, H, W], *, axis: L[-3]
) -> FunctionVjp[
    Tensor[*B, Add[C1, Add[C2, C3]], H, W],
    tuple[Tensor[*B, C1, H, W], Tensor[*B, C2, H, W], Tensor[*B, C3, H, W]],
]: ...
@overload
def concat_vjp(
    x: Tensor[*B, N1, C, H, W],
    y: Tensor[*B, N2, C, H, W],
    z: Tensor[*B, N3, C, H, W],
    *,
    axis: L[-4],
) -> FunctionVjp[
    Tensor[*B, Add[N1, Add[N2, N3]], C, H, W],
    tuple[Tensor[*B, N1, C, H, W], Tensor[*B, N2, C, H, W], Tensor[*B, N3, C, H, W]],
]: ...
@typed_overloads
def concat_vjp(x: AnyTensor, y: AnyTensor, z: AnyTensor | None = None, *, axis: int) -> AnyVjp:
    """Put end to end, and return with y the pullback dy -> (dx, dy, …), which cuts it."""
    return _concat_vjp([x, y] if z is None else [x, y, z], axis)


def _concat_vjp(
    tensors: Sequence[AnyTensor], axis: int
) -> FunctionVjp[AnyTensor, tuple[AnyTensor, ...]]:
    before, after = around("concat", tensors[0], axis)
    check_others("concat", axis, *tensors)
    check_same_dtype("concat", *tensors)
    joined, pullback = kernels.concat_vjp(*(middle(before, t.array, after) for t in tensors))
    y: AnyTensor = Tensor(joined.reshape(*before, -1, *after))

    def back(dy: AnyTensor) -> tuple[AnyTensor, ...]:
        check_alike("concat", y, dy)
        parts = pullback(middle(before, dy.array, after))
        return tuple(
            Tensor(part.reshape(t.array.shape)) for part, t in zip(parts, tensors, strict=True)
        )

    return y, back


@overload
def split(
    x: Tensor[*B, W], size: W1, axis: L[-1]
) -> tuple[Tensor[*B, W1], Tensor[*B, Sub[W, W1]]]: ...
@overload
def split(
    x: Tensor[*B, H, W], size: H1, axis: L[-2]
) -> tuple[Tensor[*B, H1, W], Tensor[*B, Sub[H, H1], W]]: ...
@overload
def split(
    x: Tensor[*B, C, H, W], size: C1, axis: L[-3]
) -> tuple[Tensor[*B, C1, H, W], Tensor[*B, Sub[C, C1], H, W]]: ...
@overload
def split(
    x: Tensor[*B, N, C, H, W], size: N1, axis: L[-4]
) -> tuple[Tensor[*B, N1, C, H, W], Tensor[*B, Sub[N, N1], C, H, W]]: ...
@typed_overloads
@differentiable(lambda: split_vjp)
def split(x: AnyTensor, size: int, axis: int) -> tuple[AnyTensor, AnyTensor]:
    """Cut a tensor in two along an axis, which is counted from the end.

        split(x, 3, axis=-1)      [*B, W] to [*B, 3] and [*B, W - 3]

    Raises: ShapeError, where nothing is left for the second.
    """
    parts, _ = _split_vjp(x, size, axis)
    return parts


@overload
def split_vjp(
    x: Tensor[*B, W], size: W1, axis: L[-1]
) -> FunctionVjp[tuple[Tensor[*B, W1], Tensor[*B, Sub[W, W1]]], Tensor[*B, W]]: ...
@overload
def split_vjp(
    x: Tensor[*B, H, W], size: H1, axis: L[-2]
) -> FunctionVjp[tuple[Tensor[*B, H1, W], Tensor[*B, Sub[H, H1], W]], Tensor[*B, H, W]]: ...
@overload
def split_vjp(
    x: Tensor[*B, C, H, W], size: C1, axis: L[-3]
) -> FunctionVjp[
    tuple[Tensor[*B, C1, H, W], Tensor[*B, Sub[C, C1], H, W]], Tensor[*B, C, H, W]
]: ...
@overload
def split_vjp(
    x: Tensor[*B, N, C, H, W], size: N1, axis: L[-4]
) -> FunctionVjp[
    tuple[Tensor[*B, N1, C, H, W], Tensor[*B, Sub[N, N1], C, H, W]], Tensor[*B, N, C, H, W]
]: ...
@typed_overloads
def split_vjp(x: AnyTensor, size: int, axis: int) -> AnyVjp:
    """Cut, and return with the parts the pullback (dy, dz) -> dx, which joins them."""
    return _split_vjp(x, size, axis)


def _split_vjp(
    x: AnyTensor, size: int, axis: int
) -> FunctionVjp[tuple[AnyTensor, AnyTensor], AnyTensor]:
    whole("split", "size", size)
    before, after = around("split", x, axis)
    left = x.array.shape[axis] - size
    if left < 1:
        rest = Operation("Sub", (x.array.shape[axis], size))
        raise ShapeError(out_of_range("split", rest, {}, "NCHW"[axis], axis))
    parts, pullback = kernels.split_vjp(middle(before, x.array, after), size, left)
    first, second = (_tensor(part.reshape(*before, part.shape[1], *after)) for part in parts)

    def back(dy: tuple[AnyTensor, AnyTensor]) -> AnyTensor:
        check_alike("split", first, dy[0])
        check_alike("split", second, dy[1])
        joined = pullback(*(middle(before, part.array, after) for part in dy))
        return Tensor(joined.reshape(x.array.shape))

    return (first, second), back


def _tensor(array: np.ndarray) -> AnyTensor:
    return Tensor(array)
