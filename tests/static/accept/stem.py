"""A4, A5, A13: stems, pools, and any number of leading batch axes."""

from typing import assert_type
from typing import Literal as L

import numpy as np

from typed_resnet import Conv2D, Linear, MaxPool2D, Tensor, global_avg_pool2d, relu
from typed_resnet.dims import B, C, CeilDiv, FloorDiv, H, N, W


def stem_then_pool(
    stem: Conv2D[L[3], L[64], L[7], L[2], L[3]],
    pool: MaxPool2D[L[3], L[2], L[1]],
    x: Tensor[L[3], H, W],
) -> Tensor[L[64], CeilDiv[H, L[4]], CeilDiv[W, L[4]]]:
    """A4: 7/2/3, then 3/2/1."""
    y = stem(x)
    assert_type(y, Tensor[L[64], CeilDiv[H, L[2]], CeilDiv[W, L[2]]])
    return pool(relu(y))


def two_pools(
    pool: MaxPool2D[L[2], L[2], L[0]], x: Tensor[C, H, W]
) -> Tensor[C, FloorDiv[H, L[4]], FloorDiv[W, L[4]]]:
    """A5: two pools of 2/2/0 leave H//4."""
    return pool(pool(x))


def stem_with_numbers(rng: np.random.Generator) -> None:
    stem = Conv2D.init(rng, 3, 64, 7, stride=2, padding=3)
    assert_type(stem, Conv2D[L[3], L[64], L[7], L[2], L[3]])
    pool = MaxPool2D(3, stride=2, padding=1)
    assert_type(pool, MaxPool2D[L[3], L[2], L[1]])
    y = pool(stem(Tensor.zeros(3, 224, 224)))
    assert_type(y, Tensor[L[64], L[56], L[56]])
    assert y.shape == (64, 56, 56)


def no_batch_axis(conv: Conv2D[C, C, L[3], L[1], L[1]], x: Tensor[C, H, W]) -> None:
    assert_type(conv(x), Tensor[C, H, W])


def one_batch_axis(conv: Conv2D[C, C, L[3], L[1], L[1]], x: Tensor[N, C, H, W]) -> None:
    assert_type(conv(x), Tensor[N, C, H, W])


def two_batch_axes(conv: Conv2D[C, C, L[3], L[1], L[1]], x: Tensor[L[2], N, C, H, W]) -> None:
    assert_type(conv(x), Tensor[L[2], N, C, H, W])


def any_batch_axes(conv: Conv2D[C, C, L[3], L[1], L[1]], x: Tensor[*B, C, H, W]) -> None:
    assert_type(conv(x), Tensor[*B, C, H, W])


def head(fc: Linear[C, L[10]], x: Tensor[*B, C, H, W]) -> None:
    assert_type(fc(global_avg_pool2d(x)), Tensor[*B, L[10]])
