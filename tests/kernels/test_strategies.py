"""Every strategy against a direct convolution in float64, and how one is chosen."""

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from typed_resnet.kernels import conv2d, conv2d_vjp, strategies, strategy_of
from typed_resnet.kernels.epilogue import Epilogue
from typed_resnet.kernels.lanes import one_thread
from typed_resnet.kernels.strategy import ACCURACY, ALL, EXACT

from .arrays import difference, laws, normal

F32 = np.dtype(np.float32)


@st.composite
def convolutions(draw):
    """Sizes that Winograd's forms take, with tiles cut off at either border."""
    N, Cin, Cout = draw(st.integers(0, 3)), draw(st.integers(8, 20)), draw(st.integers(8, 20))
    H, W = draw(st.integers(22, 29)), draw(st.integers(22, 29))
    seed, padding = draw(st.integers(0, 2**32)), draw(st.integers(0, 2))
    x, w = normal(seed, N, Cin, H, W), normal(seed + 1, Cout, Cin, 3, 3)
    return x, w, normal(seed + 2, Cout), padding


def rounded(*arrays):
    return [array.astype(F32) for array in arrays]


@pytest.mark.parametrize("strategy", sorted(ALL))
@laws
@given(convolution=convolutions())
def test_value_and_gradients_are_as_accurate_as_stated(strategy, convolution):
    x, w, b, padding = convolution
    x32, w32, b32 = rounded(x, w, b)
    with strategies(strategy):
        assert strategy_of(x.shape, w.shape, 1, padding, F32) == strategy
        y, pullback = conv2d_vjp(x32, w32, b32, 1, padding)
        again = conv2d(x32, w32, b32, 1, padding)
        dy = normal(3, *y.shape)
        gradients = pullback(dy.astype(F32))
    want, exactly = conv2d_vjp(x, w, b, 1, padding)
    for got, right in zip((y, again, *gradients), (want, want, *exactly(dy)), strict=True):
        assert difference(got.astype(np.float64), right) < ACCURACY[strategy]


@pytest.mark.parametrize("padding", [0, 1, 2])
@pytest.mark.parametrize("strategy", ["winograd F2", "winograd F4", "winograd F5"])
def test_gradients_of_images_of_many_blocks(strategy, padding):
    """Two rows of every block but the last overlap the next one's, of this group or another."""
    x, w = normal(1, 1, 320, 60, 37), normal(2, 8, 320, 3, 3)
    with strategies(strategy):
        y, pullback = conv2d_vjp(*rounded(x, w), None, 1, padding)
        dy = normal(3, *y.shape)
        gradients = pullback(dy.astype(F32))
    want, exactly = conv2d_vjp(x, w, None, 1, padding)
    (dw, _, dx), (right_dw, _, right_dx) = gradients, exactly(dy)
    for got, right in ((y, want), (dw, right_dw), (dx, right_dx)):
        assert difference(got.astype(np.float64), right) < ACCURACY[strategy]


@st.composite
def any_convolutions(draw):
    """Few and many channels, images that no padding or one padding surrounds, any window."""
    N, Cin, Cout = (
        draw(st.integers(1, 3)),
        draw(st.sampled_from([1, 2, 3, 9])),
        draw(st.integers(1, 9)),
    )
    window = draw(st.integers(1, 5)), draw(st.integers(1, 5))
    padding, stride = draw(st.integers(0, 3)), draw(st.integers(1, 3))
    size = [draw(st.integers(max(1, K - 2 * padding), 12)) for K in window]
    seed = draw(st.integers(0, 2**32))
    x, w = normal(seed, N, Cin, *size), normal(seed + 1, Cout, Cin, *window)
    return x, w, normal(seed + 2, Cout), stride, padding


@laws
@given(convolution=any_convolutions(), last=st.booleans())
def test_every_convolution_is_as_accurate_as_stated(convolution, last):
    """Whichever strategy the rule takes, from arrays that lie channels last and first."""
    x, w, b, stride, padding = convolution
    x32, w32, b32 = rounded(x, w, b)
    if last:
        x32 = np.moveaxis(np.ascontiguousarray(np.moveaxis(x32, 1, -1)), -1, 1)
    y, pullback = conv2d_vjp(x32, w32, b32, stride, padding)
    again = conv2d(x32, w32, b32, stride, padding)
    dy = normal(3, *y.shape)
    gradients = pullback(dy.astype(F32))
    want, exactly = conv2d_vjp(x, w, b, stride, padding)
    squares, of_squares = conv2d_vjp(x * x, w * w, b * b, stride, padding)
    exact = want, want, *exactly(dy)
    expected = squares, squares, *of_squares(dy * dy)
    for got, right, square in zip((y, again, *gradients), exact, expected, strict=True):
        # A single number may be a sum that comes out near nought: its parts are what rounds.
        size = max(np.abs(right).max(), np.sqrt(square.max()))
        assert np.abs(got - right).max() <= ACCURACY["unrolled"] * size


