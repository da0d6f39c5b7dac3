"""An affine map of vectors."""

from __future__ import annotations

from typing import Any, Generic, TypeVar

import numpy as np
import numpy.typing as npt

from typed_resnet import kernels
from typed_resnet.dims import B
from typed_resnet.layer import Layer
from typed_resnet.layers.arrays import AnyTensor, Batch, cotangent, numbers, restore, vectors
from typed_resnet.layers.gradients import In, LinearGrads, Out, Vjp
from typed_resnet.layers.hyperparameters import whole
from typed_resnet.layers.initial import Generator, drawn
from typed_resnet.tensor import Tensor, check_same_dtype

_In = TypeVar("_In", bound=int)
_Out = TypeVar("_Out", bound=int)


class Linear(Layer, Generic[In, Out]):
    """Multiply each vector by a matrix, then add the bias.

        y[o] = b[o] + sum over k of w[o, k] x[k]

    Shape:
        x   (*B, In)      weight   (Out, In)      bias   (Out), or none
        y   (*B, Out)
    """

    weight: Tensor[Out, In]
    bias: Tensor[Out] | None

    def __call__(self, x: Tensor[*B, In]) -> Tensor[*B, Out]:
        batch, array = _vectors(self, x)
        return restore(batch, kernels.linear(array, self.weight.array, numbers(self.bias)))

    forward = __call__

    def vjp(self, x: Tensor[*B, In]) -> Vjp[Tensor[*B, Out], LinearGrads[In, Out], Tensor[*B, In]]:
        """Multiply, and return with y the pullback dy -> ((dw, db), dx)."""
        batch, array = _vectors(self, x)
        z, pullback = kernels.linear_vjp(array, self.weight.array, numbers(self.bias))
        y = restore(batch, z)

        def back(dy: Tensor[*B, Out]) -> tuple[LinearGrads[In, Out], Tensor[*B, In]]:
            dweight, db, dx = pullback(cotangent("Linear", batch, dy, y))
            dbias: Tensor[Out] | None = None if db is None else Tensor(db)
            return LinearGrads(Tensor(dweight), dbias), restore(batch, dx)

        return y, back

    def backward(
        self, x: Tensor[*B, In], dy: Tensor[*B, Out]
    ) -> tuple[LinearGrads[In, Out], Tensor[*B, In]]:
        """Multiply anew, and return ((dw, db), dx)."""
        _, pullback = self.vjp(x)
        return pullback(dy)

    @staticmethod
    def init(
        rng: Generator,
        in_features: _In,
        out_features: _Out,
        *,
        bias: bool = True,
        dtype: npt.DTypeLike = np.float32,
    ) -> Linear[_In, _Out]:
        """Draw the weight from the normal distribution of variance 1 / In; the bias is 0.

        No rectifier follows, hence no factor 2.

        Raises: ConfigError, where a size is less than 1.
        """
        whole("Linear", "in_features", in_features)
        whole("Linear", "out_features", out_features)
        return Linear(
            drawn(rng, 1 / in_features, out_features, in_features, dtype=dtype),
            Tensor.zeros(out_features, dtype=dtype) if bias else None,
        )

    @staticmethod
    def zero_init(
        in_features: _In,
        out_features: _Out,
        *,
        bias: bool = True,
        dtype: npt.DTypeLike = np.float32,
    ) -> Linear[_In, _Out]:
        """Fill weight and bias with noughts."""
        return Linear.init(None, in_features, out_features, bias=bias, dtype=dtype)


def _vectors(layer: Linear[Any, Any], x: AnyTensor) -> tuple[Batch, np.ndarray]:
    check_same_dtype("Linear", layer.weight, layer.bias, x)
    return vectors(layer, x, layer.weight.shape[1])
