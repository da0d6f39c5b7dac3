"""Every pullback is the adjoint of its layer's derivative: ⟨J v, u⟩ = ⟨v, Jᵀ u⟩."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from typed_resnet import (
    BatchNorm2D,
    BottleneckBlock,
    Conv2D,
    Linear,
    MaxPool2D,
    ResNetBlock,
    Tensor,
)
from typed_resnet.layers import RunningStatistics
from typed_resnet.models import parameters, with_parameters

laws = settings(max_examples=40)

SEEDS = st.integers(0, 2**32)
BATCHES = st.lists(st.integers(1, 3), max_size=3).map(tuple)
SIZES = st.tuples(st.integers(4, 9), st.integers(4, 9))
CHANNELS = st.integers(1, 4)

STEP = 1e-7
"""In extended precision: next to no kink is ever within it."""


def check(layer: Any, shape: tuple[int, ...], seed: int) -> None:
    """Compare the two products at random places, along random directions of x and parameters."""
    rng = np.random.default_rng(seed)

    def normal(like: np.ndarray) -> np.ndarray:
        return rng.standard_normal(like.shape).astype(np.longdouble)

    held = {name: normal(tensor.array) for name, tensor in parameters(layer)}
    layer = with_parameters(layer, held)
    x = normal(np.empty(shape))
    along, along_x = {name: normal(array) for name, array in held.items()}, normal(x)

    def at(step: float) -> np.ndarray:
        step_ = np.longdouble(step)
        moved = {name: array + step_ * along[name] for name, array in held.items()}
        return with_parameters(layer, moved)(Tensor(x + step_ * along_x)).array

    y, pullback = layer.vjp(Tensor(x))
    u = normal(y.array)
    grads, dx = pullback(Tensor(u))
    forward = np.vdot(at(STEP) - at(-STEP), u) / (2 * STEP)
    backward = np.vdot(along_x, dx.array)
    for name, tensor in parameters(grads) if grads is not None else ():
        assert tensor.array.shape == held[name].shape
        backward += np.vdot(along[name], tensor.array)
    scale = np.abs(u).max() * max(1, np.abs(dx.array).max()) * x.size
    assert abs(forward - backward) < 1e-8 * scale


@laws
@given(
    BATCHES,
    SIZES,
    CHANNELS,
    CHANNELS,
    st.integers(1, 4),
    st.integers(1, 3),
    st.integers(0, 3),
    SEEDS,
)
def test_convolution(batch, size, cin, cout, window, stride, padding, seed):
    layer = Conv2D.init(None, cin, cout, window, stride, padding, bias=seed % 2 == 0)
    check(layer, (*batch, cin, *size), seed)


@laws
@given(BATCHES, SIZES, CHANNELS, SEEDS)
@pytest.mark.parametrize("stored", [False, True])
def test_batch_norm(stored, batch, size, channels, seed):
    norm = BatchNorm2D.init(channels, dtype=np.longdouble)
    rng = np.random.default_rng(seed)
    statistics = RunningStatistics(
        Tensor(rng.standard_normal(channels).astype(np.longdouble)),
        Tensor(rng.random(channels).astype(np.longdouble) + 1),
        np.array(0),
    )
    norm = BatchNorm2D(norm.gamma, norm.beta, norm.eps, statistics if stored else None)
    check(norm, (*batch, channels, *size), seed)


@laws
@given(BATCHES, SIZES, CHANNELS, st.integers(1, 4), st.integers(1, 3), st.integers(0, 2), SEEDS)
def test_max_pool(batch, size, channels, window, stride, padding, seed):
    layer = MaxPool2D(window, stride, min(padding, window // 2))
    check(layer, (*batch, channels, *size), seed)


@laws
@given(BATCHES, CHANNELS, CHANNELS, SEEDS)
def test_linear(batch, features_in, features_out, seed):
    layer = Linear.init(None, features_in, features_out, bias=seed % 2 == 0)
    check(layer, (*batch, features_in), seed)


@settings(laws, max_examples=25)
@given(BATCHES, SIZES, CHANNELS, CHANNELS, st.integers(1, 3), st.booleans(), SEEDS)
def test_block(batch, size, cin, cout, stride, project, seed):
    layer = ResNetBlock.init(None, cin, cout, stride, project=project, eps=0.1)
    check(layer, (*batch, cin, *size), seed)


@settings(laws, max_examples=25)
@given(BATCHES, SIZES, CHANNELS, st.sampled_from([4, 8]), st.integers(1, 3), st.booleans(), SEEDS)
def test_bottleneck(batch, size, cin, cout, stride, project, seed):
    layer = BottleneckBlock.init(None, cin, cout, stride, project=project, eps=0.1)
    check(layer, (*batch, cin, *size), seed)
