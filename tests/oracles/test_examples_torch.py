"""The example models train to the losses of the same models in PyTorch, step by step."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from examples import lenet, mixer, unet
from torch import nn
from torch.nn import functional

from typed_resnet import Layer, Tensor
from typed_resnet.models import parameters
from typed_resnet.ops import Labels

pytestmark = pytest.mark.oracle

STEPS = 5

Weights = dict[str, torch.Tensor]


def weights_of(net: Layer) -> Weights:
    """Copy the parameters into PyTorch's, under their names here."""
    named = ((name, torch.tensor(t.array, requires_grad=True)) for name, t in parameters(net))
    return dict(named)


def losses(
    weights: Weights, cost: Callable[[Weights], torch.Tensor], optimiser: torch.optim.Optimizer
) -> list[float]:
    found = []
    for _ in range(STEPS):
        optimiser.zero_grad()
        loss = cost(weights)
        loss.backward()  # type: ignore[no-untyped-call]  # PyTorch's own
        optimiser.step()
        found.append(loss.item())
    return found


def affine(weights: Weights, name: str, x: torch.Tensor) -> torch.Tensor:
    return functional.linear(x, weights[f"{name}.weight"], weights[f"{name}.bias"])


def convolved(weights: Weights, name: str, x: torch.Tensor, padding: int) -> torch.Tensor:
    kernel, bias = weights[f"{name}.kernel"], weights[f"{name}.bias"]
    return functional.conv2d(x, kernel, bias, padding=padding)


def normed(weights: Weights, name: str, x: torch.Tensor) -> torch.Tensor:
    gamma, beta = weights[f"{name}.gamma"], weights[f"{name}.beta"]
    return functional.layer_norm(x, x.shape[-1:], gamma, beta)


def test_lenet():
    rng = np.random.default_rng(3)
    net = lenet.lenet5(rng, np.float64)
    x, labels = rng.standard_normal((7, 1, 32, 32)), rng.integers(0, 10, 7)

    def cost(weights: Weights) -> torch.Tensor:
        y = torch.from_numpy(x)
        for name in ("conv1", "conv2"):
            y = functional.avg_pool2d(torch.tanh(convolved(weights, name, y, 0)), 2)
        y = torch.tanh(affine(weights, "fc1", y.flatten(1)))
        y = affine(weights, "fc3", torch.tanh(affine(weights, "fc2", y)))
        return functional.cross_entropy(y, torch.from_numpy(labels))

    weights = weights_of(net)
    sgd = torch.optim.SGD(weights.values(), lr=0.05, momentum=0.9)
    expected = losses(weights, cost, sgd)
    found = lenet.train(net, Tensor(x), Labels(labels), STEPS)
    np.testing.assert_allclose(found, expected, rtol=1e-11)
    assert found[-1] < found[0]


def test_unet():
    rng = np.random.default_rng(4)
    net = unet.unet(rng, np.float64)
    noisy, clean = rng.standard_normal((2, 1, 12, 20)), rng.standard_normal((2, 1, 12, 20))

    def twice(weights: Weights, name: str, x: torch.Tensor) -> torch.Tensor:
        y = torch.relu(convolved(weights, f"{name}.conv1", x, 1))
        return torch.relu(convolved(weights, f"{name}.conv2", y, 1))

    def cost(weights: Weights) -> torch.Tensor:
        whole = twice(weights, "enter", torch.from_numpy(noisy))
        half = twice(weights, "down", functional.max_pool2d(whole, 2))
        quarter = twice(weights, "bottom", functional.max_pool2d(half, 2))
        up = nn.Upsample(scale_factor=2)
        half = twice(weights, "up", torch.cat([up(quarter), half], 1))
        whole = twice(weights, "leave", torch.cat([up(half), whole], 1))
        y = convolved(weights, "head", whole, 0)
        return functional.mse_loss(y, torch.from_numpy(clean))

    weights = weights_of(net)
    expected = losses(weights, cost, torch.optim.Adam(weights.values(), lr=0.002))
    found = unet.train(net, Tensor(noisy), Tensor(clean), STEPS)
    np.testing.assert_allclose(found, expected, rtol=1e-9)
    assert found[-1] < found[0]


def test_mixer():
    rng = np.random.default_rng(5)
    net: Any = mixer.mixer(rng, np.float64)
    patches, labels = rng.standard_normal((6, 9, 25)), rng.integers(0, 4, 6)

    def mlp(weights: Weights, name: str, x: torch.Tensor) -> torch.Tensor:
        return affine(weights, f"{name}.fc2", functional.gelu(affine(weights, f"{name}.fc1", x)))

    def cost(weights: Weights) -> torch.Tensor:
        y = affine(weights, "embed", torch.from_numpy(patches))
        for block in ("blocks.0", "blocks.1"):
            mixed = mlp(weights, f"{block}.tokens", normed(weights, f"{block}.norm1", y).mT)
            y = y + mixed.mT
            y = y + mlp(weights, f"{block}.channels", normed(weights, f"{block}.norm2", y))
        y = affine(weights, "head", normed(weights, "norm", y).mean(-2))
        return functional.cross_entropy(y, torch.from_numpy(labels))

    weights = weights_of(net)
    expected = losses(weights, cost, torch.optim.AdamW(weights.values(), lr=0.01))
    found = mixer.train(net, Tensor(patches), Labels(labels), STEPS)
    np.testing.assert_allclose(found, expected, rtol=1e-9)
    assert found[-1] < found[0]
