"""Operations that move elements, against torch in float64, with none to three leading axes."""

import numpy as np
import pytest
import torch

from typed_resnet import Conv2D, Linear, MaxPool2D, Tensor, relu, vjp
from typed_resnet.layers import Flatten, Sequential
from typed_resnet.ops import broadcast_to_vjp, reshape_vjp
from typed_resnet.records import parameters

pytestmark = pytest.mark.oracle

TOLERANCE = 1e-12
BATCHES = [(), (3,), (2, 3), (2, 1, 3)]
RNG = np.random.default_rng(5)


def judge(vjp, reference, shape):
    """Compare y and dx with torch's."""
    x = RNG.standard_normal(shape)
    leaf = torch.tensor(x, requires_grad=True)
    y, pullback = vjp(Tensor(x))
    expected = reference(leaf)
    assert y.shape == tuple(expected.shape)
    np.testing.assert_allclose(y.array, expected.detach().numpy(), rtol=0, atol=TOLERANCE)
    dy = RNG.standard_normal(y.shape)
    expected.backward(torch.tensor(dy))
    dx = pullback(Tensor(dy))
    assert dx.shape == x.shape
    np.testing.assert_allclose(dx.array, leaf.grad.numpy(), rtol=TOLERANCE, atol=TOLERANCE)


@pytest.mark.parametrize("batch", BATCHES, ids=str)
class TestLeadingAxes:
    @pytest.mark.parametrize(
        ("old", "new"), [((3, 4, 5), (3, 20)), ((6, 4), (2, 3, 4)), ((4,), (2, 1, 2)), ((1,), ())]
    )
    def test_reshape(self, batch, old, new):
        shape = (*batch, *new)
        judge(lambda x: reshape_vjp(x, *shape), lambda x: x.reshape(shape), (*batch, *old))

    @pytest.mark.parametrize(
        ("old", "new"),
        [((4,), (3, 4)), ((1, 4), (3, 4)), ((3, 1, 1), (3, 5, 2)), ((1, 1), (1, 1))],
    )
    def test_broadcast_to(self, batch, old, new):
        shape = (*batch, *new)
        judge(lambda x: broadcast_to_vjp(x, *shape), lambda x: x.expand(shape), old)
        ones = (*(1 for _ in batch), *(1 for _ in range(len(new) - len(old))), *old)
        judge(lambda x: broadcast_to_vjp(x, *shape), lambda x: x.expand(shape), ones)

    @pytest.mark.parametrize(
        "index",
        [
            (..., slice(None, None, 2), slice(1, -1)),
            (..., 0, slice(-3, None)),
            (..., slice(None), None, 2),
            (..., slice(1, 4, 3), slice(None)),
            (..., -1, -2, slice(0, 1)),
        ],
        ids=str,
    )
    def test_indexing(self, batch, index):
        judge(lambda x: vjp(lambda x: x[index], x), lambda x: x[index], (*batch, 4, 5, 6))

    def test_sequential(self, batch):
        conv = Conv2D.init(RNG, 3, 4, 3, dtype=np.float64)
        linear = Linear.init(RNG, 16, 5, dtype=np.float64)
        ours = Sequential(conv, relu, MaxPool2D(2), Flatten(), linear)
        theirs = torch.nn.Sequential(
            torch.nn.Conv2d(3, 4, 3),
            torch.nn.ReLU(),
            torch.nn.MaxPool2d(2),
            torch.nn.Flatten(),
            torch.nn.Linear(16, 5),
        ).double()
        stored = {
            name.replace("kernel", "weight"): torch.tensor(value.array)
            for name, value in parameters(ours)
        }
        theirs.load_state_dict(stored)

        def of_input(x):
            y, pullback = vjp(ours, x)
            return y, lambda dy: pullback(dy)[1]

        def reference(x):
            return theirs(x.reshape(-1, 3, 6, 6)).reshape(*batch, 5)

        judge(of_input, reference, (*batch, 3, 6, 6))
        _, pullback = vjp(ours, Tensor(np.ones((*batch, 3, 6, 6))))
        grads, _ = pullback(Tensor(np.ones((*batch, 5))))
        theirs.zero_grad()
        reference(torch.ones((*batch, 3, 6, 6), dtype=torch.float64)).sum().backward()
        found = dict(parameters(grads))
        for name, parameter in theirs.named_parameters():
            own = found[name.replace("weight", "kernel") if name == "0.weight" else name]
            np.testing.assert_allclose(
                own.array, parameter.grad.numpy(), rtol=TOLERANCE, atol=TOLERANCE
            )
