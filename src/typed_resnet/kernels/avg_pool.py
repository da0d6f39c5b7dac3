"""Mean over windows."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from typed_resnet.kernels.scalars import Real, number, zeros
from typed_resnet.kernels.windows import reach, window_count


def avg_pool2d(
    x: Real[np.ndarray, "N C H W"], kernel_size: int, stride: int, padding: int
) -> Real[np.ndarray, "N C Ho Wo"]:
    """Average each window.

        y[n, c, i, j] = (sum over u, v of x[n, c, s i + u - p, s j + v - p]) / K^2

    Padding counts as cells that are 0. First along each row, then along each column: about 2K
    sums a window in place of K^2.

    Shape:
        x   (N, C, H, W)      y   (N, C, H', W')   H' = (H + 2P - K) // S + 1, W' alike
    Cost: N C W' K (H + H') flop.
    Raises: `ValueError` where no window fits.
    """
    rows = _sum_along(x, 3, kernel_size, stride, padding)
    y = _sum_along(rows, 2, kernel_size, stride, padding)
    y /= number(kernel_size**2, x.dtype)
    return y


def avg_pool2d_vjp(
    x: Real[np.ndarray, "N C H W"], kernel_size: int, stride: int, padding: int
) -> tuple[Real[np.ndarray, "N C Ho Wo"], Callable[[np.ndarray], np.ndarray]]:
    """Average, and return with y the pullback dy -> dx.

        dx[n, c, h, l] = (sum of dy[n, c, i, j] over the windows that hold h, l) / K^2

    Saves: nothing.
    Cost: in the pullback N C W' K (H + H') flop.
    """
    H, W = x.shape[2:]

    def pullback(dy: Real[np.ndarray, "N C Ho Wo"]) -> Real[np.ndarray, "N C H W"]:
        share = dy / number(kernel_size**2, dy.dtype)
        rows = _spread_along(share, 2, H, kernel_size, stride, padding)
        return _spread_along(rows, 3, W, kernel_size, stride, padding)

    return avg_pool2d(x, kernel_size, stride, padding), pullback


def _at(axis: int, place: slice) -> tuple[slice, ...]:
    return (*[slice(None)] * axis, place)


def _sum_along(x: np.ndarray, axis: int, window: int, stride: int, padding: int) -> np.ndarray:
    """Add up each window along one axis."""
    size = x.shape[axis]
    count = window_count(size, window, stride, padding)
    y = zeros((*x.shape[:axis], count, *x.shape[axis + 1 :]), x.dtype)
    for u in range(window):
        i, cells = reach(u, size, stride, padding, count)
        y[_at(axis, i)] += x[_at(axis, cells)]
    return y


def _spread_along(
    dy: np.ndarray, axis: int, size: int, window: int, stride: int, padding: int
) -> np.ndarray:
    """Add each window's share to all of its cells along one axis: the adjoint of `_sum_along`."""
    dx = zeros((*dy.shape[:axis], size, *dy.shape[axis + 1 :]), dy.dtype)
    for u in range(window):
        i, cells = reach(u, size, stride, padding, dy.shape[axis])
        dx[_at(axis, cells)] += dy[_at(axis, i)]
    return dx
