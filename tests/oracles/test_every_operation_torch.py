"""Every public operation and layer, under `vjp`, against torch.autograd in float64."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from test_ops_torch import BATCHES, TOLERANCE, TORCH, far, flat
from torch.nn import functional as F  # noqa: N812

from typed_resnet import Layer, Tensor, layers, ops, relu, vjp
from typed_resnet.layers import functions
from typed_resnet.records import parameters

pytestmark = pytest.mark.oracle

IMAGE = (4, 6, 8)
RNG = np.random.default_rng

Weights = dict[str, torch.Tensor]


def dropped(x: Any) -> np.ndarray:
    """What a dropout of seed 7 leaves of ones."""
    ones = Tensor(np.ones(tuple(x.shape)))
    return ops.dropout(ones, 0.25, RNG(7)).array


def labels_of(z: Any) -> np.ndarray:
    return RNG(5).integers(0, z.shape[-1], z.shape[:-1])


def torch_cross_entropy(z: torch.Tensor) -> torch.Tensor:
    labels = torch.from_numpy(np.asarray(labels_of(z)).reshape(-1))
    return F.cross_entropy(z.reshape(-1, z.shape[-1]), labels)


FUNCTIONS: dict[str, tuple[Callable[..., Any], Callable[..., torch.Tensor], list[Any]]] = {
    "+": (lambda x, y: x + y, lambda x, y: x + y, [IMAGE, IMAGE]),
    "-": (lambda x, y: x - y, lambda x, y: x - y, [IMAGE, IMAGE]),
    "*": (lambda x, y: x * y * 3.0, lambda x, y: x * y * 3.0, [IMAGE, IMAGE]),
    "/": (
        lambda x, y: x / ops.exp(y) / 3.0,
        lambda x, y: x / torch.exp(y) / 3.0,
        [IMAGE, IMAGE],
    ),
    "numbers on the right": (
        lambda x: (x + 3 - 0.5) / np.float32(3),
        lambda x: (x + 3 - 0.5) / 3,
        [IMAGE],
    ),
    "numbers on the left": (
        lambda x: np.float64(2) / (1 + ops.exp(2 - 3.0 * x)),
        lambda x: 2 / (1 + torch.exp(2 - 3.0 * x)),
        [IMAGE],
    ),
    "@": (lambda x, y: x @ y, lambda x, y: x @ y, [(3, 4), (4, 5)]),
    "negative": (lambda x: -x, lambda x: -x, [IMAGE]),
    "index": (
        lambda x: x[..., 1:-1, None, ::2],
        lambda x: x[..., 1:-1, None, ::2],
        [IMAGE],
    ),
    "reshape": (
        lambda x: ops.reshape(x, *x.shape[:-3], 12, 16),
        lambda x: x.reshape(*x.shape[:-3], 12, 16),
        [IMAGE],
    ),
    "broadcast_to": (
        lambda x: ops.broadcast_to(x, *x.shape[:-3], 4, 6, 8),
        lambda x: x.expand(*x.shape[:-3], 4, 6, 8),
        [(4, 1, 8)],
    ),
    "dropout": (
        lambda x: ops.dropout(x, 0.25, RNG(7)),
        lambda x: x * torch.from_numpy(dropped(x)),
        [IMAGE],
    ),
    "cross_entropy": (
        lambda z: ops.cross_entropy(z, ops.Labels(labels_of(z))),
        torch_cross_entropy,
        [(5,)],
    ),
    "linear": (ops.linear, F.linear, [(6,), [5, 6], [5]]),
    "conv2d": (
        lambda x, w, b: ops.conv2d(x, w, b, stride=2, padding=1),
        lambda x, w, b: flat(lambda z: F.conv2d(z, w, b, 2, 1), 3)(x),
        [IMAGE, [5, 4, 3, 3], [5]],
    ),
    "max_pool2d": (
        lambda x: ops.max_pool2d(x, 3, 2, 1),
        flat(lambda x: F.max_pool2d(x, 3, 2, 1), 3),
        [IMAGE],
    ),
    "relu": (relu, torch.relu, [IMAGE]),
    "global_avg_pool2d": (layers.global_avg_pool2d, lambda x: x.mean((-2, -1)), [IMAGE]),
    "pad_channels": (
        lambda x: layers.pad_channels(x, 7),
        lambda x: F.pad(x, (0, 0, 0, 0, 0, 3)),
        [IMAGE],
    ),
    "slice_channels": (
        lambda x: layers.slice_channels(x, 3),
        lambda x: x[..., :3, :, :],
        [IMAGE],
    ),
}
"""Ours, PyTorch's, and the shapes of the tensors; a list is that of a parameter, without batch."""


def normed(w: Weights, x: torch.Tensor) -> torch.Tensor:
    """Batch statistics over all but the channels."""
    return flat(
        lambda z: F.batch_norm(z, None, None, w["gamma"], w["beta"], training=True, eps=1e-5), 3
    )(x)


