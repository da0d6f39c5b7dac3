"""Cross-entropy, the loss of a classifier."""

from __future__ import annotations

from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

from typed_resnet import kernels
from typed_resnet.differentiable import differentiable
from typed_resnet.dims import B
from typed_resnet.errors import ShapeError
from typed_resnet.layers import FunctionVjp
from typed_resnet.layers.arrays import AnyTensor, check_alike
from typed_resnet.ops.labels import Labels
from typed_resnet.runtime import check_same_shape, typed
from typed_resnet.tensor import Tensor

Classes = TypeVar("Classes", bound=int)


@typed
@differentiable(lambda: cross_entropy_vjp)
def cross_entropy(logits: Tensor[*B, Classes], labels: Labels[*B]) -> Tensor[()]:
    """Average over all vectors how unlikely the softmax of each holds its label.

        loss = mean over n of log(sum over k of exp(z[n, k])) - z[n, t[n]]

    As PyTorch's; but the classes are the last axis, however many stand before it.

    Shape:
        logits   (*B, Classes), float      labels   (*B), each from 0 to Classes - 1
    Raises: ShapeError, where there is no vector, or a label that is no class's.
    """
    return _mean(kernels.cross_entropy(*_rows(logits, labels)))


@typed
def cross_entropy_vjp(
    logits: Tensor[*B, Classes], labels: Labels[*B]
) -> FunctionVjp[Tensor[()], Tensor[*B, Classes]]:
    """Average, and return with the loss the pullback dy -> dlogits.

    dz[n, k] = dy (softmax(z[n])[k] - [k = t[n]]) / N
    """
    rows, numbers = _rows(logits, labels)
    losses, pullback = kernels.cross_entropy_vjp(rows, numbers)
    loss = _mean(losses)

    def back(dy: Tensor[()]) -> Tensor[*B, Classes]:
        check_alike("cross_entropy", loss, dy)
        share = np.full_like(losses, dy.array / losses.dtype.type(len(losses)))
        return Tensor(pullback(share).reshape(logits.array.shape))

    return loss, back


def _mean(losses: npt.NDArray[Any]) -> Tensor[()]:
    return Tensor(np.asarray(losses.mean()))


def _rows(logits: AnyTensor, labels: AnyTensor) -> tuple[npt.NDArray[Any], npt.NDArray[Any]]:
    """Gather all leading axes into one."""
    shape = logits.array.shape
    if not shape:
        raise ShapeError("cross_entropy expects [*B, Classes], got []")
    check_same_shape("cross_entropy", shape[:-1], labels.array.shape)
    numbers = labels.array.reshape(-1)
    if not numbers.size:
        raise ShapeError("cross_entropy expects at least 1 label, got 0")
    for worst in (numbers.min(), numbers.max()):
        if not 0 <= worst < shape[-1]:
            raise ShapeError(
                f"cross_entropy expects labels from 0 to {shape[-1] - 1}, got {worst}"
            )
    return logits.array.reshape(-1, shape[-1]), numbers
