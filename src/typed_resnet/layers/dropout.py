"""Dropout: cells left out by chance."""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from typed_resnet import kernels
from typed_resnet.differentiable import differentiable
from typed_resnet.errors import ConfigError
from typed_resnet.layer import Layer
from typed_resnet.layers.arrays import check_alike
from typed_resnet.layers.gradients import FunctionVjp, Vjp
from typed_resnet.layers.initial import Generator
from typed_resnet.runtime import typed
from typed_resnet.tensor import Shape, Tensor

Rate = float | Fraction
"""The chance to be left out, from 0 up to but not 1."""


@typed
@differentiable(lambda: dropout_vjp)
def dropout(x: Tensor[*Shape], rate: Rate, rng: Generator) -> Tensor[*Shape]:
    """Replace each cell by 0 with the chance `rate`, and scale the others up to make up for it.

        y = x [kept] / (1 - rate)

    What is kept is drawn from the generator. Without one nothing is dropped: that is evaluation.

    Raises: ConfigError, where rate is not from 0 up to 1, 1 left out.
    """
    y, _ = dropout_vjp(x, rate, rng)
    return y


@typed
def dropout_vjp(
    x: Tensor[*Shape], rate: Rate, rng: Generator
) -> FunctionVjp[Tensor[*Shape], Tensor[*Shape]]:
    """Drop, and return with y the pullback dy -> dx, which drops the same cells.

    dx = dy [kept] / (1 - rate)
    """
    check_rate("dropout", rate)
    if rng is None:
        keep, rate = np.ones(x.array.shape, np.bool_), 0
    else:
        keep = np.asarray(rng.random(x.array.shape) >= float(rate))
    z, pullback = kernels.dropout_vjp(x.array, keep, rate)
    y: Tensor[*Shape] = Tensor(z)

    def back(dy: Tensor[*Shape]) -> Tensor[*Shape]:
        check_alike("dropout", y, dy)
        return Tensor(pullback(dy.array))

    return y, back


def check_rate(owner: str, rate: object) -> None:
    """Accept a number from 0 up to 1, 1 left out.

    Raises: ConfigError.
    """
    if isinstance(rate, bool) or not isinstance(rate, float | int | Fraction) or not 0 <= rate < 1:
        raise ConfigError(f"{owner} expects 0 ≤ rate < 1, got {rate!r}")


class Dropout(Layer):
    """Replace each cell by 0 with the chance `rate`, and scale the others up to make up for it.

        y = x [kept] / (1 - rate)

    With a generator it trains, and draws anew at each call; without one it does nothing, as in
    evaluation: `Dropout(0.5, rng)` and `Dropout(0.5)`. There is no `backward`: called anew it
    would drop other cells than the call before. Take the pullback of `vjp`.

    Raises: ConfigError, where rate is not from 0 up to 1, 1 left out.
    Source: Srivastava et al., Journal of Machine Learning Research 15 (2014).
    """

    rate: Rate
    rng: Generator = None

    def __post_init__(self) -> None:
        check_rate("Dropout", self.rate)

    def __call__(self, x: Tensor[*Shape]) -> Tensor[*Shape]:
        return dropout(x, self.rate, self.rng)

    forward = __call__

    def vjp(self, x: Tensor[*Shape]) -> Vjp[Tensor[*Shape], None, Tensor[*Shape]]:
        """Drop, and return with y the pullback dy -> (None, dx), which drops the same cells."""
        y, back = dropout_vjp(x, self.rate, self.rng)
        return y, lambda dy: (None, back(dy))
