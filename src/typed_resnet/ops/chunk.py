"""A tensor cut into equal parts along an axis."""

from __future__ import annotations

from typing import Literal as L
from typing import TypeAlias, TypeVar, overload

from typed_resnet.differentiable import differentiable
from typed_resnet.dims import B, C, ExactDiv, H, N, W
from typed_resnet.dims.term import indivisible
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
def chunk(x: Tensor[*B, W], chunks: L[2], axis: L[-1]) -> Two[Tensor[*B, ExactDiv[W, L[2]]]]: ...
@overload
def chunk(
    x: Tensor[*B, H, W], chunks: L[2], axis: L[-2]
) -> Two[Tensor[*B, ExactDiv[H, L[2]], W]]: ...
@overload
def chunk(
    x: Tensor[*B, C, H, W], chunks: L[2], axis: L[-3]
) -> Two[Tensor[*B, ExactDiv[C, L[2]], H, W]]: ...
@overload
def chunk(
    x: Tensor[*B, N, C, H, W], chunks: L[2], axis: L[-4]
) -> Two[Tensor[*B, ExactDiv[N, L[2]], C, H, W]]: ...
@overload
def chunk(x: Tensor[*B, W], chunks: L[3], axis: L[-1]) -> Three[Tensor[*B, ExactDiv[W, L[3]]]]: ...
@overload
def chunk(
    x: Tensor[*B, H, W], chunks: L[3], axis: L[-2]
) -> Three[Tensor[*B, ExactDiv[H, L[3]], W]]: ...
@overload
def chunk(
    x: Tensor[*B, C, H, W], chunks: L[3], axis: L[-3]
) -> Three[Tensor[*B, ExactDiv[C, L[3]], H, W]]: ...
@overload
def chunk(
    x: Tensor[*B, N, C, H, W], chunks: L[3], axis: L[-4]
) -> Three[Tensor[*B, ExactDiv[N, L[3]], C, H, W]]: ...
@overload
def chunk(x: Tensor[*B, W], chunks: L[4], axis: L[-1]) -> Four[Tensor[*B, ExactDiv[W, L[4]]]]: ...
@overload
def chunk(
    x: Tensor[*B, H, W], chunks: L[4], axis: L[-2]
) -> Four[Tensor[*B, ExactDiv[H, L[4]], W]]: ...
@overload
def chunk(
    x: Tensor[*B, C, H, W], chunks: L[4], axis: L[-3]
) -> Four[Tensor[*B, ExactDiv[C, L[4]], H, W]]: ...
@overload
def chunk(
    x: Tensor[*B, N, C, H, W], chunks: L[4], axis: L[-4]
) -> Four[Tensor[*B, ExactDiv[N, L[4]], C, H, W]]: ...
@typed_overloads
@differentiable(lambda: chunk_vjp)
def chunk(x: AnyTensor, chunks: int, axis: int) -> tuple[AnyTensor, ...]:
    """Cut a tensor into two, three or four equal parts along an axis, counted from the end.

        q, k, v = chunk(x, 3, axis=-1)      [*B, W] to three of [*B, W/3]

    Raises: ShapeError, where the axis has no such parts.
    """
    parts, _ = _chunk_vjp(x, chunks, axis)
    return parts


@overload
def chunk_vjp(
    x: Tensor[*B, W], chunks: L[2], axis: L[-1]
) -> FunctionVjp[Two[Tensor[*B, ExactDiv[W, L[2]]]], Tensor[*B, W]]: ...
@overload
def chunk_vjp(
    x: Tensor[*B, H, W], chunks: L[2], axis: L[-2]
) -> FunctionVjp[Two[Tensor[*B, ExactDiv[H, L[2]], W]], Tensor[*B, H, W]]: ...
@overload
def chunk_vjp(
    x: Tensor[*B, C, H, W], chunks: L[2], axis: L[-3]
) -> FunctionVjp[Two[Tensor[*B, ExactDiv[C, L[2]], H, W]], Tensor[*B, C, H, W]]: ...
@overload
def chunk_vjp(
    x: Tensor[*B, N, C, H, W], chunks: L[2], axis: L[-4]
) -> FunctionVjp[Two[Tensor[*B, ExactDiv[N, L[2]], C, H, W]], Tensor[*B, N, C, H, W]]: ...
@overload
def chunk_vjp(
    x: Tensor[*B, W], chunks: L[3], axis: L[-1]
) -> FunctionVjp[Three[Tensor[*B, ExactDiv[W, L[3]]]], Tensor[*B, W]]: ...
@overload
def chunk_vjp(
    x: Tensor[*B, H, W], chunks: L[3], axis: L[-2]
) -> FunctionVjp[Three[Tensor[*B, ExactDiv[H, L[3]], W]], Tensor[*B, H, W]]: ...
@overload
def chunk_vjp(
    x: Tensor[*B, C, H, W], chunks: L[3], axis: L[-3]
) -> FunctionVjp[Three[Tensor[*B, ExactDiv[C, L[3]], H, W]], Tensor[*B, C, H, W]]: ...
@overload
def chunk_vjp(
    x: Tensor[*B, N, C, H, W], chunks: L[3], axis: L[-4]
) -> FunctionVjp[Three[Tensor[*B, ExactDiv[N, L[3]], C, H, W]], Tensor[*B, N, C, H, W]]: ...
@overload
def chunk_vjp(
    x: Tensor[*B, W], chunks: L[4], axis: L[-1]
) -> FunctionVjp[Four[Tensor[*B, ExactDiv[W, L[4]]]], Tensor[*B, W]]: ...
@overload
def chunk_vjp(
    x: Tensor[*B, H, W], chunks: L[4], axis: L[-2]
) -> FunctionVjp[Four[Tensor[*B, ExactDiv[H, L[4]], W]], Tensor[*B, H, W]]: ...
@overload
def chunk_vjp(
    x: Tensor[*B, C, H, W], chunks: L[4], axis: L[-3]
) -> FunctionVjp[Four[Tensor[*B, ExactDiv[C, L[4]], H, W]], Tensor[*B, C, H, W]]: ...
@overload
def chunk_vjp(
    x: Tensor[*B, N, C, H, W], chunks: L[4], axis: L[-4]
) -> FunctionVjp[Four[Tensor[*B, ExactDiv[N, L[4]], C, H, W]], Tensor[*B, N, C, H, W]]: ...
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
        raise ShapeError(f"chunk: {indivisible(chunks, x.array.shape[axis])}")
    return cut_vjp("chunk", x, (size,) * chunks, axis)
