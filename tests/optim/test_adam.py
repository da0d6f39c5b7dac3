"""Adam: its rule by hand, what is refused, any layer; PyTorch's word is in the oracles."""

from typing import Literal as L

import numpy as np
import pytest

from typed_resnet import (
    BatchNorm2D,
    ConfigError,
    DTypeError,
    Layer,
    Linear,
    ShapeError,
    Tensor,
    global_avg_pool2d,
    relu,
    vjp,
)
from typed_resnet.dims import B, H, W
from typed_resnet.layers import LinearGrads
from typed_resnet.models import in_training, parameters, statistics
from typed_resnet.ops import Labels, cross_entropy
from typed_resnet.optim import Adam, AdamW, Moments


def line(weight: float, dtype: type = np.float64) -> Linear:
    return Linear(Tensor(np.array([[weight]], dtype)), None)


def slope(value: float) -> LinearGrads:
    return LinearGrads(Tensor(np.array([[value]], float)), None)


def test_two_steps_by_hand():
    """The first step is of size lr; then m = 9/10 1/5 + 1/10 4, v = 1/2 2 + 1/2 16."""
    adam = Adam(0.5, betas=(0.9, 0.5), eps=0)
    layer, moments = adam.step(line(1), slope(2))
    assert layer.weight.array.item() == pytest.approx(0.5, abs=1e-15)
    layer, moments = adam.step(layer, slope(4), moments)
    m, v = (0.9 * 0.2 + 0.4) / (1 - 0.81), (0.5 * 2 + 8) / 0.75
    assert layer.weight.array.item() == pytest.approx(0.5 - 0.5 * m / v**0.5, abs=1e-15)
    assert (moments.steps, type(moments.mean)) == (2, LinearGrads)


def test_weight_decay_is_of_the_gradient_or_of_the_parameter():
    """Where the gradient is 0, Adam still steps by lr, and AdamW shrinks by lr decay."""
    layer, _ = Adam(0.5, weight_decay=0.1, eps=0).step(line(4), slope(0))
    assert layer.weight.array.item() == pytest.approx(3.5)
    layer, _ = AdamW(0.5, weight_decay=0.1).step(line(4), slope(0))
    assert layer.weight.array.item() == pytest.approx(4 - 0.5 * 0.1 * 4)


@pytest.mark.parametrize("optimiser", [Adam, AdamW])
@pytest.mark.parametrize("name", ["lr", "eps", "weight_decay"])
@pytest.mark.parametrize("value", [-0.1, np.inf, np.nan, True])
def test_numbers_below_nought_are_refused(optimiser: type[Adam], name: str, value: float):
    expected = f"{optimiser.__name__} expects {name} to be a number ≥ 0, got"
    with pytest.raises(ConfigError, match=expected):
        optimiser(**{name: value})


@pytest.mark.parametrize("betas", [(1, 0.9), (-0.1, 0.9), (0.9, 1.5), (0.9, np.nan)])
def test_betas_lie_below_one(betas: tuple[float, float]):
    with pytest.raises(ConfigError, match=r"Adam expects betas\[[01]\] to be from 0 up to 1, got"):
        Adam(betas=betas)


def test_gradients_and_moments_of_another_layer_are_refused():
    with pytest.raises(ShapeError, match=r"Adam of weight expects 1 on axis 0, got 2"):
        Adam().step(line(1), LinearGrads(Tensor(np.ones((2, 1))), None))
    with pytest.raises(DTypeError, match="AdamW of weight expects float32, got float64"):
        AdamW().step(line(1, np.float32), slope(1))
    other = LinearGrads(Tensor(np.ones((2, 1))), None)
    with pytest.raises(ShapeError, match=r"Adam of weight expects 1 on axis 0, got 2"):
        Adam().step(line(1), slope(1), Moments(1, other, other))
    with pytest.raises(ShapeError, match=r"gradients of a BatchNorm2D\[3\], got a LinearGrads"):
        Adam().step(BatchNorm2D.init(3), slope(1))


class Classifier(Layer):
    norm: BatchNorm2D[L[3]]
    head: Linear[L[3], L[5]]

    def __call__(self, x: Tensor[*B, L[3], H, W]) -> Tensor[*B, L[5]]:
        return self.head(global_avg_pool2d(relu(self.norm(x))))


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_ten_steps_lower_the_loss_of_any_layer(dtype: type):
    """Statistics are no parameters: they follow the batch, and no step moves them."""
    rng = np.random.default_rng(1)
    norm = BatchNorm2D.init(3, dtype=dtype).with_statistics()
    net = first = in_training(Classifier(norm, Linear.init(rng, 3, 5, dtype=dtype)))
    x = Tensor(rng.standard_normal((6, 3, 4, 5)).astype(dtype))
    labels, adam, moments = Labels(rng.integers(0, 5, 6)), Adam(0.1), None
    before = [tensor.array.copy() for _, tensor in parameters(net)]
    found = []
    for _ in range(10):
        loss, pullback = vjp(lambda net: cross_entropy(net(x), labels), net)
        net, moments = adam.step(net, pullback(Tensor.ones(dtype=dtype)), moments)
        found.append(float(loss.array))
    assert found == sorted(found, reverse=True)
    assert all((a == b.array).all() for a, (_, b) in zip(before, parameters(first), strict=True))
    assert {tensor.dtype for _, tensor in parameters(net)} == {np.dtype(dtype)}
    assert {int(stored.batches) for _, stored in statistics(net)} == {10}
