"""Arguments that a tuple, a list or a dictionary brings: each item is judged where it goes."""

from collections.abc import Sequence
from typing import Literal as L
from typing import NamedTuple, TypedDict, assert_type

import numpy as np

from typed_resnet import Conv2D, Tensor, relu
from typed_resnet.dims import Add, B, C, FloorDiv, H, Mul, N, W
from typed_resnet.ops import concat


def _sum(x: Tensor[C, H, W], y: Tensor[C, H, W]) -> Tensor[C, H, W]:
    return x + y


def _first(*maps: Tensor[C, H, W]) -> Tensor[C, H, W]:
    return maps[0]


def pair(maps: tuple[Tensor[C, H, W], Tensor[C, H, W]]) -> None:
    assert_type(_sum(*maps), Tensor[C, H, W])
    assert_type(_sum(maps[0], *maps[1:]), Tensor[C, H, W])
    assert_type(_first(*maps), Tensor[C, H, W])
    assert_type(concat(*maps, axis=-3), Tensor[Mul[L[2], C], H, W])


def tuple_of_branches(x: Tensor[C, H, W], y: Tensor[L[3], H, W]) -> Tensor[Add[C, L[3]], H, W]:
    branches = relu(x), relu(y)
    return concat(*branches, axis=-3)


def many(maps: Sequence[Tensor[C, H, W]]) -> None:
    assert_type(_sum(*maps), Tensor[C, H, W])
    assert_type(_first(maps[0], *maps), Tensor[C, H, W])


class _Both(NamedTuple):
    x: Tensor[L[3], L[4], L[5]]
    y: Tensor[L[3], L[4], L[5]]


class _Named(TypedDict):
    y: Tensor[L[3], L[4], L[5]]
    x: Tensor[L[3], L[4], L[5]]


def records(x: Tensor[L[3], L[4], L[5]]) -> None:
    assert_type(_sum(*_Both(x, x)), Tensor[L[3], L[4], L[5]])
    assert_type(_sum(**_Named(x=x, y=x)), Tensor[L[3], L[4], L[5]])


def by_name(x: Tensor[C, H, W]) -> None:
    assert_type(_sum(**{"x": x, "y": x}), Tensor[C, H, W])


def sizes(rng: np.random.Generator, c: C, x: Tensor[C, H, W]) -> Tensor[Add[C, L[1]], H, W]:
    numbers = (3, 64)
    assert_type(Conv2D.init(rng, *numbers, 7), Conv2D[L[3], L[64], L[7], L[1], L[0]])
    halves = c, c // 2
    assert_type(Conv2D.init(rng, *halves, 1), Conv2D[C, FloorDiv[C, L[2]], L[1], L[1], L[0]])
    return Conv2D.init(rng, *(c, c + 1), 3, padding=1)(x)


def _one_and_all(n: N, *shape: *B) -> Tensor[N, *B]:
    return Tensor.zeros(n, *shape)


def what_is_left(x: Tensor[C, H, W], c: C) -> Tensor[C, H, W]:
    assert_type(_one_and_all(*(2, 3, 4)), Tensor[L[2], L[3], L[4]])
    assert_type(_one_and_all(*(c, c // 2)), Tensor[C, FloorDiv[C, L[2]]])
    return _one_and_all(*x.shape)
