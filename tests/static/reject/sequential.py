"""Layers of which one cannot take what those before it return."""

from functools import partial
from typing import Generic
from typing import Literal as L

import numpy as np

from typed_resnet import BatchNorm2D, Conv2D, Layer, Linear, MaxPool2D, Tensor, relu
from typed_resnet.dims import B, C, CeilDiv, Cin, Cout, H, N, W
from typed_resnet.layers import Flatten, Sequential, global_avg_pool2d
from typed_resnet.ops import concat, softmax


def hand_off_64_128_64(rng: np.random.Generator) -> None:
    """The third layer returns 64 channels to one that takes 128."""
    narrow = Conv2D.init(rng, 128, 64, 1)
    wide = Conv2D.init(rng, 64, 128, 1)
    Sequential(wide, relu, narrow, narrow)  # E: layer 3 of Sequential: Conv2D[128, 64, 1, 1, 0] expects 128 channels, got 64  [shape]


def norm_of_another_width(rng: np.random.Generator) -> None:
    Sequential(Conv2D.init(rng, 3, 64, 7), BatchNorm2D.init(63), relu)  # E: layer 1 of Sequential: BatchNorm2D[63] expects 63 channels, got 64  [shape]


def head_of_another_width(rng: np.random.Generator) -> None:
    Sequential(relu, Conv2D.init(rng, 3, 8, 3), global_avg_pool2d, Linear.init(rng, 16, 10))  # E: layer 3 of Sequential: Linear[16, 10] expects 16 features, got 8  [shape]


def inside(rng: np.random.Generator) -> None:
    body = Sequential(Conv2D.init(rng, 3, 8, 3), relu)
    Sequential(body, Sequential(relu, Conv2D.init(rng, 4, 8, 3)))  # E: layer 1.1 of Sequential: Conv2D[4, 8, 3, 1, 0] expects 4 channels, got 8  [shape]


def symbolic(
    a: Conv2D[Cin, Cout, L[3], L[1], L[1]], b: Conv2D[Cin, Cout, L[3], L[1], L[1]]
) -> None:
    Sequential(a, b)  # E: layer 1 of Sequential: Conv2D[Cin, Cout, 3, 1, 1] expects Cin channels, got Cout: at Cin = 1, Cout = 2 they are 1 and 2  [shape]
    # R: layer 1 of Sequential: Conv2D[1, 2, 3, 1, 1] expects 1 channel, got 2


def input_of_4_channels(rng: np.random.Generator, x: Tensor[L[4], H, W]) -> None:
    layers = Sequential(Conv2D.init(rng, 3, 8, 3, 1, 1), relu)
    layers(x)  # E: layer 0 of Sequential: Conv2D[3, 8, 3, 1, 1] expects 3 channels, got 4  [shape]


def inside_another(rng: np.random.Generator, x: Tensor[L[4], H, W]) -> None:
    """A layer of a sequence in a sequence has the name that PyTorch gives it."""
    body = Sequential(Conv2D.init(rng, 3, 8, 3, 1, 1), relu)
    layers = Sequential(body, Sequential(body))  # E: layer 1.0.0 of Sequential: Conv2D[3, 8, 3, 1, 1] expects 3 channels, got 8  [shape]


def before_another(rng: np.random.Generator, x: Tensor[L[4], H, W]) -> None:
    body = Sequential(relu, Conv2D.init(rng, 3, 8, 3, 1, 1))
    Sequential(relu, body)(x)  # E: layer 1.1 of Sequential: Conv2D[3, 8, 3, 1, 1] expects 3 channels, got 4  [shape]


def function_of_rows(rng: np.random.Generator, x: Tensor[*B, L[4]]) -> None:
    Sequential(relu, softmax, global_avg_pool2d)(x)  # E: layer 2 of Sequential: global_avg_pool2d expects [*B, C, H, W], got [*B, 4]  [shape]
    # R: layer 2 of Sequential: global_avg_pool2d expects [*B, C, H, W], got [4]


