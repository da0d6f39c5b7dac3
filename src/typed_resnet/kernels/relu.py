"""The rectifier."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from typed_resnet.kernels.epilogue import Epilogue
from typed_resnet.kernels.scalars import Real, number
from typed_resnet.kernels.sums import affine


def relu(x: Real[np.ndarray, "*S"]) -> Real[np.ndarray, "*S"]:
    """Replace what is below zero by zero.

        y = max(x, 0)

    A NaN stays, and -0.0 becomes +0.0.
    """
    zero = number(0, x.dtype)
    y = np.maximum(x, zero, order="C")
    y += zero  # max(-0.0, +0.0) may be either; their sum is +0.0
    return np.asarray(y)


def relu_vjp(
    x: Real[np.ndarray, "*S"],
) -> tuple[Real[np.ndarray, "*S"], Callable[[np.ndarray], np.ndarray]]:
    """Rectify, and return with y the pullback dy -> dx.

        dx = dy [x > 0]

    The derivative at 0, and at NaN, is 0.

    Saves: x > 0, one byte a cell.
    """
    positive = x > 0

    def pullback(dy: Real[np.ndarray, "*S"]) -> Real[np.ndarray, "*S"]:
        return np.asarray(np.multiply(dy, positive, order="C"))

    return relu(x), pullback


def relu_pullback(y: Callable[[], np.ndarray]) -> Callable[[np.ndarray], np.ndarray]:
    """Return the pullback of `relu_vjp` by its result, which is positive where x is."""

    def pullback(dy: np.ndarray) -> np.ndarray:
        return affine(dy, Epilogue(where=y()))

    return pullback
