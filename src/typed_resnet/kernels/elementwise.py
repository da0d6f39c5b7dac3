"""Functions of each number by itself."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from typed_resnet.kernels.scalars import Real, floats, number, square_root

Pullback = Callable[[np.ndarray], np.ndarray]


def exp(x: Real[np.ndarray, "*S"]) -> Real[np.ndarray, "*S"]:
    """Raise e to each number.

    Raises: `DTypeError` for fractions.
    """
    floats("exp", x)
    return np.asarray(np.exp(x, order="C"))


def exp_vjp(x: Real[np.ndarray, "*S"]) -> tuple[Real[np.ndarray, "*S"], Pullback]:
    """Raise, and return with y the pullback dy -> dx.

        dx = dy y

    Saves: y.
    """
    y = exp(x)
    return y, lambda dy: np.asarray(np.multiply(dy, y, order="C"))


def sqrt(x: Real[np.ndarray, "*S"]) -> Real[np.ndarray, "*S"]:
    """Take each square root; of a fraction the exact one.

    Raises: `DTypeError` for a fraction without a rational square root.
    """
    return square_root(np.ascontiguousarray(x) if x.ndim else x)


def sqrt_vjp(x: Real[np.ndarray, "*S"]) -> tuple[Real[np.ndarray, "*S"], Pullback]:
    """Take the root, and return with y the pullback dy -> dx.

        dx = dy / (2 y)

    Infinite at 0, as the slope is.

    Saves: y.
    """
    y = sqrt(x)

    def pullback(dy: Real[np.ndarray, "*S"]) -> Real[np.ndarray, "*S"]:
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.asarray(np.divide(dy, 2 * y, order="C"))

    return y, pullback


def sigmoid(x: Real[np.ndarray, "*S"]) -> Real[np.ndarray, "*S"]:
    """Squash each number into (0, 1).

        y = 1 / (1 + exp(-x)) = exp(x) / (1 + exp(x))

    whichever of the two has no large exponential.

    Raises: `DTypeError` for fractions.
    """
    floats("sigmoid", x)
    decay = np.exp(-np.abs(x), order="C")
    above = x >= 0
    decay = np.asarray(decay)
    return np.asarray(np.where(above, number(1, x.dtype), decay) / (1 + decay))


def sigmoid_vjp(x: Real[np.ndarray, "*S"]) -> tuple[Real[np.ndarray, "*S"], Pullback]:
    """Squash, and return with y the pullback dy -> dx.

        dx = dy y (1 - y)

    where 1 - y is sigmoid(-x): near 1 a difference would have no digits left.

    Saves: y and x.
    """
    y = sigmoid(x)
    return y, lambda dy: np.asarray(np.multiply(dy, y * sigmoid(-x), order="C"))


def tanh(x: Real[np.ndarray, "*S"]) -> Real[np.ndarray, "*S"]:
    """Squash each number into (-1, 1): the hyperbolic tangent.

    Raises: `DTypeError` for fractions.
    """
    floats("tanh", x)
    return np.asarray(np.tanh(x, order="C"))


def tanh_vjp(x: Real[np.ndarray, "*S"]) -> tuple[Real[np.ndarray, "*S"], Pullback]:
    """Squash, and return with y the pullback dy -> dx.

        dx = dy (1 - y^2) = 4 dy e / (1 + e)^2      e = exp(-2 |x|)

    where 1 - y^2 itself has no digits left near 1.

    Saves: x.
    """

    def pullback(dy: Real[np.ndarray, "*S"]) -> Real[np.ndarray, "*S"]:
        decay = np.exp(-2 * np.abs(x))
        return np.asarray(np.multiply(dy, 4 * decay / (1 + decay) ** 2, order="C"))

    return tanh(x), pullback
