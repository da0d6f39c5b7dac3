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
from typed_resnet.kernels.lanes import each, width
from typed_resnet.kernels.workspace import ones, scratch

_BLOCK = 2**17
"""Numbers of a block: 512 KiB in float32, of which a core's cache holds several.

In smaller ones lanes wait for each other: a step of 10 us is too short beside Python's lock.
"""

_LONG = 2**19
"""Numbers from which on a sweep is shared out to the lanes."""

_MANY = 2**16
"""Numbers from which on a row is worth being repeated."""

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


class Row:
    """One number a column, [C], repeated so that NumPy's loops over many rows are long."""

    def __init__(self, numbers: np.ndarray, size: int) -> None:
        """Take the numbers for arrays of so many: few are not worth repeating them."""
        self.once = numbers
        self.times = _times(len(numbers)) if size >= _MANY else 1
        if self.times > 1:
            many = np.empty((self.times, len(numbers)), numbers.dtype)
            many[...] = numbers
            self.often = many.reshape(-1)

    def onto(self, operation: np.ufunc, rows: np.ndarray, out: np.ndarray) -> np.ndarray:
        """Combine each row of a contiguous [places, C] with this one, and return `out`."""
        most = len(rows) // self.times * self.times if self.times > 1 else 0
        if most:
            many = (most // self.times, len(self.often))
            operation(rows[:most].reshape(many), self.often, out=out[:most].reshape(many))
        if most < len(rows):
            operation(rows[most:], self.once, out=out[most:])
        return out


def _times(C: int) -> int:
    return max(1, -(-_RUN // max(C, 1)))


def blocks_of(rows: np.ndarray) -> list[slice]:
    """Cut [places, C] into even blocks, as many for each lane where there are several lanes."""
    L, C = rows.shape
    if 0 < rows.size <= _BLOCK:
        return [slice(0, L)]
    count = -(-rows.size // _BLOCK)
    if rows.size >= _LONG:
        count = -(-count // width()) * width()
    times = _times(C)
    step = -(-L // max(count, 1) // times) * times
    return [slice(start, min(start + step, L)) for start in range(0, L, max(step, 1))]


def sweep(rows: np.ndarray, task: Callable[[slice], None]) -> None:
    """Run a task without products on every block of rows, on lanes where that pays."""
    if rows.size >= _LONG:
        each(blocks_of(rows), task)
        return
    for block in blocks_of(rows):
        task(block)


def summed(
    rows: np.ndarray, many: int, part: Callable[[slice, np.ndarray, np.ndarray], None]
) -> np.ndarray:
    """Add up so many sums by column, in the order of the blocks and in float64: [many, C].

    `part` is given a block, a row of ones as long, and where the block's sums go, [many, C]: a
    product with the ones takes a fifth of the time of `sum`. It had best take few steps and long
    ones: between two of them lanes wait for each other.
    """
    blocks = blocks_of(rows)
    parts = np.empty((len(blocks), many, rows.shape[1]), rows.dtype)
    row = ones(max((block.stop - block.start for block in blocks), default=0), rows.dtype)

    def task(index: int) -> None:
        block = blocks[index]
        part(block, row[: block.stop - block.start], parts[index])

    each(range(len(blocks)), task, None if rows.size >= _LONG else 1)
    total: np.ndarray = (
        parts[0].astype(np.float64) if len(blocks) == 1 else parts.sum(axis=0, dtype=np.float64)
    )
    return total


def column_sums(rows: np.ndarray) -> np.ndarray:
    """Sum each column."""

    def part(block: slice, ones: np.ndarray, to: np.ndarray) -> None:
        np.matmul(ones, rows[block], out=to[0])

    total: np.ndarray = summed(rows, 1, part)[0]
    return total


def sums_about(dy: np.ndarray, x: np.ndarray, mean: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Sum dy, and dy (x - mean), by column."""
    row = Row(mean, x.size)

    def part(block: slice, ones: np.ndarray, to: np.ndarray) -> None:
        products = row.onto(np.subtract, x[block], scratch("a", x[block].shape, x.dtype))
        products *= dy[block]
        np.matmul(ones, dy[block], out=to[0])
        np.matmul(ones, products, out=to[1])

    first, second = summed(dy, 2, part)
    return first, second


def moments(rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the mean and the variance of each column, in one sweep over memory.

    The sums are taken about k, the mean of some of the L rows, every 32nd of many:

        m = k + d,  d = (sum of (x - k)) / L        v = (sum of (x - k)^2) / L - d^2

    Nothing is lost where |m| is large, and little where those rows are unlike the others: as they
    count among these, d^2 <= 32 v, and v has at most 33 times the error of a sum about m itself.

    Source: Chan, Golub and LeVeque, Stanford STAN-CS-79-773, section 3, on shifted data.
    """
    L = max(len(rows), 1)
    some = rows[:: min(-(-L // 128), 32)]
    near = ones(len(some), rows.dtype) @ some
    near /= rows.dtype.type(max(len(some), 1))
    row = Row(near, rows.size)

    def part(block: slice, ones: np.ndarray, to: np.ndarray) -> None:
        x = rows[block]
        centred = row.onto(np.subtract, x, scratch("a", x.shape, x.dtype))
        np.matmul(ones, centred, out=to[0])
        np.multiply(centred, centred, out=centred)
        np.matmul(ones, centred, out=to[1])

    apart, squares = summed(rows, 2, part) / L
    return near + apart, np.maximum(squares - apart * apart, 0)


def affine(rows: np.ndarray, then: Epilogue, centre: np.ndarray | None = None) -> np.ndarray:
    """Do an epilogue to rows less a row, in new memory; residual and where are rows too."""
    y = empty(rows.shape, rows.dtype)
    steps = [
        (operation, Row(row, rows.size))
        for operation, row in (
            (np.subtract, centre),
            (np.multiply, then.scale),
            (np.add, then.shift),
        )
        if row is not None
    ]

    def task(block: slice) -> None:
        x, to = rows[block], y[block]
        for operation, row in steps:
            x = row.onto(operation, x, to)
        if then.residual is not None:
            x = np.add(x, then.residual[block], out=to)
        if then.where is not None:
            x = np.multiply(x, _ones_where(then.where[block]), out=to)
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
    a_row, b_row, c_row = (Row(row, x.size) for row in (a, b, c))

    def task(block: slice) -> None:
        to = y[block]
        a_row.onto(np.multiply, x[block], to)
        to += b_row.onto(np.multiply, z[block], scratch("a", to.shape, to.dtype))
        c_row.onto(np.add, to, to)

    sweep(x, task)
    return y


def _ones_where(y: np.ndarray) -> np.ndarray:
    """Write 1 where y > 0, else 0.

    A product with truths takes them apart in small pieces: one with ones and noughts, made of them
    in one go, takes two thirds of the time.
    """
    positive = np.greater(y, 0, out=scratch("a", y.shape, np.dtype(np.bool_)))
    factors = scratch("b", y.shape, y.dtype)
    np.copyto(factors, positive)
    return factors
