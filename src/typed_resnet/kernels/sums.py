"""Sums and affine maps by channel: over all images and places, in either order of memory."""

from fractions import Fraction

import numpy as np

from typed_resnet.kernels import rows
from typed_resnet.kernels.epilogue import Epilogue
from typed_resnet.kernels.rows import image_of, rows_of
from typed_resnet.kernels.scalars import Real, number


def channel_sum(x: Real[np.ndarray, "N C H W"]) -> Real[np.ndarray, "C"]:
    flat = rows_of(x)
    if flat is not None:
        return rows.column_sums(flat).astype(x.dtype)
    N, C, H, W = x.shape
    zero = number(0, x.dtype)
    sums = x.reshape(N, C, H * W).sum(axis=2, initial=zero)
    return np.asarray(sums.sum(axis=0, initial=zero))


def channel_dot(
    x: Real[np.ndarray, "N C H W"], y: Real[np.ndarray, "N C H W"]
) -> Real[np.ndarray, "C"]:
    """Sum the products of two channels' cells, without an array of the products."""
    a, b = rows_of(x), rows_of(y)
    if a is not None and b is not None:
        return rows.column_dots(a, b).astype(x.dtype)
    N, C, H, W = x.shape
    dots = np.vecdot(x.reshape(N, C, H * W), y.reshape(N, C, H * W))
    return np.asarray(dots.sum(axis=0, initial=number(0, x.dtype)))


def cell_count(x: Real[np.ndarray, "N C H W"]) -> np.generic | Fraction:
    """Count a channel's cells, and in an empty batch 1: its statistics are zeros, not 0 / 0."""
    N, _, H, W = x.shape
    count: np.generic | Fraction = number(max(N * H * W, 1), x.dtype)
    return count


def affine(x: np.ndarray, then: Epilogue) -> np.ndarray:
    """Return max(x scale + shift + residual, 0), what of it the epilogue has, in new memory."""
    flat = rows_of(x)
    other = None if then.residual is None else rows_of(then.residual)
    if flat is None or (then.residual is not None and other is None):
        return then.of(x.copy())
    return image_of(rows.affine(flat, then._replace(residual=other)), x)


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


def masked(dy: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Return dy where y > 0, else 0, in new memory."""
    flat, other = rows_of(dy), rows_of(y)
    if flat is not None and other is not None:
        return image_of(rows.masked(flat, other), dy)
    return np.asarray(np.multiply(dy, y > 0, order="C"))
