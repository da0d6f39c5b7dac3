"""Sizes that stand in pieces of a formal: in a union, a tuple, a function of a list."""

from collections.abc import Callable
from typing import Literal as L
from typing import assert_type

from typed_resnet import Linear, Tensor
from typed_resnet.dims import C, H, N, W


def _channels_of(x: Tensor[C, H] | Tensor[C, H, W], y: Tensor[C]) -> Tensor[C]:
    return y + y


def by_rank(row: Tensor[C, H], image: Tensor[C, H, W], y: Tensor[C]) -> None:
    assert_type(_channels_of(row, y), Tensor[C])
    assert_type(_channels_of(image, y), Tensor[C])


def _last(xs: tuple[Tensor[C], *tuple[Tensor[H], ...]]) -> Tensor[C]:
    return xs[0] + xs[0]


def of_any_number(x: Tensor[C], y: Tensor[H]) -> None:
    assert_type(_last((x, y, y)), Tensor[C])
    assert_type(_last((y,)), Tensor[H])


def _first(*xs: *tuple[Tensor[C], Tensor[H]]) -> Tensor[C]:
    return xs[0] + xs[0]


def one_by_one(x: Tensor[C], y: Tensor[H]) -> None:
    pair = (x, y)
    assert_type(_first(x, y), Tensor[C])
    assert_type(_first(y, x), Tensor[H])
    assert_type(_first(*pair), Tensor[C])


def _in_turn(
    functions: list[Callable[[Tensor[C]], Tensor[C]]],
) -> Callable[[Tensor[C]], Tensor[C]]:
    return functions[0]


def _halved(
    f: Callable[[Tensor[C, L[8]]], Tensor[C, L[4]]], x: Tensor[C, L[8]]
) -> Tensor[C, L[4]]:
    return f(x)


def _first_halved(
    functions: list[Callable[[Tensor[C, L[8]]], Tensor[C, L[4]]]], x: Tensor[C, L[8]]
) -> Tensor[C, L[4]]:
    return functions[0](x)


def lambdas(x: Tensor[C, L[8]]) -> Tensor[C, L[4]]:
    return _halved(lambda t: t[:, ::2], x) + _first_halved([lambda t: t[:, ::2]], x)


def functions_of_a_list(linear: Linear[N, N], x: Tensor[N]) -> None:
    functions: list[Callable[[Tensor[N]], Tensor[N]]] = [linear, linear]
    assert_type(_in_turn(functions)(x), Tensor[N])
