"""Maximum over windows, and mean over whole images."""

from __future__ import annotations

import functools
from collections.abc import Callable

import numpy as np

from typed_resnet.kernels.blocks import Block, channels_first, cut, empty_like, is_channels_last
from typed_resnet.kernels.buffers import empty
from typed_resnet.kernels.lanes import each, lanes_for, width
from typed_resnet.kernels.products import even
from typed_resnet.kernels.scalars import Real, is_nan, number
from typed_resnet.kernels.windows import reach, window_count


def max_pool2d(
    x: Real[np.ndarray, "N C H W"], kernel_size: int, stride: int, padding: int
) -> Real[np.ndarray, "N C Ho Wo"]:
    """Take the largest cell of each window.

        y[n, c, i, j] = max over u, v of x[n, c, s i + u - p, s j + v - p]

    Padding is smaller than every number, NaN larger; a window of padding alone gives 0. First
    along each column, then along each row: about 2K comparisons a window in place of K^2.

    Shape:
        x   (N, C, H, W)      y   (N, C, H', W')   H' = (H + 2P - K) // S + 1, W' alike
    Cost: N C H' K (W + W') comparisons.
    Raises: `ValueError` where no window fits.
    """
    N, C, H, W = x.shape
    Ho, Wo = (window_count(size, kernel_size, stride, padding) for size in (H, W))
    along_columns, y = empty_like(x, N, C, Ho, W), empty_like(x, N, C, Ho, Wo)

    def task(block: Block) -> None:
        rows = slice(block.top, block.bottom)
        cells = slice(max(0, rows.start * stride - padding), H)
        above = max(0, padding - rows.start * stride)
        for n in range(block.first, block.last):
            half = along_columns[n, :, rows]
            _max_along(x[n, :, cells], 1, kernel_size, stride, above, half)
            _max_along(half, 2, kernel_size, stride, padding, y[n, :, rows])

    lanes = lanes_for(x.size * kernel_size)
    each(cut(N, Ho, Ho / max(1, lanes // max(N, 1)), lanes), task, lanes)
    return _without_empty(y, x.shape, kernel_size, stride, padding)


def max_pool2d_vjp(
    x: Real[np.ndarray, "N C H W"], kernel_size: int, stride: int, padding: int
) -> tuple[Real[np.ndarray, "N C Ho Wo"], Callable[[np.ndarray], np.ndarray]]:
    """Pool, and return with y the pullback dy -> dx.

    Each window's gradient goes to its first largest cell in row-major order, and overlapping
    windows add up. That cell is the first of the first row that holds the maximum: one step for
    each axis, as in `max_pool2d`.

    Saves: x, the rows' maxima (N C H W' numbers) and y.
    Cost: in the pullback 3 N C W' K (H + H') operations.
    """
    along_rows, y = _pooled(x, kernel_size, stride, padding)

    def pullback(dy: Real[np.ndarray, "N C Ho Wo"]) -> Real[np.ndarray, "N C H W"]:
        dx, drows = empty_like(x, *x.shape), empty_like(x, *along_rows.shape)

        def along_columns(n: int, w: slice) -> None:
            at = n, slice(None), slice(None), w
            _first_max_along(
                along_rows[at], y[at], dy[at], 1, kernel_size, stride, padding, drows[at]
            )

        def along_each_row(n: int, h: slice) -> None:
            at = n, slice(None), h
            _first_max_along(
                x[at], along_rows[at], drows[at], 2, kernel_size, stride, padding, dx[at]
            )

        _in_turn(len(x), (y.shape[3], along_columns), (x.shape[2], along_each_row))
        return dx

    return _without_empty(y, x.shape, kernel_size, stride, padding), pullback


def global_avg_pool2d(x: Real[np.ndarray, "N C H W"]) -> Real[np.ndarray, "N C"]:
    """Average each channel over its places.

        y[n, c] = (sum over h, w of x[n, c, h, w]) / (H W)

    Cost: N C H W flop.
    Source: Lin, Chen and Yan, arXiv:1312.4400, section 3.2.
    """
    N, C, H, W = x.shape
    total = x.reshape(N, C, H * W).sum(axis=2)
    return np.asarray(total / number(H * W, x.dtype))


def global_avg_pool2d_vjp(
    x: Real[np.ndarray, "N C H W"],
) -> tuple[Real[np.ndarray, "N C"], Callable[[np.ndarray], np.ndarray]]:
    """Average, and return with y the pullback dy -> dx.

        dx[n, c, h, w] = dy[n, c] / (H W)

    Saves: nothing.
    """
    N, C, H, W = x.shape
    last = x.dtype == np.float32 and is_channels_last(x)

    def pullback(dy: Real[np.ndarray, "N C"]) -> Real[np.ndarray, "N C H W"]:
        dx = (
            channels_first(empty((N, H, W, C), dy.dtype))
            if last
            else empty((N, C, H, W), dy.dtype)
        )
        dx[...] = (dy / number(H * W, dy.dtype))[:, :, None, None]
        return dx

    return global_avg_pool2d(x), pullback


def _at(axis: int, place: slice) -> tuple[slice, ...]:
    return (*[slice(None)] * axis, place)


def _pooled(
    x: np.ndarray, window: int, stride: int, padding: int
) -> tuple[np.ndarray, np.ndarray]:
    """Take the maxima along each row, and of these along each column; both are returned."""
    N, C, H, W = x.shape
    Ho, Wo = (window_count(size, window, stride, padding) for size in (H, W))
    along_rows, y = empty_like(x, N, C, H, Wo), empty_like(x, N, C, Ho, Wo)

    def along_each_row(n: int, h: slice) -> None:
        _max_along(x[n, :, h], 2, window, stride, padding, along_rows[n, :, h])

    def along_columns(n: int, w: slice) -> None:
        _max_along(along_rows[n, ..., w], 1, window, stride, padding, y[n, ..., w])

    _in_turn(N, (H, along_each_row), (Wo, along_columns))
    return along_rows, y


def _in_turn(N: int, *steps: tuple[int, Callable[[int, slice], None]]) -> None:
    """Take steps, each along an axis of this size, with every image.

    A lane takes an image through all of them; where lanes are more than images, they share out
    each step's axis.
    """
    if width() <= N:

        def through(n: int) -> None:
            for size, step in steps:
                step(n, slice(size))

        each(range(N), through)
        return
    for n in range(N):
        for size, step in steps:
            each(even(size, -(-size // width())), functools.partial(step, n))


def _max_along(
    x: np.ndarray, axis: int, window: int, stride: int, padding: int, y: np.ndarray
) -> None:
    """Take the maximum of each window along one axis; of padding alone it is -inf."""
    places = [reach(u, x.shape[axis], stride, padding, y.shape[axis]) for u in range(window)]
    whole = [cells for i, cells in places if i == slice(0, y.shape[axis])][:2]
    if len(whole) == 2:
        one, other = whole
        np.maximum(x[_at(axis, one)], x[_at(axis, other)], out=y)
    else:
        y[...] = -np.inf
    for i, cells in places:
        if len(whole) < 2 or cells not in whole:
            best = y[_at(axis, i)]
            np.maximum(best, x[_at(axis, cells)], out=best)


def _first_max_along(
    x: np.ndarray,
    y: np.ndarray,
    dy: np.ndarray,
    axis: int,
    window: int,
    stride: int,
    padding: int,
    dx: np.ndarray,
) -> None:
    """Send each dy to the first cell of its window along one axis that is its maximum y."""
    dx[...] = number(0, dy.dtype)
    if y.size == 0:
        return
    due = np.ones_like(y, np.bool_)
    has_nan = bool(is_nan(y.max(keepdims=True)).any())  # the largest of all is NaN if any is
    for u in range(window):
        i, cells = reach(u, x.shape[axis], stride, padding, y.shape[axis])
        waiting = due[_at(axis, i)]
        if u == window - 1 and waiting.shape == due.shape:
            wins = due  # no other cell is left
        else:
            cell = x[_at(axis, cells)]
            wins = cell == y[_at(axis, i)]
            if has_nan:
                wins |= is_nan(cell)
            wins &= waiting
            waiting ^= wins
        share = wins.astype(dy.dtype)  # and a product: 15 times faster than `where=`; dy is finite
        share *= dy[_at(axis, i)]
        gathered = dx[_at(axis, cells)]
        np.add(gathered, share, out=gathered)


def _without_empty(
    y: np.ndarray, shape: tuple[int, ...], window: int, stride: int, padding: int
) -> np.ndarray:
    """Give 0 for windows of padding alone, which exist only where P >= K."""
    if padding < window:
        return y
    start_h, start_w = (np.arange(count) * stride - padding for count in y.shape[2:])
    empty_h = (start_h + window <= 0) | (start_h >= shape[2])
    empty_w = (start_w + window <= 0) | (start_w >= shape[3])
    return np.where(empty_h[:, None] | empty_w, number(0, y.dtype), y)
