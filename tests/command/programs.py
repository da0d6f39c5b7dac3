"""Programs right and wrong, and the command in a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys

RIGHT = """\
from typing import Literal as L
from typed_resnet import Conv2D, Tensor
from typed_resnet.dims import CeilDiv, H, W

def stem(
    conv: Conv2D[L[3], L[64], L[7], L[2], L[3]], x: Tensor[L[3], H, W]
) -> Tensor[L[64], CeilDiv[H, L[2]], CeilDiv[W, L[2]]]:
    return conv(x)
"""

WRONG = """\
from typing import Literal as L
from typed_resnet import Conv2D, Tensor

def gray(conv: Conv2D[L[3], L[64], L[7], L[2], L[3]], x: Tensor[L[1], L[32], L[32]]) -> None:
    conv(x){comment}
"""

HALVED = """\
from typing import Literal as L
from typed_resnet import Conv2D, Tensor
from typed_resnet.dims import C, H, W

def residual(conv: Conv2D[C, C, L[3], L[2], L[1]], x: Tensor[C, H, W]) -> None:
    conv(x) + x
"""

HEAD = """\
from typing import Literal as L
from typed_resnet import Tensor
from typed_resnet.dims import FloorDiv, H
"""

SENTENCE = "Conv2D[3, 64, 7, 2, 3] expects 3 channels, got 1"

NETS = """\
from typing import Literal as L
from typed_resnet import Layer, Linear, Tensor, resnet18
from typed_resnet.dims import B, C, H, W
import numpy as np

small = Linear.init(np.random.default_rng(0), 4, 2)

def net() -> Layer:
    return resnet18(3, 10)

def needs(classes: int) -> Layer:
    return resnet18(3, classes)

def fails() -> Layer:
    raise RuntimeError("no\\nluck")

class Divides(Layer):
    by: int

    def __call__(self, x: Tensor[*B, H, W]) -> Tensor[*B, H, W]:
        return x * (1 / self.by)

divides = Divides(0)

class Sums(Layer):
    def __call__(self, x: Tensor[*B, H, W], y: Tensor[*B, H, W]) -> Tensor[*B, H, W]:
        return x + y

sums = Sums()

def exits() -> Layer:
    raise SystemExit(3)

class Halves(Layer):
    scale: float

    def __call__(self, x: Tensor[*B, C, H, W]) -> Tensor[*B, C, H, W]:
        return Tensor(x.array[..., ::2, :])

class Model(Layer):
    halves: Halves

    def __call__(self, x: Tensor[*B, C, H, W]) -> Tensor[*B, C, H, W]:
        return self.halves(x)

def lies() -> Layer:
    return Model(Halves(1.0))
"""

FINE_BUT_FOR_AN_INT = """\
class Fine(Layer):
    linear: Linear[L[4], L[2]]

    def __call__(self, x: Tensor[*B, L[4]]) -> Tensor[*B, L[2]]:
        return self.linear(x)

fine = Fine(small)
wrong: int = "text"
"""


def shell(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "typed_resnet", *arguments],
        env=os.environ | environment,
        capture_output=True,
        text=True,
        check=False,
    )
