"""`x.shape` unpacks into ints whose types are the sizes, and these build layers and tensors."""

from typing import Literal as L
from typing import assert_type

import numpy as np

from typed_resnet import Conv2D, Linear, Tensor, relu
from typed_resnet.dims import B, C, FloorDiv, H, Mul, N, W
from typed_resnet.layers import Sequential
from typed_resnet.ops import reshape


def all_of_them(x: Tensor[C, H, W]) -> None:
    c, h, w = x.shape
    assert_type(Tensor.zeros(c, h, w), Tensor[C, H, W])
    assert_type(Tensor.zeros(w, c), Tensor[W, C])


def the_last(x: Tensor[*B, C, H, W]) -> Tensor[H, W]:
    h, w = x.shape[-2:]
    return Tensor.zeros(h, w)


def the_last_of_any(x: Tensor[*B, C, H, W]) -> Tensor[C, H, W]:
    *_, c, h, w = x.shape
    return Tensor.zeros(c, h, w)


def one(x: Tensor[C, H, W]) -> None:
    c = x.shape[0]
    w = x.shape[-1]
    assert_type(Tensor.zeros(c, w), Tensor[C, W])


def leading(x: Tensor[*B, C, H, W]) -> Tensor[*B, C]:
    return Tensor.zeros(*x.shape[:-2])


def layers(rng: np.random.Generator, x: Tensor[N, C, H, W]) -> Tensor[N, Mul[L[2], C], H, W]:
    _, c, _, _ = x.shape
    return relu(Conv2D.init(rng, c, 2 * c, 3, 1, 1)(x))


def sequence(rng: np.random.Generator, x: Tensor[*B, C, H, W]) -> Tensor[*B, C, H, W]:
    c = x.shape[-3]
    return Sequential(Conv2D.init(rng, c, c, 3, 1, 1), relu)(x)


def arithmetic(x: Tensor[C, H, W]) -> Tensor[C, FloorDiv[H, L[2]], W]:
    c, h, w = x.shape
    return Tensor.zeros(c, h // 2, w)


def linear(rng: np.random.Generator, x: Tensor[N, C, H, W]) -> Tensor[N, L[10]]:
    n, c, h, w = x.shape
    return Linear.init(rng, c * h * w, 10)(reshape(x, n, c * h * w))
