"""Stored statistics of a batch norm."""

from __future__ import annotations

from typing import Generic, TypeVar

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

    def check_count(self, count: int) -> None:
        """Refuse a batch with one cell a channel: it has no unbiased variance.

        Raises: ShapeError.
        """
        if count < 2:
            raise ShapeError(
                f"BatchNorm2D in training expects at least 2 values a channel, got {count}"
            )

    def follow(self, mean: np.ndarray, variance: np.ndarray, count: int) -> None:
        """Move towards a batch's mean and biased variance, of `count` cells a channel.

        Raises: ShapeError, where that is less than 2.
        """
        self.check_count(count)
        seen = mean, variance * (count / (count - 1))
        for stored, new in zip((self.mean.array, self.variance.array), seen, strict=True):
            step = new - stored
            step *= self.momentum
            np.add(stored, step, out=stored)
        self.batches[...] += 1