class Stem(Sequential[Conv2D[L[3], L[8], L[3], L[2], L[1]], BatchNorm2D[L[8]]]):
    """A sequence under a name, which says what its layers are."""


def stem_of_another_width(rng: np.random.Generator) -> None:
    Stem(Conv2D.init(rng, 3, 16, 3, 2, 1), BatchNorm2D.init(16))  # E: Stem expects 8 channels, got 16  [shape]


def input_of_a_stem(rng: np.random.Generator, x: Tensor[L[4], H, W]) -> None:
    stem = Stem(Conv2D.init(rng, 3, 8, 3, 2, 1), BatchNorm2D.init(8))
    stem(x)  # E: layer 0 of Stem: Conv2D[3, 8, 3, 2, 1] expects 3 channels, got 4  [shape]


class Twice(Layer, Generic[C]):
    """What only layers in a sequence hold is known of the whole."""

    body: Sequential[Conv2D[L[3], C, L[3], L[1], L[1]], BatchNorm2D[C]]

    def __call__(self, x: Tensor[L[3], H, W], y: Tensor[C, H, W]) -> Tensor[C, H, W]:
        return self.body(x) + y


def norm_of_another_width_in_a_field(rng: np.random.Generator, norm: BatchNorm2D[N]) -> None:
    Twice(Sequential(Conv2D.init(rng, 3, 8, 3, 1, 1), BatchNorm2D.init(9)))  # E: layer 1 of Sequential: BatchNorm2D[9] expects 9 channels, got 8  [shape]


def residual_of_another_width(rng: np.random.Generator, x: Tensor[L[3], H, W]) -> None:
    twice = Twice(Sequential(Conv2D.init(rng, 3, 8, 3, 1, 1), BatchNorm2D.init(8)))
    twice(x, x)  # E: Twice[8] expects 8 channels, got 3  [shape]


def linear_of_rows(rng: np.random.Generator, x: Tensor[N, L[3], L[8], L[8]]) -> None:
    """It is sized C·H after a flatten of C·H·W; how large H and W are, only the call says."""
    layers = Sequential(Conv2D.init(rng, 3, 4, 3, 2, 1), Flatten(), Linear.init(rng, 4 * 4, 10))
    layers(x)  # E: layer 2 of Sequential: Linear[16, 10] expects 16 features, got 64  [shape]


def returned(
    conv: Conv2D[C, C, L[3], L[1], L[1]], x: Tensor[C, H, W]
) -> Tensor[C, CeilDiv[H, L[4]], CeilDiv[W, L[2]]]:
    return Sequential(conv, MaxPool2D(3, 2, 1))(x)  # E: returns height ⌈H/2⌉, declared ⌈H/4⌉: at H = 3 they are 2 and 1  [return-value]
    # R: returned returns height 2, declared 1


def said_once(rng: np.random.Generator, x: Tensor[L[3], H, W]) -> Tensor[L[4], H, W]:
    """What is made of layers that do not fit is wrong for that alone."""
    layers = Sequential(Conv2D.init(rng, 3, 8, 3, 1, 1), Conv2D.init(rng, 4, 4, 3, 1, 1))  # E: layer 1 of Sequential: Conv2D[4, 4, 3, 1, 1] expects 4 channels, got 8  [shape]
    return layers(x)


def beside_a_function_in_part(rng: np.random.Generator, x: Tensor[L[4], H, W]) -> None:
    layers = Sequential(Conv2D.init(rng, 3, 8, 3, 1, 1), partial(softmax, axis=-3))
    layers(x)  # E: layer 0 of Sequential: Conv2D[3, 8, 3, 1, 1] expects 3 channels, got 4  [shape]


def after_a_function_in_part(rng: np.random.Generator, x: Tensor[L[3], H, W]) -> None:
    layers = Sequential(partial(concat, x, axis=-3), Conv2D.init(rng, 8, 8, 3, 1, 1))
    layers(x)  # E: layer 1 of Sequential: Conv2D[8, 8, 3, 1, 1] expects 8 channels, got 6  [shape]
