"""The normal distribution: to its last digits, by another way to compute it."""

import math
from decimal import Decimal, localcontext

import numpy as np
import pytest

from typed_resnet import kernels
from typed_resnet.kernels.gelu import BLOCK, normal_cdf

PLACES = np.concatenate([np.linspace(-9, 9, 361), -(10.0 ** np.linspace(-9, 1, 41))])

PI = Decimal("3.14159265358979323846264338327950288419716939937510582097494459230781640629")


def by_series(x: float) -> Decimal:
    """1/2 + φ(x) (x + x^3/3 + x^5/15 + …), whose terms are all of one sign."""
    with localcontext() as context:
        context.prec = 80
        square = Decimal(x) ** 2
        term = total = Decimal(x)
        k = 1
        while abs(term) > Decimal("1e-70") * abs(total):
            k += 2
            term = term * square / k
            total += term
        pi = Decimal(
            "3.14159265358979323846264338327950288419716939937510582097494459230781640629"
        )
        return Decimal("0.5") + total * (-square / 2).exp() / (2 * pi).sqrt()


def exactly(value: np.generic) -> Decimal:
    """A scalar of any float type as a decimal, every bit of it."""
    high = float(value)
    return Decimal(high) + Decimal(float(value - type(value)(high)))


@pytest.mark.parametrize(
    ("dtype", "absolute", "relative"),
    [
        (np.float32, 2e-7, 5e-7),
        (np.float64, 4e-16, 7e-16),
        (np.longdouble, 2e-19, 4e-19),
    ],
)
def test_its_error_is_what_is_stated(dtype: type, absolute: float, relative: float):
    if dtype is np.longdouble and np.finfo(dtype).nmant <= np.finfo(float).nmant:
        absolute, relative = 4e-16, 7e-16
    x = PLACES.astype(dtype)
    for place, got in zip(x, normal_cdf(x), strict=True):
        want = by_series(float(place))
        error = abs(exactly(got) - want)
        assert error <= Decimal(absolute)
        if place < 0 and float(want) > np.finfo(dtype).tiny:
            scale = want * (1 + Decimal(float(place)) ** 2 / 2)
            assert error <= Decimal(relative) * scale


def test_it_meets_the_standard_library():
    x = np.random.default_rng(0).standard_normal(1000)
    want = [0.5 * math.erfc(-value / math.sqrt(2)) for value in x.tolist()]
    np.testing.assert_allclose(normal_cdf(x), want, rtol=2e-15)


def test_at_the_ends():
    x = np.array([-np.inf, -1e300, -40, 0, 40, 1e300, np.inf, np.nan])
    np.testing.assert_array_equal(normal_cdf(x), [0, 0, 0, 0.5, 1, 1, 1, np.nan])
    assert kernels.gelu(np.array([-1e300, 1e300])).tolist() == [0, 1e300]


def test_many_numbers_are_each_as_one():
    x = np.random.default_rng(0).standard_normal((3, BLOCK))
    np.testing.assert_array_equal(normal_cdf(x)[1], normal_cdf(x[1]))
