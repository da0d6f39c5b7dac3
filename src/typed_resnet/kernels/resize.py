"""Images made larger: by zeros around them, or by each cell again and again."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from typed_resnet.kernels.scalars import Real, zeros


def pad(
    x: Real[np.ndarray, "N C H W"], top: int, bottom: int, left: int, right: int
) -> Real[np.ndarray, "N C Ho Wo"]:
    """Put rows and columns of zeros around each image.

    Shape:
        y   (N, C, top + H + bottom, left + W + right)
    """
    N, C, H, W = x.shape
    y = zeros((N, C, top + H + bottom, left + W + right), x.dtype)
    y[:, :, top : top + H, left : left + W] = x
    return y


def pad_vjp(
    x: Real[np.ndarray, "N C H W"], top: int, bottom: int, left: int, right: int
) -> tuple[Real[np.ndarray, "N C Ho Wo"], Callable[[np.ndarray], np.ndarray]]:
    """Pad, and return with y the pullback dy -> dx: what was put around is cut off."""
    H, W = x.shape[2:]

    def pullback(dy: Real[np.ndarray, "N C Ho Wo"]) -> Real[np.ndarray, "N C H W"]:
        return dy[:, :, top : top + H, left : left + W].copy()

    return pad(x, top, bottom, left, right), pullback


def upsample(x: Real[np.ndarray, "N C H W"], factor: int) -> Real[np.ndarray, "N C Ho Wo"]:
    """Repeat each cell in a square of `factor` by `factor`: the nearest neighbour.

        y[n, c, i, j] = x[n, c, i // f, j // f]

    Shape:
        y   (N, C, f H, f W)
    """
    return np.repeat(np.repeat(np.ascontiguousarray(x), factor, axis=3), factor, axis=2)


def upsample_vjp(
    x: Real[np.ndarray, "N C H W"], factor: int
) -> tuple[Real[np.ndarray, "N C Ho Wo"], Callable[[np.ndarray], np.ndarray]]:
    """Repeat, and return with y the pullback dy -> dx: the sum over each square.

    Saves: nothing.
    """
    N, C, H, W = x.shape

    def pullback(dy: Real[np.ndarray, "N C Ho Wo"]) -> Real[np.ndarray, "N C H W"]:
        rows = np.ascontiguousarray(dy).reshape(N, C, H, factor, W * factor)
        dx: np.ndarray = rows.sum(axis=3).reshape(N, C, H, W, factor).sum(axis=4)
        return dx

    return upsample(x, factor), pullback
