"""The layers of operations: what they hold, and that they are the functions."""

import dataclasses

import numpy as np
import pytest

from typed_resnet import ConfigError, ShapeError, Tensor, ops
from typed_resnet.layers import AvgPool2D, Dropout, Flatten, LayerNorm, Upsample

RNG = np.random.default_rng(0)
X = Tensor(RNG.standard_normal((2, 3, 4, 6)))


@pytest.mark.parametrize(
    ("layer", "vjp"),
    [
        (AvgPool2D(3, 2, 1), lambda x: ops.avg_pool2d_vjp(x, 3, 2, 1)),
        (AvgPool2D(2), lambda x: ops.avg_pool2d_vjp(x, 2, 2, 0)),
        (Flatten(), ops.flatten_vjp),
        (Upsample(3), lambda x: ops.upsample_vjp(x, 3)),
        (Dropout(0.5), lambda x: ops.dropout_vjp(x, 0.5, None)),
        (
            Dropout(0.5, np.random.default_rng(1)),
            lambda x: ops.dropout_vjp(x, 0.5, np.random.default_rng(1)),
        ),
    ],
    ids=["window 3", "window 2", "flatten", "upsample", "evaluation", "training"],
)
def test_a_layer_is_its_function(layer, vjp):
    y, pullback = vjp(X)
    made, back = layer.vjp(X)
    np.testing.assert_array_equal(made.array, y.array)
    none, dx = back(y)
    assert none is None
    np.testing.assert_array_equal(dx.array, pullback(y).array)
    if not isinstance(layer, Dropout):
        np.testing.assert_array_equal(layer(X).array, y.array)
        np.testing.assert_array_equal(layer.backward(X, y)[1].array, dx.array)


def test_dropout_keeps_the_mean_and_drops_what_its_pullback_drops():
    ones = Tensor.ones(200, 200, dtype=np.float64)
    layer = Dropout(0.25, np.random.default_rng(0))
    y, pullback = layer.vjp(ones)
    assert set(np.unique(y.array)) == {0, 1 / 0.75}
    assert abs(y.array.mean() - 1) < 0.02
    _, dx = pullback(ones)
    np.testing.assert_array_equal(dx.array, y.array)
    assert (layer(ones).array != y.array).any()


def test_dropout_without_a_generator_does_nothing():
    assert (dataclasses.replace(Dropout(0.9, RNG), rng=None)(X).array == X.array).all()


@pytest.mark.parametrize("rate", [-0.1, 1, 1.5, "0.5", True])
def test_a_rate_is_a_chance(rate):
    with pytest.raises((ConfigError, TypeError), match="rate"):
        Dropout(rate)


def test_layer_norm_is_normal_and_scaled():
    norm = LayerNorm.init(6, eps=1e-12, dtype=np.float64)
    y = norm(X).array
    np.testing.assert_allclose(y.mean(-1), 0, atol=1e-12)
    np.testing.assert_allclose(y.var(-1), 1, rtol=1e-9)
    twice = LayerNorm(norm.gamma * 2.0, norm.beta + norm.gamma, norm.eps)
    np.testing.assert_allclose(twice(X).array, 2 * y + 1)
    grads, dx = norm.backward(X, Tensor(y))
    assert (grads.gamma.shape, grads.beta.shape, dx.shape) == ((6,), (6,), X.shape)
    with pytest.raises(ShapeError, match=r"LayerNorm\[6\] expects 6 features, got 4"):
        norm(Tensor.zeros(6, 4, dtype=np.float64))


def test_what_cannot_be_made_is_refused():
    with pytest.raises(ConfigError, match="Upsample expects factor ≥ 1, got 0"):
        Upsample(0)
    with pytest.raises(ConfigError, match="AvgPool2D expects padding ≤ 1, half of window 3"):
        AvgPool2D(3, 1, 2)
    with pytest.raises(ConfigError, match=r"LayerNorm(.init)? expects features ≥ 1, got 0"):
        LayerNorm.init(0)
    with pytest.raises(ShapeError, match="window 5 does not fit height 4 padded by 0"):
        AvgPool2D(5)(X)
