"""Layers one after another, whatever they are, on whatever input."""

from functools import partial
from typing import Generic, assert_type
from typing import Literal as L

import numpy as np

from typed_resnet import BatchNorm2D, Conv2D, Layer, Linear, MaxPool2D, Tensor, relu
from typed_resnet.dims import B, C, CeilDiv, Cin, Cout, H, N, S, W
from typed_resnet.layers import Flatten, Sequential, global_avg_pool2d
from typed_resnet.ops import concat, log_softmax, mean, softmax


def stem(rng: np.random.Generator, x: Tensor[*B, L[3], H, W]) -> None:
    layers = Sequential(
        Conv2D.init(rng, 3, 64, 7, stride=2, padding=3),
        BatchNorm2D.init(64),
        relu,
        MaxPool2D(3, stride=2, padding=1),
    )
    assert_type(layers(x), Tensor[*B, L[64], CeilDiv[H, L[4]], CeilDiv[W, L[4]]])


def numbers(rng: np.random.Generator, x: Tensor[L[2], L[3], L[8], L[8]]) -> None:
    body = Sequential(Conv2D.init(rng, 3, 4, 3, 2, 1), relu)
    network = Sequential(body, Flatten(), Linear.init(rng, 4 * 4 * 4, 10))
    y = network(x)
    assert_type(y, Tensor[L[2], L[10]])
    assert y.shape == (2, 10)


def hand_off_64_128_64(rng: np.random.Generator, x: Tensor[N, L[64], H, W]) -> None:
    """What `hand_off_64_128_64` of the rejected programs should have been."""
    narrow = Conv2D.init(rng, 128, 64, 1)
    back = Conv2D.init(rng, 64, 128, 1)
    layers = Sequential(back, relu, narrow, back)
    assert_type(layers(x), Tensor[N, L[128], H, W])


def functions_first(rng: np.random.Generator, x: Tensor[*B, L[8], H, W]) -> None:
    """Of what comes before the convolution, it alone says how many channels there are."""
    layers = Sequential(relu, MaxPool2D(2), Conv2D.init(rng, 8, 3, 1), global_avg_pool2d)
    assert_type(layers(x), Tensor[*B, L[3]])


def functions_of_several_signatures(rng: np.random.Generator, x: Tensor[*B, L[4]]) -> None:
    """Of those of `softmax`, the one that takes a tensor alone is meant."""
    layers = Sequential(Linear.init(rng, 4, 3), softmax, log_softmax)
    assert_type(layers(x), Tensor[*B, L[3]])


def functions_in_part(rng: np.random.Generator, x: Tensor[L[3], H, W]) -> None:
    """Of each, the rest of its signature is the layer's rule."""
    layers = Sequential(Conv2D.init(rng, 3, 8, 3, 1, 1), partial(concat, x, axis=-3))
    assert_type(layers(x), Tensor[L[11], H, W])
    assert_type(Sequential(layers, partial(mean, axis=-1))(x), Tensor[L[11], H])


def none_at_all(x: Tensor[*B, C]) -> None:
    assert_type(Sequential()(x), Tensor[*B, C])


class Twice(Layer, Generic[Cin, Cout, S]):
    """Two convolutions; the fields of a layer of one's own may be sequences."""

    body: Sequential[
        Conv2D[Cin, Cout, L[3], S, L[1]],
        BatchNorm2D[Cout],
        Conv2D[Cout, Cout, L[3], L[1], L[1]],
    ]

    def __call__(self, x: Tensor[*B, Cin, H, W]) -> Tensor[*B, Cout, CeilDiv[H, S], CeilDiv[W, S]]:
        return relu(self.body(x))


def own_layer(rng: np.random.Generator, x: Tensor[L[3], H, W]) -> None:
    twice = Twice(
        Sequential(
            Conv2D.init(rng, 3, 8, 3, 2, 1), BatchNorm2D.init(8), Conv2D.init(rng, 8, 8, 3, 1, 1)
        )
    )
    assert_type(twice(x), Tensor[L[8], CeilDiv[H, L[2]], CeilDiv[W, L[2]]])
    assert_type(Sequential(twice, relu)(x), Tensor[L[8], CeilDiv[H, L[2]], CeilDiv[W, L[2]]])


def symbolic(
    a: Conv2D[Cin, Cout, L[3], L[1], L[1]],
    b: Conv2D[Cout, Cin, L[3], S, L[1]],
    x: Tensor[*B, Cin, H, W],
) -> Tensor[*B, Cin, CeilDiv[H, S], CeilDiv[W, S]]:
    return Sequential(a, relu, b)(x)


class Stem(Sequential[Conv2D[L[3], L[8], L[3], L[2], L[1]], BatchNorm2D[L[8]]]):
    """A sequence under a name, which says what its layers are."""


class Down(Sequential[Conv2D[Cin, Cout, L[3], L[2], L[1]], BatchNorm2D[Cout]], Generic[Cin, Cout]):
    """One that makes its layers itself."""

    def __init__(self, rng: np.random.Generator, c: Cin, d: Cout) -> None:
        super().__init__(Conv2D.init(rng, c, d, 3, 2, 1), BatchNorm2D.init(d))


def subclasses(rng: np.random.Generator, x: Tensor[*B, L[3], H, W]) -> None:
    made = Stem(Conv2D.init(rng, 3, 8, 3, 2, 1), BatchNorm2D.init(8))
    assert_type(made(x), Tensor[*B, L[8], CeilDiv[H, L[2]], CeilDiv[W, L[2]]])
    down = Down(rng, 8, 16)
    assert_type(down(made(x)), Tensor[*B, L[16], CeilDiv[H, L[4]], CeilDiv[W, L[4]]])
    both = Sequential(made, relu, down)
    assert_type(both(x), Tensor[*B, L[16], CeilDiv[H, L[4]], CeilDiv[W, L[4]]])
