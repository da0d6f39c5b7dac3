"""Axes exchanged, put end to end, cut, and summed over.

What is done along one axis is done to arrays [N, K, M], whose middle axis that is.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from typed_resnet.kernels.scalars import Real, number


def transpose(x: Real[np.ndarray, ...], first: int, second: int) -> Real[np.ndarray, ...]:
    """Exchange two axes, in memory too."""
    return np.swapaxes(x, first, second).copy()


def transpose_vjp(
    x: Real[np.ndarray, ...], first: int, second: int
) -> tuple[Real[np.ndarray, ...], Callable[[np.ndarray], np.ndarray]]:
    """Exchange two axes, and return with y the pullback dy -> dx: it exchanges them back."""

    def pullback(dy: Real[np.ndarray, ...]) -> Real[np.ndarray, ...]:
        return transpose(dy, first, second)

    return transpose(x, first, second), pullback


def concat(*parts: Real[np.ndarray, "N _ M"]) -> Real[np.ndarray, "N _ M"]:
    """Put arrays end to end.

    Shape:
        parts   (N, K1, M), (N, K2, M), …      y   (N, K1 + K2 + …, M)
    """
    return np.ascontiguousarray(np.concatenate(parts, axis=1))


def concat_vjp(
    *parts: Real[np.ndarray, "N _ M"],
) -> tuple[Real[np.ndarray, "N _ M"], Callable[[np.ndarray], tuple[np.ndarray, ...]]]:
    """Put end to end, and return with y the pullback dy -> (dx1, dx2, …), which cuts it."""
    sizes = [part.shape[1] for part in parts]

    def pullback(dy: Real[np.ndarray, "N _ M"]) -> tuple[np.ndarray, ...]:
        return split(dy, *sizes)

    return concat(*parts), pullback


def split(x: Real[np.ndarray, "N K M"], *sizes: int) -> tuple[np.ndarray, ...]:
    """Cut an array into parts of these sizes.

    Shape:
        x   (N, K1 + K2 + …, M)      y   (N, K1, M), (N, K2, M), …
    Raises: `ValueError` where the sizes do not add up to K.
    """
    if sum(sizes) != x.shape[1]:
        raise ValueError(f"sizes {sizes} do not add up to {x.shape[1]}")
    ends = np.cumsum(sizes).tolist()
    pairs = zip(ends, sizes, strict=True)
    return tuple(x[:, end - size : end].copy() for end, size in pairs)


def split_vjp(
    x: Real[np.ndarray, "N K M"], *sizes: int
) -> tuple[tuple[np.ndarray, ...], Callable[..., np.ndarray]]:
    """Cut, and return with the parts the pullback (dy1, dy2, …) -> dx, which joins them."""

    def pullback(*parts: Real[np.ndarray, "N _ M"]) -> Real[np.ndarray, "N K M"]:
        return concat(*parts)

    return split(x, *sizes), pullback


def sum_axis(x: Real[np.ndarray, "N K M"]) -> Real[np.ndarray, "N M"]:
    """Add up along the middle axis.

        y[n, m] = sum over k of x[n, k, m]

    Cost: N K M flop.
    """
    return np.asarray(x.sum(axis=1, initial=number(0, x.dtype)), order="C")


def sum_axis_vjp(
    x: Real[np.ndarray, "N K M"],
) -> tuple[Real[np.ndarray, "N M"], Callable[[np.ndarray], np.ndarray]]:
    """Add up, and return with y the pullback dy -> dx: every term gets all of it.

    Saves: nothing.
    """
    shape = x.shape

    def pullback(dy: Real[np.ndarray, "N M"]) -> Real[np.ndarray, "N K M"]:
        return np.array(np.broadcast_to(dy[:, None], shape), order="C")

    return sum_axis(x), pullback


def mean_axis(x: Real[np.ndarray, "N K M"]) -> Real[np.ndarray, "N M"]:
    """Average along the middle axis.

        y[n, m] = (sum over k of x[n, k, m]) / K

    Cost: N K M flop.
    """
    y: np.ndarray = sum_axis(x) / number(max(x.shape[1], 1), x.dtype)
    return y


def mean_axis_vjp(
    x: Real[np.ndarray, "N K M"],
) -> tuple[Real[np.ndarray, "N M"], Callable[[np.ndarray], np.ndarray]]:
    """Average, and return with y the pullback dy -> dx: every term gets an equal share.

    Saves: nothing.
    """
    total, spread = sum_axis_vjp(x)
    count = number(max(x.shape[1], 1), x.dtype)

    def pullback(dy: Real[np.ndarray, "N M"]) -> Real[np.ndarray, "N K M"]:
        return spread(dy / count)

    return total / count, pullback
