"""R9, R11, R13, R16, R17, R18: parameters, joins and reshapes that do not fit."""

from typing import Any, Generic, TypeVar
from typing import Literal as L

import numpy as np

from typed_resnet import Conv2D, Layer, Linear, Tensor, relu, resnet18
from typed_resnet.dims import Add, B, C, Cin, Cout, ExactDiv, FloorDiv, H, Mul, W

C1 = TypeVar("C1", bound=int)
C2 = TypeVar("C2", bound=int)


def concat(x: Tensor[C1, H, W], y: Tensor[C2, H, W]) -> Tensor[Add[C1, C2], H, W]:
    return Tensor(np.concatenate([x.array, y.array]))


def flatten(x: Tensor[*B, C, H, W]) -> Tensor[*B, Mul[C, Mul[H, W]]]:
    *batch, c, h, w = x.array.shape
    return Tensor(x.array.reshape(*batch, c * h * w))


class Narrow(Layer, Generic[Cin, Cout]):
    reduce: Conv2D[Cin, ExactDiv[Cout, L[4]], L[1], L[1], L[0]]

    def __call__(self, x: Tensor[*B, Cin, H, W]) -> Tensor[*B, ExactDiv[Cout, L[4]], H, W]:
        return self.reduce(x)


def bias_of_wrong_length() -> None:
    Conv2D(Tensor.zeros(8, 3, 3, 3), Tensor.zeros(3), 1, 1)  # E: Conv2D expects 8 channels as in kernel, got 3  [shape]


def kernel_not_square() -> None:
    Conv2D(Tensor.zeros(8, 3, 3, 5), Tensor.zeros(8), 1, 1)  # E: Conv2D expects kernel size 3, got 5  [shape]


def kernel_exchanged(x: Tensor[L[3], L[9], L[9]]) -> None:
    conv = Conv2D(Tensor.zeros(3, 8, 3, 3), None, 1, 1)
    conv(x)  # E: Conv2D[8, 3, 3, 1, 1] expects 8 channels, got 3  [shape]


def heights_differ(x: Tensor[C1, L[56], W], y: Tensor[C2, L[55], W]) -> None:
    concat(x, y)  # E: concat expects height 56 as in x, got 55  [shape]


def height_against_symbol(x: Tensor[L[3], L[56], W], y: Tensor[L[3], H, W]) -> None:
    concat(x, y)  # E: concat expects height 56 as in x, got H: at H = 1 they are 56 and 1  [shape]
    # R: concat expects height 56 as in x, got 1


def width_6_in_a_bottleneck(layer: Narrow[L[3], L[6]]) -> None:  # E: Narrow: 4 does not divide 6  [shape-range]
    # R: width_6_in_a_bottleneck expects 6 channels, got 4
    """R16: 4 does not divide 6."""


def classifier_of_c_times_h(fc: Linear[Mul[C, H], L[10]], x: Tensor[C, H, W]) -> None:
    fc(flatten(x))  # E: Linear[C*H, 10] expects C*H features, got C*H*W: at C = 1, H = 1, W = 2 they are 1 and 2  [shape]
    # R: Linear[1, 10] expects 1 feature, got 2


def four_quarters(x: Tensor[Mul[L[4], FloorDiv[C, L[4]]], H, W], y: Tensor[C, H, W]) -> None:
    x + y  # E: + expects 4*(C//4) channels, got C: at C = 1 they are 0 and 1  [shape]
    # R: + expects 0 on axis 0, got 1


def two_halves(x: Tensor[C, Mul[L[2], FloorDiv[H, L[2]]], W], y: Tensor[C, H, W]) -> None:
    y + x  # E: + expects height H, got 2*(H//2): at H = 1 they are 1 and 0  [shape]
    # R: + expects 1 on axis 1, got 0


def classifier_for_another_stage(rng: np.random.Generator) -> None:
    net = resnet18(3, 10, rng)
    net.classifier(Tensor.zeros(256))  # E: Linear[512, 10] expects 512 features, got 256  [shape]


def lost_in_an_int(rng: np.random.Generator) -> None:
    n = int("64")
    Linear.init(rng, n, 10)  # E: Linear.init expects features in in_features, got an int of unknown size  [shape-unknown]


def lost_in_any(x: Tensor[C, H, W]) -> None:
    anything: Any = x
    relu(anything)  # E: relu expects a shape in x, got [*?] of unknown size  [shape-unknown]
