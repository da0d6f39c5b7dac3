"""SGD: its rule by hand, any layer, what is refused; a training step lowers the loss."""

from fractions import Fraction

import numpy as np
import pytest

from typed_resnet import (
    BatchNorm2D,
    ConfigError,
    Conv2D,
    DTypeError,
    Linear,
    ResNet,
    ResNetConfig,
    ShapeError,
    Tensor,
    torchvision,
)
from typed_resnet.layers import LinearGrads
from typed_resnet.models import BottleneckResNet, in_training, parameters
from typed_resnet.ops import Labels, cross_entropy, cross_entropy_vjp
from typed_resnet.optim import SGD

SMALL = ResNetConfig(
    stem_out_channels=4,
    stage1_out_channels=4,
    stage2_out_channels=8,
    stage3_out_channels=8,
    stage4_out_channels=8,
    use_projection_shortcuts=True,
)


def whole(*values: int) -> Tensor:
    return Tensor(np.array([[Fraction(value) for value in values]], object))


def test_two_steps_by_hand_in_fractions():
    """Of 1 - 1/2 (2 + 1/10), then v = 9/10 21/10 + (4 - 1/10 1/20)."""
    layer = Linear(whole(1), None)
    sgd = SGD(0.5, momentum=0.9, weight_decay=0.1)
    layer, velocity = sgd.step(layer, LinearGrads(whole(2), None))
    assert layer.weight.array.tolist() == [[Fraction(-1, 20)]]
    assert velocity.weight.array.tolist() == [[Fraction(21, 10)]]
    layer, velocity = sgd.step(layer, LinearGrads(whole(4), None), velocity)
    v = Fraction(9, 10) * Fraction(21, 10) + 4 - Fraction(1, 200)
    assert velocity.weight.array.tolist() == [[v]]
    assert layer.weight.array.tolist() == [[Fraction(-1, 20) - v / 2]]


@pytest.mark.parametrize("dtype", [np.float32, np.float64, np.longdouble])
def test_nothing_is_changed_in_place_and_scalars_stay(dtype: type):
    rng = np.random.default_rng(0)
    layer = Conv2D.init(rng, 2, 3, 3, dtype=dtype)
    x = Tensor(rng.standard_normal((2, 5, 5)).astype(dtype))
    y, pullback = layer.vjp(x)
    grads, _ = pullback(y)
    before = [tensor.array.copy() for _, tensor in (*parameters(layer), *parameters(grads))]
    sgd = SGD(0.1, momentum=0.9, weight_decay=0.01)
    _, velocity = sgd.step(layer, grads)
    moved, _ = sgd.step(layer, grads, velocity)
    after = [tensor.array for _, tensor in (*parameters(layer), *parameters(grads))]
    assert all((a == b).all() for a, b in zip(before, after, strict=True))
    assert {tensor.dtype for _, tensor in parameters(moved)} == {np.dtype(dtype)}
    assert type(velocity) is type(grads)
    assert (moved.stride, moved.padding) == (layer.stride, layer.padding)


@pytest.mark.parametrize("name", ["lr", "momentum", "weight_decay"])
@pytest.mark.parametrize("value", [-0.1, np.inf, np.nan, True])
def test_numbers_below_nought_are_refused(name: str, value: float):
    with pytest.raises(ConfigError, match=f"SGD expects {name} to be a number ≥ 0, got"):
        SGD(**{"lr": 0.1, name: value})


def test_gradients_of_another_layer_are_refused():
    layer = Linear.init(None, 3, 2)
    y, pullback = Linear.init(None, 3, 4).vjp(Tensor.zeros(3))
    with pytest.raises(ShapeError, match=r"SGD of weight expects 2 on axis 0, got 4"):
        SGD(0.1).step(layer, pullback(y)[0])
    y, pullback = Linear.init(None, 3, 2, bias=False).vjp(Tensor.zeros(3))
    with pytest.raises(ShapeError, match=r"gradients of a Linear\[3, 2\], got a LinearGrads"):
        SGD(0.1).step(layer, pullback(y)[0])
    norm = BatchNorm2D.init(3, dtype=np.float64)
    single = BatchNorm2D.init(3)
    grads, _ = single.backward(Tensor.zeros(3, 2, 2), Tensor.zeros(3, 2, 2))
    with pytest.raises(DTypeError, match="SGD of gamma expects float64, got float32"):
        SGD(0.1).step(norm, grads)


def networks() -> list:
    rng = np.random.default_rng(0)
    return [
        ResNet.init(rng, SMALL, 3, 5, dtype=np.float64),
        BottleneckResNet.init(rng, SMALL, 3, 5, dtype=np.float64),
        in_training(torchvision.resnet18(5, rng=rng, dtype=np.float64)),
    ]


@pytest.mark.parametrize("net", networks(), ids=["spec", "bottlenecks", "torchvision"])
def test_a_training_step_lowers_the_loss(net):
    rng = np.random.default_rng(1)
    x = Tensor(rng.standard_normal((6, 3, 33, 40)))
    labels = Labels(rng.integers(0, 5, 6))
    y, pullback = net.vjp(x)
    loss, dloss = cross_entropy_vjp(y, labels)
    grads, _ = pullback(dloss(Tensor.ones(dtype=np.float64)))
    moved, _ = SGD(0.01, momentum=0.9, weight_decay=1e-4).step(net, grads)
    assert cross_entropy(moved(x), labels).array < loss.array
