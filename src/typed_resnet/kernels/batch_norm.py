"""Batch normalisation, with the statistics of the batch or with stored ones."""

from collections.abc import Callable
from fractions import Fraction

import numpy as np

from typed_resnet.kernels.scalars import Real, number, square_root


def batch_norm2d(
    x: Real[np.ndarray, "N C H W"],
    gamma: Real[np.ndarray, "C"],
    beta: Real[np.ndarray, "C"],
    eps: float | Fraction,
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
    eps: float | Fraction,
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
        M = _cells(dy)
        dbeta = channel_sum(dy)
        dgamma = _channel_dot(dy, xhat)
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
    eps: float | Fraction,
) -> Real[np.ndarray, "N C H W"]:
    """Normalise each channel by a stored mean and variance, then scale and shift.

        y = ((x - mean) / sqrt(max(variance, 0) + eps)) gamma + beta

    Shape:
        x, y   (N, C, H, W)      the others   (C)
    Cost: 4 N C H W flop.
    Raises: `DTypeError` where x holds fractions and variance + eps is no square of one.
    Source: Ioffe and Szegedy, arXiv:1502.03167, algorithm 2.
    """
    y: np.ndarray = x - mean[:, None, None]
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
    eps: float | Fraction,
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
        dx = dy * (gamma / root)[:, None, None]
        dgamma = _channel_dot(dy, x - mean[:, None, None]) / root
        return dx, dgamma, channel_sum(dy)

    return batch_norm2d_inference(x, gamma, beta, mean, variance, eps), pullback


def channel_sum(x: Real[np.ndarray, "N C H W"]) -> Real[np.ndarray, "C"]:
    """Sum each channel over images and places."""
    N, C, H, W = x.shape
    zero = number(0, x.dtype)
    rows = x.reshape(N, C, H * W).sum(axis=2, initial=zero)
    return np.asarray(rows.sum(axis=0, initial=zero))


def _channel_dot(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    N, C, H, W = x.shape
    rows = np.vecdot(x.reshape(N, C, H * W), y.reshape(N, C, H * W))
    return np.asarray(rows.sum(axis=0, initial=number(0, x.dtype)))


def _cells(x: np.ndarray) -> np.generic | Fraction:
    """Count a channel's cells, and in an empty batch 1: its statistics are zeros, not 0 / 0."""
    N, _, H, W = x.shape
    count: np.generic | Fraction = number(max(N * H * W, 1), x.dtype)
    return count


def _deviation(variance: np.ndarray, eps: float | Fraction) -> np.ndarray:
    clamped = np.maximum(variance, number(0, variance.dtype))
    return square_root(clamped + number(eps, variance.dtype))


def _normalise(x: np.ndarray, eps: float | Fraction) -> tuple[np.ndarray, np.ndarray]:
    """Return (x - m) / sqrt(v + eps) in a new array, and sqrt(v + eps).

    The variance is that of the centred values: E[x^2] - E[x]^2 loses all digits at a large |m|.
    """
    M = _cells(x)
    xhat = x - (channel_sum(x) / M)[:, None, None]
    root = _deviation(_channel_dot(xhat, xhat) / M, eps)
    xhat /= root[:, None, None]
    return xhat, root
