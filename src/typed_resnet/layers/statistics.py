"""Stored statistics of a batch norm."""

from __future__ import annotations

from typing import Any, Generic, TypeVar

import numpy as np
import numpy.typing as npt

from typed_resnet.dims import C
from typed_resnet.errors import ShapeError
from typed_resnet.layer import State
from typed_resnet.layers.hyperparameters import positive, whole
from typed_resnet.tensor import Tensor

_C = TypeVar("_C", bound=int)


class RunningStatistics(State, Generic[C]):
    """A mean and a variance for each channel, as of many batches.

    Out of training a norm takes these in place of the batch's. In training it takes the batch's,
    and moves these towards them, in place, as PyTorch does:

        mean = (1 - momentum) mean + momentum (batch's mean), the unbiased variance alike

    Raises: ConfigError, where momentum is not a positive number.
    """

    mean: Tensor[C]
    variance: Tensor[C]
    batches: npt.NDArray[np.int64]
    momentum: float = 0.1
    training: bool = False

    def __post_init__(self) -> None:
        positive("RunningStatistics", "momentum", self.momentum)

    @staticmethod
    def init(channels: _C, *, dtype: npt.DTypeLike = np.float32) -> RunningStatistics[_C]:
        """Take mean 0 and variance 1, of no batch."""
        whole("RunningStatistics", "channels", channels)
        return RunningStatistics(
            Tensor.zeros(channels, dtype=dtype), Tensor.ones(channels, dtype=dtype), np.array(0)
        )

    def follow(self, array: npt.NDArray[Any]) -> None:
        """Move towards the statistics of a batch, [N, C, H, W].

        Raises: ShapeError, where a channel has one cell alone: it has no unbiased variance.
        """
        n, _, h, w = array.shape
        if n * h * w < 2:
            raise ShapeError(
                f"BatchNorm2D in training expects at least 2 values a channel, got {n * h * w}"
            )
        seen = array.mean((0, 2, 3)), array.var((0, 2, 3), ddof=1)
        for stored, new in zip((self.mean.array, self.variance.array), seen, strict=True):
            stored[...] = stored + self.momentum * (new - stored)
        self.batches[...] += 1