def test_f2_has_to_save_enough_in_training():
    """Windows are transformed at every step there; what is forced stays."""
    kernel = (256, 256, 3, 3)

    def chosen(N, size=14):
        return strategy_of((N, 256, size, size), kernel, 1, 1, F32, training=True)

    assert [chosen(1, 13), chosen(1, 14)] == ["unrolled", "winograd F2"]
    assert [chosen(5, 7), chosen(6, 7)] == ["unrolled", "winograd F2"]
    assert strategy_of((1, 256, 7, 7), kernel, 1, 1, F32) == "winograd F2"
    with strategies("winograd F2"):
        assert chosen(1, 13) == chosen(5, 7) == "winograd F2"


def test_f5_of_many_channels_keeps_no_windows_between_calls():
    """Its windows are 49/36 of F4's: in training they last until the pullback is done with."""
    sizes = (1, 512, 55, 55), (512, 512, 3, 3), 1, 1, F32
    assert strategy_of(*sizes) == "winograd F4"
    assert strategy_of(*sizes, training=True) == "winograd F5"
    with strategies("winograd F5"):
        assert strategy_of(*sizes) == "winograd F5"


def test_f4_and_f5_lose_a_digit_that_the_others_keep():
    """The figures that `ACCURACY` states are neither too good nor idle."""
    x, w = normal(1, 1, 64, 28, 28), normal(2, 64, 64, 3, 3)
    right = conv2d(x, w, None, 1, 1)
    errors = {}
    for strategy in ALL:
        with strategies(strategy):
            y = conv2d(*rounded(x, w), None, 1, 1)
        errors[strategy] = difference(y.astype(np.float64), right)
        assert errors[strategy] < ACCURACY[strategy]
    lossy = ALL - EXACT
    assert lossy == {"winograd F4", "winograd F5"}
    assert min(errors[s] for s in lossy) > 3 * max(errors[s] for s in EXACT)
    assert errors["winograd F5"] < 3 * errors["winograd F4"]  # half a digit more at most


@pytest.mark.parametrize(
    ("x", "kernel", "stride", "expected"),
    [
        ((1, 3, 224, 224), (64, 3, 7, 7), 2, "unrolled"),
        ((1, 64, 56, 56), (64, 64, 3, 3), 1, "winograd F4"),
        ((1, 128, 28, 28), (128, 128, 3, 3), 1, "winograd F4"),
        ((1, 256, 55, 55), (256, 256, 3, 3), 1, "winograd F5"),
        ((1, 512, 55, 55), (512, 512, 3, 3), 1, "winograd F4"),
        ((1, 64, 25, 25), (64, 64, 3, 3), 1, "winograd F4"),
        ((8, 64, 25, 25), (64, 64, 3, 3), 1, "winograd F5"),
        ((1, 256, 14, 14), (256, 256, 3, 3), 1, "winograd F2"),
        ((1, 512, 7, 7), (512, 512, 3, 3), 1, "winograd F2"),
        ((1, 512, 6, 7), (512, 512, 3, 3), 1, "unrolled"),
        ((1, 64, 56, 56), (128, 64, 3, 3), 2, "unrolled"),
        ((1, 256, 56, 56), (64, 256, 1, 1), 1, "unrolled"),
    ],
)
def test_the_rule(x, kernel, stride, expected):
    padding = kernel[2] // 2
    assert strategy_of(x, kernel, stride, padding, F32) == expected
    assert strategy_of(x, kernel, stride, padding, np.dtype(np.float64)) == "plain"
    with strategies("exact"):
        assert strategy_of(x, kernel, stride, padding, F32) == re.sub("F[45]", "F2", expected)
    with strategies("winograd F4"):
        assert "F5" not in strategy_of(x, kernel, stride, padding, F32)
    with strategies("winograd F2"):
        assert not re.search("F[45]", strategy_of(x, kernel, stride, padding, F32))
    assert strategy_of(x, kernel, stride, padding, F32) == expected


def test_an_unknown_strategy_is_refused():
    with (
        pytest.raises(ValueError, match=r"^strategies expects some of exact, plain, .* got fft$"),
        strategies("fft"),
    ):
        pass


@pytest.mark.parametrize("strategy", sorted(ALL))
def test_what_follows_is_done_in_the_same_sweep(strategy):
    x, w, b, scale, shift = rounded(
        normal(1, 2, 9, 22, 21), normal(2, 8, 9, 3, 3), *(normal(i, 8) for i in (3, 4, 5))
    )
    with strategies(strategy):
        y = conv2d(x, w, b, 1, 1)
        residual = normal(6, *y.shape).astype(F32)
        together = conv2d(x, w, b, 1, 1, Epilogue(scale, shift, residual, True))
    apart = np.maximum(y * scale[:, None, None] + shift[:, None, None] + residual, 0)
    assert difference(together, apart) < ACCURACY[strategy]


@pytest.mark.parametrize("strategy", sorted(ALL))
def test_threads_change_no_more_than_rounding(strategy):
    x, w = rounded(normal(1, 5, 16, 24, 24), normal(2, 16, 16, 3, 3))
    with strategies(strategy):
        y, pullback = conv2d_vjp(x, w, None, 1, 1)
        dw, _, dx = pullback(y)
        with one_thread():
            z, alone = conv2d_vjp(x, w, None, 1, 1)
            dv, _, dz = alone(z)
        np.testing.assert_array_equal(pullback(y)[0], dw)  # again: to the last bit
    for a, b in ((y, z), (dw, dv), (dx, dz)):
        assert difference(a, b) < ACCURACY[strategy]
