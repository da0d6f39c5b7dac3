"""Sums and affine maps by channel of a channels-last array, as rows of channels: [places, C].

A few sweeps over memory each, block by block, so that what one step writes the next one finds in
the cache; on lanes, where there is enough of it. Of a single image most arrays are one block, and
a sweep over it takes less time than Python's steps around it: these are few.
"""

from __future__ import annotations

import functools
import itertools
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from typed_resnet.kernels.blocks import channels_first, channels_last
from typed_resnet.kernels.buffers import empty
from typed_resnet.kernels.epilogue import Epilogue, rectify
from typed_resnet.kernels.lanes import each, one_thread, width
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
"""Numbers of a row from which on NumPy's loop over it costs nothing more."""


def rows_of(x: np.ndarray) -> np.ndarray | None:
    """View a channels-last [..., C, H, W] in float32 as [places, C]; nothing else."""
    if x.dtype != np.float32 or x.ndim < 3 or x.flags.c_contiguous:
        return None
    last = channels_last(x)
    return last.reshape(-1, last.shape[-1]) if last.flags.c_contiguous else None


def image_of(rows: np.ndarray, x: np.ndarray) -> np.ndarray:
    """View rows as an image batch in the shape of x."""
    return channels_first(rows.reshape(channels_last(x).shape))


class _Plan(NamedTuple):
    """How a sweep goes over [places, C]."""

    times: int
    """So many rows are taken as one, so that NumPy's loops over them are long."""
    blocks: tuple[slice, ...]
    """Blocks of such rows."""
    shared: bool
    """Whether lanes share them out."""

    def wide(self, rows: np.ndarray) -> np.ndarray:
        return rows if self.times == 1 else rows.reshape(-1, self.times * rows.shape[1])

    def repeated(self, numbers: np.ndarray) -> np.ndarray:
        """Repeat one number a column, [C], for each of the rows that are one."""
        if self.times == 1:
            return numbers
        many = np.empty((self.times, len(numbers)), numbers.dtype)
        many[...] = numbers
        return many.reshape(-1)


def _plan(rows: np.ndarray) -> _Plan:
    return _plan_of(*rows.shape, width() if rows.size >= _LONG else 1)


