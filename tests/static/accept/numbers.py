"""Sizes that are passed as ints, and shapes unpacked into them."""

from typing import assert_type
from typing import Literal as L

import numpy as np

from typed_resnet import BatchNorm2D, Conv2D, Linear, Tensor
from typed_resnet.dims import Add, C, Cin, Cout, FloorDiv, H, Mul, N, W


def unpacked(x: Tensor[N, C, H, W]) -> Tensor[N, Mul[L[2], C], FloorDiv[H, L[4]], Add[W, L[1]]]:
    """The ints of a shape have the sizes as their types, and so has what is made of them."""
    n, c, h, w = x.shape
    assert_type(c, C)
    return Tensor.zeros(n, 2 * c, h // 4, w + 1)


def same_shape(x: Tensor[C, H, W]) -> Tensor[C, H, W]:
    return Tensor.ones(*x.shape)


def widen(rng: np.random.Generator, c: Cin) -> Conv2D[Cin, Mul[L[2], Cin], L[3], L[1], L[1]]:
    return Conv2D.init(rng, c, c * 2, 3, padding=1)


def head(rng: np.random.Generator, x: Tensor[C, H, W], classes: Cout) -> Linear[C, Cout]:
    return Linear.init(rng, x.shape[0], classes)


def norm_of(x: Tensor[L[5], H, W]) -> None:
    c, _, _ = x.shape
    assert_type(BatchNorm2D.init(c), BatchNorm2D[L[5]])


def arithmetic_of_numbers(rng: np.random.Generator) -> None:
    assert_type(Conv2D.init(rng, 3, 2 * 32, 3), Conv2D[L[3], L[64], L[3], L[1], L[0]])
