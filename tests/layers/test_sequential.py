"""Layers one after another, while the program runs."""

from __future__ import annotations

from typing import Generic
from typing import Literal as L

import numpy as np
import pytest
from numpy.random import Generator

from typed_resnet import BatchNorm2D, Conv2D, Linear, MaxPool2D, ShapeError, Tensor, relu, vjp
from typed_resnet.dims import C
from typed_resnet.layers import Flatten, Sequential
from typed_resnet.layers.functions import relu_vjp
from typed_resnet.ops import softmax
from typed_resnet.records import parameters, with_parameters


@pytest.fixture
def rng() -> Generator:
    return np.random.default_rng(3)


def test_it_applies_each_in_turn(rng: Generator) -> None:
    conv, linear = Conv2D.init(rng, 3, 4, 3), Linear.init(rng, 16, 2)
    layers = Sequential(conv, relu, MaxPool2D(2), Flatten(), linear)
    x = Tensor.normal(rng, 1.0, 5, 3, 6, 6)
    expected = linear(Flatten()(MaxPool2D(2)(relu(conv(x)))))
    np.testing.assert_array_equal(layers(x).array, expected.array)
    np.testing.assert_array_equal(layers.forward(x).array, expected.array)


def test_its_parameters_have_pytorchs_names(rng: Generator) -> None:
    body = Sequential(relu, Linear.init(rng, 4, 2, bias=False))
    layers = Sequential(Linear.init(rng, 3, 4), body)
    assert [name for name, _ in parameters(layers)] == ["0.weight", "0.bias", "1.1.weight"]
    zeros = {name: np.zeros_like(value.array) for name, value in parameters(layers)}
    made = with_parameters(layers, zeros)
    assert type(made) is Sequential
    assert not any(value.array.any() for _, value in parameters(made))
    assert made.layers[1].layers[0] is relu


def test_its_pullback_is_that_of_its_layers(rng: Generator) -> None:
    conv = Conv2D.init(rng, 3, 4, 3, dtype=np.float64)
    x = Tensor.normal(rng, 1.0, 2, 3, 5, 5, dtype=np.float64)
    y, pullback = vjp(Sequential(conv, relu), x)
    z, of_conv = conv.vjp(x)
    expected, of_relu = relu_vjp(z)
    np.testing.assert_array_equal(y.array, expected.array)
    dy = Tensor.normal(rng, 1.0, *y.shape, dtype=np.float64)
    (grads, dx), (of_layer, expected_dx) = pullback(dy), of_conv(of_relu(dy))
    np.testing.assert_array_equal(dx.array, expected_dx.array)
    found = dict(parameters(grads))
    assert list(found) == ["0.kernel", "0.bias"]
    np.testing.assert_array_equal(found["0.kernel"].array, of_layer.kernel.array)


def test_it_prints_what_it_takes_and_returns(rng: Generator) -> None:
    layers = Sequential(Conv2D.init(rng, 3, 4, 3), relu, MaxPool2D(2))
    assert repr(layers) == (
        "Sequential[Tensor[*B, 3, H, W] -> Tensor[*B, 4, H//2 - 1, W//2 - 1]]"
        "(Conv2D[3, 4, 3, 1, 0], relu, MaxPool2D[2, 2, 0])"
    )


def test_a_function_of_several_signatures_is_read_by_that_of_one_tensor(rng: Generator) -> None:
    layers = Sequential(Linear.init(rng, 4, 2), softmax)
    assert repr(layers).startswith("Sequential[Tensor[*B, 4] -> Tensor[*B, 2]](")


def test_where_what_it_takes_depends_on_the_image_it_prints_its_layers(rng: Generator) -> None:
    """A Linear of 12 features after a flatten takes 3 x 4 x 1, and 3 x 2 x 2."""
    layers = Sequential(Flatten(), Linear.init(rng, 12, 2))
    assert repr(layers) == "Sequential(Flatten, Linear[12, 2])"


def test_what_can_never_fit_is_refused_at_once(rng: Generator) -> None:
    with pytest.raises(ShapeError) as error:
        Sequential(Conv2D.init(rng, 64, 128, 1), Conv2D.init(rng, 64, 128, 1))
    assert str(error.value) == (
        "layer 1 of Sequential: Conv2D[64, 128, 1, 1, 0] expects 64 channels, got 128"
    )


def test_what_a_function_makes_of_a_shape_may_be_unknown(rng: Generator) -> None:
    conv = Conv2D.init(rng, 3, 4, 1)
    Sequential(conv, lambda x: x[:, :3], conv)
    with pytest.raises(ShapeError, match=r"^layer 3 of"):
        Sequential(conv, lambda x: x, conv, conv)


def test_it_says_where_in_it_a_call_failed(rng: Generator) -> None:
    layers = Sequential(Flatten(), Linear.init(rng, 12, 2))
    with pytest.raises(ShapeError) as error:
        layers(Tensor.zeros(3, 3, 3))
    assert str(error.value) == "layer 1 of Sequential: Linear[12, 2] expects 12 features, got 27"
    assert "in layers.1 of Sequential" in error.value.__notes__
    with pytest.raises(ShapeError, match=r"^layer 0\.1 of Sequential: Linear\[12, 2\] expects 12"):
        Sequential(layers, relu)(Tensor.zeros(3, 3, 3))


class Stem(Sequential[Conv2D[L[3], C, L[3], L[1], L[1]], BatchNorm2D[C]], Generic[C]):
    """A sequence under a name."""


class Made(Stem[L[4]]):
    def __init__(self, rng: Generator) -> None:
        super().__init__(Conv2D.init(rng, 3, 4, 3, 1, 1), BatchNorm2D.init(4))


@pytest.mark.parametrize("cls", [Stem, Made])
def test_a_subclass_is_a_sequence_of_its_name(rng: Generator, cls: type) -> None:
    """With the constructor of its base, or its own; a copy of other layers needs neither."""
    conv, norm = Conv2D.init(rng, 3, 4, 3, 1, 1), BatchNorm2D.init(4)
    made = Made(rng) if cls is Made else Stem(conv, norm)
    zeros = {name: np.zeros_like(value.array) for name, value in parameters(made)}
    assert list(zeros) == ["0.kernel", "0.bias", "1.gamma", "1.beta"]
    again = with_parameters(made, zeros)
    assert type(again) is cls
    name = cls.__name__
    assert repr(again).startswith(f"{name}[Tensor[*B, 3, H, W] -> Tensor[*B, 4, H, W]](Conv2D[")
    y, pullback = vjp(again, Tensor.zeros(3, 5, 5))
    assert y.shape == (4, 5, 5)
    grads, dx = pullback(y)
    assert dx.shape == (3, 5, 5)
    assert [name for name, _ in parameters(grads)] == [*zeros]
    with pytest.raises(
        ShapeError, match=rf"^layer 0 of {name}: Conv2D\[3, 4, 3, 1, 1\] expects 3"
    ):
        again(Tensor.zeros(2, 5, 5))


def test_a_subclass_says_what_its_layers_are(rng: Generator) -> None:
    with pytest.raises(ShapeError, match=r"^Stem expects 3 channels, got 5$"):
        Stem(Conv2D.init(rng, 5, 4, 3, 1, 1), BatchNorm2D.init(4))  # type: ignore[shape]  # what is tested
    made = Stem(Conv2D.init(rng, 3, 4, 3, 1, 1), BatchNorm2D.init(4))
    with pytest.raises(ShapeError, match=r"^Stem expects 3 channels, got 5$"):
        made.with_parts({"0": Conv2D.init(rng, 5, 4, 3, 1, 1), "1": BatchNorm2D.init(4)})
