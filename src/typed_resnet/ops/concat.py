"""Tensors put end to end."""

from __future__ import annotations

from typing import Literal as L
from typing import overload

from typed_resnet import kernels
from typed_resnet.differentiable import differentiable
from typed_resnet.dims import Add, B, C, H, W
from typed_resnet.layers import FunctionVjp
from typed_resnet.layers.arrays import AnyTensor, check_alike
from typed_resnet.ops.axes import AnyVjp, around, check_others, middle
from typed_resnet.ops.variables import (
    C1,
    C2,
    C3,
    C4,
    H1,
    H2,
    H3,
    H4,
    N1,
    N2,
    N3,
    N4,
    W1,
    W2,
    W3,
    W4,
)
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
@overload
def concat(
    x: Tensor[*B, W1], y: Tensor[*B, W2], z: Tensor[*B, W3], w: Tensor[*B, W4], *, axis: L[-1]
) -> Tensor[*B, Add[W1, Add[W2, Add[W3, W4]]]]: ...
@overload
def concat(
    x: Tensor[*B, H1, W],
    y: Tensor[*B, H2, W],
    z: Tensor[*B, H3, W],
    w: Tensor[*B, H4, W],
    *,
    axis: L[-2],
) -> Tensor[*B, Add[H1, Add[H2, Add[H3, H4]]], W]: ...
@overload
def concat(
    x: Tensor[*B, C1, H, W],
    y: Tensor[*B, C2, H, W],
    z: Tensor[*B, C3, H, W],
    w: Tensor[*B, C4, H, W],
    *,
    axis: L[-3],
) -> Tensor[*B, Add[C1, Add[C2, Add[C3, C4]]], H, W]: ...
@overload
def concat(
    x: Tensor[*B, N1, C, H, W],
    y: Tensor[*B, N2, C, H, W],
    z: Tensor[*B, N3, C, H, W],
    w: Tensor[*B, N4, C, H, W],
    *,
    axis: L[-4],
) -> Tensor[*B, Add[N1, Add[N2, Add[N3, N4]]], C, H, W]: ...
@typed_overloads
@differentiable(lambda: concat_vjp)
def concat(
    x: AnyTensor,
    y: AnyTensor,
    z: AnyTensor | None = None,
    w: AnyTensor | None = None,
    *,
    axis: int,
) -> AnyTensor:
    """Put two to four tensors end to end along an axis, which is counted from the end.

        concat(x, y, axis=-3)      [*B, C1, H, W] and [*B, C2, H, W] to [*B, C1 + C2, H, W]

    The other axes are the same. More than four are put together in steps.
    """
    joined, _ = _concat_vjp(x, y, z, w, axis=axis)
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
@overload
def concat_vjp(
    x: Tensor[*B, W1], y: Tensor[*B, W2], z: Tensor[*B, W3], w: Tensor[*B, W4], *, axis: L[-1]
) -> FunctionVjp[
    Tensor[*B, Add[W1, Add[W2, Add[W3, W4]]]],
    tuple[Tensor[*B, W1], Tensor[*B, W2], Tensor[*B, W3], Tensor[*B, W4]],
]: ...
@overload
def concat_vjp(
    x: Tensor[*B, H1, W],
    y: Tensor[*B, H2, W],
    z: Tensor[*B, H3, W],
    w: Tensor[*B, H4, W],
    *,
    axis: L[-2],
) -> FunctionVjp[
    Tensor[*B, Add[H1, Add[H2, Add[H3, H4]]], W],
    tuple[Tensor[*B, H1, W], Tensor[*B, H2, W], Tensor[*B, H3, W], Tensor[*B, H4, W]],
]: ...
@overload
def concat_vjp(
    x: Tensor[*B, C1, H, W],
    y: Tensor[*B, C2, H, W],
    z: Tensor[*B, C3, H, W],
    w: Tensor[*B, C4, H, W],
    *,
    axis: L[-3],
) -> FunctionVjp[
    Tensor[*B, Add[C1, Add[C2, Add[C3, C4]]], H, W],
    tuple[Tensor[*B, C1, H, W], Tensor[*B, C2, H, W], Tensor[*B, C3, H, W], Tensor[*B, C4, H, W]],
]: ...
@overload
def concat_vjp(
    x: Tensor[*B, N1, C, H, W],
    y: Tensor[*B, N2, C, H, W],
    z: Tensor[*B, N3, C, H, W],
    w: Tensor[*B, N4, C, H, W],
    *,
    axis: L[-4],
) -> FunctionVjp[
    Tensor[*B, Add[N1, Add[N2, Add[N3, N4]]], C, H, W],
    tuple[
        Tensor[*B, N1, C, H, W],
        Tensor[*B, N2, C, H, W],
        Tensor[*B, N3, C, H, W],
        Tensor[*B, N4, C, H, W],
    ],
]: ...
@typed_overloads
def concat_vjp(
    x: AnyTensor,
    y: AnyTensor,
    z: AnyTensor | None = None,
    w: AnyTensor | None = None,
    *,
    axis: int,
) -> AnyVjp:
    """Put end to end, and return with y the pullback dy -> (dx, dy, …), which cuts it."""
    return _concat_vjp(x, y, z, w, axis=axis)


def _concat_vjp(
    *given: AnyTensor | None, axis: int
) -> FunctionVjp[AnyTensor, tuple[AnyTensor, ...]]:
    tensors = [tensor for tensor in given if tensor is not None]
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
