"""Layer normalisation."""

from __future__ import annotations

from fractions import Fraction
from typing import Any, Generic, TypeVar

import numpy as np
import numpy.typing as npt

from typed_resnet import kernels
from typed_resnet.dims import B
from typed_resnet.layer import Layer
from typed_resnet.layers.arrays import AnyTensor, Batch, cotangent, restore, vectors
from typed_resnet.layers.gradients import In, LayerNormGrads, Vjp
from typed_resnet.layers.hyperparameters import positive, whole
from typed_resnet.tensor import Tensor, check_same_dtype

_In = TypeVar("_In", bound=int)


class LayerNorm(Layer, Generic[In]):
    """Normalise each vector by its own mean and variance, then scale and shift.

        y = (x - mean) / sqrt(variance + eps) gamma + beta

    The vectors lie along the last axis. The variance is the biased one.

    Shape:
        x, y   (*B, In)      gamma, beta   (In)
    Raises: ConfigError, where eps is not a positive number.
    Source: Ba, Kiros and Hinton, arXiv:1607.06450, section 3.
    """

    gamma: Tensor[In]
    beta: Tensor[In]
    eps: float | Fraction = 1e-5

    def __post_init__(self) -> None:
        positive("LayerNorm", "eps", self.eps)

    def __call__(self, x: Tensor[*B, In]) -> Tensor[*B, In]:
        batch, array = self._vectors(x)
        y = kernels.layer_norm(array, self.gamma.array, self.beta.array, self.eps)
        return restore(batch, y)

    forward = __call__

    def vjp(self, x: Tensor[*B, In]) -> Vjp[Tensor[*B, In], LayerNormGrads[In], Tensor[*B, In]]:
        """Normalise, and return with y the pullback dy -> ((dgamma, dbeta), dx)."""
        batch, array = self._vectors(x)
        z, pullback = kernels.layer_norm_vjp(array, self.gamma.array, self.beta.array, self.eps)
        y = restore(batch, z)

        def back(dy: Tensor[*B, In]) -> tuple[LayerNormGrads[In], Tensor[*B, In]]:
            dx, dgamma, dbeta = pullback(cotangent("LayerNorm", batch, dy, y))
            return LayerNormGrads(Tensor(dgamma), Tensor(dbeta)), restore(batch, dx)

        return y, back

    def backward(
        self, x: Tensor[*B, In], dy: Tensor[*B, In]
    ) -> tuple[LayerNormGrads[In], Tensor[*B, In]]:
        """Normalise anew, and return ((dgamma, dbeta), dx)."""
        _, pullback = self.vjp(x)
        return pullback(dy)

    def _vectors(self, x: AnyTensor) -> tuple[Batch, npt.NDArray[Any]]:
        check_same_dtype("LayerNorm", self.gamma, self.beta, x)
        return vectors(self, x, self.gamma.array.shape[0])

    @staticmethod
    def init(
        features: _In, *, eps: float | Fraction = 1e-5, dtype: npt.DTypeLike = np.float32
    ) -> LayerNorm[_In]:
        """Take gamma 1 and beta 0: normalised values pass as they are.

        Raises: ConfigError, where features is less than 1.
        """
        whole("LayerNorm", "features", features)
        return LayerNorm(
            Tensor.ones(features, dtype=dtype), Tensor.zeros(features, dtype=dtype), eps
        )
