"""Every kernel and its vjp against torch.autograd in float64, on a grid of shapes."""

from itertools import product

import numpy as np
import pytest
import torch
from torch.nn import functional as F  # noqa: N812

from typed_resnet import kernels

pytestmark = pytest.mark.oracle

TOLERANCE = 1e-12
SIZES = [(5, 8), (8, 7)]


RNG = np.random.default_rng(1)
START = RNG.bit_generator.state


@pytest.fixture(autouse=True)
def _same_numbers_whichever_tests_run():
    RNG.bit_generator.state = START


def normal(*shape):
    return RNG.standard_normal(shape)


def compare(pair, function, inputs, gradients):
    """Assert that the value and gradients of `pair`, (y, pullback), are torch's."""
    y, pullback = pair
    leaves = {name: torch.tensor(value, requires_grad=True) for name, value in inputs.items()}
    expected = function(*leaves.values())
    dy = normal(*y.shape)
    expected.backward(torch.tensor(dy))
    results = pullback(dy)
    results = results if isinstance(results, tuple) else (results,)
    assert difference(y, expected) < TOLERANCE
    for name, result in zip(gradients, results, strict=True):
        assert difference(result, leaves[name].grad) < TOLERANCE, name


def difference(got, expected):
    """The largest difference over the largest value, or over 1 where all values are zero."""
    want = expected.detach().numpy()
    assert got.shape == want.shape
    assert got.dtype == want.dtype
    if want.size == 0:
        return 0.0
    return np.abs(got - want).max() / (np.abs(want).max() or 1.0)


@pytest.mark.parametrize("N", range(4))
@pytest.mark.parametrize("K", range(1, 8))
def test_conv2d(N, K):
    for (H, W), stride, padding, channels in product(
        SIZES, (1, 2, 3), range(4), [(1, 1), (3, 2), (2, 4)]
    ):
        if min(H, W) + 2 * padding < K:
            continue
        Cin, Cout = channels
        inputs = {"x": normal(N, Cin, H, W), "w": normal(Cout, Cin, K, K), "b": normal(Cout)}
        compare(
            kernels.conv2d_vjp(*inputs.values(), stride, padding),
            lambda x, w, b, s=stride, p=padding: F.conv2d(x, w, b, s, p),
            inputs,
            ("w", "b", "x"),
        )


# torch pools no empty batch backwards, and takes paddings up to half the window.
@pytest.mark.parametrize("N", range(1, 4))
@pytest.mark.parametrize("K", range(1, 8))
def test_max_pool2d(N, K):
    """On whole numbers too, which are full of ties."""
    for (H, W), stride, padding in product(SIZES, (1, 2, 3), range(K // 2 + 1)):
        if min(H, W) + 2 * padding < K:
            continue
        x = normal(N, 2, H, W)
        for images in (x, np.rint(2 * x), np.maximum(np.rint(x), 0)):
            compare(
                kernels.max_pool2d_vjp(images, K, stride, padding),
                lambda z, s=stride, p=padding: F.max_pool2d(z, K, s, p),
                {"x": images},
                ("x",),
            )


@pytest.mark.parametrize("N", range(1, 4))
@pytest.mark.parametrize("eps", [1e-6, 1e-5, 1e-3])
@pytest.mark.parametrize("mean", [0.0, 30.0])
def test_batch_norm2d(N, eps, mean):
    """From six cells on: of two cells the gradient is all cancellation, and torch's as noisy."""
    for C, (H, W) in product((1, 3), [(2, 3), (1, 7), (5, 4), (8, 8)]):
        inputs = {"x": mean + 2 * normal(N, C, H, W), "gamma": normal(C), "beta": normal(C) - 1}
        compare(
            kernels.batch_norm2d_vjp(*inputs.values(), eps),
            lambda x, gamma, beta: F.batch_norm(x, None, None, gamma, beta, True, 0.0, eps),
            inputs,
            tuple(inputs),
        )


@pytest.mark.parametrize("N", range(4))
def test_batch_norm2d_inference(N):
    for C, H, W in product((1, 3), (1, 5), (1, 4)):
        inputs = {"x": normal(N, C, H, W), "gamma": normal(C), "beta": normal(C) - 1}
        mean, variance = normal(C) + 1, normal(C) ** 2
        compare(
            kernels.batch_norm2d_inference_vjp(*inputs.values(), mean, variance, 1e-5),
            lambda x, gamma, beta, m=mean, v=variance: F.batch_norm(
                x, torch.tensor(m), torch.tensor(v), gamma, beta, False, 0.0, 1e-5
            ),
            inputs,
            tuple(inputs),
        )


@pytest.mark.parametrize("N", range(4))
def test_linear(N):
    for In, Out in product((1, 5, 8), (1, 3, 10)):
        inputs = {"x": normal(N, In), "w": normal(Out, In), "b": normal(Out)}
        compare(kernels.linear_vjp(*inputs.values()), F.linear, inputs, ("w", "b", "x"))


@pytest.mark.parametrize("N", range(4))
@pytest.mark.parametrize(("H", "W"), [(1, 1), *SIZES])
def test_the_rest(N, H, W):
    x = {"x": normal(N, 3, H, W)}
    whole = {"x": np.rint(x["x"])}
    pad = torch.nn.ConstantPad3d((0, 0, 0, 0, 0, 2), 0.0)
    compare(kernels.relu_vjp(whole["x"]), F.relu, whole, ("x",))
    compare(kernels.global_avg_pool2d_vjp(x["x"]), lambda z: z.mean((2, 3)), x, ("x",))
    compare(kernels.pad_channels_vjp(x["x"], 5), pad, x, ("x",))
    compare(kernels.slice_channels_vjp(x["x"], 2), lambda z: z[:, :2], x, ("x",))
    for s in (1, 2, 3):
        compare(kernels.subsample_vjp(x["x"], s), lambda z, s=s: z[:, :, ::s, ::s], x, ("x",))


def test_special_values_pool_as_torch_does():
    x = np.array([[[[1.0, np.inf, -np.inf], [-0.0, np.nan, 4], [7, 0, 5]]]])
    expected = F.max_pool2d(torch.tensor(x), 2, 1).numpy()
    np.testing.assert_array_equal(kernels.max_pool2d(x, 2, 1, 0), expected)
