"""The mean squared error, the loss of a regression."""

from __future__ import annotations

import numpy as np

from typed_resnet import kernels
from typed_resnet.differentiable import differentiable
from typed_resnet.errors import ShapeError
from typed_resnet.layers import FunctionVjp
from typed_resnet.layers.arrays import AnyTensor, check_alike
from typed_resnet.runtime import typed
from typed_resnet.tensor import Shape, Tensor


@typed
@differentiable(lambda: mse_loss_vjp)
def mse_loss(predictions: Tensor[*Shape], targets: Tensor[*Shape]) -> Tensor[()]:
    """Average the squares of all differences.

        loss = mean of (x - t)^2

    Predictions and targets are of one shape: neither is stretched to the other, which in PyTorch
    turns [N] and [N, 1] into N^2 differences.

    Raises: ShapeError, where there is nothing to average.
    """
    loss, _ = mse_loss_vjp(predictions, targets)
    return loss


@typed
def mse_loss_vjp(
    predictions: Tensor[*Shape], targets: Tensor[*Shape]
) -> FunctionVjp[Tensor[()], tuple[Tensor[*Shape], Tensor[*Shape]]]:
    """Average, and return with the loss the pullback dy -> (dpredictions, dtargets).

    dx = 2 dy (x - t) / n      dt = -dx
    """
    check_alike("mse_loss", predictions, targets)
    shape = predictions.array.shape
    if not predictions.array.size:
        raise ShapeError(f"mse_loss expects at least 1 number, got {list(shape)}")
    losses, pullback = kernels.mse_loss_vjp(_row(predictions), _row(targets))
    loss: Tensor[()] = Tensor(losses.reshape(()))

    def back(dy: Tensor[()]) -> tuple[Tensor[*Shape], Tensor[*Shape]]:
        check_alike("mse_loss", loss, dy)
        dx, dt = pullback(dy.array.reshape(1))
        return Tensor(dx.reshape(shape)), Tensor(dt.reshape(shape))

    return loss, back


def _row(x: AnyTensor) -> np.ndarray:
    return x.array.reshape(1, -1)
