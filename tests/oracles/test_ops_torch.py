"""Every operation's vjp against torch.autograd in float64, with none to three leading axes."""

import numpy as np
import pytest
import torch
from tests.ops.cases import CASES, Case
from torch.nn import functional as F  # noqa: N812

from typed_resnet import Tensor, layers, ops

pytestmark = pytest.mark.oracle

TOLERANCE = 1e-12
BATCHES = [(), (3,), (2, 3), (2, 1, 3)]
GRIDS = [0, 1]


def flat(function, axes):
    """Gather the leading axes, which torch's function wants to be one."""

    def called(x, **settings):
        y = function(x.reshape(-1, *x.shape[x.ndim - axes :]), **settings)
        return y.reshape(*x.shape[: x.ndim - axes], *y.shape[1:])

    return called


TORCH = {
    "exp": torch.exp,
    "gelu": F.gelu,
    "sigmoid": torch.sigmoid,
    "sqrt": torch.sqrt,
    "tanh": torch.tanh,
    "log_softmax": F.log_softmax,
    "softmax": F.softmax,
    "mean": lambda x, axis=None: x.mean() if axis is None else x.mean(axis),
    "sum": lambda x, axis=None: x.sum() if axis is None else x.sum(axis),
    "transpose": lambda x, axis0, axis1: x.transpose(axis0, axis1),
    "squeeze": lambda x, axis: x.squeeze(axis),
    "unsqueeze": lambda x, axis: x.unsqueeze(axis),
    "concat": lambda *xs, axis: torch.cat(xs, axis),
    "split": lambda x, size, axis: x.split([size, x.shape[axis] - size], axis),
    "chunk": lambda x, chunks, axis: x.chunk(chunks, axis),
    "stack": lambda *xs: torch.stack(xs),
    "flatten": lambda x: x.flatten(-3),
    "pad": lambda x, top, bottom, left, right: F.pad(x, (left, right, top, bottom)),
    "upsample": flat(lambda x, factor: F.interpolate(x, scale_factor=factor), 3),
    "avg_pool2d": flat(F.avg_pool2d, 3),
    "subsample": lambda x, stride: x[..., ::stride, ::stride],
    "fit": lambda x, channels: F.pad(x, (0, 0, 0, 0, 0, channels - x.shape[-3])),
    "mse_loss": F.mse_loss,
    "matmul": torch.matmul,
}


def far(got, expected):
    """The largest difference over the largest value, or over 1 where all values are zero."""
    want = expected.detach().numpy()
    assert got.array.shape == want.shape
    return np.abs(got.array - want).max() / (np.abs(want).max() or 1.0)


def several(value):
    return value if isinstance(value, tuple) else (value,)


@pytest.mark.parametrize("seed", GRIDS)
@pytest.mark.parametrize("batch", BATCHES, ids=str)
@pytest.mark.parametrize("case", CASES, ids=str)
def test_operation(case: Case, batch: tuple[int, ...], seed: int):
    xs = case.tensors(batch, seed)
    leaves = [torch.tensor(x.array, requires_grad=True) for x in xs]
    settings = case.settings
    if "softmax" in case.name:
        settings = {"dim": settings["axis"]}
    expected = several(TORCH[case.name](*leaves, **settings))
    value, pullback = case.vjp(*xs)
    rng = np.random.default_rng(3)
    for got, want in zip(several(value), expected, strict=True):
        assert far(got, want) < TOLERANCE
    dy = tuple(Tensor(np.asarray(rng.standard_normal(y.array.shape))) for y in several(value))
    torch.autograd.backward(expected, [torch.tensor(part.array) for part in dy])
    gradients = pullback(dy if isinstance(value, tuple) else dy[0])
    for got, leaf in zip(several(gradients), leaves, strict=True):
        assert far(got, leaf.grad) < TOLERANCE


@pytest.mark.parametrize("batch", BATCHES, ids=str)
@pytest.mark.parametrize("features", [3, 7, 16])
def test_layer_norm(batch: tuple[int, ...], features: int):
    """From three features on: of two the gradient is all cancellation, and torch's as noisy."""
    rng = np.random.default_rng(0)
    x, gamma, beta = (rng.standard_normal(s) for s in ((*batch, features), features, features))
    leaves = [torch.tensor(a, requires_grad=True) for a in (x, gamma, beta)]
    expected = F.layer_norm(leaves[0], (features,), leaves[1], leaves[2], 1e-5)
    y, pullback = layers.LayerNorm(Tensor(gamma), Tensor(beta), 1e-5).vjp(Tensor(x))
    assert far(y, expected) < TOLERANCE
    dy = rng.standard_normal(x.shape)
    expected.backward(torch.tensor(dy))
    grads, dx = pullback(Tensor(dy))
    for got, leaf in zip((dx, grads.gamma, grads.beta), leaves, strict=True):
        assert far(got, leaf.grad) < TOLERANCE


