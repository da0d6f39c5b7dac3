"""Windows over the last two axes of [N, C, H, W]: how many, which cells, there and back.

Window i begins at cell s i - p: stride s, padding p on both sides.
"""

from __future__ import annotations

import functools

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from typed_resnet.kernels.scalars import Real, zeros


def window_count(size: int, window: int, stride: int, padding: int) -> int:
    """Count the windows along one axis.

        (H + 2P - K) // S + 1

    Raises: `ValueError` where not even one window fits.
    Source: Dumoulin and Visin, arXiv:1603.07285, relationship 6.
    """
    if stride < 1:
        raise ValueError(f"a stride is at least 1, got {stride}")
    if not 1 <= window <= size + 2 * padding:
        raise ValueError(f"window {window} does not fit size {size} padded by {padding}")
    return (size + 2 * padding - window) // stride + 1


@functools.lru_cache(maxsize=1024)
def reach(offset: int, size: int, stride: int, padding: int, count: int) -> tuple[slice, slice]:
    """Pair the windows whose cell number `offset` is not padding with these cells.

    Cell number `offset` of window i is cell s i + offset - p of the axis. Returns the slice of
    those i of `count` for which this lies in [0, size), and the slice of these cells.
    """
    shift = offset - padding
    first = max(0, -(shift // stride))
    stop = min(count, (size - 1 - shift) // stride + 1)
    if stop <= first:
        return slice(0, 0), slice(0, 0)
    start = first * stride + shift
    return slice(first, stop), slice(start, start + (stop - first - 1) * stride + 1, stride)


def windows(
    x: Real[np.ndarray, "N C H W"], KH: int, KW: int, stride: int, padding: int
) -> Real[np.ndarray, "N C Ho Wo KH KW"]:
    """View every window of the zero-padded images, read-only.

    z[n, c, i, j, u, v] = x[n, c, s i + u - p, s j + v - p]
    """
    N, C, H, W = x.shape
    window_count(H, KH, stride, padding)
    window_count(W, KW, stride, padding)
    if padding:
        padded = zeros((N, C, H + 2 * padding, W + 2 * padding), x.dtype)
        padded[:, :, padding : padding + H, padding : padding + W] = x
    else:
        padded = x
    every = sliding_window_view(padded, (KH, KW), axis=(2, 3))
    return every[:, :, ::stride, ::stride]


def add_windows(
    dz: Real[np.ndarray, "N C KH KW Ho Wo"], H: int, W: int, stride: int, padding: int
) -> Real[np.ndarray, "N C H W"]:
    """Add every window's cells back to where they were read: the adjoint of `windows`.

        dx[n, c, h, w] = sum of dz[n, c, u, v, i, j] over s i + u - p = h, s j + v - p = w

    Padding's share is dropped. A window's own axes come first, as a matrix product leaves them.
    """
    N, C, KH, KW, Ho, Wo = dz.shape
    if KH == KW == 1 and stride == 1 and padding == 0:
        return dz.reshape(N, C, H, W)
    dx = zeros((N, C, H, W), dz.dtype)
    for u in range(KH):
        i, h = reach(u, H, stride, padding, Ho)
        for v in range(KW):
            j, w = reach(v, W, stride, padding, Wo)
            dx[:, :, h, w] += dz[:, :, u, v, i, j]
    return dx
