"""Batch normalisation, with the statistics of the batch or with stored ones."""

from __future__ import annotations

import functools
from collections.abc import Callable

import numpy as np

from typed_resnet.kernels.epilogue import NOTHING, Epilogue
from typed_resnet.kernels.scalars import Number, Real, number, square_root
from typed_resnet.kernels.sums import affine, cell_count, channel_sums_about, combined
from typed_resnet.kernels.sums import moments as moments


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
    mean, variance = moments(x)
    return normalised(x, mean, deviation(variance, eps), gamma, beta)


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

    Saves: nothing beyond x.
    Cost: in the pullback 9 N C H W flop.
    Source: Ioffe and Szegedy, arXiv:1502.03167, section 3, with its sums collected.
    """
    mean, variance = moments(x)
    root = deviation(variance, eps)
    y = normalised(x, mean, root, gamma, beta)
    return y, batch_norm2d_pullback(x, mean, root, gamma)


def normalised(
    x: np.ndarray,
    mean: np.ndarray,
    root: np.ndarray,
    gamma: np.ndarray,
    beta: np.ndarray,
    then: Epilogue = NOTHING,
) -> np.ndarray:
    """Normalise by m and sqrt(v + eps), and do in the same sweep what follows.

    The mean is taken off before anything else: x gamma / root, where |m| is large, has few digits
    left below m's.
    """
    first = Epilogue(gamma / root, beta)
    if then.scale is None and then.shift is None:
        return affine(x, Epilogue(first.scale, beta, then.residual, then.rectified), mean)
    return affine(affine(x, first, mean), then)


def batch_norm2d_pullback(
    x: np.ndarray, mean: np.ndarray, root: np.ndarray, gamma: np.ndarray
) -> Callable[[np.ndarray], tuple[np.ndarray, np.ndarray, np.ndarray]]:
    """Return the pullback of `batch_norm2d_vjp`, by x, m and sqrt(v + eps)."""

    def pullback(
        dy: Real[np.ndarray, "N C H W"],
    ) -> tuple[Real[np.ndarray, "N C H W"], Real[np.ndarray, "C"], Real[np.ndarray, "C"]]:
        M = cell_count(dy)
        dbeta, about = channel_sums_about(dy, x, mean)
        dgamma = about / root
        a = gamma / root
        b = -a * dgamma / (M * root)
        # x - m, multiplied out: b is so small that |m| / root costs no more than x itself lost
        return combined(a, dy, b, x, -a * dbeta / M - b * mean), dgamma, dbeta

    return pullback


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
    if x.dtype == np.float32:
        return affine(x, folded(gamma, beta, mean, variance, eps))
    y: np.ndarray = np.subtract(x, mean[:, None, None], order="C")
    y /= deviation(variance, eps)[:, None, None]
    y *= gamma[:, None, None]
    y += beta[:, None, None]
    return y


def folded(
    gamma: np.ndarray, beta: np.ndarray, mean: np.ndarray, variance: np.ndarray, eps: Number
) -> Epilogue:
    """Take a norm by stored statistics as one scale and one shift, computed in float64.

    What was computed of the same numbers before is returned again, for reading.
    """
    return _folded(gamma.dtype, eps, *(a.tobytes() for a in (gamma, beta, mean, variance)))


@functools.lru_cache(maxsize=512)
def _folded(dtype: np.dtype, eps: Number, *given: bytes) -> Epilogue:
    gamma, beta, mean, variance = (np.frombuffer(numbers, dtype) for numbers in given)
    exact = gamma / deviation(variance.astype(np.float64), eps)
    scale, shift = exact.astype(dtype), (beta - mean * exact).astype(dtype)
    scale.flags.writeable = shift.flags.writeable = False
    return Epilogue(scale, shift)


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
    root = deviation(variance, eps)

    def pullback(
        dy: Real[np.ndarray, "N C H W"],
    ) -> tuple[Real[np.ndarray, "N C H W"], Real[np.ndarray, "C"], Real[np.ndarray, "C"]]:
        dx = np.multiply(dy, (gamma / root)[:, None, None], order="C")
        dbeta, about = channel_sums_about(dy, x, mean)
        return dx, about / root, dbeta

    return batch_norm2d_inference(x, gamma, beta, mean, variance, eps), pullback


def deviation(variance: np.ndarray, eps: Number) -> np.ndarray:
    clamped = np.maximum(variance, number(0, variance.dtype))
    return square_root(clamped + number(eps, variance.dtype))
