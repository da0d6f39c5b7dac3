"""Sums over a channel: over all images and places."""

from fractions import Fraction

import numpy as np

from typed_resnet.kernels.scalars import Real, number


def channel_sum(x: Real[np.ndarray, "N C H W"]) -> Real[np.ndarray, "C"]:
    N, C, H, W = x.shape
    zero = number(0, x.dtype)
    rows = x.reshape(N, C, H * W).sum(axis=2, initial=zero)
    return np.asarray(rows.sum(axis=0, initial=zero))


def channel_dot(
    x: Real[np.ndarray, "N C H W"], y: Real[np.ndarray, "N C H W"]
) -> Real[np.ndarray, "C"]:
    """Sum the products of two channels' cells, without an array of the products."""
    N, C, H, W = x.shape
    rows = np.vecdot(x.reshape(N, C, H * W), y.reshape(N, C, H * W))
    return np.asarray(rows.sum(axis=0, initial=number(0, x.dtype)))


def cell_count(x: Real[np.ndarray, "N C H W"]) -> np.generic | Fraction:
    """Count a channel's cells, and in an empty batch 1: its statistics are zeros, not 0 / 0."""
    N, _, H, W = x.shape
    count: np.generic | Fraction = number(max(N * H * W, 1), x.dtype)
    return count
