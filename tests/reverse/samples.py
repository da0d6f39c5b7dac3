"""Numbers, and a layer that uses a parameter more than once."""

from __future__ import annotations

from fractions import Fraction
from typing import Generic
from typing import Literal as L

import numpy as np

from typed_resnet import BatchNorm2D, Conv2D, Layer, Linear, Tensor, relu
from typed_resnet.dims import B, C, H, W


def whole(*values: object) -> Tensor:
    return Tensor(np.array([Fraction(v) for v in values], object))  # type: ignore[arg-type]


def numbers(*shape: int, seed: int = 0) -> Tensor:
    return Tensor(np.random.default_rng(seed).standard_normal(shape))


class Smooth(Layer, Generic[C]):
    conv: Conv2D[C, C, L[3], L[1], L[1]]
    norm: BatchNorm2D[C]
    unused: Linear[C, C]
    times: int = 2

    def __call__(self, x: Tensor[*B, C, H, W]) -> Tensor[*B, C, H, W]:
        for _ in range(self.times):
            x = relu(self.norm(self.conv(x)) + x)
        return x


def smooth(times: int = 2) -> Smooth:
    rng = np.random.default_rng(1)
    return Smooth(
        Conv2D.init(rng, 2, 2, 3, 1, 1, dtype=np.float64),
        BatchNorm2D.init(2, dtype=np.float64),
        Linear.init(rng, 2, 2, dtype=np.float64),
        times,
    )
