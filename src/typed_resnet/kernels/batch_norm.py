"""Batch normalisation, with the statistics of the batch or with stored ones."""

from collections.abc import Callable

import numpy as np

from typed_resnet.kernels.scalars import Number, Real, number, square_root
from typed_resnet.kernels.sums import cell_count, channel_dot, channel_sum


def batch_norm2d(
    x: Real[np.ndarray, "N C H W"],
    gamma: Real[np.ndarray, "C"],
    beta: Real[np.ndarray, "C"],
    eps: Number,
) -> Real[np.ndarray, "N C H W"]:
    """Normalise each channel by its own mean and variance, then scale and shift.

        m = mean of x,  v = mean of (x - m)^2      over N, H, W
        y = ((x - m) / sqrt(v + eps)) gamma + beta

    The variance is the biased one. A channel of one cell gives exactly beta.

    Shape:
        x, y   (N, C, H, W)      gamma, beta   (C)
    Cost: 8 N C H W flop.
    Raises: `DTypeError` where x holds fractions and v + eps is no square of one.
    Source: Ioffe and Szegedy, arXiv:1502.03167, algorithm 1.
    """
    xhat, _ = _normalise(x, eps)
    xhat *= gamma[:, None, None]
    xhat += beta[:, None, None]
    return xhat


def batch_norm2d_vjp(
    x: Real[np.ndarray, "N C H W"],
    gamma: Real[np.ndarray, "C"],
    beta: Real[np.ndarray, "C"],
    eps: Number,
) -> tuple[
    Real[np.ndarray, "N C H W"],
    Callable[[np.ndarray], tuple[np.ndarray, np.ndarray, np.ndarray]],
]:
    """Normalise, and return with y the pullback dy -> (dx, dgamma, dbeta).

    With xhat = (x - m) / sqrt(v + eps) and M = N H W,

        dbeta  = sum of dy        dgamma = sum of dy xhat
        dx     = (dy - dbeta / M - xhat dgamma / M) gamma / sqrt(v + eps)

    Saves: xhat, N C H W numbers.
    Cost: in the pullback 9 N C H W flop.
    Source: Ioffe and Szegedy, arXiv:1502.03167, section 3, with its sums collected.
    """
    xhat, root = _normalise(x, eps)
    y = xhat * gamma[:, None, None]
    y += beta[:, None, None]

    def pullback(
        dy: Real[np.ndarray, "N C H W"],
    ) -> tuple[Real[np.ndarray, "N C H W"], Real[np.ndarray, "C"], Real[np.ndarray, "C"]]:
        M = cell_count(dy)
        dbeta = channel_sum(dy)
        dgamma = channel_dot(dy, xhat)
        dx = xhat * (-dgamma / M)[:, None, None]
        dx += dy
        dx -= (dbeta / M)[:, None, None]
        dx *= (gamma / root)[:, None, None]
        return dx, dgamma, dbeta

    return y, pullback


def batch_norm2d_inference(
    x: Real[np.ndarray, "N C H W"],
    gamma: Real[np.ndarray, "C"],
    beta: Real[np.ndarray, "C"],
    mean: Real[np.ndarray, "C"],
    variance: Real[np.ndarray, "C"],
    eps: Number,
) -> Real[np.ndarray, "N C H W"]:
    """Normalise each channel by a stored mean and variance, then scale and shift.

        y = ((x - mean) / sqrt(max(variance, 0) + eps)) gamma + beta

    Shape:
        x, y   (N, C, H, W)      the others   (C)
    Cost: 4 N C H W flop.
    Raises: `DTypeError` where x holds fractions and variance + eps is no square of one.
    Source: Ioffe and Szegedy, arXiv:1502.03167, algorithm 2.
    """
    y: np.ndarray = np.subtract(x, mean[:, None, None], order="C")
    y /= _deviation(variance, eps)[:, None, None]
    y *= gamma[:, None, None]
    y += beta[:, None, None]
    return y


def batch_norm2d_inference_vjp(
    x: Real[np.ndarray, "N C H W"],
    gamma: Real[np.ndarray, "C"],
    beta: Real[np.ndarray, "C"],
    mean: Real[np.ndarray, "C"],
    variance: Real[np.ndarray, "C"],
    eps: Number,
) -> tuple[
    Real[np.ndarray, "N C H W"],
    Callable[[np.ndarray], tuple[np.ndarray, np.ndarray, np.ndarray]],
]:
    """Normalise by stored statistics, and return with y the pullback dy -> (dx, dgamma, dbeta).

        dx     = dy gamma / sqrt(max(variance, 0) + eps)
        dgamma = sum of dy (x - mean) / sqrt(max(variance, 0) + eps)      dbeta = sum of dy

    The stored statistics are constants: they get no gradient.

    Saves: nothing beyond x.
    Cost: in the pullback 5 N C H W flop.
    """
    root = _deviation(variance, eps)

    def pullback(
        dy: Real[np.ndarray, "N C H W"],
    ) -> tuple[Real[np.ndarray, "N C H W"], Real[np.ndarray, "C"], Real[np.ndarray, "C"]]:
        dx = np.multiply(dy, (gamma / root)[:, None, None], order="C")
        dgamma = channel_dot(dy, x - mean[:, None, None]) / root
        return dx, dgamma, channel_sum(dy)

    return batch_norm2d_inference(x, gamma, beta, mean, variance, eps), pullback


def _deviation(variance: np.ndarray, eps: Number) -> np.ndarray:
    clamped = np.maximum(variance, number(0, variance.dtype))
    return square_root(clamped + number(eps, variance.dtype))


def _normalise(x: np.ndarray, eps: Number) -> tuple[np.ndarray, np.ndarray]:
    """Return (x - m) / sqrt(v + eps) in a new array, and sqrt(v + eps).

    The variance is that of the centred values: E[x^2] - E[x]^2 loses all digits at a large |m|.
    """
    M = cell_count(x)
    xhat = np.subtract(x, (channel_sum(x) / M)[:, None, None], order="C")
    root = _deviation(channel_dot(xhat, xhat) / M, eps)
    xhat /= root[:, None, None]
    return xhat, root
