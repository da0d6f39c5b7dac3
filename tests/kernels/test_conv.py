from itertools import product

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from typed_resnet.kernels import batch_norm2d_vjp, conv2d, conv2d_vjp
from typed_resnet.kernels.windows import add_windows, reach, window_count, windows

from . import loops
from .arrays import as_dtype, difference, exact, inner, laws, normal, slope, whole

GRID = [
    (N, H, W, KH, KW, stride, padding)
    for N, (H, W), (KH, KW), stride, padding in product(
        (0, 1, 2), [(5, 6), (4, 7)], [(1, 1), (2, 2), (3, 3), (5, 5), (3, 2)], (1, 2, 3), (0, 1, 3)
    )
    if max(KH, KW) <= min(H, W) + 2 * padding
]


@pytest.mark.parametrize("case", GRID, ids=str)
def test_value_and_gradients_equal_the_loops(case):
    """Whole numbers: equal to the last bit, in whatever order the sums are taken."""
    N, H, W, KH, KW, stride, padding = case
    x, w, b = whole(1, N, 2, H, W), whole(2, 3, 2, KH, KW), whole(3, 3)
    y, pullback = conv2d_vjp(x, w, b, stride, padding)
    np.testing.assert_array_equal(y, loops.conv2d(x, w, b, stride, padding))
    np.testing.assert_array_equal(y, conv2d(x, w, b, stride, padding))
    dy = whole(4, *y.shape)
    expected = loops.conv2d_gradients(x, w, dy, stride, padding)
    for got, want in zip(pullback(dy), expected, strict=True):
        np.testing.assert_array_equal(got, want)


def test_a_seven_by_seven_window():
    x, w = whole(1, 1, 3, 9, 10), whole(2, 2, 3, 7, 7)
    y, pullback = conv2d_vjp(x, w, None, 2, 3)
    np.testing.assert_array_equal(y, loops.conv2d(x, w, None, 2, 3))
    dw, db, dx = pullback(whole(3, *y.shape))
    want = loops.conv2d_gradients(x, w, whole(3, *y.shape), 2, 3)
    np.testing.assert_array_equal(dw, want[0])
    assert db is None
    np.testing.assert_array_equal(dx, want[2])


SPEC_X = [[[[1, 2, 3], [4, 5, 6], [7, 8, 9]]]]
SPEC_KERNEL = [[[[1, 0, -1], [2, 0, -2], [1, 0, -1]]]]
SPEC_Y = [["-17/2", "-11/2", "19/2"], ["-39/2", "-15/2", "41/2"], ["-41/2", "-11/2", "43/2"]]


@pytest.mark.parametrize("dtype", [np.float64, object])
def test_the_specification_s_example(dtype):
    """Specification 16.1, exact in floats as in fractions."""
    x, w, b, y = (
        as_dtype(exact(v), np.dtype(dtype)) for v in (SPEC_X, SPEC_KERNEL, ["1/2"], [[SPEC_Y]])
    )
    got, pullback = conv2d_vjp(x, w, b, 1, 1)
    np.testing.assert_array_equal(got, y, strict=True)
    np.testing.assert_array_equal(conv2d(x, w, b, 2, 1), y[:, :, ::2, ::2], strict=True)
    dy = as_dtype(exact([[[[1, 0, 0], [0, 0, 0], [0, 0, 2]]]]), np.dtype(dtype))
    dw, db, dx = pullback(dy)
    np.testing.assert_array_equal(dw[0, 0], [[10, 12, 0], [16, 19, 2], [0, 4, 5]])
    np.testing.assert_array_equal(db, [3])
    np.testing.assert_array_equal(dx[0, 0], [[0, -2, 0], [0, 1, 0], [0, 4, 0]])


@st.composite
def convolutions(draw):
    N, Cin, Cout = (draw(st.integers(low, 3)) for low in (0, 1, 1))
    H, W = draw(st.integers(1, 9)), draw(st.integers(1, 9))
    K, stride, padding = draw(st.integers(1, 7)), draw(st.integers(1, 3)), draw(st.integers(0, 3))
    assume(min(H, W) + 2 * padding >= K)
    seed = draw(st.integers(0, 2**32))
    return (
        whole(seed, N, Cin, H, W),
        whole(seed + 1, Cout, Cin, K, K),
        whole(seed + 2, Cout),
        stride,
        padding,
    )


@laws
@given(convolutions(), st.integers(0, 2**32))
def test_the_triple_is_the_adjoint(convolution, seed):
    """<conv(dK) x + dB + conv(dX), g> = <dK, gradK> + <dB, gradB> + <dX, gradX>, exactly."""
    x, w, b, stride, padding = convolution
    y, pullback = conv2d_vjp(x, w, b, stride, padding)
    vx, vw, vb, g = (whole(seed + i, *a.shape) for i, a in enumerate((x, w, b, y)))
    forward = conv2d(x, vw, vb, stride, padding) + conv2d(vx, w, None, stride, padding)
    dw, db, dx = pullback(g)
    assert inner(forward, g) == inner(vw, dw) + inner(vb, db) + inner(vx, dx)


