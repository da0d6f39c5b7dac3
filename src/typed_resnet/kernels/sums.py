"""Sums and affine maps by channel: over all images and places, in either order of memory."""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from typed_resnet.kernels import rows
from typed_resnet.kernels.epilogue import Epilogue
from typed_resnet.kernels.rows import image_of, rows_of
from typed_resnet.kernels.scalars import Real, number


def channel_sum(x: Real[np.ndarray, "N C H W"]) -> Real[np.ndarray, "C"]:
    flat = rows_of(x)
    if flat is not None:
        return rows.column_sums(flat).astype(x.dtype, copy=False)
    N, C, H, W = x.shape
    zero = number(0, x.dtype)
    sums = x.reshape(N, C, H * W).sum(axis=2, initial=zero)
    return np.asarray(sums.sum(axis=0, initial=zero))


def channel_sums_about(
    dy: Real[np.ndarray, "N C H W"], x: Real[np.ndarray, "N C H W"], mean: Real[np.ndarray, "C"]
) -> tuple[Real[np.ndarray, "C"], Real[np.ndarray, "C"]]:
    """Sum dy, and dy (x - mean), over each channel's cells."""
    flat, other = rows_of(dy), rows_of(x)
    if flat is not None and other is not None:
        total, about = rows.sums_about(flat, other, mean)
        return total.astype(dy.dtype, copy=False), about.astype(dy.dtype, copy=False)
    return channel_sum(dy), _dot(dy, x - mean[:, None, None])


def moments(x: Real[np.ndarray, "N C H W"]) -> tuple[Real[np.ndarray, "C"], Real[np.ndarray, "C"]]:
    """Return the mean and the variance of each channel's cells.

    The variance is that of the centred values: E[x^2] - E[x]^2 loses all digits at a large |m|.
    """
    flat = rows_of(x)
    if flat is not None:
        mean, variance = rows.moments(flat)
        return mean.astype(x.dtype, copy=False), variance.astype(x.dtype, copy=False)
    M = cell_count(x)
    mean = channel_sum(x) / M
    centred = x - mean[:, None, None]
    return mean, _dot(centred, centred) / M


def cell_count(x: Real[np.ndarray, "N C H W"]) -> np.generic | Fraction:
    """Count a channel's cells, and in an empty batch 1: its statistics are zeros, not 0 / 0."""
    N, _, H, W = x.shape
    count: np.generic | Fraction = number(max(N * H * W, 1), x.dtype)
    return count


def affine(x: np.ndarray, then: Epilogue, centre: np.ndarray | None = None) -> np.ndarray:
    """Return max((x - centre) scale + shift + residual, 0) [where > 0], what of it there is.

    It is in new memory.
    """
    flat = rows_of(x)
    residual = None if then.residual is None else rows_of(then.residual)
    where = None if then.where is None else rows_of(then.where)
    apart = (residual is None) != (then.residual is None) or (where is None) != (
        then.where is None
    )
    if flat is None or apart:
        less = x.copy() if centre is None else np.subtract(x, centre[:, None, None], order="C")
        return then.of(less)
    then = Epilogue(then.scale, then.shift, residual, then.rectified, where)
    return image_of(rows.affine(flat, then, centre), x)


def combined(
    a: np.ndarray, x: np.ndarray, b: np.ndarray, z: np.ndarray, c: np.ndarray
) -> np.ndarray:
    """Return a x + b z + c in new memory, with one a, b and c a channel."""
    flat, other = rows_of(x), rows_of(z)
    if flat is not None and other is not None:
        return image_of(rows.combined(a, flat, b, other, c), x)
    y: np.ndarray = np.multiply(x, a[:, None, None], order="C")
    y += z * b[:, None, None]
    y += c[:, None, None]
    return y


def _dot(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Sum the products of two channels' cells, without an array of the products."""
    N, C, H, W = x.shape
    dots = np.vecdot(x.reshape(N, C, H * W), y.reshape(N, C, H * W))
    return np.asarray(dots.sum(axis=0, initial=number(0, x.dtype)))
