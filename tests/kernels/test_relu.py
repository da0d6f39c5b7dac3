import numpy as np
import pytest

from typed_resnet.kernels import relu, relu_vjp

from .arrays import DTYPES, as_dtype, distinct, inner, normal, slope


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("size", [1, 3, 8, 33])
def test_values(dtype, size):
    x = np.arange(size) - size // 2
    y, pullback = relu_vjp(as_dtype(x, dtype))
    np.testing.assert_array_equal(y, np.where(x < 0, 0, x))
    dx = pullback(as_dtype(np.full(size, 5), dtype))
    np.testing.assert_array_equal(dx, np.where(x > 0, 5, 0))
    assert dx.dtype == y.dtype == dtype


@pytest.mark.parametrize("dtype", DTYPES[:3])
@pytest.mark.parametrize("size", [1, 7, 64])
def test_minus_zero_becomes_zero_and_nan_stays(dtype, size):
    """At every length: NumPy computes the ends of an array by another loop."""
    assert not np.signbit(relu(np.full(size, -0.0, dtype))).any()
    assert np.isnan(relu(np.full(size, np.nan, dtype))).all()


def test_special_values():
    y, pullback = relu_vjp(np.array([np.nan, np.inf, -np.inf, 0.0, -0.0]))
    np.testing.assert_array_equal(y, [np.nan, np.inf, 0, 0, 0])
    np.testing.assert_array_equal(pullback(np.ones(5)), [0, 1, 0, 0, 0])


@pytest.mark.parametrize("shape", [(), (0,), (2, 3), (2, 3, 4, 5, 6)])
def test_any_rank(shape):
    y, pullback = relu_vjp(normal(1, *shape))
    assert isinstance(y, np.ndarray)
    assert y.shape == pullback(np.ones(shape)).shape == shape


def test_central_differences():
    x, v = distinct(1, 5, 7), normal(2, 5, 7)
    y, pullback = relu_vjp(x)
    g = normal(3, *y.shape)
    assert inner(slope(relu, [x], [v]), g) == pytest.approx(inner(pullback(g), v), rel=1e-8)
