"""A model whose base, and whose layer's own method, are written in another module."""

from __future__ import annotations

from typing import Literal as L

import numpy as np

from typed_resnet import Conv2D, Layer, Linear, Tensor, global_avg_pool2d
from typed_resnet.dims import B, H, W

from .models import Strided


class Halving(Strided[L[3], L[4], L[2]]):
    """All that it does is inherited."""


class Model(Layer):
    halving: Halving
    head: Linear[L[4], L[5]]

    def __call__(self, x: Tensor[*B, L[3], H, W]) -> Tensor[*B, L[5]]:
        return self.head(global_avg_pool2d(self.halving(x)))


def model() -> Model:
    rng = np.random.default_rng(0)
    halving = Halving(Conv2D.init(rng, 3, 4, 3, 2, 1), Conv2D.init(rng, 3, 4, 1, stride=2))
    return Model(halving, Linear.init(rng, 4, 5))