@laws
@given(convolutions())
def test_it_is_linear_in_the_image(convolution):
    x, w, _, stride, padding = convolution
    z = whole(7, *x.shape)
    together = conv2d(x + 2 * z, w, None, stride, padding)
    apart = conv2d(x, w, None, stride, padding) + 2 * conv2d(z, w, None, stride, padding)
    np.testing.assert_array_equal(together, apart)


@pytest.mark.parametrize(("stride", "padding"), [(1, 1), (2, 0), (3, 2)])
def test_central_differences(stride, padding):
    at = [normal(1, 2, 2, 6, 7), normal(2, 3, 2, 3, 3), normal(3, 3)]
    y, pullback = conv2d_vjp(*at, stride, padding)
    along = [normal(10 + i, *a.shape) for i, a in enumerate(at)]
    g = normal(20, *y.shape)
    dw, db, dx = pullback(g)
    numeric = inner(slope(lambda x, w, b: conv2d(x, w, b, stride, padding), at, along), g)
    exactly = inner(dx, along[0]) + inner(dw, along[1]) + inner(db, along[2])
    assert numeric == pytest.approx(exactly, rel=1e-8)


def test_a_bias_before_batch_norm_has_no_gradient():
    x, w, b = normal(1, 2, 3, 6, 5), normal(2, 4, 3, 3, 3), normal(3, 4)
    y, conv_pullback = conv2d_vjp(x, w, b, 1, 1)
    z, norm_pullback = batch_norm2d_vjp(y, normal(4, 4), normal(5, 4), 1e-6)
    dy, _, _ = norm_pullback(normal(6, *z.shape))
    dw, db, _ = conv_pullback(dy)
    assert np.abs(db).max() < 1e-13 * np.abs(dw).max()


def test_a_convolution_of_fractions_is_the_one_of_floats():
    x, w, b = normal(1, 1, 2, 5, 4), normal(2, 2, 2, 3, 3), normal(3, 2)
    y, pullback = conv2d_vjp(exact(x), exact(w), exact(b), 2, 1)
    z, float_pullback = conv2d_vjp(x, w, b, 2, 1)
    assert difference(z, y.astype(np.float64)) < 1e-15
    dy = normal(4, *z.shape)
    for got, want in zip(float_pullback(dy), pullback(exact(dy)), strict=True):
        assert difference(got, want.astype(np.float64)) < 1e-15


def test_an_infinite_weight_makes_nan_at_the_border():
    """Padding is multiplied in: 0 times infinity."""
    x, w = np.ones((1, 1, 3, 3)), np.zeros((1, 1, 3, 3))
    w[0, 0, 0, 0] = np.inf
    with np.errstate(invalid="ignore"):
        y = conv2d(x, w, None, 1, 1)
    assert np.isnan(y[0, 0, 0]).all()
    assert np.isinf(y[0, 0, 1:, 1:]).all()


# Windows


def test_sizes():
    """3x3 padded by 1 and 1x1 keep every size; the stem halves, rounding up."""
    for n in range(1, 2001):
        assert window_count(n, 3, 1, 1) == n
        assert window_count(n, 1, 1, 0) == n
        assert window_count(n, 7, 2, 3) == -(-n // 2)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ((4, 7, 1, 0), "window 7 does not fit size 4 padded by 0"),
        ((4, 7, 1, 1), "window 7 does not fit size 4 padded by 1"),
        ((4, 0, 1, 0), "window 0 does not fit size 4 padded by 0"),
        ((4, 3, 0, 0), "a stride is at least 1, got 0"),
    ],
)
def test_a_window_that_does_not_fit_is_refused(arguments, sentence):
    with pytest.raises(ValueError, match=f"^{sentence}$"):
        window_count(*arguments)


@laws
@given(st.integers(1, 9), st.integers(1, 7), st.integers(1, 3), st.integers(0, 8))
def test_reach_pairs_windows_with_the_cells_they_hold(size, window, stride, padding):
    assume(size + 2 * padding >= window)
    count = window_count(size, window, stride, padding)
    for offset in range(window):
        i, cells = reach(offset, size, stride, padding, count)
        got = list(zip(range(count)[i], range(size)[cells], strict=True))
        expected = [(k, k * stride + offset - padding) for k in range(count)]
        assert got == [(k, cell) for k, cell in expected if 0 <= cell < size]


@laws
@given(convolutions())
def test_adding_windows_back_is_the_adjoint_of_taking_them(convolution):
    x, w, _, stride, padding = convolution
    z = windows(x, *w.shape[2:], stride, padding).transpose(0, 1, 4, 5, 2, 3)
    dz = whole(9, *z.shape)
    assert inner(z, dz) == inner(x, add_windows(dz, *x.shape[2:], stride, padding))
