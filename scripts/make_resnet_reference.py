"""Make tests/data/resnet.npz and training.npz: a small ResNet in PyTorch, in float64.

    python scripts/make_resnet_reference.py [FOLDER]

needs the dependency group `oracles`. The model below is written from the formulas of the
specification (TorchLean, NN.Spec.Models.Resnet) on `torch.nn.functional` and knows nothing of this
library but the names of its parameters. Keys are `projections/…` and `plain/…`, then a parameter's
name, or x, y, dy, dx, or `d` and a parameter's name for its gradient. `training.npz` holds images,
labels, and the losses of ten steps of SGD from the weights of `projections/…`.
"""

import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
import torch
from torch.nn import functional as F  # noqa: N812

Weights = dict[str, torch.Tensor]

EPS = 1e-6

# Stem, then the four stages: 3 to 4 and 4 to 5 channels pad, 5 to 2 slices.
WIDTHS = [3, 3, 4, 5, 2]
BLOCKS = [2, 1, 3, 1]
IMAGE = (2, 2, 21, 19)
CLASSES = 3

SGD = {"lr": 0.05, "momentum": 0.9, "weight_decay": 5e-3}


def network(weights: Weights, x: torch.Tensor, stem: tuple[int, int], pool: tuple[int, int]):
    """Return logits: `stem` is its stride and padding, `pool` its window and stride."""
    stride, padding = stem
    y = convolve(weights, "initial_conv", x, stride, padding)
    y = F.relu(normalise(weights, "initial_bn", y))
    y = F.max_pool2d(y, *pool)
    for stage in ("layer1", "layer2", "layer3", "layer4"):
        y = block(weights, f"{stage}.first", y)
        index = 0
        while f"{stage}.rest.{index}.conv1.kernel" in weights:
            y = block(weights, f"{stage}.rest.{index}", y)
            index += 1
    return F.linear(y.mean((2, 3)), weights["classifier.weight"], weights["classifier.bias"])


def block(weights: Weights, name: str, x: torch.Tensor) -> torch.Tensor:
    """Run a basic block, or a bottleneck where there are three convolutions."""
    y, number = x, 1
    while f"{name}.conv{number}.kernel" in weights:
        y = F.relu(y) if number > 1 else y
        padding = weights[f"{name}.conv{number}.kernel"].shape[2] // 2
        y = convolve(weights, f"{name}.conv{number}", y, 1, padding)
        y = normalise(weights, f"{name}.bn{number}", y)
        number += 1
    return F.relu(y + shortcut(weights, name, x, y.shape[1]))


def shortcut(weights: Weights, name: str, x: torch.Tensor, channels: int):
    if f"{name}.projection.conv.kernel" in weights:
        y = convolve(weights, f"{name}.projection.conv", x, 1, 0)
        norm = f"{name}.projection.bn"
        return normalise(weights, norm, y) if f"{norm}.gamma" in weights else y
    x = x[:, :channels]
    return F.pad(x, (0, 0, 0, 0, 0, channels - x.shape[1]))


def convolve(weights: Weights, name: str, x: torch.Tensor, stride: int, padding: int):
    bias = weights.get(f"{name}.bias")
    return F.conv2d(x, weights[f"{name}.kernel"], bias, stride, padding)


def normalise(weights: Weights, name: str, x: torch.Tensor) -> torch.Tensor:
    gamma, beta = weights[f"{name}.gamma"], weights[f"{name}.beta"]
    return F.batch_norm(x, None, None, gamma, beta, True, 0.0, EPS)


def shapes(projections: bool) -> dict[str, tuple[int, ...]]:
    """List the parameters of the small network."""
    found: dict[str, tuple[int, ...]] = {
        "initial_conv.kernel": (WIDTHS[0], IMAGE[1], 7, 7),
        "initial_conv.bias": (WIDTHS[0],),
        "initial_bn.gamma": (WIDTHS[0],),
        "initial_bn.beta": (WIDTHS[0],),
    }
    for stage, blocks in enumerate(BLOCKS, 1):
        before, width = WIDTHS[stage - 1], WIDTHS[stage]
        for index in range(blocks):
            name = f"layer{stage}." + (f"rest.{index - 1}" if index else "first")
            channels = width if index else before
            convolutions = [("conv1", "bn1", channels, 3), ("conv2", "bn2", width, 3)]
            if projections and channels != width:
                convolutions.append(("projection.conv", "projection.bn", channels, 1))
            for conv, norm, channels_in, window in convolutions:
                found[f"{name}.{conv}.kernel"] = (width, channels_in, window, window)
                found[f"{name}.{conv}.bias"] = (width,)
                found[f"{name}.{norm}.gamma"] = (width,)
                found[f"{name}.{norm}.beta"] = (width,)
    found["classifier.weight"] = (CLASSES, WIDTHS[4])
    found["classifier.bias"] = (CLASSES,)
    return found


def differentiated(projections: bool, rng: np.random.Generator) -> dict[str, np.ndarray]:
    """Draw weights, an image and dy; return them with logits and gradients."""
    arrays = {
        name: 0.5 * rng.standard_normal(shape) for name, shape in shapes(projections).items()
    }
    arrays["x"] = rng.standard_normal(IMAGE)
    leaves = {name: torch.tensor(value, requires_grad=True) for name, value in arrays.items()}
    y = network(leaves, leaves["x"], (2, 3), (3, 2))
    arrays["dy"] = rng.standard_normal(tuple(y.shape))
    y.backward(torch.tensor(arrays["dy"]))
    grads = {
        f"d{name}": leaf.grad.numpy() for name, leaf in leaves.items() if leaf.grad is not None
    }
    return {**arrays, "y": y.detach().numpy(), **grads}


def losses(
    weights: Weights,
    forward: Callable[[], torch.Tensor],
    labels: np.ndarray,
    numbers: dict[str, float],
) -> np.ndarray:
    """Train for ten steps; return the loss before each."""
    sgd = torch.optim.SGD(weights.values(), **numbers)
    found = np.zeros(10)
    for step in range(len(found)):
        sgd.zero_grad()
        loss = F.cross_entropy(forward(), torch.tensor(labels))
        loss.backward()
        sgd.step()
        found[step] = loss.item()
    return found


def trained(arrays: dict[str, np.ndarray], rng: np.random.Generator) -> dict[str, np.ndarray]:
    """Draw images and labels; return them with the losses."""
    x, labels = rng.standard_normal((6, *IMAGE[1:])), rng.integers(0, CLASSES, 6)
    weights = {name: torch.tensor(arrays[name], requires_grad=True) for name in shapes(True)}
    logits = partial(network, weights, torch.tensor(x), (2, 3), (3, 2))
    return {"x": x, "labels": labels, "losses": losses(weights, logits, labels, SGD)}


def main(folder: Path) -> None:
    rng = np.random.default_rng(1512_03385)
    plain, projected = differentiated(False, rng), differentiated(True, rng)
    found = {f"plain/{name}": array for name, array in plain.items()}
    found |= {f"projections/{name}": array for name, array in projected.items()}
    np.savez_compressed(folder / "resnet.npz", **found)  # type: ignore[arg-type]  # names are strings
    np.savez_compressed(folder / "training.npz", **trained(projected, rng))  # type: ignore[arg-type]  # as above


if __name__ == "__main__":
    main(Path(sys.argv[1]) if sys.argv[1:] else Path(__file__).parents[1] / "tests" / "data")
