"""Sizes that `x.shape` gives, put where others belong."""

import numpy as np

from typed_resnet import Conv2D, Tensor
from typed_resnet.dims import C, H, N, W


def turned(x: Tensor[C, H, W]) -> Tensor[C, H, W]:
    c, h, w = x.shape
    return Tensor.zeros(c, w, h)  # E: returns height W, declared H: at H = 1, W = 2 they are 2 and 1  [return-value]
    # R: turned returns height 2, declared 1


def channels_of_another_axis(rng: np.random.Generator, x: Tensor[N, C, H, W]) -> None:
    n = x.shape[0]
    Conv2D.init(rng, n, 8, 1)(x)  # E: Conv2D[N, 8, 1, 1, 0] expects N channels, got C: at C = 1, N = 2 they are 2 and 1  [shape]
    # R: Conv2D[2, 8, 1, 1, 0] expects 2 channels, got 1
