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
        if self._takes_the_batch:
            batch, array = self._images(x)
            centred, root = self._centred(array)
            return waiting(batch, centred, kernels.Epilogue(gamma / root, beta))
        batch = self._batch(x)
        mean, variance = self._stored
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
        batch, array = self._images(x)
        gamma, beta = self.gamma.array, self.beta.array
        if self._takes_the_batch:
            centred, root = self._centred(array)
            y = waiting(batch, centred, kernels.Epilogue(gamma / root, beta))
            pullback = kernels.batch_norm2d_pullback(centred, root, gamma)
        else:
            z, pullback = kernels.batch_norm2d_inference_vjp(
                array, gamma, beta, *self._stored, self.eps
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

    @property
    def _takes_the_batch(self) -> bool:
        return self.statistics is None or self.statistics.training

    @property
    def _stored(self) -> tuple[npt.NDArray[Any], npt.NDArray[Any]]:
        assert self.statistics is not None
        return self.statistics.mean.array, self.statistics.variance.array

    def _centred(self, array: npt.NDArray[Any]) -> tuple[npt.NDArray[Any], npt.NDArray[Any]]:
        """Return x - mean and the deviation, and let stored statistics follow."""
        if self.statistics is not None:
            self.statistics.check_count(array.size // array.shape[1])
        centred, mean, variance = kernels.centre(array)
        if self.statistics is not None:
            self.statistics.follow(mean, variance, array.size // array.shape[1])
        return centred, kernels.deviation(variance, self.eps)

    def _batch(self, x: AnyTensor) -> Batch:
        check_same_dtype("BatchNorm2D", self.gamma, self.beta, x)
        return batch_of(self, x, self.gamma.array.shape[0])

    def _images(self, x: AnyTensor) -> tuple[Batch, npt.NDArray[Any]]:
        check_same_dtype("BatchNorm2D", self.gamma, self.beta, x)
        return images(self, x, self.gamma.array.shape[0])

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
