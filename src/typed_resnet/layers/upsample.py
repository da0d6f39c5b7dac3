"""Larger images of the same cells."""

from __future__ import annotations

from typing import Generic, TypeVar

from typed_resnet import kernels
from typed_resnet.differentiable import differentiable
from typed_resnet.dims import B, C, H, Mul, W
from typed_resnet.layer import Layer
from typed_resnet.layers.arrays import images, pulled, restore
from typed_resnet.layers.gradients import FunctionVjp, Vjp
from typed_resnet.layers.hyperparameters import whole
from typed_resnet.runtime import typed
from typed_resnet.tensor import Tensor

Factor = TypeVar("Factor", bound=int)


@typed
@differentiable(lambda: upsample_vjp)
def upsample(
    x: Tensor[*B, C, H, W], factor: Factor
) -> Tensor[*B, C, Mul[H, Factor], Mul[W, Factor]]:
    """Repeat each cell in a square of `factor` by `factor`: the nearest neighbour.

    y[c, i, j] = x[c, i // f, j // f]
    """
    whole("upsample", "factor", factor)
    batch, array = images("upsample", x)
    return restore(batch, kernels.upsample(array, factor))


@typed
def upsample_vjp(
    x: Tensor[*B, C, H, W], factor: Factor
) -> FunctionVjp[Tensor[*B, C, Mul[H, Factor], Mul[W, Factor]], Tensor[*B, C, H, W]]:
    """Repeat, and return with y the pullback dy -> dx: the sum over each square."""
    whole("upsample", "factor", factor)
    batch, array = images("upsample", x)
    return pulled("upsample", batch, *kernels.upsample_vjp(array, factor))


class Upsample(Layer, Generic[Factor]):
    """Repeat each cell in a square of `factor` by `factor`: the nearest neighbour.

    Shape:
        x   (*B, C, H, W)      y   (*B, C, f H, f W)
    Raises: ConfigError, where the factor is less than 1.
    """

    factor: Factor

    def __post_init__(self) -> None:
        whole("Upsample", "factor", self.factor)

    def __call__(self, x: Tensor[*B, C, H, W]) -> Tensor[*B, C, Mul[H, Factor], Mul[W, Factor]]:
        return upsample(x, self.factor)

    forward = __call__

    def vjp(
        self, x: Tensor[*B, C, H, W]
    ) -> Vjp[Tensor[*B, C, Mul[H, Factor], Mul[W, Factor]], None, Tensor[*B, C, H, W]]:
        """Repeat, and return with y the pullback dy -> (None, dx)."""
        y, back = upsample_vjp(x, self.factor)
        return y, lambda dy: (None, back(dy))

    def backward(
        self, x: Tensor[*B, C, H, W], dy: Tensor[*B, C, Mul[H, Factor], Mul[W, Factor]]
    ) -> tuple[None, Tensor[*B, C, H, W]]:
        """Return (None, dx)."""
        _, pullback = self.vjp(x)
        return pullback(dy)