@pytest.mark.parametrize("batch", BATCHES, ids=str)
def test_functions_of_parameters(batch: tuple[int, ...]):
    rng = np.random.default_rng(0)
    x, kernel, bias = (rng.standard_normal(s) for s in ((*batch, 3, 6, 7), (4, 3, 3, 3), 4))
    leaves = [torch.tensor(a, requires_grad=True) for a in (x, kernel, bias)]
    dense = flat(lambda z: F.conv2d(z, leaves[1], leaves[2], 2, 1), 3)
    expected = dense(leaves[0])
    y, pullback = ops.conv2d_vjp(Tensor(x), Tensor(kernel), Tensor(bias), stride=2, padding=1)
    assert far(y, expected) < TOLERANCE
    np.testing.assert_array_equal(
        y.array, ops.conv2d(Tensor(x), Tensor(kernel), Tensor(bias), stride=2, padding=1).array
    )
    dy = rng.standard_normal(y.array.shape)
    expected.backward(torch.tensor(dy))
    for got, leaf in zip(pullback(Tensor(dy)), leaves, strict=True):
        assert far(got, leaf.grad) < TOLERANCE
    weight = rng.standard_normal((5, 7))
    got = ops.linear(Tensor(x), Tensor(weight))
    assert far(got, F.linear(torch.tensor(x), torch.tensor(weight))) < TOLERANCE
    pooled = flat(lambda z: F.max_pool2d(z, 3), 3)(torch.tensor(x))
    assert far(ops.max_pool2d(Tensor(x), 3), pooled) < TOLERANCE


@pytest.mark.parametrize("batch", BATCHES, ids=str)
@pytest.mark.parametrize("groups", [1, 2, 4])
@pytest.mark.parametrize(
    ("window", "stride", "padding", "dilation"),
    [
        ((3, 3), (1, 1), (1, 1), (1, 1)),
        ((1, 5), (1, 1), (0, 2), (1, 1)),
        ((3, 2), (2, 3), (1, 0), (2, 1)),
        ((2, 3), (1, 2), (3, 2), (3, 2)),
    ],
)
@pytest.mark.parametrize("bias", [True, False])
def test_general_conv2d(batch, groups, window, stride, padding, dilation, bias):
    rng = np.random.default_rng(0)
    settings = {"stride": stride, "padding": padding, "dilation": dilation, "groups": groups}
    layer = layers.GeneralConv2D.init(rng, 4, 8, window, **settings, bias=bias, dtype=np.float64)
    x = rng.standard_normal((*batch, 4, 7, 8))
    held = [layer.kernel.array] + ([layer.bias.array] if bias else [])
    leaves = [torch.tensor(a, requires_grad=True) for a in (x, *held)]
    expected = flat(lambda z: F.conv2d(z, *leaves[1:], **settings), 3)(leaves[0])
    y, pullback = layer.vjp(Tensor(x))
    assert far(y, expected) < TOLERANCE
    dy = rng.standard_normal(y.array.shape)
    expected.backward(torch.tensor(dy))
    grads, dx = pullback(Tensor(dy))
    assert far(dx, leaves[0].grad) < TOLERANCE
    assert far(grads.kernel, leaves[1].grad) < TOLERANCE
    if bias:
        assert far(grads.bias, leaves[2].grad) < TOLERANCE


def test_far_values():
    """Where a naive formula overflows or loses its digits."""
    x = np.array([-800.0, -40, -6, -1e-9, 0, 1e-9, 6, 40, 800])
    leaf = torch.tensor(x, requires_grad=True)
    for name, function in (("sigmoid", torch.sigmoid), ("tanh", torch.tanh), ("gelu", F.gelu)):
        leaf.grad = None
        expected = function(leaf)
        y, pullback = getattr(ops, f"{name}_vjp")(Tensor(x))
        assert np.abs(y.array - expected.detach().numpy()).max() < TOLERANCE
        expected.sum().backward()
        assert np.abs(pullback(Tensor(np.ones(9))).array - leaf.grad.numpy()).max() < TOLERANCE
    logits = np.array([[1e4, -1e4, 0], [1e-300, 0, -745]])
    for name in ("softmax", "log_softmax"):
        expected = TORCH[name](torch.tensor(logits), -1)
        assert far(getattr(ops, name)(Tensor(logits)), expected) < TOLERANCE


def test_every_case_has_its_fellow():
    """And every operation is a case, or has a place of its own: `tests/ops` says so."""
    assert {case.name for case in CASES} == set(TORCH)
