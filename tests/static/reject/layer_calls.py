"""R1, R3, R6, R7, R8, R19: what a layer is given does not fit it."""

from typing import Generic
from typing import Literal as L

import numpy as np

from typed_resnet import BatchNorm2D, Conv2D, Layer, Linear, MaxPool2D, Tensor, relu, typed
from typed_resnet.dims import B, C, Cin, Cout, H, Mul, S, W
from typed_resnet.layers import Upsample


def wrong_channels(conv: Conv2D[L[3], L[64], L[7], L[2], L[3]], x: Tensor[L[1], L[32], L[32]]) -> None:
    conv(x)  # E: Conv2D[3, 64, 7, 2, 3] expects 3 channels, got 1  [shape]


def wrong_channels_inside(conv: Conv2D[L[3], L[3], L[3], L[1], L[1]], x: Tensor[L[4], H, W]) -> None:
    relu(conv(relu(x)))  # E: Conv2D[3, 3, 3, 1, 1] expects 3 channels, got 4  [shape]


def wrong_symbol(conv: Conv2D[Cin, Cout, L[3], L[1], L[1]], x: Tensor[Cout, H, W]) -> None:
    conv(x)  # E: Conv2D[Cin, Cout, 3, 1, 1] expects Cin channels, got Cout: at Cin = 1, Cout = 2 they are 1 and 2  [shape]
    # R: Conv2D[1, 2, 3, 1, 1] expects 1 channel, got 2


def wrong_channels_for_norm(bn: BatchNorm2D[L[8]], x: Tensor[L[4], H, W]) -> None:
    bn(x)  # E: BatchNorm2D[8] expects 8 channels, got 4  [shape]


def wrong_features(fc: Linear[L[512], L[10]], x: Tensor[L[256]]) -> None:
    fc(x)  # E: Linear[512, 10] expects 512 features, got 256  [shape]


def identity_shortcut_after_stride(conv: Conv2D[C, C, L[3], L[2], L[1]], x: Tensor[C, H, W]) -> None:
    conv(x) + x  # E: + expects height ⌈H/2⌉, got H: at H = 2 they are 1 and 2  [shape]
    # R: + expects 1 on axis 1, got 2


def identity_shortcut_after_any_stride(
    conv: Conv2D[C, C, L[3], S, L[1]], x: Tensor[C, H, W]
) -> None:
    conv(x) + x  # E: + expects height ⌈H/S⌉, got H: at H = 2, S = 2 they are 1 and 2  [shape]
    # R: + expects 1 on axis 1, got 2


def window_larger_than_input(conv: Conv2D[L[3], L[8], L[7], L[1], L[0]], x: Tensor[L[3], L[4], L[32]]) -> None:
    conv(x)  # E: window 7 does not fit height 4 padded by 0  [shape-range]


def pool_larger_than_input(pool: MaxPool2D[L[3], L[2], L[0]], x: Tensor[L[8], L[16], L[2]]) -> None:
    pool(x)  # E: window 3 does not fit width 2 padded by 0  [shape-range]


def no_channels(rng: np.random.Generator) -> None:
    Conv2D.init(rng, 0, 8, 3)  # E: Conv2D.init expects in_channels ≥ 1, got 0  [shape-range]


def no_kernel(rng: np.random.Generator) -> None:
    Conv2D.init(rng, 3, 8, 0)  # E: Conv2D.init expects kernel_size ≥ 1, got 0  [shape-range]


def no_stride() -> None:
    MaxPool2D(3, stride=0, padding=1)  # E: MaxPool2D expects stride ≥ 1, got 0  [shape-range]


def no_classes(rng: np.random.Generator) -> None:
    Linear.init(rng, 512, 0)  # E: Linear.init expects out_features ≥ 1, got 0  [shape-range]


def too_few_axes(conv: Conv2D[L[3], L[8], L[3], L[1], L[1]], x: Tensor[L[3], L[32]]) -> None:
    conv(x)  # E: Conv2D[3, 8, 3, 1, 1] expects [*B, 3, H, W], got [3, 32]  [shape]


def not_flattened(fc: Linear[L[64], L[10]], x: Tensor[L[64], L[7], L[5]]) -> None:
    fc(x)  # E: Linear[64, 10] expects 64 features, got 5  [shape]


def one_pixel_added_to_all(x: Tensor[C, H, W], y: Tensor[C, L[1], L[1]]) -> None:
    x + y  # E: + expects height H, got 1: at H = 2 they are 2 and 1  [shape]
    # R: + expects 2 on axis 1, got 1


def factor_left_out(x: Tensor[C, H, W]) -> Tensor[C, Mul[L[2], H], Mul[L[2], W]]:
    double = Upsample()  # E: Missing positional argument "factor" in call to "Upsample"  [call-arg]
    # R: Upsample.__init__() missing 1 required positional argument: 'factor'
    return relu(double(x))


def name_that_is_used_on(
    first: Conv2D[C, Cout, L[1], L[1], L[0]],
    second: Conv2D[Cin, Cout, L[1], L[1], L[0]],
    x: Tensor[*B, C, H, W],
) -> Tensor[*B, Cout, H, W]:
    """What is wrong is said once, though the name had a shape before."""
    y = relu(first(x))
    y = relu(second(y))  # E: Conv2D[Cin, Cout, 1, 1, 0] expects Cin channels, got Cout: at Cin = 1, Cout = 2 they are 1 and 2  [shape]
    # R: Conv2D[1, 2, 1, 1, 0] expects 1 channel, got 2
    y = second(y)
    return relu(y) + y


class Widening(Layer, Generic[Cin, Cout]):
    conv: Conv2D[Cin, Cout, L[1], L[1], L[0]]


class Doubling(Widening[C, Mul[L[2], C]], Generic[C]):
    pass


@typed
def _widen_to_six(by: Widening[L[3], L[6]], x: Tensor[L[3], H, W]) -> Tensor[L[6], H, W]:
    return by.conv(x)


def sizes_of_a_base(four: Doubling[L[4]], x: Tensor[L[3], H, W]) -> None:
    _widen_to_six(four, x)  # E: _widen_to_six expects 3 channels, got 4  [shape]
