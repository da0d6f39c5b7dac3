import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from typed_resnet.kernels import linear, linear_vjp

from .arrays import exact, inner, laws, normal, slope, whole


def test_value_and_gradients_by_hand():
    x, w, b = np.array([[1.0, 2, 3]]), np.array([[1.0, 0, -1], [2, 1, 0]]), np.array([10.0, 20])
    y, pullback = linear_vjp(x, w, b)
    np.testing.assert_array_equal(y, [[8, 24]])
    np.testing.assert_array_equal(linear(x, w, None), [[-2, 4]])
    dw, db, dx = pullback(np.array([[1.0, -2]]))
    np.testing.assert_array_equal(dw, [[1, 2, 3], [-2, -4, -6]])
    np.testing.assert_array_equal(db, [1, -2])
    np.testing.assert_array_equal(dx, [[-3, -2, -1]])


def test_without_a_bias_there_is_no_gradient_of_one():
    _, pullback = linear_vjp(whole(1, 2, 3), whole(2, 4, 3), None)
    assert pullback(whole(3, 2, 4))[1] is None


@laws
@given(st.integers(0, 2**32), st.integers(0, 3), st.integers(1, 5), st.integers(1, 5))
def test_adjoint(seed, N, In, Out):
    """In fractions, and for an empty batch."""
    x, w, b = (
        exact(whole(seed, N, In)),
        exact(whole(seed + 1, Out, In)),
        exact(whole(seed + 2, Out)),
    )
    y, pullback = linear_vjp(x, w, b)
    vx, vw, vb, g = (exact(whole(seed + 3 + i, *a.shape)) for i, a in enumerate((x, w, b, y)))
    dw, db, dx = pullback(g)
    forward = linear(x, vw, vb) + linear(vx, w, None)
    assert inner(forward, g) == inner(vw, dw) + inner(vb, db) + inner(vx, dx)


def test_central_differences():
    at = [normal(1, 4, 5), normal(2, 3, 5), normal(3, 3)]
    along = [normal(10 + i, *a.shape) for i, a in enumerate(at)]
    y, pullback = linear_vjp(*at)
    g = normal(20, *y.shape)
    dw, db, dx = pullback(g)
    exactly = inner(dx, along[0]) + inner(dw, along[1]) + inner(db, along[2])
    assert inner(slope(linear, at, along), g) == pytest.approx(exactly, rel=1e-8)
