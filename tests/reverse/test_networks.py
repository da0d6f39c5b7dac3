"""The hand-written vjps of the networks, against a trace through everything they are made of."""

import gc
import tracemalloc
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from typed_resnet import ResNet, ResNetConfig, Tensor, torchvision, vjp
from typed_resnet.kernels import buffers, lanes
from typed_resnet.models import BottleneckResNet, in_training, parameters, statistics

PLAIN: dict[str, Any] = {
    "stem_out_channels": 4,
    "stage1_out_channels": 4,
    "stage2_out_channels": 8,
    "stage3_out_channels": 12,
    "stage4_out_channels": 8,
}
NETWORKS: dict[str, Callable[[Any], Any]] = {
    "spec": lambda dtype: ResNet.init(rng(), ResNetConfig(**PLAIN), 3, 5, dtype=dtype),
    "spec with projections": lambda dtype: ResNet.init(
        rng(), ResNetConfig(**PLAIN, use_projection_shortcuts=True), 3, 5, dtype=dtype
    ),
    "bottlenecks": lambda dtype: BottleneckResNet.init(
        rng(), ResNetConfig(**PLAIN, use_projection_shortcuts=True), 3, 5, dtype=dtype
    ),
    "torchvision": lambda dtype: torchvision.resnet18(5, rng=rng(), dtype=dtype),
    "torchvision in training": lambda dtype: in_training(
        torchvision.resnet18(5, rng=rng(), dtype=dtype)
    ),
    "torchvision's bottlenecks": lambda dtype: in_training(
        torchvision.resnet50(5, rng=rng(), dtype=dtype)
    ),
}


def rng() -> np.random.Generator:
    return np.random.default_rng(7)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("name", NETWORKS)
def test_what_is_written_by_hand_is_the_trace_bit_for_bit(name: str, dtype: type):
    x = Tensor(rng().standard_normal((2, 3, 33, 40)).astype(dtype))
    dy = Tensor(rng().standard_normal((2, 5)).astype(dtype))
    by_hand, traced = NETWORKS[name](dtype), NETWORKS[name](dtype)
    y, pullback = by_hand.vjp(x)
    grads, dx = pullback(dy)
    y_traced, pullback_traced = vjp(traced, x, by_hand=False)
    grads_traced, dx_traced = pullback_traced(dy)
    assert (y.array == y_traced.array).all()
    assert (dx.array == dx_traced.array).all()
    assert type(grads_traced) is type(traced)
    expected, found = dict(parameters(grads)), dict(parameters(grads_traced))
    assert list(expected) == list(found)
    assert all((expected[name].array == found[name].array).all() for name in expected)
    for (_, a), (_, b) in zip(statistics(by_hand), statistics(traced), strict=True):
        assert (a.mean.array == b.mean.array).all()
        assert (a.variance.array == b.variance.array).all()
        assert a.batches == b.batches


@pytest.mark.parametrize("name", NETWORKS)
def test_a_vjp_stated_by_hand_is_taken(name: str):
    """Of the network as a whole there is one node: its own vjp."""
    net = NETWORKS[name](np.float32)
    x = Tensor(rng().standard_normal((3, 33, 40)).astype(np.float32))
    y, pullback = net.vjp(x)
    y_taken, pullback_taken = vjp(net, x)
    grads, dx = pullback(y)
    grads_taken, dx_taken = pullback_taken(y)
    assert (y.array == y_taken.array).all()
    assert (dx.array == dx_taken.array).all()
    pairs = zip(parameters(grads), parameters(grads_taken), strict=True)
    assert all((a.array == b.array).all() for (_, a), (_, b) in pairs)


def peak(run: Callable[[], object], monkeypatch: pytest.MonkeyPatch) -> int:
    """Measure the most memory that a forward and a backward pass need at once."""
    run()
    with monkeypatch.context() as context:
        context.setattr(buffers, "LIMIT", 0)  # memory used again would not be counted
        context.setattr(lanes._current(), "width", 1)  # how blocks of several meet is chance
        buffers.release()
        gc.collect()
        tracemalloc.start()
        try:
            run()
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()


@pytest.mark.parametrize("name", ["spec with projections", "bottlenecks", "torchvision"])
def test_a_trace_needs_no_more_memory_than_hand_written_code(
    name: str, monkeypatch: pytest.MonkeyPatch
):
    """It needs less, for it lets go of what it saved as it goes; a tenth more would do."""
    net = NETWORKS[name](np.float32)
    x = Tensor(rng().standard_normal((8, 3, 64, 64)).astype(np.float32))

    def by_hand() -> object:
        y, pullback = net.vjp(x)
        return pullback(y)

    def traced() -> object:
        y, pullback = vjp(net, x, by_hand=False)
        return pullback(y)

    def traced_and_kept() -> object:
        y, pullback = vjp(net, x, by_hand=False, keep=True)
        return pullback(y)

    needed = peak(by_hand, monkeypatch)
    assert peak(traced, monkeypatch) <= needed
    assert peak(traced_and_kept, monkeypatch) <= 1.1 * needed
