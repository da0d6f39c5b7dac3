"""Every layer's vjp against torch.autograd in float64, with none to three leading axes.

The grid of sizes, strides and windows is the kernels' (`test_kernels_torch`); here it is what a
layer adds to its kernel: the leading axes, the parameters' records, what is left out.
"""

from math import prod

import numpy as np
import pytest
import torch
from torch.nn import functional as F  # noqa: N812

from typed_resnet import BatchNorm2D, Conv2D, Linear, MaxPool2D, Tensor
from typed_resnet.layers import fit_vjp, global_avg_pool2d_vjp, relu_vjp, subsample_vjp

pytestmark = pytest.mark.oracle

TOLERANCE = 1e-12
BATCHES = [(), (3,), (2, 3), (2, 1, 3)]
IMAGES = [(4, 7, 8), (4, 6, 5)]
RNG = np.random.default_rng(7)
CHANNELS = 4


def far(got, expected):
    """The largest difference over the largest value, or over 1 where all values are zero."""
    assert got.dtype == expected.dtype
    return np.abs(got.reshape(expected.shape) - expected).max() / (np.abs(expected).max() or 1.0)


def judge(vjp, reference, batch, size, parameters=None):
    """Compare y, dx and the gradient of each parameter of one layer with torch's."""
    x = RNG.standard_normal((*batch, *size))
    flat = torch.tensor(x.reshape(prod(batch), *size), requires_grad=True)
    leaves = {
        name: torch.tensor(value.array, requires_grad=True)
        for name, value in (parameters or {}).items()
    }
    y, pullback = vjp(Tensor(x))
    expected = reference(flat, **leaves)
    assert y.shape == (*batch, *expected.shape[1:])
    assert far(y.array, expected.detach().numpy()) < TOLERANCE
    dy = RNG.standard_normal(y.shape)
    expected.backward(torch.tensor(dy.reshape(expected.shape)))
    back = pullback(Tensor(dy))
    grads, dx = back if isinstance(back, tuple) else (None, back)
    assert dx.shape == x.shape
    assert far(dx.array, flat.grad.numpy()) < TOLERANCE
    for name, leaf in leaves.items():
        assert far(getattr(grads, name).array, leaf.grad.numpy()) < TOLERANCE, name


@pytest.mark.parametrize("size", IMAGES, ids=str)
@pytest.mark.parametrize("batch", BATCHES, ids=str)
class TestLeadingAxes:
    @pytest.mark.parametrize(("window", "stride", "padding"), [(3, 1, 1), (3, 2, 0), (5, 3, 2)])
    @pytest.mark.parametrize("bias", [True, False])
    def test_conv2d(self, batch, size, window, stride, padding, bias):
        conv = Conv2D.init(RNG, CHANNELS, 3, window, stride, padding, bias=bias, dtype=np.float64)
        names = ("kernel", "bias") if bias else ("kernel",)

        def reference(x, kernel, bias=None):
            return F.conv2d(x, kernel, bias, stride, padding)

        judge(conv.vjp, reference, batch, size, {name: getattr(conv, name) for name in names})

    def test_batch_norm2d(self, batch, size):
        gamma, beta = (Tensor(RNG.standard_normal(CHANNELS)) for _ in range(2))
        norm = BatchNorm2D(gamma, beta, 1e-5)

        def reference(x, gamma, beta):
            return F.batch_norm(x, None, None, gamma, beta, training=True, eps=1e-5)

        judge(norm.vjp, reference, batch, size, {"gamma": gamma, "beta": beta})

    @pytest.mark.parametrize(("window", "stride", "padding"), [(2, 2, 0), (3, 2, 1), (3, 1, 0)])
    def test_max_pool2d(self, batch, size, window, stride, padding):
        pool = MaxPool2D(window, stride, padding)
        judge(pool.vjp, lambda x: F.max_pool2d(x, window, stride, padding), batch, size)

    def test_linear(self, batch, size):
        linear = Linear.init(RNG, size[-1], 3, dtype=np.float64)
        parameters = {"weight": linear.weight, "bias": linear.bias}
        judge(linear.vjp, F.linear, (*batch, *size[:-1]), size[-1:], parameters)

    def test_functions(self, batch, size):
        judge(relu_vjp, F.relu, batch, size)
        judge(global_avg_pool2d_vjp, lambda x: x.mean((2, 3)), batch, size)
        judge(lambda x: subsample_vjp(x, 2), lambda x: x[:, :, ::2, ::2], batch, size)
        judge(lambda x: fit_vjp(x, 2), lambda x: x[:, :2], batch, size)
        judge(lambda x: fit_vjp(x, 6), lambda x: F.pad(x, (0, 0, 0, 0, 0, 2)), batch, size)
