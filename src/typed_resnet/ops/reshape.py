"""The same elements in another shape, and elements repeated to fill one."""

from __future__ import annotations

from typing import Any, TypeVarTuple

import numpy as np
import numpy.typing as npt

from typed_resnet.differentiable import differentiable
from typed_resnet.dims import CHECKED, Equal, Product, Stretches
from typed_resnet.layers import FunctionVjp
from typed_resnet.layers.arrays import check_alike
from typed_resnet.runtime import sizes as read_sizes
from typed_resnet.runtime import typed
from typed_resnet.tensor import Tensor

Old = TypeVarTuple("Old")
New = TypeVarTuple("New")


@typed
@differentiable(lambda: reshape_vjp)
def reshape(
    x: Tensor[*Old], *sizes: *New, where: Equal[Product[*Old], Product[*New]] = CHECKED
) -> Tensor[*New]:
    """Arrange the elements in another shape; row by row, their order stays.

    There are as many elements as before, and a size of -1 is none.
    """
    return Tensor(x.array.reshape(read_sizes(sizes)))


@typed
def reshape_vjp(
    x: Tensor[*Old], *sizes: *New, where: Equal[Product[*Old], Product[*New]] = CHECKED
) -> FunctionVjp[Tensor[*New], Tensor[*Old]]:
    """Arrange, and return with y the pullback dy -> dx, which arranges back."""
    y: Tensor[*New] = Tensor(x.array.reshape(read_sizes(sizes)))

    def back(dy: Tensor[*New]) -> Tensor[*Old]:
        check_alike("reshape", y, dy)
        return Tensor(dy.array.reshape(x.array.shape))

    return y, back


@typed
@differentiable(lambda: broadcast_to_vjp)
def broadcast_to(
    x: Tensor[*Old], *sizes: *New, where: Stretches[tuple[*Old], tuple[*New]] = CHECKED
) -> Tensor[*New]:
    """Repeat what is along axes of size 1, and along leading axes that are missing.

    Nothing broadcasts unless it says so here: `x + broadcast_to(bias, n, c)`.
    """
    return Tensor(np.broadcast_to(x.array, read_sizes(sizes)).copy())


@typed
def broadcast_to_vjp(
    x: Tensor[*Old], *sizes: *New, where: Stretches[tuple[*Old], tuple[*New]] = CHECKED
) -> FunctionVjp[Tensor[*New], Tensor[*Old]]:
    """Repeat, and return with y the pullback dy -> dx, which sums over what was repeated."""
    y: Tensor[*New] = Tensor(np.broadcast_to(x.array, read_sizes(sizes)).copy())

    def back(dy: Tensor[*New]) -> Tensor[*Old]:
        check_alike("broadcast_to", y, dy)
        return Tensor(_summed(dy.array, x.array.shape))

    return y, back


def _summed(array: npt.NDArray[Any], shape: tuple[int, ...]) -> npt.NDArray[Any]:
    """Sum over leading axes, and over those that are 1 in `shape`."""
    missing = array.ndim - len(shape)
    stretched = [
        missing + axis
        for axis, size in enumerate(shape)
        if size == 1 and array.shape[missing + axis] != 1
    ]
    return np.asarray(array.sum((*range(missing), *stretched))).reshape(shape)
