"""Dropout, inverted: what is kept is scaled up, so that nothing is left to do in evaluation."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from jaxtyping import Bool

from typed_resnet.kernels.scalars import Number, Real, number


def dropout(
    x: Real[np.ndarray, "*S"], keep: Bool[np.ndarray, "*S"], rate: Number
) -> Real[np.ndarray, "*S"]:
    """Replace what is not kept by 0, and make up for it.

        y = x [keep] / (1 - rate)

    Source: Srivastava et al., Journal of Machine Learning Research 15 (2014), sections 4 and 10.
    """
    y: np.ndarray = np.multiply(x, keep, order="C")
    y /= number(1, x.dtype) - number(rate, x.dtype)
    return y


def dropout_vjp(
    x: Real[np.ndarray, "*S"], keep: Bool[np.ndarray, "*S"], rate: Number
) -> tuple[Real[np.ndarray, "*S"], Callable[[np.ndarray], np.ndarray]]:
    """Drop, and return with y the pullback dy -> dx, which drops the same.

    Saves: keep, one byte a cell.
    """

    def pullback(dy: Real[np.ndarray, "*S"]) -> Real[np.ndarray, "*S"]:
        return dropout(dy, keep, rate)

    return dropout(x, keep, rate), pullback
