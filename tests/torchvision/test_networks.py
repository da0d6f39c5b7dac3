"""The torchvision networks: their figures, names, sizes, and norms with stored statistics."""

import dataclasses

import numpy as np
import pytest

from typed_resnet import (
    BatchNorm2D,
    ConfigError,
    ShapeError,
    Tensor,
    global_avg_pool2d,
    torchvision,
)
from typed_resnet.layers import RunningStatistics
from typed_resnet.models import (
    in_evaluation,
    in_training,
    parameter_count,
    parameters,
    statistics,
    with_parameters,
)
from typed_resnet.torchvision.weights import arrays


@pytest.mark.parametrize(
    ("name", "count", "entries"),
    [
        ("resnet18", 11_689_512, 122),
        ("resnet34", 21_797_672, 218),
        ("resnet50", 25_557_032, 320),
        ("resnet101", 44_549_160, 626),
        ("resnet152", 60_192_808, 932),
    ],
)
def test_parameters_and_entries_are_torchvisions(name: str, count: int, entries: int):
    net = getattr(torchvision, name)()
    assert parameter_count(net) == count
    assert len(arrays(net)) == entries
    assert len(list(statistics(net))) == entries // 6 or name == "resnet18"


def test_names_are_torchvisions():
    names = list(arrays(torchvision.resnet50(10)))
    assert names[:6] == [
        "conv1.weight",
        "bn1.weight",
        "bn1.bias",
        "bn1.running_mean",
        "bn1.running_var",
        "bn1.num_batches_tracked",
    ]
    for name in (
        "layer1.0.downsample.0.weight",
        "layer1.0.downsample.1.running_var",
        "layer3.5.conv3.weight",
        "layer4.2.bn3.num_batches_tracked",
        "fc.bias",
    ):
        assert name in names
    assert not [name for name in names if name.startswith("layer1.1.downsample")]


@pytest.mark.parametrize("size", [(64, 64), (187, 251), (33, 1)])
def test_each_stage_after_the_first_halves_the_map(size: tuple[int, int]):
    net = torchvision.resnet18(10, rng=np.random.default_rng(0))
    x = Tensor.zeros(2, 3, *size)
    y = net.maxpool(net.bn1(net.conv1(x)))
    halved = size
    for factor, stage in enumerate((net.layer1, net.layer2, net.layer3, net.layer4), 2):
        y = stage(y)
        halved = tuple(-(-side // 2**factor) for side in size)
        assert y.shape[2:] == halved
    assert net.fc(global_avg_pool2d(y)).shape == (2, 10)


def test_the_norm_takes_stored_statistics_out_of_training():
    rng = np.random.default_rng(0)
    mean, variance = rng.standard_normal(3), rng.random(3) + 0.5
    norm = _norm(mean, variance)
    x = rng.standard_normal((2, 3, 4, 5))
    expected = (x - mean[:, None, None]) / np.sqrt(variance + 1e-5)[:, None, None]
    np.testing.assert_allclose(norm(Tensor(x)).array, expected, rtol=1e-13)
    dy = rng.standard_normal(x.shape)
    grads, dx = norm.backward(Tensor(x), Tensor(dy))
    np.testing.assert_allclose(dx.array, dy / np.sqrt(variance + 1e-5)[:, None, None], rtol=1e-13)
    np.testing.assert_allclose(grads.gamma.array, (dy * expected).sum((0, 2, 3)), rtol=1e-12)
    np.testing.assert_allclose(grads.beta.array, dy.sum((0, 2, 3)), rtol=1e-12)


def test_in_training_the_stored_statistics_follow_the_batch():
    rng = np.random.default_rng(0)
    norm = _norm(np.zeros(3), np.ones(3))
    trained = in_training(norm)
    x = 2 + 3 * rng.standard_normal((2, 3, 4, 5))
    y = trained(Tensor(x))
    plain = BatchNorm2D(norm.gamma, norm.beta, norm.eps)
    assert (y.array == plain(Tensor(x)).array).all()
    stored = norm.statistics
    assert stored is not None
    np.testing.assert_allclose(stored.mean.array, 0.1 * x.mean((0, 2, 3)))
    np.testing.assert_allclose(stored.variance.array, 0.9 + 0.1 * x.var((0, 2, 3), ddof=1))
    assert stored.batches == 1
    trained.vjp(Tensor(x))
    assert stored.batches == 2
    assert (in_evaluation(trained)(Tensor(x)).array == norm(Tensor(x)).array).all()


def test_one_value_a_channel_cannot_be_trained_on():
    with pytest.raises(ShapeError, match="at least 2 values a channel, got 1"):
        in_training(_norm(np.zeros(3), np.ones(3)))(Tensor(np.zeros((3, 1, 1))))
    with pytest.raises(ConfigError, match="momentum to be a number > 0, got 0"):
        RunningStatistics(Tensor.zeros(3), Tensor.ones(3), np.array(0), momentum=0)


def test_gradients_agree_with_central_differences():
    """Along one random direction of all parameters and x, in evaluation."""
    rng = np.random.default_rng(0)
    net = torchvision.resnet18(3, rng=rng, dtype=np.float64)
    x = rng.standard_normal((3, 33, 40))
    held = {key: tensor.array for key, tensor in parameters(net)}
    along = {key: 0.01 * rng.standard_normal(array.shape) for key, array in held.items()}
    along_x = rng.standard_normal(x.shape)

    def at(step: float) -> np.ndarray:
        moved = {key: array + step * along[key] for key, array in held.items()}
        return with_parameters(net, moved)(Tensor(x + step * along_x)).array

    dy = rng.standard_normal(3)
    grads, dx = net.backward(Tensor(x), Tensor(dy))
    slopes = {key: np.vdot(tensor.array, along[key]) for key, tensor in parameters(grads)}
    assert list(slopes) == list(held)
    step = 1e-6
    measured = np.vdot(at(step) - at(-step), dy) / (2 * step)
    assert np.isclose(sum(slopes.values()) + np.vdot(dx.array, along_x), measured, rtol=1e-4)


def _norm(mean: np.ndarray, variance: np.ndarray) -> BatchNorm2D:
    channels = len(mean)
    stored = RunningStatistics(Tensor(mean), Tensor(variance), np.array(0))
    plain = BatchNorm2D.init(channels, eps=1e-5, dtype=np.float64)
    return dataclasses.replace(plain, statistics=stored)
