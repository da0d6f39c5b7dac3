"""The nearest difference among boxes, beside one that is found point by point."""

import itertools
import random

import pytest

from typed_resnet.dims.boxes import Search, in_fragment
from typed_resnet.dims.normal_form import normal_form
from typed_resnet.dims.term import Undefined
from typed_resnet.dims.values import values_at

from .letters import C, H, W, div, least, mul
from .random_terms import SYMBOLS, random_term

MANY = 100_000
SIDE = 24
POINTS = sorted(
    (p for p in itertools.product(range(1, SIDE + 1), repeat=3) if sum(p) <= SIDE + 2),
    key=lambda point: (sum(point), point),
)
"""All points whose sum is so small, the nearest first."""


@pytest.mark.parametrize("seed", range(150))
def test_the_nearest_of_all(seed: int) -> None:
    rng = random.Random(seed)
    try:
        a, b = (normal_form(random_term(rng, SYMBOLS, 2, 12, 2)).polynomial for _ in range(2))
    except Undefined:
        return
    columns = [values_at(size, SYMBOLS, POINTS) for size in (a, b)]
    different = (
        point
        for point, f, g in zip(POINTS, *columns, strict=True)
        if f != g and f is not None and g is not None
    )
    if (nearest := next(different, None)) is not None:
        assert Search(a, b, SYMBOLS).nearest(MANY) == nearest


def test_far_away_in_few_boxes() -> None:
    near, far = (normal_form(least(H, most)).polynomial for most in (10**9, 10**9 + 1))
    assert Search(near, far, [H]).nearest(200) == (10**9 + 1,)


def test_no_more_boxes_than_said() -> None:
    near, far = (normal_form(div(size, 7)).polynomial for size in (C, mul(2, C)))
    assert Search(near, far, [C]).nearest(0) is None


def test_the_fragment() -> None:
    assert in_fragment(normal_form(div(least(H, W), 2)).polynomial)
    assert not in_fragment(normal_form(mul(H, W)).polynomial)
    assert not in_fragment(normal_form(div(H, W)).polynomial)
