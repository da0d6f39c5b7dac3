"""Blocks of a channels-last image batch: what one lane computes at a time.

Memory here is [N, H, W, C]: the channels of a place lie side by side, so that a product over
channels takes them as they are. Arrays that leave the kernels are seen as [N, C, H, W] all the
same, as PyTorch's `channels_last` format does it: axes in this order, strides in the other.
"""

from __future__ import annotations

import functools
import itertools
from typing import NamedTuple, TypeAlias

import numpy as np

from typed_resnet.kernels.buffers import empty


class Block(NamedTuple):
    """Images `first` to `last`, of each the rows `top` to `bottom`; ends are not included."""

    first: int
    last: int
    top: int
    bottom: int

    @property
    def images(self) -> slice:
        return slice(self.first, self.last)

    @property
    def shape(self) -> tuple[int, int]:
        """Images, rows."""
        return self.last - self.first, self.bottom - self.top


def cut(N: int, rows: int, wanted: float, lanes: int, *, whole: bool = False) -> list[Block]:
    """Cut N images of `rows` rows into blocks of about `wanted` rows, as many for each lane.

    `whole` images are not cut into rows.
    """
    if N == 0 or rows == 0:
        return []
    parts = -(-rows // max(1, int(wanted)))
    if lanes > N:
        parts = -(-parts * N // lanes) * lanes // N
    if parts > 1 and not whole:
        parts = min(parts, rows)
        edges = [rows * part // parts for part in range(parts + 1)]
        return [
            Block(n, n + 1, top, bottom)
            for n in range(N)
            for top, bottom in itertools.pairwise(edges)
        ]
    count = max(1, min(-(-N // lanes), int(wanted // rows)))
    return [Block(n, min(n + count, N), 0, rows) for n in range(0, N, count)]


def channels_last(x: np.ndarray) -> np.ndarray:
    """View [..., C, H, W] as [..., H, W, C], in whatever memory it is."""
    return x.transpose(_last(x.ndim))


@functools.cache
def _last(ndim: int) -> tuple[int, ...]:
    """Say in which order the axes of [..., C, H, W] are those of [..., H, W, C]."""
    return (*range(ndim - 3), ndim - 2, ndim - 1, ndim - 3)


def channels_first(x: np.ndarray) -> np.ndarray:
    """View [..., H, W, C] as [..., C, H, W]."""
    return x.transpose(_first(x.ndim))


@functools.cache
def _first(ndim: int) -> tuple[int, ...]:
    """Say in which order the axes of [..., H, W, C] are those of [..., C, H, W]."""
    return (*range(ndim - 3), ndim - 1, ndim - 3, ndim - 2)


def windows_first(kernel: np.ndarray) -> np.ndarray:
    """View [Cout, Cin, KH, KW] as [KH, KW, Cin, Cout], the order in memory of a settled kernel."""
    return kernel.transpose(2, 3, 1, 0)


def kernel_of(windows: np.ndarray) -> np.ndarray:
    """View [KH, KW, Cin, Cout] as [Cout, Cin, KH, KW]."""
    return windows.transpose(3, 2, 0, 1)


def is_channels_last(x: np.ndarray) -> bool:
    """Ask whether memory is densely filled in this order, and in no other."""
    return x.ndim >= 3 and not x.flags.c_contiguous and channels_last(x).flags.c_contiguous


def empty_like(x: np.ndarray, N: int, C: int, H: int, W: int) -> np.ndarray:
    """Make an array [N, C, H, W] in the memory order of x."""
    if x.dtype == np.float32 and is_channels_last(x):
        return channels_first(empty((N, H, W, C), x.dtype))
    return empty((N, C, H, W), x.dtype)


def window(x: np.ndarray, top: int, left: int, out: np.ndarray) -> None:
    """Copy the part of [N, H, W, C] that begins at (top, left); outside of x it is 0."""
    borders, inside, there = _parts(*x.shape[1:3], *out.shape[1:3], top, left)
    for border in borders:
        out[border] = 0
    if inside is not None:
        out[inside] = x[there]


_Cells: TypeAlias = tuple[slice, slice, slice]


@functools.lru_cache(maxsize=256)
def _parts(
    H: int, W: int, h: int, w: int, top: int, left: int
) -> tuple[tuple[_Cells, ...], _Cells | None, _Cells]:
    """Say which cells of a part of an image are outside of it, which inside, and where there."""
    t, b = max(0, -top), max(0, min(h, H - top))
    l, r = max(0, -left), max(0, min(w, W - left))  # noqa: E741
    every = slice(None)
    there = every, slice(top + t, top + b), slice(left + l, left + r)
    if t >= b or l >= r:
        return ((every, every, every),), None, there
    rows, columns = slice(t, b), slice(l, r)
    borders = []
    if t > 0:
        borders.append((every, slice(t), every))
    if b < h:
        borders.append((every, slice(b, h), every))
    if l > 0:
        borders.append((every, rows, slice(l)))
    if r < w:
        borders.append((every, rows, slice(r, w)))
    return tuple(borders), (every, rows, columns), there
