"""Batch normalisation."""

from __future__ import annotations

import dataclasses
from fractions import Fraction
from typing import Any, Generic, TypeVar

import numpy as np
import numpy.typing as npt

from typed_resnet import kernels
from typed_resnet.dims import B, C, H, W
from typed_resnet.kernels.pending import may_wait
from typed_resnet.layer import Layer
from typed_resnet.layers.arrays import (
    AnyTensor,
    Batch,
    Like,
    batch_of,
    cotangent,
    images,
    made_with,
    restore,
    waiting,
)
from typed_resnet.layers.gradients import BatchNorm2DGrads, Vjp
from typed_resnet.layers.hyperparameters import positive, whole
from typed_resnet.layers.statistics import RunningStatistics
from typed_resnet.tensor import Tensor, check_same_dtype

_C = TypeVar("_C", bound=int)

SPEC_EPS = 1e-6
"""The specification's; PyTorch's is 1e-5."""


class BatchNorm2D(Layer, Generic[C]):
    """Normalise each channel by its own mean and variance, then scale and shift.

        y = (x - mean) / sqrt(variance + eps) gamma + beta

    The statistics are those of the call, over all axes but the channel: for a single image this
    is the specification's norm, for a batch it is PyTorch's in training. The variance is the
    biased one. A constant channel gives exactly beta. With stored statistics, see there.

    Shape:
        x, y   (*B, C, H, W)      gamma, beta   (C)
    Raises: ConfigError, where eps is not a positive number.
    Source: Ioffe and Szegedy, arXiv:1502.03167, algorithms 1 and 2.
    """

    gamma: Tensor[C]
    beta: Tensor[C]
    eps: float | Fraction = SPEC_EPS
    statistics: RunningStatistics[C] | None = None

    def __post_init__(self) -> None:
        positive("BatchNorm2D", "eps", self.eps)

    def __call__(self, x: Tensor[*B, C, H, W]) -> Tensor[*B, C, H, W]:
        gamma, beta = self.gamma.array, self.beta.array
        if _takes_the_batch(self.statistics):
            batch, array = _images(self, x)
            return _normalised(batch, array, *_of_batch(self, array), gamma, beta)
        batch = _batch(self, x)
        mean, variance = _stored(self.statistics)
        if may_wait(x.dtype):
            then = kernels.folded(gamma, beta, mean, variance, self.eps)
            made = None if x.pending is None else x.pending.scaled(x, then)
            return waiting(batch, images(self, x)[1], then) if made is None else Tensor.later(made)
        array = images(self, x)[1]
        return restore(
            batch, kernels.batch_norm2d_inference(array, gamma, beta, mean, variance, self.eps)
        )

    forward = __call__

    def vjp(
        self, x: Tensor[*B, C, H, W]
    ) -> Vjp[Tensor[*B, C, H, W], BatchNorm2DGrads[C], Tensor[*B, C, H, W]]:
        """Normalise, and return with y the pullback dy -> ((dgamma, dbeta), dx)."""
        batch, array = _images(self, x)
        gamma, beta = self.gamma.array, self.beta.array
        if _takes_the_batch(self.statistics):
            mean, root = _of_batch(self, array)
            y = _normalised(batch, array, mean, root, gamma, beta)
            pullback = kernels.batch_norm2d_pullback(array, mean, root, gamma)
        else:
            z, pullback = kernels.batch_norm2d_inference_vjp(
                array, gamma, beta, *_stored(self.statistics), self.eps
            )
            y = restore(batch, z)
        like = Like.of(y)

        def back(dy: Tensor[*B, C, H, W]) -> tuple[BatchNorm2DGrads[C], Tensor[*B, C, H, W]]:
            dx, dgamma, dbeta = pullback(cotangent("BatchNorm2D", batch, dy, like))
            return BatchNorm2DGrads(Tensor(dgamma), Tensor(dbeta)), restore(batch, dx)

        return y, back

    def backward(
        self, x: Tensor[*B, C, H, W], dy: Tensor[*B, C, H, W]
    ) -> tuple[BatchNorm2DGrads[C], Tensor[*B, C, H, W]]:
        """Normalise anew, and return ((dgamma, dbeta), dx)."""
        _, pullback = self.vjp(x)
        return pullback(dy)

    def with_statistics(self) -> BatchNorm2D[C]:
        """Return the norm with stored statistics, as yet of no batch."""
        channels = self.gamma.shape[0]
        statistics = RunningStatistics.init(channels, dtype=self.gamma.dtype)
        return dataclasses.replace(self, statistics=statistics)

    @staticmethod
    def init(
        channels: _C, *, eps: float | Fraction = SPEC_EPS, dtype: npt.DTypeLike = np.float32
    ) -> BatchNorm2D[_C]:
        """Take gamma 1 and beta 0: normalised values pass as they are.

        Raises: ConfigError, where channels is less than 1.
        """
        whole("BatchNorm2D", "channels", channels)
        return BatchNorm2D(
            Tensor.ones(channels, dtype=dtype), Tensor.zeros(channels, dtype=dtype), eps
        )


# Functions, not methods: the hook has checked the call that comes here.


def _takes_the_batch(statistics: RunningStatistics[Any] | None) -> bool:
    return statistics is None or statistics.training


def _stored(statistics: RunningStatistics[Any] | None) -> tuple[np.ndarray, np.ndarray]:
    assert statistics is not None
    return statistics.mean.array, statistics.variance.array


def _of_batch(norm: BatchNorm2D[Any], array: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the mean and the deviation, and let stored statistics follow."""
    count = array.size // array.shape[1]
    if norm.statistics is not None:
        norm.statistics.check_count(count)
    mean, variance = kernels.moments(array)
    if norm.statistics is not None:
        norm.statistics.follow(mean, variance, count)
    return mean, kernels.deviation(variance, norm.eps)


def _normalised(
    batch: Batch,
    array: np.ndarray,
    mean: np.ndarray,
    root: np.ndarray,
    gamma: np.ndarray,
    beta: np.ndarray,
) -> AnyTensor:
    return made_with(
        batch, array, lambda then: kernels.normalised(array, mean, root, gamma, beta, then)
    )


def _batch(norm: BatchNorm2D[Any], x: AnyTensor) -> Batch:
    check_same_dtype("BatchNorm2D", norm.gamma, norm.beta, x)
    return batch_of(norm, x, norm.gamma.shape[0])


def _images(norm: BatchNorm2D[Any], x: AnyTensor) -> tuple[Batch, np.ndarray]:
    check_same_dtype("BatchNorm2D", norm.gamma, norm.beta, x)
    return images(norm, x, norm.gamma.shape[0])
