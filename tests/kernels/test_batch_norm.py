import re
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from typed_resnet.errors import DTypeError
from typed_resnet.kernels import (
    batch_norm2d,
    batch_norm2d_inference,
    batch_norm2d_inference_vjp,
    batch_norm2d_vjp,
)

from . import loops
from .arrays import DTYPES, as_dtype, difference, exact, inner, laws, normal, slope

SHAPES = [(1, 1, 2, 2), (1, 3, 5, 4), (2, 3, 4, 6), (3, 2, 1, 1), (4, 1, 7, 3)]


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("eps", [1e-6, 1e-5, 1.0])
def test_value_and_gradients_equal_the_loops(shape, eps):
    x, gamma, beta = 3 + 2 * normal(1, *shape), normal(2, shape[1]), normal(3, shape[1])
    y, pullback = batch_norm2d_vjp(x, gamma, beta, eps)
    assert difference(y, loops.batch_norm2d(x, gamma, beta, eps)) < 1e-14
    np.testing.assert_array_equal(y, batch_norm2d(x, gamma, beta, eps))
    dy = normal(4, *shape)
    expected = loops.batch_norm2d_gradients(x, gamma, dy, eps)
    for got, want in zip(pullback(dy), expected, strict=True):
        assert difference(got, want) < 1e-13


def test_the_specification_s_exact_example():
    """Specification 16.2: eps = 1 makes the root 3/2."""
    one, zero = exact([1]), exact([0])
    y, pullback = batch_norm2d_vjp(exact([[[[1, 2], [3, 4]]]]), one, zero, 1)
    np.testing.assert_array_equal(y, exact([[[[-1, "-1/3"], ["1/3", 1]]]]))
    dx, dgamma, dbeta = pullback(exact([[[[1, 0], [0, 0]]]]))
    np.testing.assert_array_equal(dx, exact([[[["1/3", "-2/9"], ["-1/9", 0]]]]))
    np.testing.assert_array_equal(dgamma, exact([-1]))
    np.testing.assert_array_equal(dbeta, exact([1]))


def test_the_specification_s_example_with_the_default_eps():
    """Specification 16.3."""
    x, gamma, beta = np.array([[[[1.0, 2], [3, 6]]]]), np.array([2.0]), np.array([-1.0])
    y, pullback = batch_norm2d_vjp(x, gamma, beta, 1e-6)
    expected = [[-3.138089629858, -2.069044814929], [-1, 2.207134444787]]
    np.testing.assert_allclose(y[0, 0], expected, rtol=0, atol=5e-13)
    dx, dgamma, dbeta = pullback(np.array([[[[1.0, 0], [0, -2]]]]))
    expected = [[0.114540864961, -0.343621373118], [0.267261203732, -0.038180695575]]
    np.testing.assert_allclose(dx[0, 0], expected, rtol=0, atol=5e-13)
    np.testing.assert_allclose(dgamma, [-4.276179259716], rtol=0, atol=5e-13)
    np.testing.assert_array_equal(dbeta, [-1])
    assert batch_norm2d(x, gamma, beta, 1e-5)[0, 0, 0, 0] == pytest.approx(
        -3.138086880892, abs=5e-13
    )


@pytest.mark.parametrize("dtype", DTYPES)
def test_one_cell_gives_beta_exactly(dtype):
    """And no gradient for x; 1e-6 is 1/1000000 among fractions, whose root is 1/1000."""
    x, gamma, beta = (as_dtype(normal(i, 3), dtype) for i in range(3))
    y, pullback = batch_norm2d_vjp(x.reshape(1, 3, 1, 1), gamma, beta, 1e-6)
    np.testing.assert_array_equal(y.ravel(), beta, strict=True)
    dx, dgamma, dbeta = pullback(gamma.reshape(1, 3, 1, 1))
    assert not dx.any()
    assert not dgamma.any()
    np.testing.assert_array_equal(dbeta, gamma)


