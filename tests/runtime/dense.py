"""A layer for the tests: a matrix, with whatever a class may have."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Generic, Self, TypeVar

import numpy as np

from typed_resnet import Layer, Tensor
from typed_resnet.dims import B

In = TypeVar("In", bound=int)
Out = TypeVar("Out", bound=int)
zeros = Tensor.zeros


class Dense(Layer, Generic[In, Out]):
    """Multiply by a matrix."""

    weight: Tensor[Out, In]
    bias: Tensor[Out] | None = None

    def __call__(self, x: Tensor[*B, In]) -> Tensor[*B, Out]:
        return Tensor(x.array @ self.weight.array.T)

    forward = __call__

    @classmethod
    def square(cls, width: In) -> Dense[In, In]:
        return Dense(zeros(width, width))

    @property
    def diagonal(self) -> Tensor[In]:
        return Tensor(np.diag(self.weight.array).copy())

    def with_bias(self, bias: Tensor[Out]) -> Self:
        return replace(self, bias=bias)


def dense(i: int, o: int) -> Dense[Any, Any]:
    return Dense(zeros(o, i))
