"""A tensor cut in two along an axis."""

from __future__ import annotations

from typing import Literal as L
from typing import overload

from typed_resnet.differentiable import differentiable
from typed_resnet.dims import B, C, H, N, Sub, W
from typed_resnet.dims.sentences import out_of_range
from typed_resnet.dims.term import Operation
from typed_resnet.errors import ShapeError
from typed_resnet.layers import FunctionVjp
from typed_resnet.layers.arrays import AnyTensor
from typed_resnet.layers.hyperparameters import whole
from typed_resnet.ops.axes import AnyVjp, around, cut_vjp
from typed_resnet.ops.variables import C1, H1, N1, W1
from typed_resnet.runtime import typed_overloads
from typed_resnet.tensor import Tensor


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
    (first, second), _ = _split_vjp(x, size, axis)
    return first, second


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
) -> FunctionVjp[tuple[AnyTensor, ...], AnyTensor]:
    whole("split", "size", size)
    around("split", x, axis)
    left = x.array.shape[axis] - size
    if left < 1:
        rest = Operation("Sub", (x.array.shape[axis], size))
        raise ShapeError(out_of_range("split", rest, {}, "NCHW"[axis], axis))
    return cut_vjp("split", x, (size, left), axis)
