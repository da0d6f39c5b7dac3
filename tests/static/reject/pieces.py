"""Sizes that stand in pieces of a formal: in a union, a tuple, a function of a list."""

from collections.abc import Callable, Sequence
from typing import Literal as L

from typed_resnet import Linear, Tensor
from typed_resnet.dims import C, H, N, W


def _alike(
    x: Tensor[C, H] | Tensor[C, H, W], y: Tensor[C, H] | Tensor[C, H, W]
) -> Tensor[C, H] | Tensor[C, H, W]:
    return y


def by_rank(x: Tensor[L[3], L[4]], y: Tensor[N, L[4], W]) -> None:
    _alike(x, y)  # E: _alike expects 3 channels as in x, got N: at N = 1 they are 3 and 1  [shape]
    # R: _alike expects 3 channels as in x, got 1


def _stack(xs: tuple[Tensor[C, H], ...]) -> Tensor[C, H]:
    return xs[0] + xs[1]


def of_a_tuple(x: Tensor[L[3], H], y: Tensor[L[4], H]) -> None:
    _stack((x, y))  # E: _stack expects 3 channels, got 4  [shape]


def _outer(xs: tuple[Tensor[C], *tuple[Tensor[H], ...]], y: Tensor[H, C]) -> Tensor[C]:
    return xs[0]


def of_any_number(x: Tensor[L[3]], y: Tensor[L[4]], z: Tensor[L[3], L[4]]) -> None:
    _outer((x, y), z)  # E: _outer expects height 4 as in xs, got 3  [shape]
    # R: _outer returns 3 channels, declared 4


def _pair(*xs: *tuple[Tensor[C], Tensor[C]]) -> Tensor[C]:
    return xs[0] + xs[1]


def one_by_one(x: Tensor[L[3]], y: Tensor[L[4]]) -> None:
    _pair(x, y)  # E: _pair expects 3 channels as in argument 1, got 4  [shape]
    # R: + expects 3 on axis 0, got 4


def _after(
    first: list[Callable[[Tensor[C]], Tensor[C]]],
    second: list[Callable[[Tensor[C]], Tensor[C]]],
    x: Tensor[C],
) -> Tensor[C]:
    return second[0](first[0](x))


def functions_of_lists(three: Linear[L[3], L[3]], four: Linear[L[4], L[4]], x: Tensor[L[3]]) -> None:
    threes: list[Callable[[Tensor[L[3]]], Tensor[L[3]]]] = [three]
    fours: list[Callable[[Tensor[L[4]]], Tensor[L[4]]]] = [four]
    _after(threes, fours, x)  # E: _after expects 3 channels as in first, got 4  [shape]
    # R: Linear[4, 4] expects 4 features, got 3


def _first(first: Sequence[Callable[[Tensor[C]], Tensor[C]]], flag: bool) -> None:
    return None


def layers_of_a_list(linear: Linear[L[3], N]) -> None:
    _first([linear], True)  # E: _first expects one C in several places, which cannot be compared here  [shape-unknown]


def lost_in_a_list(x: Tensor[L[3]], y: Tensor[L[4]]) -> None:
    either = [x, y]
    either[0] + x  # E: + expects [?] of unknown size, got [3]  [shape-unknown]
