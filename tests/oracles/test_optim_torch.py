"""Ten steps of each optimiser, parameter by parameter, against PyTorch's."""

from typing import Any

import numpy as np
import pytest
import torch

from typed_resnet import Linear, Tensor
from typed_resnet.layers import LinearGrads
from typed_resnet.models import parameters
from typed_resnet.optim import SGD, Adam, AdamW

pytestmark = pytest.mark.oracle

CASES: list[tuple[Any, type[torch.optim.Optimizer], dict[str, Any]]] = [
    (SGD, torch.optim.SGD, {"lr": 0.1}),
    (SGD, torch.optim.SGD, {"lr": 0.1, "momentum": 0.9, "weight_decay": 0.01}),
    (Adam, torch.optim.Adam, {}),
    (Adam, torch.optim.Adam, {"lr": 0.1, "weight_decay": 0.2}),
    (Adam, torch.optim.Adam, {"lr": 0.1, "betas": (0.5, 0.7), "eps": 0.1}),
    (AdamW, torch.optim.AdamW, {}),
    (AdamW, torch.optim.AdamW, {"lr": 0.1, "weight_decay": 0.2, "betas": (0.8, 0.9)}),
]


@pytest.mark.parametrize(("dtype", "tolerance"), [(np.float64, 1e-12), (np.float32, 1e-5)])
@pytest.mark.parametrize(("ours", "theirs", "options"), CASES)
def test_ten_steps(
    ours: Any,
    theirs: Any,
    options: dict[str, Any],
    dtype: type,
    tolerance: float,
):
    rng = np.random.default_rng(0)
    layer = Linear.init(rng, 3, 4, dtype=dtype)
    held = [torch.tensor(tensor.array, requires_grad=True) for _, tensor in parameters(layer)]
    optimiser, reference, state = ours(**{"lr": 1e-3, **options}), theirs(held, **options), None
    for _ in range(10):
        gradients = [rng.standard_normal(tensor.shape).astype(dtype) for tensor in held]
        for tensor, gradient in zip(held, gradients, strict=True):
            tensor.grad = torch.from_numpy(gradient)
        reference.step()
        layer, state = optimiser.step(layer, LinearGrads(*map(Tensor, gradients)), state)
    for tensor, (_, parameter) in zip(held, parameters(layer), strict=True):
        np.testing.assert_allclose(
            parameter.array, tensor.detach().numpy(), rtol=tolerance, atol=tolerance
        )
