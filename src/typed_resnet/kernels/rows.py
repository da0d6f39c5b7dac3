"""Sums and affine maps by channel of a channels-last array, as rows of channels: [places, C].

A few sweeps over memory each, block by block, so that what one step writes the next one finds in
the cache; on lanes, where there is enough of it.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from typed_resnet.kernels.blocks import (
    channels_first,
    channels_last,
    is_channels_last,
)
from typed_resnet.kernels.buffers import empty
from typed_resnet.kernels.epilogue import Epilogue, rectify
from typed_resnet.kernels.lanes import each
from typed_resnet.kernels.workspace import scratch

_BLOCK = 2**16
"""Numbers of a block: 256 KiB in float32, of which a core's cache holds several."""

_LONG = 2**17
"""Numbers from which on a sweep is shared out to the lanes."""

_RUN = 2**13
"""Numbers from which on NumPy's loop over a row that is repeated costs nothing more."""


def rows_of(x: np.ndarray) -> np.ndarray | None:
    """View a channels-last [..., C, H, W] in float32 as [places, C]; nothing else."""
    if x.dtype != np.float32 or not is_channels_last(x):
        return None
    return channels_last(x).reshape(-1, x.shape[-3])


def image_of(rows: np.ndarray, x: np.ndarray) -> np.ndarray:
    """View rows as an image batch in the shape of x."""
    return channels_first(rows.reshape(channels_last(x).shape))


def blocks_of(rows: np.ndarray) -> list[slice]:
    """Cut [places, C] into blocks."""
    L, C = rows.shape
    step = max(1, _BLOCK // max(C, 1))
    return [slice(start, min(start + step, L)) for start in range(0, L, step)]


def sweep(rows: np.ndarray, task: Callable[[slice], None]) -> None:
    """Run a task on every block of rows, on lanes where that pays."""
    blocks = blocks_of(rows)
    each(blocks, task, None if rows.size >= _LONG else 1)


def summed(rows: np.ndarray, part: Callable[[slice], np.ndarray]) -> np.ndarray:
    """Add up what `part` makes of every block, in order and in float64."""
    starts = {block.start: index for index, block in enumerate(blocks_of(rows))}
    parts = np.zeros((len(starts), rows.shape[1]), np.float64)

    def task(block: slice) -> None:
        parts[starts[block.start]] = part(block)

    sweep(rows, task)
    total: np.ndarray = parts.sum(axis=0)
    return total


def column_sums(rows: np.ndarray) -> np.ndarray:
    """Sum each column; a product with a row of ones takes a fifth of the time of `sum`."""
    ones = np.ones(min(len(rows), _BLOCK), rows.dtype)
    return summed(rows, lambda block: ones[: block.stop - block.start] @ rows[block])


def column_dots(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Sum the products of two arrays by column."""
    ones = np.ones(min(len(a), _BLOCK), a.dtype)

    def part(block: slice) -> np.ndarray:
        products = scratch("padded", a[block].shape, a.dtype)
        np.multiply(a[block], b[block], out=products)
        found: np.ndarray = ones[: len(products)] @ products
        return found

    return summed(a, part)


def by_column(operation: np.ufunc, rows: np.ndarray, row: np.ndarray, out: np.ndarray) -> None:
    """Combine each row of a contiguous [places, C] with one row, [C].

    Several rows are taken as one: NumPy's loops are long then.
    """
    L, C = rows.shape
    times = max(1, min(L, -(-_RUN // max(C, 1))))
    most = L // times * times
    if times > 1 and most:
        many = (L // times, times * C)
        operation(rows[:most].reshape(many), np.tile(row, times), out=out[:most].reshape(many))
    else:
        most = 0
    if most < L:
        operation(rows[most:], row, out=out[most:])


def affine(rows: np.ndarray, then: Epilogue) -> np.ndarray:
    """Do an epilogue to rows, whose residual is rows too, in new memory."""
    y = empty(rows.shape, rows.dtype)

    def task(block: slice) -> None:
        x, to = rows[block], y[block]
        if then.scale is not None:
            by_column(np.multiply, x, then.scale, to)
            x = to
        if then.shift is not None:
            by_column(np.add, x, then.shift, to)
            x = to
        if then.residual is not None:
            np.add(x, then.residual[block], out=to)
            x = to
        if x is not to:
            np.copyto(to, x)
        if then.rectified:
            rectify(to)

    sweep(rows, task)
    return y


def combined(
    a: np.ndarray, x: np.ndarray, b: np.ndarray, z: np.ndarray, c: np.ndarray
) -> np.ndarray:
    """Return a x + b z + c in new memory, with one a, b and c a column."""
    y = empty(x.shape, x.dtype)

    def task(block: slice) -> None:
        to = y[block]
        other = scratch("padded", to.shape, to.dtype)
        by_column(np.multiply, x[block], a, to)
        by_column(np.multiply, z[block], b, other)
        to += other
        by_column(np.add, to, c, to)

    sweep(x, task)
    return y


def masked(dy: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Return dy where y > 0, else 0, in new memory."""
    dx = empty(dy.shape, dy.dtype)

    def task(block: slice) -> None:
        np.multiply(dy[block], y[block] > 0, out=dx[block])

    sweep(dy, task)
    return dx
