"""Cross-entropy: by hand, its gradient, and what holds of every kernel."""

import numpy as np
import pytest
from jaxtyping import TypeCheckError

from typed_resnet import DTypeError, kernels

from .arrays import exact, frozen, normal, slope

LABELS = np.array([2, 0, 0, 1])


def test_by_hand():
    """Odds of 1 to 1 to 2, and of 3 to 1: half, and three quarters."""
    z = np.log([[1.0, 1, 2], [3, 0.5, 0.5]])
    losses = kernels.cross_entropy(z, np.array([2, 0]))
    np.testing.assert_allclose(losses, np.log([2, 4 / 3]), rtol=1e-15)
    _, pullback = kernels.cross_entropy_vjp(z, np.array([2, 0]))
    expected = [[0.25, 0.25, -0.5], [-0.5, 0.25, 0.25]]
    np.testing.assert_allclose(pullback(np.array([1.0, 2])), expected, atol=1e-15)


def test_the_gradient_agrees_with_central_differences():
    z, along, dy = normal(0, 4, 3), normal(1, 4, 3), normal(2, 4)
    _, pullback = kernels.cross_entropy_vjp(z, LABELS)
    measured = slope(lambda x: kernels.cross_entropy(x, LABELS), [z], [along])
    assert np.isclose(np.vdot(pullback(dy), along), np.vdot(measured, dy), rtol=1e-9)


def test_every_gradient_of_a_vector_sums_to_nought():
    _, pullback = kernels.cross_entropy_vjp(normal(0, 4, 3), LABELS)
    np.testing.assert_allclose(pullback(normal(1, 4)).sum(1), 0, atol=1e-15)


def test_large_logits_do_not_overflow():
    z = np.array([[1e4, 0, -1e4]], np.float32)
    losses, pullback = kernels.cross_entropy_vjp(z, np.array([1]))
    assert losses.tolist() == [1e4]
    assert pullback(np.ones(1, np.float32)).tolist() == [[1, -1, 0]]


@pytest.mark.parametrize("N", [0, 4])
@pytest.mark.parametrize("dtype", [np.float32, np.float64, np.longdouble])
def test_scalars_and_layout_stay_and_inputs_too(N: int, dtype: type):
    turned = np.asfortranarray(normal(0, 4, 3).astype(dtype)[:N])
    frozen(turned, LABELS)
    losses, pullback = kernels.cross_entropy_vjp(turned, LABELS[:N])
    np.testing.assert_array_equal(losses, kernels.cross_entropy(turned, LABELS[:N]), strict=True)
    for result, shape in ((losses, (N,)), (pullback(losses), (N, 3))):
        assert result.dtype == dtype
        assert result.shape == shape
        assert result.flags.c_contiguous
    np.testing.assert_array_equal(pullback(losses), pullback(losses))


def test_what_has_no_exponential_is_refused():
    with pytest.raises(DTypeError, match="cross_entropy expects floats, got fractions"):
        kernels.cross_entropy(exact([[1, 2]]), np.array([0]))
    with pytest.raises(TypeCheckError):
        kernels.cross_entropy(normal(0, 4, 3), LABELS.astype(float))
    with pytest.raises(TypeCheckError):
        kernels.cross_entropy(normal(0, 4, 3), LABELS[:2])
