"""The torchvision networks against a PyTorch model that reads the same names.

torchvision itself is not needed: the model below is written on `torch.nn.functional` from the
paper's table 1 and torchvision's state-dict names.
"""

import numpy as np
import pytest
import torch
from tests.optim.training import losses
from torch.nn import functional as F  # noqa: N812

from typed_resnet import Tensor, torchvision
from typed_resnet.models import in_training, parameters, with_parameters
from typed_resnet.ops import Labels
from typed_resnet.optim import SGD
from typed_resnet.torchvision.weights import arrays, torchvisions_name

pytestmark = pytest.mark.oracle

State = dict[str, torch.Tensor]


def network(state: State, x: torch.Tensor, training: bool) -> torch.Tensor:
    y = F.relu(norm(state, "bn1", F.conv2d(x, state["conv1.weight"], None, 2, 3), training))
    y = F.max_pool2d(y, 3, 2, 1)
    for stage in range(1, 5):
        index = 0
        while f"layer{stage}.{index}.conv1.weight" in state:
            stride = 2 if stage > 1 and index == 0 else 1
            y = block(state, f"layer{stage}.{index}", y, stride, training)
            index += 1
    return F.linear(y.mean((2, 3)), state["fc.weight"], state["fc.bias"])


def block(state: State, name: str, x: torch.Tensor, stride: int, training: bool) -> torch.Tensor:
    bottleneck = f"{name}.conv3.weight" in state
    y = x
    for number in (1, 2, 3) if bottleneck else (1, 2):
        weight = state[f"{name}.conv{number}.weight"]
        step = stride if number == (2 if bottleneck else 1) else 1
        y = F.conv2d(F.relu(y) if number > 1 else y, weight, None, step, weight.shape[2] // 2)
        y = norm(state, f"{name}.bn{number}", y, training)
    if f"{name}.downsample.0.weight" in state:
        x = F.conv2d(x, state[f"{name}.downsample.0.weight"], None, stride)
        x = norm(state, f"{name}.downsample.1", x, training)
    return F.relu(y + x)


def norm(state: State, name: str, x: torch.Tensor, training: bool) -> torch.Tensor:
    stored = state[f"{name}.running_mean"], state[f"{name}.running_var"]
    affine = state[f"{name}.weight"], state[f"{name}.bias"]
    return F.batch_norm(x, *stored, *affine, training, 0.1, 1e-5)


def drawn(name: str, dtype: type):
    """Give every parameter and every stored statistic a value of its own."""
    rng = np.random.default_rng(0)
    net = getattr(torchvision, name)(7, rng=rng, dtype=dtype)
    values = {
        key: (tensor.array + 0.05 * rng.standard_normal(tensor.array.shape)).astype(dtype)
        for key, tensor in parameters(net)
    }
    net = with_parameters(net, values)
    for key, array in arrays(net).items():
        if key.endswith("running_mean"):
            array[...] = 0.1 * rng.standard_normal(array.shape)
        elif key.endswith("running_var"):
            array[...] = 1 + 0.5 * rng.random(array.shape)
    return net


def state_of(net) -> State:
    return {name: torch.tensor(array) for name, array in arrays(net).items()}


@pytest.mark.parametrize("size", [(224, 224), (187, 251)])
@pytest.mark.parametrize("name", ["resnet18", "resnet34", "resnet50", "resnet101", "resnet152"])
def test_logits_in_float32(name: str, size: tuple[int, int]):
    """Reached: 7.3e-7 of the largest logit."""
    net = drawn(name, np.float32)
    x = np.random.default_rng(1).standard_normal((1, 3, *size)).astype(np.float32)
    expected = network(state_of(net), torch.tensor(x), training=False).numpy()
    y = net(Tensor(x)).array
    assert y.dtype == np.float32
    assert np.abs(y - expected).max() < 1e-5 * np.abs(expected).max()


@pytest.mark.parametrize("training", [False, True])
@pytest.mark.parametrize("name", ["resnet18", "resnet50"])
def test_all_gradients_in_float64(name: str, training: bool):
    """Reached in evaluation: 1.1e-14 of each gradient's largest entry."""
    net = drawn(name, np.float64)
    net = in_training(net) if training else net
    rng = np.random.default_rng(1)
    x, dy = rng.standard_normal((2, 3, 65, 70)), rng.standard_normal((2, 7))
    state = state_of(net)
    leaves = {torchvisions_name(key): key for key, _ in parameters(net)}
    for key in leaves:
        state[key].requires_grad_()
    given = torch.tensor(x, requires_grad=True)
    expected = network(state, given, training)
    expected.backward(torch.tensor(dy))
    y, pullback = net.vjp(Tensor(x))
    grads, dx = pullback(Tensor(dy))
    assert difference(y.array, expected) < 1e-9
    assert difference(dx.array, given.grad) < 1e-9
    for key, tensor in parameters(grads):
        assert difference(tensor.array, state[torchvisions_name(key)].grad) < 1e-9, key
    for key, array in arrays(net).items():  # stored statistics, moved alike in training
        if "running" in key:
            assert difference(array, state[key]) < 1e-12, key


def test_ten_steps_of_training_have_the_losses_of_pytorch():
    """Reached: 4e-15, of losses that go from 2.1 to 0.03."""
    net = in_training(drawn("resnet18", np.float64))
    rng = np.random.default_rng(1)
    x, labels = rng.standard_normal((4, 3, 65, 70)), rng.integers(0, 7, 4)
    state = state_of(net)
    weights = [state[torchvisions_name(key)].requires_grad_() for key, _ in parameters(net)]
    numbers = {"lr": 5e-4, "momentum": 0.9, "weight_decay": 1e-3}
    sgd = torch.optim.SGD(weights, **numbers)
    expected = np.zeros(10)
    for step in range(len(expected)):
        sgd.zero_grad()
        loss = F.cross_entropy(network(state, torch.tensor(x), True), torch.tensor(labels))
        loss.backward()
        sgd.step()
        expected[step] = loss.item()
    found = losses(net, Tensor(x), Labels(labels), SGD(**numbers))
    assert np.abs(found - expected).max() < 1e-6
    assert found[-1] < found[0]


def difference(found: np.ndarray, expected: torch.Tensor | None) -> float:
    assert expected is not None
    wanted = expected.detach().numpy()
    return float(np.abs(found - wanted).max() / np.abs(wanted).max())
