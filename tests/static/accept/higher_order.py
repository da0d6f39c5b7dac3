"""Functions that call what they are given: their sizes are mypy's own inference's."""

from collections.abc import Callable
from functools import reduce
from typing import TypeVar, assert_type
from typing import Literal as L

from typed_resnet import Conv2D, Tensor, relu
from typed_resnet.dims import C, CeilDiv, H, W

T = TypeVar("T")
U = TypeVar("U")


def _apply(f: Callable[[T], U], x: T) -> U:
    return f(x)


def applied(
    down: Conv2D[L[3], L[8], L[3], L[2], L[1]],
    same: Conv2D[L[8], L[8], L[3], L[1], L[1]],
    x: Tensor[L[3], L[56], W],
) -> Tensor[L[8], L[28], CeilDiv[W, L[2]]]:
    y = same(_apply(down, x))
    for t in map(down, [x]):
        y = y + relu(t)
    return y + relu(_apply(down, x))


def mapped(same: Conv2D[C, C, L[3], L[1], L[1]], xs: list[Tensor[C, H, W]]) -> None:
    assert_type(list(map(same, xs)), list[Tensor[C, H, W]])


def folded(xs: list[Tensor[C, H, W]]) -> Tensor[C, H, W]:
    return reduce(lambda x, y: x + y, xs)
