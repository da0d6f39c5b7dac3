"""Zeros put around images."""

from __future__ import annotations

from typed_resnet import kernels
from typed_resnet.differentiable import differentiable
from typed_resnet.dims import Add, B, C, H, W
from typed_resnet.layers import FunctionVjp
from typed_resnet.layers.arrays import images, pulled, restore
from typed_resnet.layers.hyperparameters import whole
from typed_resnet.ops.variables import Bottom, Left, Right, Top
from typed_resnet.runtime import typed
from typed_resnet.tensor import Tensor


@typed
@differentiable(lambda: pad_vjp)
def pad(
    x: Tensor[*B, C, H, W], *, top: Top, bottom: Bottom, left: Left, right: Right
) -> Tensor[*B, C, Add[Top, Add[H, Bottom]], Add[Left, Add[W, Right]]]:
    """Put rows and columns of zeros around each image."""
    _check(top, bottom, left, right)
    batch, array = images("pad", x)
    return restore(batch, kernels.pad(array, top, bottom, left, right))


@typed
def pad_vjp(
    x: Tensor[*B, C, H, W], *, top: Top, bottom: Bottom, left: Left, right: Right
) -> FunctionVjp[
    Tensor[*B, C, Add[Top, Add[H, Bottom]], Add[Left, Add[W, Right]]], Tensor[*B, C, H, W]
]:
    """Pad, and return with y the pullback dy -> dx: what was put around is cut off."""
    _check(top, bottom, left, right)
    batch, array = images("pad", x)
    return pulled("pad", batch, *kernels.pad_vjp(array, top, bottom, left, right))


def _check(top: int, bottom: int, left: int, right: int) -> None:
    sides = {"top": top, "bottom": bottom, "left": left, "right": right}
    for side, size in sides.items():
        whole("pad", side, size, least=0)