@functools.lru_cache(maxsize=1024)
def _plan_of(L: int, C: int, lanes: int) -> _Plan:
    """Choose a divisor of L rows to be one, and even blocks, as many for each lane.

    The least that is long enough; where L has none that fits a block, the longest that does.
    """
    times = 1
    if L * C >= _MANY:
        fitting = [n for n in range(1, max(_BLOCK // C, 1) + 1) if L % n == 0]
        times = next((n for n in fitting if n * C >= _RUN), fitting[-1])
    count = -(-L * C // _BLOCK)
    if count <= 1:
        return _Plan(times, (slice(None),), shared=False)
    wide, parts = L // times, -(-count // lanes) * lanes
    edges = [wide * part // parts for part in range(parts + 1)]
    blocks = tuple(slice(*pair) for pair in itertools.pairwise(edges) if pair[0] < pair[1])
    return _Plan(times, blocks, L * C >= _LONG)


def _sweep(plan: _Plan, task: Callable[[slice], None]) -> None:
    """Run a task on every block, on lanes where that pays."""
    if plan.shared:
        each(plan.blocks, task)
        return
    for block in plan.blocks:
        task(block)


def _summed(
    plan: _Plan, many: int, C: int, part: Callable[[slice, np.ndarray], None]
) -> np.ndarray:
    """Add up so many sums by column, of several blocks in their order and in float64: [many, C].

    `part` is given a block, and where its sums go, [many, C]. It had best take few steps and long
    ones: between two of them lanes wait for each other.
    """
    parts = {block.start: np.empty((many, C), np.float32) for block in plan.blocks}
    _sweep(plan, lambda block: part(block, parts[block.start]))
    sums = list(parts.values())
    if len(sums) == 1:
        return sums[0]
    total: np.ndarray = np.stack(sums).sum(axis=0, dtype=np.float64)
    return total


def _sum_columns(x: np.ndarray, out: np.ndarray) -> None:
    """Sum a block's columns: a product with ones takes a fifth of the time of `sum`."""
    x = x.reshape(-1, len(out))
    np.matmul(ones(len(x), x.dtype), x, out=out)


def column_sums(rows: np.ndarray) -> np.ndarray:
    """Sum each column."""
    plan = _plan(rows)
    wide = plan.wide(rows)

    def part(block: slice, to: np.ndarray) -> None:
        _sum_columns(wide[block], to[0])

    with one_thread():
        total: np.ndarray = _summed(plan, 1, rows.shape[1], part)[0]
    return total


def sums_about(dy: np.ndarray, x: np.ndarray, mean: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Sum dy, and dy (x - mean), by column."""
    plan = _plan(x)
    gradients, wide, row = plan.wide(dy), plan.wide(x), plan.repeated(mean)

    def part(block: slice, to: np.ndarray) -> None:
        dy, x = gradients[block], wide[block]
        products = np.subtract(x, row, out=scratch("a", x.shape, x.dtype))
        np.multiply(products, dy, out=products)
        _sum_columns(dy, to[0])
        _sum_columns(products, to[1])

    with one_thread():
        first, second = _summed(plan, 2, x.shape[1], part)
    return first, second


def moments(rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the mean and the variance of each column, in one sweep over memory.

    The sums are taken about k, the mean of some of the L rows, every 32nd of many:

        m = k + d,  d = (sum of (x - k)) / L        v = (sum of (x - k)^2) / L - d^2

    Nothing is lost where |m| is large, and little where those rows are unlike the others: as they
    count among these, d^2 <= 32 v, and v has at most 33 times the error of a sum about m itself.

    Source: Chan, Golub and LeVeque, Stanford STAN-CS-79-773, section 3, on shifted data.
    """
    L, C = rows.shape
    plan = _plan(rows)
    wide = plan.wide(rows)
    some = rows[:: min(-(-L // 128), 32) or 1]

    def part(block: slice, to: np.ndarray) -> None:
        x = wide[block]
        centred = np.subtract(x, row, out=scratch("a", x.shape, x.dtype))
        _sum_columns(centred, to[0])
        np.multiply(centred, centred, out=centred)
        _sum_columns(centred, to[1])

    with one_thread():
        near = ones(len(some), rows.dtype) @ some
        near /= max(len(some), 1)
        row = plan.repeated(near)
        sums = _summed(plan, 2, C, part)
    sums /= max(L, 1)
    apart, squares = sums
    return near + apart, np.maximum(squares - apart * apart, 0)


def affine(rows: np.ndarray, then: Epilogue, centre: np.ndarray | None = None) -> np.ndarray:
    """Do an epilogue to rows less a row, in new memory; residual and where are rows too."""
    y = empty(rows.shape, rows.dtype)
    plan = _plan(rows)
    wide, wide_y = plan.wide(rows), plan.wide(y)
    residual = None if then.residual is None else plan.wide(then.residual)
    where = None if then.where is None else plan.wide(then.where)
    steps = [
        (operation, plan.repeated(row))
        for operation, row in (
            (np.subtract, centre),
            (np.multiply, then.scale),
            (np.add, then.shift),
        )
        if row is not None
    ]

    def task(block: slice) -> None:
        x, to = wide[block], wide_y[block]
        for operation, row in steps:
            x = operation(x, row, out=to)
        if residual is not None:
            x = np.add(x, residual[block], out=to)
        if where is not None:
            x = np.multiply(x, _ones_where(where[block]), out=to)
        if x is not to:
            np.copyto(to, x)
        if then.rectified:
            rectify(to)

    _sweep(plan, task)
    return y


def combined(
    a: np.ndarray, x: np.ndarray, b: np.ndarray, z: np.ndarray, c: np.ndarray
) -> np.ndarray:
    """Return a x + b z + c in new memory, with one a, b and c a column."""
    y = empty(x.shape, x.dtype)
    plan = _plan(x)
    wide_x, wide_z, wide_y = plan.wide(x), plan.wide(z), plan.wide(y)
    a, b, c = plan.repeated(a), plan.repeated(b), plan.repeated(c)

    def task(block: slice) -> None:
        to = np.multiply(wide_x[block], a, out=wide_y[block])
        other = np.multiply(wide_z[block], b, out=scratch("a", to.shape, to.dtype))
        np.add(to, other, out=to)
        np.add(to, c, out=to)

    _sweep(plan, task)
    return y


def _ones_where(y: np.ndarray) -> np.ndarray:
    """Write 1 where y > 0, else 0.

    A product with truths takes them apart in small pieces: one with ones and noughts takes two
    thirds of the time.
    """
    factors: np.ndarray = np.greater(y, 0, out=scratch("b", y.shape, y.dtype))
    return factors
