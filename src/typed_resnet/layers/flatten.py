"""Images laid out as vectors."""

from __future__ import annotations

import math

from typed_resnet.differentiable import differentiable
from typed_resnet.dims import B, C, H, Mul, W
from typed_resnet.layer import Layer
from typed_resnet.layers.arrays import AnyTensor, check_alike, images
from typed_resnet.layers.gradients import FunctionVjp, Vjp
from typed_resnet.runtime import typed
from typed_resnet.tensor import Tensor


@typed
@differentiable(lambda: flatten_vjp)
def flatten(x: Tensor[*B, C, H, W]) -> Tensor[*B, Mul[C, Mul[H, W]]]:
    """Put the cells of each image in a row, channel by channel. The result is a view."""
    images("flatten", x)
    *batch, c, h, w = x.array.shape
    return Tensor(x.array.reshape(*batch, math.prod((c, h, w))))


@typed
def flatten_vjp(
    x: Tensor[*B, C, H, W],
) -> FunctionVjp[Tensor[*B, Mul[C, Mul[H, W]]], Tensor[*B, C, H, W]]:
    """Flatten, and return with y the pullback dy -> dx: every cell back to its place."""
    y: AnyTensor = flatten(x)
    shape = x.array.shape

    def back(dy: AnyTensor) -> AnyTensor:
        check_alike("flatten", y, dy)
        return Tensor(dy.array.reshape(shape))

    return y, back


class Flatten(Layer):
    """Put the cells of each image in a row, channel by channel.

    Shape:
        x   (*B, C, H, W)      y   (*B, C H W)
    """

    def __call__(self, x: Tensor[*B, C, H, W]) -> Tensor[*B, Mul[C, Mul[H, W]]]:
        return flatten(x)

    forward = __call__

    def vjp(
        self, x: Tensor[*B, C, H, W]
    ) -> Vjp[Tensor[*B, Mul[C, Mul[H, W]]], None, Tensor[*B, C, H, W]]:
        """Flatten, and return with y the pullback dy -> (None, dx)."""
        y, back = flatten_vjp(x)
        return y, lambda dy: (None, back(dy))

    def backward(
        self, x: Tensor[*B, C, H, W], dy: Tensor[*B, Mul[C, Mul[H, W]]]
    ) -> tuple[None, Tensor[*B, C, H, W]]:
        """Return (None, dx)."""
        _, pullback = self.vjp(x)
        return pullback(dy)