@laws
@given(st.integers(0, 2**32), st.floats(-50, 50))
def test_a_constant_added_to_a_channel_does_nothing(seed, constant):
    x, gamma, beta = normal(seed, 2, 3, 4, 3), normal(seed + 1, 3), normal(seed + 2, 3)
    moved = batch_norm2d(x + constant, gamma, beta, 1e-6)
    assert difference(moved, batch_norm2d(x, gamma, beta, 1e-6)) < 1e-11


@laws
@given(st.integers(0, 2**32))
def test_the_gradient_of_x_sums_to_zero(seed):
    x = normal(seed, 2, 3, 4, 3)
    _, pullback = batch_norm2d_vjp(x, normal(seed + 1, 3), normal(seed + 2, 3), 1e-6)
    dx, _, _ = pullback(normal(seed + 3, *x.shape))
    assert np.abs(dx.sum(axis=(0, 2, 3))).max() < 1e-12 * max(1.0, np.abs(dx).max())


fractions = st.fractions(-3, 3, max_denominator=5)


@laws
@given(st.lists(fractions, min_size=6, max_size=6), st.lists(fractions, min_size=6, max_size=6))
def test_the_exact_gradient_is_the_exact_slope(cells, cotangent):
    """In fractions: the limit of the difference quotient, as eps makes the root 2 at x."""
    x, dy = exact(cells).reshape(2, 1, 1, 3), exact(cotangent).reshape(2, 1, 1, 3)
    mean = sum(cells) / Fraction(6)
    eps = 4 - sum((cell - mean) ** 2 for cell in cells) / Fraction(6)
    if eps <= 0:
        return
    gamma, beta = exact([3]), exact(["1/2"])
    y, pullback = batch_norm2d_vjp(x, gamma, beta, eps)
    np.testing.assert_array_equal(y, (x - mean) / Fraction(2) * 3 + Fraction(1, 2))
    dx, dgamma, dbeta = pullback(dy)
    centred = x - mean
    jacobian_dy = (dy - dy.sum() / 6 - centred * (centred * dy).sum() / 24) * Fraction(3, 2)
    np.testing.assert_array_equal(dx, jacobian_dy)
    assert dx.sum() == 0
    assert dgamma.tolist() == [inner(dy, centred) / 2]
    assert dbeta.tolist() == [dy.sum()]


def test_central_differences():
    at = [normal(1, 2, 3, 4, 3), normal(2, 3), normal(3, 3)]
    along = [normal(10 + i, *a.shape) for i, a in enumerate(at)]
    y, pullback = batch_norm2d_vjp(*at, 1e-5)
    g = normal(20, *y.shape)
    numeric = inner(slope(lambda *p: batch_norm2d(*p, 1e-5), at, along), g)
    exactly = sum(inner(d, v) for d, v in zip(pullback(g), along, strict=True))
    assert numeric == pytest.approx(exactly, rel=1e-8)


def test_a_large_mean_costs_no_digits():
    """E[x^2] - E[x]^2 in float32 would be off by far more than the variance here."""
    x = (10_000 + normal(1, 4, 2, 16, 16)).astype(np.float32)
    one, zero = np.ones(2), np.zeros(2)
    y = batch_norm2d(x, one.astype(np.float32), zero.astype(np.float32), 1e-5)
    reference = batch_norm2d(x.astype(np.float64), one, zero, 1e-5)
    assert np.abs(y - reference).max() < 1e-3  # half a unit in the last place of 10,000


def channels_last(x):
    """The same numbers in the order of memory in which a convolution leaves them."""
    return np.ascontiguousarray(x.transpose(0, 2, 3, 1), np.float32).transpose(0, 3, 1, 2)


