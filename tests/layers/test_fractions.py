"""The worked examples in exact fractions: the same definitions, no rounding at all."""

from fractions import Fraction

import numpy as np
import pytest

from typed_resnet import (
    BatchNorm2D,
    Conv2D,
    DTypeError,
    Linear,
    MaxPool2D,
    ResNet,
    ResNetConfig,
    Tensor,
    relu,
)
from typed_resnet.layers import global_avg_pool2d, global_avg_pool2d_vjp
from typed_resnet.models import BottleneckResNet, parameters, with_parameters


def fractions(values: object) -> Tensor:
    """Make every entry a Fraction."""
    return Tensor(np.vectorize(Fraction, otypes=[object])(np.array(values, dtype=object)))


def test_convolution():
    kernel = fractions([[[[1, 0, -1], [2, 0, -2], [1, 0, -1]]]])
    layer = Conv2D(kernel, fractions([Fraction(1, 2)]), 1, 1)
    x = fractions([[[1, 2, 3], [4, 5, 6], [7, 8, 9]]])
    halves = [[-17, -11, 19], [-39, -15, 41], [-41, -11, 43]]
    y, pullback = layer.vjp(x)
    assert y.array.tolist() == [[[Fraction(half, 2) for half in row] for row in halves]]
    grads, dx = pullback(fractions([[[1, 0, 0], [0, 0, 0], [0, 0, 2]]]))
    assert grads.kernel.array.tolist() == [[[[10, 12, 0], [16, 19, 2], [0, 4, 5]]]]
    assert grads.bias is not None
    assert grads.bias.array.tolist() == [3]
    assert dx.array.tolist() == [[[0, -2, 0], [0, 1, 0], [0, 4, 0]]]
    corners = Conv2D(kernel, layer.bias, 2, 1)(x).array
    assert (corners == y.array[:, ::2, ::2]).all()
    assert all(isinstance(value, Fraction) for value in y.array.flat)


def test_first_maxima_take_the_gradient():
    x = fractions([[[1, 1, 0], [1, 1, 5], [2, 7, 7]]])
    _, dx = MaxPool2D(2, stride=1).backward(x, fractions([[[1, 1], [1, 1]]]))
    assert dx.array.tolist() == [[[1, 0, 0], [0, 0, 1], [0, 2, 0]]]
    _, dx = MaxPool2D(2).backward(fractions([[[0, 1], [3, 2]]]), fractions([[[5]]]))
    assert dx.array.tolist() == [[[0, 0], [5, 0]]]


def test_linear_and_average_backwards():
    head = Linear(fractions([[1, 2], [3, 4]]), fractions([0, 1]))
    grads, dx = head.backward(fractions([Fraction(1, 2), 3]), fractions([Fraction(1, 3), -1]))
    assert grads.weight.array.tolist() == [[Fraction(1, 6), 1], [Fraction(-1, 2), -3]]
    assert grads.bias is not None
    assert grads.bias.array.tolist() == [Fraction(1, 3), -1]
    assert dx.array.tolist() == [Fraction(-8, 3), Fraction(-10, 3)]
    _, average = global_avg_pool2d_vjp(fractions([[[1, 2, 3]]]))
    assert average(fractions([1])).array.tolist() == [[[Fraction(1, 3)] * 3]]


@pytest.mark.parametrize("make", [ResNet, BottleneckResNet])
def test_a_network_of_noughts(make):
    """Of a constant map the norm's root is that of 1/1000000, a thousandth: all is exact."""
    config = ResNetConfig(
        stem_out_channels=2,
        stem_kernel=3,
        stage1_out_channels=4,
        stage2_out_channels=4,
        stage3_out_channels=8,
        stage4_out_channels=4,
        use_projection_shortcuts=True,
    )
    net = make.zero_init(config, 1, 2)
    noughts = {name: fractions(tensor.array.astype(int)) for name, tensor in parameters(net)}
    net = with_parameters(net, {name: tensor.array for name, tensor in noughts.items()})
    x = fractions(np.arange(64).reshape(1, 8, 8))
    y, pullback = net.vjp(x)
    assert y.array.tolist() == [0, 0]
    assert all(isinstance(value, Fraction) for value in y.array)
    grads, dx = pullback(fractions([Fraction(1, 3), -7]))
    assert not dx.array.any()
    for name, tensor in parameters(grads):
        expected = [Fraction(1, 3), -7] if name == "classifier.bias" else 0
        assert (tensor.array == expected).all(), name


def test_batch_norm_where_the_root_is_rational():
    layer = BatchNorm2D(fractions([1]), fractions([0]), eps=1)
    y, pullback = layer.vjp(fractions([[[1, 2], [3, 4]]]))
    assert y.array.tolist() == [[[-1, Fraction(-1, 3)], [Fraction(1, 3), 1]]]
    grads, dx = pullback(fractions([[[1, 0], [0, 0]]]))
    assert dx.array.tolist() == [[[Fraction(1, 3), Fraction(-2, 9)], [Fraction(-1, 9), 0]]]
    assert grads.gamma.array.tolist() == [-1]
    assert grads.beta.array.tolist() == [1]


def test_batch_norm_where_it_is_not():
    layer = BatchNorm2D(fractions([1]), fractions([0]))
    with pytest.raises(DTypeError, match="square root of 1250001/1000000 is not a fraction"):
        layer(fractions([[[1, 2], [3, 4]]]))


def test_pool_average_linear_and_relu():
    x = fractions([[[1, 1, 0], [1, 1, 5], [2, 7, 7]]])
    assert MaxPool2D(2, stride=1)(x).array.tolist() == [[[1, 5], [7, 7]]]
    assert global_avg_pool2d(x).array.tolist() == [Fraction(25, 9)]
    head = Linear(fractions([[Fraction(1, 3)]]), fractions([Fraction(1, 7)]))
    assert head(fractions([2])).array.tolist() == [Fraction(17, 21)]
    assert relu(fractions([Fraction(-1, 3), Fraction(2, 3)])).array.tolist() == [0, Fraction(2, 3)]
