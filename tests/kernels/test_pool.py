from itertools import product

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from typed_resnet.kernels import (
    global_avg_pool2d,
    global_avg_pool2d_vjp,
    max_pool2d,
    max_pool2d_vjp,
)

from . import loops
from .arrays import distinct, exact, inner, laws, normal, slope, whole

GRID = [
    (N, H, W, K, stride, padding)
    for N, (H, W), K, stride, padding in product(
        (0, 1, 2), [(5, 6), (4, 7)], (1, 2, 3, 5, 7), (1, 2, 3), (0, 1, 2, 3)
    )
    if min(H, W) + 2 * padding >= K
]


@pytest.mark.parametrize("case", GRID, ids=str)
def test_value_and_gradient_equal_the_loops(case):
    """Many ties; windows of padding alone too, which give 0 and pass nothing back."""
    N, H, W, K, stride, padding = case
    x = whole(H * K + padding, N, 2, H, W) - 2
    y, pullback = max_pool2d_vjp(x, K, stride, padding)
    np.testing.assert_array_equal(y, loops.max_pool2d(x, K, stride, padding)[0])
    np.testing.assert_array_equal(y, max_pool2d(x, K, stride, padding))
    dy = whole(1, *y.shape)
    expected = loops.max_pool2d_gradient(x, dy, K, stride, padding)
    np.testing.assert_array_equal(pullback(dy), expected)


@pytest.mark.parametrize("cast", [np.asarray, exact])
def test_the_specification_s_example(cast):
    """Specification 16.4: the first maximum wins, overlaps add."""
    x = cast([[[[1.0, 1, 0], [1, 1, 5], [2, 7, 7]]]])
    y, pullback = max_pool2d_vjp(x, 2, 1, 0)
    np.testing.assert_array_equal(y[0, 0], [[1, 5], [7, 7]])
    dx = pullback(cast(np.ones((1, 1, 2, 2))))
    np.testing.assert_array_equal(dx[0, 0], [[1, 0, 0], [0, 0, 1], [0, 2, 0]])
    assert dx.dtype == y.dtype == x.dtype


def test_a_window_larger_than_the_image_is_refused():
    """Where the original reads zeros (specification 15.1, D5 and D7)."""
    with pytest.raises(ValueError, match=r"^window 3 does not fit size 2 padded by 0$"):
        max_pool2d(np.array([[[[-3.0, -1], [-2, -4]]]]), 3, 2, 0)


def test_padding_never_wins():
    x = np.full((1, 1, 2, 2), -5.0)
    y, pullback = max_pool2d_vjp(x, 3, 2, 1)
    np.testing.assert_array_equal(y, [[[[-5]]]])
    np.testing.assert_array_equal(pullback(np.ones((1, 1, 1, 1))), [[[[1, 0], [0, 0]]]])
    infinite = np.full((1, 1, 2, 2), -np.inf)
    y, pullback = max_pool2d_vjp(infinite, 3, 2, 1)
    np.testing.assert_array_equal(y, [[[[-np.inf]]]])
    np.testing.assert_array_equal(pullback(np.ones((1, 1, 1, 1))), [[[[1, 0], [0, 0]]]])


def test_nan_is_larger_than_all_and_the_first_nan_wins():
    x = np.array([[[[1.0, 2, 3], [9, np.nan, 4], [np.nan, 0, 5]]]])
    y, pullback = max_pool2d_vjp(x, 3, 1, 0)
    assert np.isnan(y).all()
    np.testing.assert_array_equal(
        pullback(np.ones((1, 1, 1, 1)))[0, 0], np.eye(3) * [[0], [1], [0]]
    )


@laws
@given(
    st.integers(0, 2**32),
    st.integers(1, 8),
    st.integers(1, 8),
    st.integers(1, 4),
    st.integers(1, 3),
)
def test_no_gradient_is_lost(seed, H, W, K, stride):
    assume(min(H, W) >= K)
    y, pullback = max_pool2d_vjp(whole(seed, 2, 2, H, W), K, stride, 0)
    dy = whole(seed + 1, *y.shape)
    assert pullback(dy).sum() == dy.sum()


@pytest.mark.parametrize(("K", "stride", "padding"), [(2, 2, 0), (3, 2, 1), (3, 1, 1), (5, 3, 2)])
def test_central_differences(K, stride, padding):
    x, v = distinct(1, 2, 2, 7, 6), normal(2, 2, 2, 7, 6)
    y, pullback = max_pool2d_vjp(x, K, stride, padding)
    g = normal(3, *y.shape)
    numeric = inner(slope(lambda z: max_pool2d(z, K, stride, padding), [x], [v]), g)
    assert numeric == pytest.approx(inner(pullback(g), v), rel=1e-6)


# The global average


def test_average():
    x = whole(1, 2, 3, 4, 5)
    y, pullback = global_avg_pool2d_vjp(x)
    expected = [[sum(x[n, c].ravel().tolist()) / 20 for c in range(3)] for n in range(2)]
    np.testing.assert_array_equal(y, expected)
    np.testing.assert_array_equal(y, global_avg_pool2d(x))
    dx = pullback(np.arange(6.0).reshape(2, 3) * 20)
    assert dx.shape == x.shape
    for n, c in np.ndindex(2, 3):
        assert (dx[n, c] == 3 * n + c).all()


def test_average_of_fractions():
    y, pullback = global_avg_pool2d_vjp(exact([[[[1, 2], [3, 5]]]]))
    np.testing.assert_array_equal(y, exact([["11/4"]]))
    np.testing.assert_array_equal(pullback(exact([[3]])), exact([[[["3/4"] * 2] * 2]]))


@laws
@given(st.integers(0, 2**32), st.integers(0, 3), st.integers(1, 5), st.integers(1, 5))
def test_the_average_s_adjoint(seed, N, H, W):
    x, dy = exact(whole(seed, N, 2, H, W)), exact(whole(seed + 1, N, 2))
    y, pullback = global_avg_pool2d_vjp(x)
    assert inner(y, dy) == inner(x, pullback(dy))
