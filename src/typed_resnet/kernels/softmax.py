"""Softmax over the middle axis of [N, K, M]."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from typed_resnet.kernels.scalars import Real, floats


def softmax(x: Real[np.ndarray, "N K M"]) -> Real[np.ndarray, "N K M"]:
    """Turn each vector into shares of one.

        y[n, k, m] = exp(x[n, k, m]) / sum over j of exp(x[n, j, m])

    The largest is subtracted first: no exponential overflows.

    Cost: 5 N K M flop, an exponential counted as one.
    Raises: `DTypeError` for fractions.
    Source: Bridle, in Neurocomputing (1990), equation 5.
    """
    floats("softmax", x)
    y = _below_largest(x)
    np.exp(y, out=y)
    y /= y.sum(axis=1, keepdims=True)
    return y


def softmax_vjp(
    x: Real[np.ndarray, "N K M"],
) -> tuple[Real[np.ndarray, "N K M"], Callable[[np.ndarray], np.ndarray]]:
    """Turn into shares, and return with y the pullback dy -> dx.

        dx = y (dy - sum over k of dy y)

    Saves: y.
    """
    y = softmax(x)

    def pullback(dy: Real[np.ndarray, "N K M"]) -> Real[np.ndarray, "N K M"]:
        dx: np.ndarray = np.multiply(dy, y, order="C")
        dx -= y * dx.sum(axis=1, keepdims=True)
        return dx

    return y.copy(), pullback


def log_softmax(x: Real[np.ndarray, "N K M"]) -> Real[np.ndarray, "N K M"]:
    """Take the logarithms of the softmax.

        y[n, k, m] = x[n, k, m] - log(sum over j of exp(x[n, j, m]))

    The largest is subtracted first: no exponential overflows, and no logarithm is of 0.

    Cost: 5 N K M flop, an exponential counted as one.
    Raises: `DTypeError` for fractions.
    """
    floats("log_softmax", x)
    y = _below_largest(x)
    y -= np.log(np.exp(y).sum(axis=1, keepdims=True))
    return y


def log_softmax_vjp(
    x: Real[np.ndarray, "N K M"],
) -> tuple[Real[np.ndarray, "N K M"], Callable[[np.ndarray], np.ndarray]]:
    """Take the logarithms, and return with y the pullback dy -> dx.

        dx = dy - softmax(x) sum over k of dy

    Saves: y.
    """
    y = log_softmax(x)

    def pullback(dy: Real[np.ndarray, "N K M"]) -> Real[np.ndarray, "N K M"]:
        dx: np.ndarray = np.exp(y)
        dx *= -dy.sum(axis=1, keepdims=True)
        dx += dy
        return dx

    return y.copy(), pullback


def _below_largest(x: np.ndarray) -> np.ndarray:
    y: np.ndarray = np.subtract(x, x.max(axis=1, keepdims=True), order="C")
    return y
