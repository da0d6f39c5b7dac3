"""Values made through `cls`, `type(self)` and classes that are passed."""

from typing import Generic, Self
from typing import Literal as L

import numpy as np

from typed_resnet import Conv2D, Layer, Tensor, relu
from typed_resnet.dims import Add, B, Cin, Cout, H, W


class Pair(Layer, Generic[Cin, Cout]):
    conv1: Conv2D[Cin, Cout, L[3], L[1], L[1]]
    conv2: Conv2D[Cout, Add[Cout, L[2]], L[3], L[1], L[1]]

    @classmethod
    def init(cls, rng: np.random.Generator, cin: Cin, cout: Cout) -> Self:
        return cls(
            Conv2D.init(rng, cin, cout, 3, padding=1),
            conv2=Conv2D.init(rng, cout, cout + 2, 3, padding=1),
        )

    def with_first(self, conv: Conv2D[Cin, Cout, L[3], L[1], L[1]]) -> Self:
        return type(self)(conv, self.conv2)

    def __call__(self, x: Tensor[*B, Cin, H, W]) -> Tensor[*B, Add[Cout, L[2]], H, W]:
        return self.conv2(relu(self.conv1(x)))


class Named(Pair[Cin, Cout]):
    @classmethod
    def of(cls, pair: Pair[Cin, Cout]) -> "Named[Cin, Cout]":
        return cls(pair.conv1, pair.conv2)


def _make(
    kind: type[Pair[Cin, Cout]], rng: np.random.Generator, cin: Cin, cout: Cout
) -> Pair[Cin, Cout]:
    return kind(Conv2D.init(rng, cin, cout, 3, 1, 1), Conv2D.init(rng, cout, cout + 2, 3, 1, 1))


def passed(rng: np.random.Generator, x: Tensor[*B, L[3], H, W]) -> Tensor[*B, L[10], H, W]:
    made: Pair[L[3], L[8]] = _make(Named, rng, 3, 8)
    return Named.of(made.with_first(made.conv1))(x)
