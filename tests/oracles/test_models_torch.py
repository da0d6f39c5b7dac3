"""The specification's networks against a PyTorch model that carries the same weights."""

import importlib.util
from functools import partial
from pathlib import Path
from types import ModuleType
from typing import Any, TypeVar

import numpy as np
import pytest
import torch
from tests.optim.training import losses

from typed_resnet import ResNet, ResNetConfig, Tensor, resnet18, resnet18_with_projections
from typed_resnet.models import BottleneckResNet, parameters, with_parameters
from typed_resnet.ops import Labels
from typed_resnet.optim import SGD

pytestmark = pytest.mark.oracle

ROOT = Path(__file__).parents[2]
STEM, POOL = (2, 3), (3, 2)
BOTTLENECKS: dict[str, Any] = {
    "stem_out_channels": 8,
    "stage1_out_channels": 32,
    "stage2_out_channels": 32,
    "stage3_out_channels": 48,
    "stage4_out_channels": 16,
    "stage2_blocks": 1,
    "stage3_blocks": 3,
    "stage4_blocks": 1,
}

Net = TypeVar("Net", ResNet, BottleneckResNet)


@pytest.fixture(scope="module")
def script() -> ModuleType:
    path = ROOT / "scripts/make_resnet_reference.py"
    spec = importlib.util.spec_from_file_location("make_resnet_reference", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def drawn(net: Net, rng: np.random.Generator) -> Net:
    """Give every parameter a value of its own, biases and norms included."""
    return with_parameters(
        net,
        {
            name: tensor.array + 0.1 * rng.standard_normal(tensor.array.shape)
            for name, tensor in parameters(net)
        },
    )


def logits(script: ModuleType, net: Net, x: np.ndarray) -> np.ndarray:
    weights = {name: torch.from_numpy(tensor.array) for name, tensor in parameters(net)}
    return script.network(weights, torch.from_numpy(x), STEM, POOL).numpy()


@pytest.mark.parametrize("shape", [(1, 3, 64, 64), (2, 3, 45, 50), (1, 3, 224, 224)])
@pytest.mark.parametrize("make", [resnet18, resnet18_with_projections])
def test_resnet18_gives_the_logits_of_pytorch(script, make, shape: tuple[int, ...]):
    rng = np.random.default_rng(0)
    net = drawn(make(3, 10, rng, dtype=np.float64), rng)
    x = rng.standard_normal(shape)
    expected = logits(script, net, x)
    y = net(Tensor(x)).array
    assert np.abs(y - expected).max() < 1e-12 * np.abs(expected).max()


@pytest.mark.parametrize("shape", [(1, 3, 64, 64), (2, 3, 45, 50)])
@pytest.mark.parametrize("make", [resnet18, resnet18_with_projections])
def test_resnet18_gives_the_gradients_of_pytorch(script, make, shape: tuple[int, ...]):
    """Each to 1e-9 of its own largest entry; dead biases to 1e-9 of the largest of all."""
    rng = np.random.default_rng(0)
    net = drawn(make(3, 10, rng, dtype=np.float64), rng)
    x = rng.standard_normal(shape)
    compare_gradients(script, net, x, rng)


@pytest.mark.parametrize("projections", [True, False])
def test_bottlenecks_give_the_logits_and_gradients_of_pytorch(script, projections: bool):
    """Stages of 2, 1, 3 and 1 blocks; channels that grow, stay and fall."""
    config = ResNetConfig(**BOTTLENECKS, use_projection_shortcuts=projections)
    rng = np.random.default_rng(0)
    net = drawn(BottleneckResNet.init(rng, config, 3, 10, dtype=np.float64), rng)
    x = rng.standard_normal((2, 3, 45, 50))
    expected = logits(script, net, x)
    assert np.abs(net(Tensor(x)).array - expected).max() < 1e-12 * np.abs(expected).max()
    compare_gradients(script, net, x, rng)


def compare_gradients(script: ModuleType, net: Net, x: np.ndarray, rng: np.random.Generator):
    """Assert that all gradients are PyTorch's, to 1e-9."""
    leaves = {
        name: torch.tensor(tensor.array, requires_grad=True) for name, tensor in parameters(net)
    }
    leaves["x"] = torch.tensor(x, requires_grad=True)
    y = script.network(leaves, leaves["x"], STEM, POOL)
    dy = rng.standard_normal(tuple(y.shape))
    y.backward(torch.tensor(dy))
    grads, dx = net.backward(Tensor(x), Tensor(dy))
    expected = {name: leaf.grad.numpy() for name, leaf in leaves.items() if leaf.grad is not None}
    largest = max(np.abs(array).max() for array in expected.values())
    for name, tensor in (("x", dx), *parameters(grads)):
        dead = name.endswith("bias") and not name.startswith("classifier")
        scale = largest if dead else np.abs(expected[name]).max()
        assert np.abs(tensor.array - expected[name]).max() < 1e-9 * scale, name


@pytest.mark.parametrize("projections", [True, False])
def test_deeper_stages_and_other_widths(script, projections: bool):
    """Stages of 3, 4, 6 and 3 blocks; channels that grow, stay and fall."""
    config = ResNetConfig(
        stem_out_channels=8,
        stage1_out_channels=12,
        stage2_out_channels=12,
        stage3_out_channels=6,
        stage4_out_channels=10,
        stage1_blocks=3,
        stage2_blocks=4,
        stage3_blocks=6,
        stage4_blocks=3,
        use_projection_shortcuts=projections,
    )
    rng = np.random.default_rng(0)
    net = drawn(ResNet.init(rng, config, 1, 5, dtype=np.float64), rng)
    x = rng.standard_normal((2, 1, 40, 33))
    expected = logits(script, net, x)
    assert np.abs(net(Tensor(x)).array - expected).max() < 1e-12 * np.abs(expected).max()


@pytest.mark.parametrize("file", ["resnet.npz", "training.npz"])
def test_the_stored_network_is_what_the_script_makes(script, tmp_path: Path, file: str):
    script.main(tmp_path)
    stored_path = ROOT / "tests/data" / file
    assert stored_path.stat().st_size < 200_000
    with np.load(stored_path) as stored, np.load(tmp_path / file) as made:
        assert set(stored) == set(made)
        for key in stored:
            np.testing.assert_allclose(made[key], stored[key], rtol=1e-10, atol=1e-12, strict=True)


def bottlenecks(channels: int, classes: int, rng: np.random.Generator, dtype: type) -> Any:
    config = ResNetConfig(**BOTTLENECKS, use_projection_shortcuts=True)
    return BottleneckResNet.init(rng, config, channels, classes, dtype=dtype)


@pytest.mark.parametrize("make", [resnet18, resnet18_with_projections, bottlenecks])
def test_ten_steps_of_training_have_the_losses_of_pytorch(script, make):
    """Reached: 2e-15, of losses that fall to 0.2.

    Weights that move much further a step move chaotically: at 50 times the rate, a difference of
    1e-15 grows tenfold with each.
    """
    rng = np.random.default_rng(0)
    net = make(3, 10, rng, dtype=np.float64)
    x, labels = rng.standard_normal((4, 3, 33, 37)), rng.integers(0, 10, 4)
    weights = {
        name: torch.tensor(tensor.array, requires_grad=True) for name, tensor in parameters(net)
    }
    logits = partial(script.network, weights, torch.tensor(x), STEM, POOL)
    numbers = script.SGD | {"lr": 1e-3}
    expected = script.losses(weights, logits, labels, numbers)
    found = losses(net, Tensor(x), Labels(labels), SGD(**numbers))
    assert np.abs(found - expected).max() < 1e-6
    assert found[-1] < found[0]
