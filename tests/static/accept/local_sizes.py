"""Ints worked out before they are used: a local name keeps the size that it was bound to."""

import math
from typing import Literal as L
from typing import assert_type

import numpy as np

from typed_resnet import BatchNorm2D, Conv2D, Linear, Tensor, relu
from typed_resnet.dims import Add, B, C, CeilDiv, FloorDiv, H, K, Max, Min, Mul, N, S, Sub, W
from typed_resnet.layers import Sequential
from typed_resnet.ops import concat, reshape


def doubled(rng: np.random.Generator, c: C) -> Conv2D[C, Mul[L[2], C], L[3], L[1], L[1]]:
    d = 2 * c
    return Conv2D.init(rng, c, d, 3, padding=1)


def from_one_to_the_next(rng: np.random.Generator, c: C, x: Tensor[*B, C, H, W]) -> None:
    half = c // 2
    more = half + 1
    kernel = 3
    up = Conv2D.init(rng, c, more, kernel, padding=kernel // 2)
    assert_type(up, Conv2D[C, Add[FloorDiv[C, L[2]], L[1]], L[3], L[1], L[1]])
    assert_type(relu(up(x)), Tensor[*B, Add[FloorDiv[C, L[2]], L[1]], H, W])


def width_of_a_model(rng: np.random.Generator, x: Tensor[N, L[3], H, W]) -> Tensor[N, L[64], H, W]:
    width: int = 64
    body = Sequential(Conv2D.init(rng, 3, width, 3, 1, 1), BatchNorm2D.init(width), relu)
    return body(x)


def in_pairs(x: Tensor[C, H, W]) -> Tensor[C, FloorDiv[H, L[2]], FloorDiv[W, L[3]]]:
    c, h, w = x.shape
    h2, w2 = h // 2, w // 3
    return Tensor.zeros(c, h2, w2)


def in_a_tuple(x: Tensor[C, H, W]) -> Tensor[Min[C, L[2]], Max[H, L[8]], Sub[Add[W, L[8]], L[1]]]:
    c, h, w = x.shape
    sizes = (min(c, 2), max(8, h), w + 8 - 1)
    return Tensor.zeros(*sizes)


def in_a_loop(rng: np.random.Generator, c: C, x: Tensor[C, H, W]) -> Tensor[C, H, W]:
    for _ in range(2):
        inner = 4 * c
        x = Conv2D.init(rng, inner, c, 1)(Conv2D.init(rng, c, inner, 1)(x))
    return x


def in_a_closure(rng: np.random.Generator, c: C, x: Tensor[C, H, W]) -> Tensor[Mul[L[2], C], H, W]:
    d = c + c

    def widen(t: Tensor[C, H, W]) -> Tensor[Mul[L[2], C], H, W]:
        return Conv2D.init(rng, c, d, 1)(t)

    return widen(x)


def all_leading_axes(x: Tensor[*B, C, H, W]) -> Tensor[*B, C, FloorDiv[H, L[2]], W]:
    *b, c, h, w = x.shape
    assert len(b) == len(x.shape) - 3
    return Tensor.zeros(*b, c, h // 2, w)


def rows(x: Tensor[*B, C, H, W]) -> Tensor[*B, C, Mul[H, W]]:
    *b, c, h, w = x.shape
    n = h * w
    return reshape(x, *b, c, n)


def last_axes(x: Tensor[C, H, W]) -> Tensor[H, W]:
    _, *image = x.shape
    return Tensor.zeros(*image)


def cut(x: Tensor[C, H, W]) -> Tensor[C, Sub[H, L[2]], FloorDiv[W, L[2]]]:
    border = 1
    half = x.shape[-1] // 2
    return x[:, border:-border, :half]


def axis_by_name(x: Tensor[C, H, W]) -> Tensor[Mul[L[2], C], H, W]:
    axis = -3
    return concat(x, x, axis=axis)


def _quarter(c: C) -> FloorDiv[C, L[4]]:
    """Where a size is expected, arithmetic is one."""
    return c // 4


def worked_out_elsewhere(
    rng: np.random.Generator, c: C
) -> Linear[Add[FloorDiv[C, L[4]], L[1]], L[10]]:
    features = _quarter(c) + 1
    return Linear.init(rng, features, 10)


def _one_more(n: N) -> Add[N, L[1]]:
    more: Add[N, L[1]] = n + 1
    return 1 + more - 1


def _half_of_eight(n: L[8]) -> L[4]:
    return n // 2


def returned_by_others(n: N) -> None:
    assert_type(Tensor.zeros(_one_more(n), _half_of_eight(8)), Tensor[Add[N, L[1]], L[4]])


def named_and_returned(c: C) -> FloorDiv[C, L[2]]:
    half = c // 2
    return half  # noqa: RET504 -- that name is what is judged


def named_in_turn(x: Tensor[C, H, W]) -> tuple[FloorDiv[H, L[2]], Mul[L[4], Sub[W, L[1]]]]:
    _, h, w = x.shape
    half, less = h // 2, w - 1
    four_times = 4 * less
    return half, four_times


def named_within(x: Tensor[C, H, W]) -> Add[C, L[1]]:
    return more if (more := x.shape[0] + 1) > 2 else more


def as_ints(c: C) -> list[int]:
    """To all who ask for an int it is one."""
    half = c // 2
    below = -half
    assert below + half == 0
    several = [half, 3 * half, 1]
    several.append(len(range(half)))
    by_name: dict[str, int] = {"half": half}
    return several + list(by_name.values())


def compared(x: Tensor[FloorDiv[H, L[2]], Sub[W, L[1]]]) -> bool:
    """Sizes that are worked out in two ways may be one number."""
    h, w = x.shape
    half = h // 2
    return h == w or half == w or h in (w, 3)


def _capped(c: C) -> Min[C, L[64]]:
    """So it is with what works out a size of others: min and max, sum, quotients made whole."""
    return min(c, 64)


def _widest_of_a_list(c: C, k: K) -> Max[C, Max[K, L[8]]]:
    return max([c, k, 8])


def _narrowest_of_a_tuple(c: C) -> Min[C, L[64]]:
    width = min((c, 64))
    return width  # noqa: RET504 -- that name is what is judged


def _capped_by_name(c: C) -> Max[L[8], FloorDiv[C, L[4]]]:
    width = max(8, c // 4)
    return width  # noqa: RET504 -- that name is what is judged


def _in_all(c: C, n: N) -> Add[C, Add[N, L[1]]]:
    return sum((c, n, 1))


def _halved(h: H) -> CeilDiv[H, L[2]]:
    return math.ceil(h / 2)


def _quartered(h: H, s: S) -> FloorDiv[H, Mul[S, L[4]]]:
    return int(h / (4 * s))


def _filled_up(w: W) -> Mul[L[8], CeilDiv[W, L[8]]]:
    return w + -w % 8


def _rounded_up(w: W) -> CeilDiv[W, L[2]]:
    """Of a number below nought, down is up."""
    return -(-w // 2)


def _rounded_up_by_name(w: W) -> CeilDiv[W, L[2]]:
    half = -(-w // 2)
    return half  # noqa: RET504 -- that name is what is judged


def _rounded_up_of_quotients(h: H, w: W) -> tuple[CeilDiv[H, L[2]], CeilDiv[W, L[3]]]:
    return -math.floor(h / -2), -math.floor(-w / 3)


def _rounded_up_by_less_than_nought(w: W) -> tuple[CeilDiv[W, L[2]], CeilDiv[W, L[8]]]:
    return -(w // -2), (w - w % -8) // 8


def _taken_from(c: C) -> Sub[L[64], C]:
    return -c + 64


def _squared(k: K) -> Mul[L[8], Mul[K, K]]:
    return 2**3 * k**2


def worked_out_by_functions(c: C, h: H, w: W) -> None:
    assert_type(Tensor.zeros(_capped(c), 2), Tensor[Min[C, L[64]], L[2]])
    assert_type(Tensor.zeros(_widest_of_a_list(4, 9), 1), Tensor[L[9], L[1]])
    assert_type(Tensor.zeros(_narrowest_of_a_tuple(70), 1), Tensor[L[64], L[1]])
    assert_type(Tensor.zeros(max([c, 8]), min((h, w))), Tensor[Max[C, L[8]], Min[H, W]])
    assert_type(Tensor.zeros(max(c, 8), min(h, w)), Tensor[Max[C, L[8]], Min[H, W]])
    assert_type(Tensor.zeros(_capped_by_name(4), _in_all(2, 3)), Tensor[L[8], L[6]])
    assert_type(Tensor.zeros(_halved(7), _quartered(16, 2)), Tensor[L[4], L[2]])
    assert_type(Tensor.zeros(_rounded_up(7), _rounded_up_by_name(9)), Tensor[L[4], L[5]])
    assert_type(Tensor.zeros(*_rounded_up_of_quotients(7, 7)), Tensor[L[4], L[3]])
    assert_type(Tensor.zeros(*_rounded_up_by_less_than_nought(9)), Tensor[L[5], L[2]])
    assert_type(Tensor.zeros(_taken_from(3), 1), Tensor[L[61], L[1]])
    assert_type(Tensor.zeros(_filled_up(9), _squared(3)), Tensor[L[16], L[72]])


def smallest_of_ints(c: C, width: int) -> int:
    """Beside an int of unknown size it is one, too."""
    assert len(range(min(c, width))) <= width
    assert max([c, width]) >= width
    return max(width, c)
