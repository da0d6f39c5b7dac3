"""Batch norm: the specification's examples and what follows from the formula."""

import math

import numpy as np
import pytest

from typed_resnet import BatchNorm2D, ConfigError, DTypeError, ShapeError, Tensor, TypedResNetError


def norm(gamma: float, beta: float, **eps: float) -> BatchNorm2D:
    return BatchNorm2D(Tensor(np.array([gamma])), Tensor(np.array([beta])), **eps)


def test_the_exact_example():
    x = Tensor(np.array([[[1.0, 2], [3, 4]]]))
    y = norm(1.0, 0.0, eps=1.0)(x).array
    np.testing.assert_allclose(y, [[[-1, -1 / 3], [1 / 3, 1]]], rtol=1e-15)


def test_the_example_at_the_specifications_eps():
    x = Tensor(np.array([[[1.0, 2], [3, 6]]]))
    y = norm(2.0, -1.0)(x).array
    expected = [[[-3.138089629858, -2.069044814929], [-1, 2.207134444787]]]
    np.testing.assert_allclose(y, expected, rtol=0, atol=5e-13)


def test_the_example_at_pytorchs_eps():
    x = Tensor(np.array([[[1.0, 2], [3, 6]]]))
    assert np.isclose(norm(2.0, -1.0, eps=1e-5)(x).array[0, 0, 0], -3.138086880892, atol=5e-13)


def test_the_gradients_of_the_exact_example():
    dy = Tensor(np.array([[[1.0, 0], [0, 0]]]))
    grads, dx = norm(1.0, 0.0, eps=1.0).backward(Tensor(np.array([[[1.0, 2], [3, 4]]])), dy)
    np.testing.assert_allclose(dx.array, [[[1 / 3, -2 / 9], [-1 / 9, 0]]], atol=1e-16)
    np.testing.assert_allclose(grads.gamma.array, [-1], rtol=1e-15)
    assert grads.beta.array.tolist() == [1]


def test_the_gradients_of_the_example_at_the_specifications_eps():
    dy = Tensor(np.array([[[1.0, 0], [0, -2]]]))
    grads, dx = norm(2.0, -1.0).backward(Tensor(np.array([[[1.0, 2], [3, 6]]])), dy)
    expected = [[[0.114540864961, -0.343621373118], [0.267261203732, -0.038180695575]]]
    np.testing.assert_allclose(dx.array, expected, rtol=0, atol=5e-13)
    np.testing.assert_allclose(grads.gamma.array, [-4.276179259716], rtol=0, atol=5e-13)
    assert grads.beta.array.tolist() == [-1]


def test_the_gradient_of_a_channel_sums_to_nought():
    rng = np.random.default_rng(0)
    x, dy = rng.standard_normal((2, 3, 4, 5)), rng.standard_normal((2, 3, 4, 5))
    _, dx = BatchNorm2D.init(3, dtype=np.float64).backward(Tensor(x), Tensor(dy))
    np.testing.assert_allclose(dx.array.sum((0, 2, 3)), 0, atol=1e-13)
    _, dx = norm(3.0, 0.25).backward(Tensor(np.array([[[7.0]]])), Tensor(np.array([[[2.0]]])))
    assert dx.array.item() == 0


def test_one_cell_gives_beta_exactly():
    assert norm(3.0, 0.25)(Tensor(np.array([[[7.0]]]))).array.item() == 0.25


def test_a_constant_added_to_a_channel_changes_nothing():
    x = np.random.default_rng(0).standard_normal((4, 5, 6))
    layer = BatchNorm2D.init(4, dtype=np.float64)
    shifted = layer(Tensor(x + np.arange(4.0)[:, None, None]))
    np.testing.assert_allclose(shifted.array, layer(Tensor(x)).array, atol=1e-13)


@pytest.mark.parametrize("batch", [(), (3,), (2, 3)])
def test_statistics_run_over_all_axes_but_the_channel(batch: tuple[int, ...]):
    x = np.random.default_rng(0).standard_normal((*batch, 4, 5, 6))
    y = BatchNorm2D.init(4, dtype=np.float64)(Tensor(x)).array
    over = tuple(axis for axis in range(x.ndim) if axis != x.ndim - 3)
    np.testing.assert_allclose(y.mean(over), 0, atol=1e-14)
    np.testing.assert_allclose(y.var(over), 1, rtol=1e-5)


def test_no_image_at_all_gives_none():
    assert BatchNorm2D.init(4)(Tensor.zeros(0, 4, 5, 6)).shape == (0, 4, 5, 6)


@pytest.mark.parametrize("eps", [0.0, -1.0, math.nan, math.inf, True])
def test_eps_is_a_positive_number(eps: float):
    with pytest.raises(ConfigError, match="BatchNorm2D expects eps to be a number > 0, got"):
        norm(1.0, 0.0, eps=eps)


def test_other_channels_and_other_scalars_are_refused():
    with pytest.raises(ShapeError, match="expects 4 channels, got 3"):
        BatchNorm2D.init(4)(Tensor.zeros(3, 5, 6))
    with pytest.raises(DTypeError, match="BatchNorm2D expects float64, got float32"):
        BatchNorm2D.init(4, dtype=np.float64)(Tensor.zeros(4, 5, 6))
    with pytest.raises(TypedResNetError, match="≥ 1, got 0"):
        BatchNorm2D.init(0)
