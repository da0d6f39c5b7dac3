"""A tensor cut into equal parts along an axis."""

from __future__ import annotations

from typing import Literal as L
from typing import TypeAlias, TypeVar, overload

from typed_resnet.differentiable import differentiable
from typed_resnet.dims import B, C, H, Mul, N, W
from typed_resnet.errors import ShapeError
from typed_resnet.layers import FunctionVjp
from typed_resnet.layers.arrays import AnyTensor
from typed_resnet.ops.axes import AnyVjp, around, cut_vjp
from typed_resnet.runtime import typed_overloads
from typed_resnet.tensor import Tensor

Part = TypeVar("Part")
Two: TypeAlias = tuple[Part, Part]
Three: TypeAlias = tuple[Part, Part, Part]
Four: TypeAlias = tuple[Part, Part, Part, Part]


@overload
def chunk(x: Tensor[*B, Mul[L[2], W]], chunks: L[2], axis: L[-1]) -> Two[Tensor[*B, W]]: ...
@overload
def chunk(x: Tensor[*B, Mul[L[2], H], W], chunks: L[2], axis: L[-2]) -> Two[Tensor[*B, H, W]]: ...
@overload
def chunk(
    x: Tensor[*B, Mul[L[2], C], H, W], chunks: L[2], axis: L[-3]
) -> Two[Tensor[*B, C, H, W]]: ...
@overload
def chunk(
    x: Tensor[*B, Mul[L[2], N], C, H, W], chunks: L[2], axis: L[-4]
) -> Two[Tensor[*B, N, C, H, W]]: ...
@overload
def chunk(x: Tensor[*B, Mul[L[3], W]], chunks: L[3], axis: L[-1]) -> Three[Tensor[*B, W]]: ...
@overload
def chunk(
    x: Tensor[*B, Mul[L[3], H], W], chunks: L[3], axis: L[-2]
) -> Three[Tensor[*B, H, W]]: ...
@overload
def chunk(
    x: Tensor[*B, Mul[L[3], C], H, W], chunks: L[3], axis: L[-3]
) -> Three[Tensor[*B, C, H, W]]: ...
@overload
def chunk(
    x: Tensor[*B, Mul[L[3], N], C, H, W], chunks: L[3], axis: L[-4]
) -> Three[Tensor[*B, N, C, H, W]]: ...
@overload
def chunk(x: Tensor[*B, Mul[L[4], W]], chunks: L[4], axis: L[-1]) -> Four[Tensor[*B, W]]: ...
@overload
def chunk(x: Tensor[*B, Mul[L[4], H], W], chunks: L[4], axis: L[-2]) -> Four[Tensor[*B, H, W]]: ...
@overload
def chunk(
    x: Tensor[*B, Mul[L[4], C], H, W], chunks: L[4], axis: L[-3]
) -> Four[Tensor[*B, C, H, W]]: ...
@overload
def chunk(
    x: Tensor[*B, Mul[L[4], N], C, H, W], chunks: L[4], axis: L[-4]
) -> Four[Tensor[*B, N, C, H, W]]: ...
@typed_overloads
@differentiable(lambda: chunk_vjp)
def chunk(x: AnyTensor, chunks: int, axis: int) -> tuple[AnyTensor, ...]:
    """Cut a tensor into two, three or four equal parts along an axis, counted from the end.

        q, k, v = chunk(x, 3, axis=-1)      [*B, 3 W] to three of [*B, W]

    Raises: ShapeError, where the axis has no such parts.
    """
    parts, _ = _chunk_vjp(x, chunks, axis)
    return parts


@overload
def chunk_vjp(
    x: Tensor[*B, Mul[L[2], W]], chunks: L[2], axis: L[-1]
) -> FunctionVjp[Two[Tensor[*B, W]], Tensor[*B, Mul[L[2], W]]]: ...
@overload
def chunk_vjp(
    x: Tensor[*B, Mul[L[2], H], W], chunks: L[2], axis: L[-2]
) -> FunctionVjp[Two[Tensor[*B, H, W]], Tensor[*B, Mul[L[2], H], W]]: ...
@overload
def chunk_vjp(
    x: Tensor[*B, Mul[L[2], C], H, W], chunks: L[2], axis: L[-3]
) -> FunctionVjp[Two[Tensor[*B, C, H, W]], Tensor[*B, Mul[L[2], C], H, W]]: ...
@overload
def chunk_vjp(
    x: Tensor[*B, Mul[L[2], N], C, H, W], chunks: L[2], axis: L[-4]
) -> FunctionVjp[Two[Tensor[*B, N, C, H, W]], Tensor[*B, Mul[L[2], N], C, H, W]]: ...
@overload
def chunk_vjp(
    x: Tensor[*B, Mul[L[3], W]], chunks: L[3], axis: L[-1]
) -> FunctionVjp[Three[Tensor[*B, W]], Tensor[*B, Mul[L[3], W]]]: ...
@overload
def chunk_vjp(
    x: Tensor[*B, Mul[L[3], H], W], chunks: L[3], axis: L[-2]
) -> FunctionVjp[Three[Tensor[*B, H, W]], Tensor[*B, Mul[L[3], H], W]]: ...
@overload
def chunk_vjp(
    x: Tensor[*B, Mul[L[3], C], H, W], chunks: L[3], axis: L[-3]
) -> FunctionVjp[Three[Tensor[*B, C, H, W]], Tensor[*B, Mul[L[3], C], H, W]]: ...
@overload
def chunk_vjp(
    x: Tensor[*B, Mul[L[3], N], C, H, W], chunks: L[3], axis: L[-4]
) -> FunctionVjp[Three[Tensor[*B, N, C, H, W]], Tensor[*B, Mul[L[3], N], C, H, W]]: ...
@overload
def chunk_vjp(
    x: Tensor[*B, Mul[L[4], W]], chunks: L[4], axis: L[-1]
) -> FunctionVjp[Four[Tensor[*B, W]], Tensor[*B, Mul[L[4], W]]]: ...
@overload
def chunk_vjp(
    x: Tensor[*B, Mul[L[4], H], W], chunks: L[4], axis: L[-2]
) -> FunctionVjp[Four[Tensor[*B, H, W]], Tensor[*B, Mul[L[4], H], W]]: ...
@overload
def chunk_vjp(
    x: Tensor[*B, Mul[L[4], C], H, W], chunks: L[4], axis: L[-3]
) -> FunctionVjp[Four[Tensor[*B, C, H, W]], Tensor[*B, Mul[L[4], C], H, W]]: ...
@overload
def chunk_vjp(
    x: Tensor[*B, Mul[L[4], N], C, H, W], chunks: L[4], axis: L[-4]
) -> FunctionVjp[Four[Tensor[*B, N, C, H, W]], Tensor[*B, Mul[L[4], N], C, H, W]]: ...
@typed_overloads
def chunk_vjp(x: AnyTensor, chunks: int, axis: int) -> AnyVjp:
    """Cut, and return with the parts the pullback (dy, dz, …) -> dx, which joins them."""
    return _chunk_vjp(x, chunks, axis)


def _chunk_vjp(
    x: AnyTensor, chunks: int, axis: int
) -> FunctionVjp[tuple[AnyTensor, ...], AnyTensor]:
    around("chunk", x, axis)
    size, rest = divmod(x.array.shape[axis], chunks)
    if rest:
        raise ShapeError(f"chunk: {chunks} does not divide {x.array.shape[axis]}")
    return cut_vjp("chunk", x, (size,) * chunks, axis)
