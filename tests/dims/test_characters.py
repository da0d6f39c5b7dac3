"""Sums of floors that are 0, and some that are not, as written and by plain arithmetic."""

import itertools
import random

import pytest

from typed_resnet.dims.characters import is_nought
from typed_resnet.dims.polynomial import (
    Floor,
    Polynomial,
    number_of,
    polynomial_of,
    total,
    weighted,
)
from typed_resnet.dims.term import Symbol
from typed_resnet.dims.values import values_at

SYMBOLS = (Symbol("C"), Symbol("H"), Symbol("W"))
POINTS = list(itertools.product(range(1, 15), repeat=3))


def floor(form: Polynomial, shift: int, d: int) -> Polynomial:
    return polynomial_of(Floor(form.plus(shift), number_of(d)))


@pytest.mark.parametrize("seed", range(200))
def test_by_values(seed: int) -> None:
    """Floors by p d less the one by d, as Hermite's law has it, and what that leaves beside it."""
    rng = random.Random(seed)
    symbols = rng.sample(SYMBOLS, rng.randint(1, 3))
    form = weighted((rng.randint(1, 9), polynomial_of(symbol)) for symbol in symbols)
    p, d, shift = rng.choice((2, 3, 4, 6)), rng.choice((2, 3, 4, 9, 10)), rng.randint(-20, 20)
    law = total(floor(form, shift + j * d, p * d) for j in range(p)) - floor(form, shift, d)
    other = floor(form, rng.randint(0, 5), rng.randint(2, 7)).times(rng.choice((0, 0, 1)))
    size = law + other + number_of(rng.choice((0, 0, 1)))
    assert is_nought(size) == (not any(values_at(size, SYMBOLS, POINTS)))


def test_what_floors_are_of_may_be_anything() -> None:
    product = polynomial_of(SYMBOLS[0]) * polynomial_of(SYMBOLS[1])
    assert is_nought(floor(product, 0, 2) + floor(product, 1, 2) - product)
    assert not is_nought(floor(product, 0, 2) + floor(product, 2, 2) - product)


def test_far_divisors_take_no_table() -> None:
    form = polynomial_of(SYMBOLS[0])
    assert not is_nought(floor(form, 0, 10**9 + 7) - floor(form, 1, 10**9 + 7))
