"""Arguments that a tuple or a dictionary brings, one of which has another shape than its place."""

from typing import Literal as L
from typing import NamedTuple, TypedDict

import numpy as np

from typed_resnet import Conv2D, Tensor
from typed_resnet.dims import B, C, H, N, W
from typed_resnet.ops import concat


def _sum(x: Tensor[C, H, W], y: Tensor[C, H, W]) -> Tensor[C, H, W]:
    return x + y


def _first(*maps: Tensor[C, H, W]) -> Tensor[C, H, W]:
    return maps[0]


def pair(maps: tuple[Tensor[C, H, W], Tensor[C, W, H]]) -> None:
    _sum(*maps)  # E: _sum expects height H as in x, got W: at H = 1, W = 2 they are 1 and 2  [shape]
    # R: _sum expects height 1 as in x, got 2


def second_of_pair(x: Tensor[C, H, W], maps: tuple[Tensor[C, H, W], Tensor[C, W, H]]) -> None:
    _sum(x, *maps[1:])  # E: _sum expects height H as in x, got W: at H = 1, W = 2 they are 1 and 2  [shape]
    # R: _sum expects height 1 as in x, got 2


def run_of_maps(maps: tuple[Tensor[C, H, W], Tensor[C, W, H]]) -> None:
    _first(*maps)  # E: _first expects height H, got W: at H = 1, W = 2 they are 1 and 2  [shape]
    # R: _first expects height 1, got 2


def overload(maps: tuple[Tensor[C, H, W], Tensor[C, W, H]]) -> None:
    concat(*maps, axis=-3)  # E: concat expects height H as in x, got W: at H = 1, W = 2 they are 1 and 2  [shape]
    # R: concat expects height 1 as in x, got 2


class _Both(NamedTuple):
    x: Tensor[L[3], L[4], L[5]]
    y: Tensor[L[3], L[4], L[6]]


class _Named(TypedDict):
    y: Tensor[L[3], L[4], L[6]]
    x: Tensor[L[3], L[4], L[5]]


def named_tuple(x: Tensor[L[3], L[4], L[5]], y: Tensor[L[3], L[4], L[6]]) -> None:
    _sum(*_Both(x, y))  # E: _sum expects width 5 as in x, got 6  [shape]


def dictionary(x: Tensor[L[3], L[4], L[5]], y: Tensor[L[3], L[4], L[6]]) -> None:
    _sum(**_Named(x=x, y=y))  # E: _sum expects width 5 as in x, got 6  [shape]


def sizes(rng: np.random.Generator, c: C, x: Tensor[C, H, W]) -> None:
    sizes = 2 * c, c
    Conv2D.init(rng, *sizes, 1)(x)  # E: Conv2D[2*C, C, 1, 1, 0] expects 2*C channels, got C: at C = 1 they are 2 and 1  [shape]
    # R: Conv2D[2, 1, 1, 1, 0] expects 2 channels, got 1


def sizes_of_a_loop(rng: np.random.Generator) -> None:
    for sizes in [(3, 4), (4, 5)]:
        Conv2D.init(rng, *sizes, 1)  # E: Conv2D.init expects channels in in_channels, got an int of unknown size  [shape-unknown]


def _one_and_all(n: N, *shape: *B) -> Tensor[N, *B]:
    return Tensor.zeros(n, *shape)


def what_is_taken_is_not_left() -> Tensor[L[2], L[2], L[3]]:
    return _one_and_all(*(2, 3))  # E: returns [2, 3], declared [2, 2, 3]  [return-value]
    # R: what_is_taken_is_not_left returns [2, 3], declared [2, 2, 3]


def starred(rng: np.random.Generator, c: C, pair: tuple[C, L[4]]) -> None:
    Conv2D.init(rng, *(*pair, c // 2, c))  # E: Conv2D.init expects kernel size in kernel_size, got an int of unknown size  [shape-unknown]
