"""Operations without parameters."""

import numpy as np
import pytest

from typed_resnet import (
    ConfigError,
    ShapeError,
    Tensor,
    global_avg_pool2d,
    pad_channels,
    relu,
    slice_channels,
)
from typed_resnet.layers import (
    fit,
    fit_vjp,
    global_avg_pool2d_vjp,
    relu_vjp,
    subsample,
    subsample_vjp,
)

X = np.arange(24.0).reshape(2, 3, 4) - 5


def test_relu_of_every_kind_of_number():
    x = np.array([-1.0, -0.0, 0.0, 2.5, -np.inf, np.inf])
    y = relu(Tensor(x)).array
    assert y.tolist() == [0, 0, 0, 2.5, 0, np.inf]
    assert not np.signbit(y).any()


def test_relu_takes_any_rank():
    assert relu(Tensor(np.float64(-2))).array.tolist() == 0
    assert relu(Tensor.zeros(2, 3, 4, 5, 6)).shape == (2, 3, 4, 5, 6)


def test_global_average_is_the_mean_of_each_channel():
    assert (global_avg_pool2d(Tensor(X)).array == X.mean((1, 2))).all()
    assert global_avg_pool2d(Tensor.zeros(5, 6, 2, 3, 4)).shape == (5, 6, 2)


def test_pad_appends_noughts_and_slice_takes_them_back():
    padded = pad_channels(Tensor(X), 5)
    assert (padded.array[:2] == X).all()
    assert not padded.array[2:].any()
    assert (slice_channels(padded, 2).array == X).all()


def test_fit_pads_slices_or_leaves():
    assert fit(Tensor(X), 5).shape == (5, 3, 4)
    assert fit(Tensor(X), 1).shape == (1, 3, 4)
    assert (fit(Tensor(X), 2).array == X).all()


def test_subsample_keeps_every_second_from_the_first():
    assert (subsample(Tensor(X), 2).array == X[:, ::2, ::2]).all()
    assert (subsample(Tensor(X), 1).array == X).all()
    assert subsample(Tensor(X), 9).shape == (2, 1, 1)


def test_pad_and_slice_are_adjoint():
    rng = np.random.default_rng(0)
    x, y = rng.standard_normal((2, 3, 4)), rng.standard_normal((5, 3, 4))
    padded, sliced = pad_channels(Tensor(x), 5), slice_channels(Tensor(y), 2)
    assert np.isclose(np.vdot(padded.array, y), np.vdot(x, sliced.array))


@pytest.mark.parametrize("batch", [(), (2,), (2, 0)])
@pytest.mark.parametrize(
    "vjp",
    [
        global_avg_pool2d_vjp,
        lambda x: fit_vjp(x, 5),
        lambda x: fit_vjp(x, 1),
        lambda x: fit_vjp(x, 2),
        lambda x: subsample_vjp(x, 2),
    ],
)
def test_the_pullback_of_a_linear_map_is_its_adjoint(vjp, batch: tuple[int, ...]):
    rng = np.random.default_rng(0)
    x = rng.standard_normal((*batch, 2, 3, 4))
    y, pullback = vjp(Tensor(x))
    dy = rng.standard_normal(y.shape)
    assert np.isclose(np.vdot(y.array, dy), np.vdot(x, pullback(Tensor(dy)).array))


def test_the_derivative_of_relu_at_nought_is_nought():
    y, pullback = relu_vjp(Tensor(np.array([-1.0, 0, 2])))
    assert y.array.tolist() == [0, 0, 2]
    assert pullback(Tensor(np.array([5.0, 5, 5]))).array.tolist() == [0, 0, 5]
    with pytest.raises(ShapeError):
        pullback(Tensor(np.zeros(2)))


def test_enough_channels_are_not_padded_and_few_are_not_sliced():
    """The result has max(Cin, Cout) or min(Cin, Cout) channels, as the signatures say."""
    assert (pad_channels(Tensor(X), 1).array == X).all()
    assert (slice_channels(Tensor(X), 3).array == X).all()


def test_what_cannot_be_done_is_refused():
    with pytest.raises(ConfigError, match="fit expects channels ≥ 1, got 0"):
        fit(Tensor(X), 0)
    with pytest.raises(ConfigError, match="subsample expects stride ≥ 1, got 0"):
        subsample(Tensor(X), 0)
    with pytest.raises(ShapeError, match="global_avg_pool2d expects"):
        global_avg_pool2d(Tensor.zeros(3, 4))