SETTINGS: Any = {
    "stride": (2, 1),
    "padding": (1, 0),
    "dilation": (1, 2),
    "groups": 2,
    "dtype": np.float64,
}
LAYERS: dict[str, tuple[Callable[[Any], Layer], Callable[[Weights, torch.Tensor], Any]]] = {
    "Conv2D": (
        lambda rng: layers.Conv2D.init(rng, 4, 5, 3, 2, 1, dtype=np.float64),
        lambda w, x: flat(lambda z: F.conv2d(z, w["kernel"], w["bias"], 2, 1), 3)(x),
    ),
    "GeneralConv2D": (
        lambda rng: layers.GeneralConv2D.init(rng, 4, 6, (3, 2), **SETTINGS),
        lambda w, x: flat(
            lambda z: F.conv2d(z, w["kernel"], w["bias"], (2, 1), (1, 0), (1, 2), 2), 3
        )(x),
    ),
    "Linear": (
        lambda rng: layers.Linear.init(rng, 8, 5, dtype=np.float64),
        lambda w, x: F.linear(x, w["weight"], w["bias"]),
    ),
    "BatchNorm2D": (
        lambda rng: layers.BatchNorm2D(
            Tensor.normal(rng, 1, 4, dtype=float), Tensor.normal(rng, 1, 4, dtype=float), 1e-5
        ),
        normed,
    ),
    "LayerNorm": (
        lambda rng: layers.LayerNorm(
            Tensor.normal(rng, 1, 8, dtype=float), Tensor.normal(rng, 1, 8, dtype=float), 1e-5
        ),
        lambda w, x: F.layer_norm(x, (8,), w["gamma"], w["beta"], 1e-5),
    ),
    "MaxPool2D": (
        lambda rng: layers.MaxPool2D(3, 2, 1),
        lambda w, x: flat(lambda z: F.max_pool2d(z, 3, 2, 1), 3)(x),
    ),
    "AvgPool2D": (
        lambda rng: layers.AvgPool2D(2),
        lambda w, x: flat(lambda z: F.avg_pool2d(z, 2), 3)(x),
    ),
    "Upsample": (
        lambda rng: layers.Upsample(3),
        lambda w, x: flat(lambda z: F.interpolate(z, scale_factor=3), 3)(x),
    ),
    "Flatten": (lambda rng: layers.Flatten(), lambda w, x: x.flatten(-3)),
    "Dropout": (
        lambda rng: layers.Dropout(0.25, RNG(7)),
        lambda w, x: x * torch.from_numpy(dropped(x)),
    ),
    "Sequential": (
        lambda rng: layers.Sequential(layers.Linear.init(rng, 8, 5, dtype=np.float64), relu),
        lambda w, x: torch.relu(F.linear(x, w["0.weight"], w["0.bias"])),
    ),
}
"""A layer for images of `IMAGE`, and the same of its parameters in PyTorch."""


@pytest.mark.parametrize("batch", BATCHES, ids=str)
@pytest.mark.parametrize("name", FUNCTIONS)
def test_function(name: str, batch: tuple[int, ...]) -> None:
    ours, theirs, shapes = FUNCTIONS[name]
    rng = RNG(0)
    arrays = [
        np.asarray(rng.standard_normal(shape if isinstance(shape, list) else (*batch, *shape)))
        for shape in shapes
    ]
    leaves = [torch.tensor(array, requires_grad=True) for array in arrays]
    y, pullback = vjp(ours, *map(Tensor, arrays))
    expected = theirs(*leaves)
    assert far(y, expected) < TOLERANCE
    dy = np.asarray(rng.standard_normal(y.shape))
    expected.backward(torch.from_numpy(dy))
    found = pullback(Tensor(dy))
    for gradient, leaf in zip(found if len(arrays) > 1 else (found,), leaves, strict=True):
        assert far(gradient, leaf.grad) < TOLERANCE


@pytest.mark.parametrize("batch", BATCHES, ids=str)
@pytest.mark.parametrize("name", LAYERS)
def test_layer(name: str, batch: tuple[int, ...]) -> None:
    make, theirs = LAYERS[name]
    rng = RNG(1)
    layer = make(rng)
    x = rng.standard_normal((*batch, *IMAGE))
    weights = {n: torch.tensor(t.array, requires_grad=True) for n, t in parameters(layer)}
    leaf = torch.tensor(x, requires_grad=True)
    y, pullback = vjp(layer, Tensor(x))
    expected = theirs(weights, leaf)
    assert far(y, expected) < TOLERANCE
    dy = rng.standard_normal(y.shape)
    expected.backward(torch.from_numpy(dy))
    gradients, dx = pullback(Tensor(dy))
    assert far(dx, leaf.grad) < TOLERANCE
    for parameter, gradient in parameters(gradients):
        assert far(gradient, weights[parameter].grad) < TOLERANCE


def test_none_is_forgotten() -> None:
    """Whatever is public, and can be differentiated, is in one of these tables."""
    public = {name: getattr(ops, name) for name in ops.__all__}
    public |= {name: getattr(layers, name) for name in layers.__all__}
    public |= {name: f for name, f in vars(functions).items() if not name.startswith("_")}
    operations = {
        name
        for name, value in public.items()
        if inspect.isfunction(value) and f"{name}_vjp" in public
    }
    kinds = {
        name
        for name, value in public.items()
        if inspect.isclass(value) and issubclass(value, Layer) and value is not Layer
    }
    assert operations <= {*TORCH, *FUNCTIONS}
    assert kinds <= set(LAYERS)