@pytest.mark.parametrize("shape", [(2, 3, 5, 7), (1, 64, 56, 56), (3, 64, 60, 51), (0, 3, 4, 4)])
@pytest.mark.parametrize("mean", [0, 1000])
def test_channels_last_equals_float64(shape, mean):
    """In blocks, and a row of channels repeated; of the third shape neither comes out even."""
    x, dy = channels_last(mean + normal(1, *shape)), channels_last(normal(2, *shape))
    gamma, beta = normal(3, shape[1]), normal(4, shape[1])
    y, pullback = batch_norm2d_vjp(x, gamma.astype(np.float32), beta.astype(np.float32), 1e-5)
    want, exactly = batch_norm2d_vjp(x.astype(np.float64), gamma, beta, 1e-5)
    bound = 3e-6 + mean * 4e-7  # some units in the last place of x
    assert difference(y.astype(np.float64), want) < bound
    for got, right in zip(pullback(dy), exactly(dy.astype(np.float64)), strict=True):
        assert difference(got.astype(np.float64), right) < bound


def test_a_constant_channel_gives_beta_exactly():
    """At a number that float32 cannot sum up 5,000 times."""
    x = np.full((2, 5, 50, 50), 0.1)
    beta = normal(1, 5).astype(np.float32)
    y = batch_norm2d(channels_last(x), np.ones(5, np.float32), beta, 1e-6)
    np.testing.assert_array_equal(y, np.broadcast_to(beta[:, None, None], x.shape))


def test_without_a_rational_root_fractions_are_refused():
    x, one = exact([[[[1, 2], [3, 4]]]]), exact([1])
    sentence = "the square root of 5/4 is not a fraction; take floats, or another eps"
    with pytest.raises(DTypeError, match=f"^{re.escape(sentence)}$"):
        batch_norm2d(x, one, one, 0)
    with pytest.raises(DTypeError, match="the square root of 2 is not"):
        batch_norm2d_inference(x, one, one, one, one, 1)
    with pytest.raises(DTypeError, match="the square root of -1 is not"):
        batch_norm2d_inference(x, one, one, one, one, -2)


def test_an_object_array_of_floats_is_refused():
    x, one = np.array([[[[1.0, 2.5]]]], object), np.array([1.0], object)
    with pytest.raises(DTypeError, match=r"^an object array holds fractions, got float$"):
        batch_norm2d_inference(x, one, one, one, one, 1)


# With stored statistics


def test_the_stored_statistics_of_x_give_what_its_own_give():
    x, gamma, beta = normal(1, 2, 3, 4, 5), normal(2, 3), normal(3, 3)
    mean, variance = x.mean(axis=(0, 2, 3)), x.var(axis=(0, 2, 3))
    stored = batch_norm2d_inference(x, gamma, beta, mean, variance, 1e-5)
    assert difference(stored, batch_norm2d(x, gamma, beta, 1e-5)) < 1e-14


def test_stored_statistics_exactly():
    """Mean 1, variance 5/4, eps 1: the root is 3/2. A negative variance counts as 0."""
    x = exact([[[[1, 4]], [[0, 2]]]])
    arguments = exact([2, 3]), exact([1, 0]), exact([1, 1]), exact(["5/4", -7]), 1
    y, pullback = batch_norm2d_inference_vjp(x, *arguments)
    np.testing.assert_array_equal(y, exact([[[[1, 5]], [[-3, 3]]]]))
    np.testing.assert_array_equal(y, batch_norm2d_inference(x, *arguments))
    dx, dgamma, dbeta = pullback(exact([[[[1, 3]], [[1, 0]]]]))
    np.testing.assert_array_equal(dx, exact([[[["4/3", 4]], [[3, 0]]]]))
    np.testing.assert_array_equal(dgamma, exact([6, -1]))
    np.testing.assert_array_equal(dbeta, exact([4, 1]))


def test_central_differences_with_stored_statistics():
    at, stored = (
        [normal(1, 2, 3, 4, 3), normal(2, 3), normal(3, 3)],
        [normal(4, 3), normal(5, 3) ** 2],
    )
    along = [normal(10 + i, *a.shape) for i, a in enumerate(at)]
    y, pullback = batch_norm2d_inference_vjp(*at, *stored, 1e-5)
    g = normal(20, *y.shape)
    numeric = inner(slope(lambda *p: batch_norm2d_inference(*p, *stored, 1e-5), at, along), g)
    exactly = sum(inner(d, v) for d, v in zip(pullback(g), along, strict=True))
    assert numeric == pytest.approx(exactly, rel=1e-8)
