"""Convolution in groups, dilated, of two sizes: where it is plain, and what it refuses."""

import numpy as np
import pytest

from typed_resnet import ConfigError, Conv2D, ShapeError, Tensor, vjp
from typed_resnet.layers import GeneralConv2D

RNG = np.random.default_rng(0)
X = Tensor(RNG.standard_normal((2, 4, 7, 6)))
ONES = {"stride": (1, 1), "padding": (0, 0), "dilation": (1, 1), "groups": 1}


@pytest.mark.parametrize(("window", "stride", "padding"), [(3, 1, 1), (3, 2, 0), (1, 1, 0)])
def test_of_one_group_and_equal_sizes_it_is_the_plain_one(window, stride, padding):
    plain = Conv2D.init(RNG, 4, 6, window, stride, padding, dtype=np.float64)
    general = GeneralConv2D(
        plain.kernel, plain.bias, (stride, stride), (padding, padding), (1, 1), 1
    )
    y, pullback = plain.vjp(X)
    z, general_pullback = general.vjp(X)
    np.testing.assert_allclose(z.array, y.array, atol=1e-13)
    grads, dx = pullback(y)
    general_grads, general_dx = general_pullback(y)
    np.testing.assert_allclose(general_dx.array, dx.array, atol=1e-12)
    np.testing.assert_allclose(general_grads.kernel.array, grads.kernel.array, atol=1e-11)
    np.testing.assert_allclose(general_grads.bias.array, grads.bias.array, atol=1e-12)


def test_groups_are_convolutions_side_by_side():
    layer = GeneralConv2D.init(RNG, 4, 6, (3, 3), **ONES | {"groups": 2}, dtype=np.float64)
    halves = [
        Conv2D(Tensor(k), Tensor(b), 1, 0)(Tensor(x))
        for k, b, x in zip(
            np.split(layer.kernel.array, 2),
            np.split(layer.bias.array, 2),
            np.split(X.array, 2, axis=1),
            strict=True,
        )
    ]
    joined = np.concatenate([half.array for half in halves], axis=1)
    np.testing.assert_allclose(layer(X).array, joined, atol=1e-13)


def test_dilation_is_a_window_with_holes():
    layer = GeneralConv2D.init(RNG, 4, 6, (2, 3), **ONES | {"dilation": (3, 2)}, dtype=np.float64)
    holed = np.zeros((6, 4, 4, 5))
    holed[:, :, ::3, ::2] = layer.kernel.array
    dense = GeneralConv2D(Tensor(holed), layer.bias, (1, 1), (0, 0), (1, 1), 1)
    np.testing.assert_allclose(layer(X).array, dense(X).array, atol=1e-13)


def test_a_trace_takes_its_vjp():
    layer = GeneralConv2D.init(RNG, 4, 4, (3, 1), **ONES | {"groups": 4}, dtype=np.float64)
    y, pullback = vjp(layer, X)
    grads, dx = pullback(y)
    by_hand, expected = layer.backward(X, y)
    np.testing.assert_array_equal(dx.array, expected.array)
    np.testing.assert_array_equal(grads.kernel.array, by_hand.kernel.array)


def test_its_type_shows_all_sizes():
    layer = GeneralConv2D.init(None, 4, 8, (3, 1), **ONES | {"groups": 4, "stride": (2, 1)})
    assert repr(layer) == "GeneralConv2D[1, 2, 4, 3, 1, 2, 1, 0, 0, 1, 1]"


def test_what_does_not_fit_is_refused():
    with pytest.raises(ShapeError, match="expects groups to divide 6 channels, got 4"):
        GeneralConv2D.init(None, 6, 8, (3, 3), **ONES | {"groups": 4})
    with pytest.raises((ConfigError, ShapeError), match="expects dilation ≥ 1, got 0"):
        GeneralConv2D(Tensor.zeros(8, 4, 3, 3), None, (1, 1), (0, 0), (0, 1), 1)
    layer = GeneralConv2D.init(None, 4, 8, (3, 3), **ONES | {"dilation": (1, 4)})
    with pytest.raises(ShapeError, match="window 9 does not fit width 8 padded by 0"):
        layer(Tensor.zeros(4, 8, 8))
    with pytest.raises(ShapeError, match="expects 4 channels, got 3"):
        layer(Tensor.zeros(3, 9, 9))
