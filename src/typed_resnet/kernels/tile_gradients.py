"""Tiles in the adjoint direction: a block of dy to another basis, and a block of dx back.

What a step reads and writes are views of a thread's working space, as in `tiles`.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from typed_resnet.kernels.blocks import Block, window
from typed_resnet.kernels.forms import Form
from typed_resnet.kernels.products import both
from typed_resnet.kernels.workspace import prepared, scratch, strided


def spread(dy: np.ndarray, block: Block, across: int, form: Form, out: np.ndarray) -> None:
    """Take A dy A' of every tile of a block."""
    n, t = block.shape
    space = prepared(_spreading, n, t, across, dy.shape[3], form.m, dy.dtype)
    window(dy[block.images], block.top * form.m, 0, space.padded)
    np.copyto(space.tiles, space.by_tile)
    both(form.A.T, space.flat, out.reshape(form.a, form.a, -1), space.between)


class _Spreading(NamedTuple):
    """Where dy is laid out tile by tile."""

    padded: np.ndarray
    by_tile: np.ndarray
    """The same, [m, m, n, t, across, C]."""
    tiles: np.ndarray
    """Its copy."""
    flat: np.ndarray
    """That as [m, m, n t across C]."""
    between: np.ndarray


def _spreading(n: int, t: int, across: int, C: int, m: int, dtype: np.dtype) -> _Spreading:
    padded = scratch("b", (n, t * m, across * m, C), dtype)
    by_tile = padded.reshape(n, t, m, across, m, C).transpose(2, 4, 0, 1, 3, 5)
    tiles = scratch("a", by_tile.shape, dtype)
    between = scratch("b", (m * (m + 2) * n * t * across * C,), dtype)
    return _Spreading(padded, by_tile, tiles, tiles.reshape(m, m, -1), between)


def lay_back(
    P: np.ndarray,
    block: Block,
    across: int,
    padding: int,
    form: Form,
    dx: np.ndarray,
    *,
    below: bool,
) -> np.ndarray | None:
    """Put B P B' of every tile of a block where `to_basis` read it, and add what overlaps.

    A tile shares two rows with the tile below. Where there is a block `below`, which another lane
    may be writing, the two rows that this block shares with it are returned.
    """
    n, t = block.shape
    m, a, C = form.m, form.a, P.shape[2]
    B = form.B.T
    tiles = P.reshape(a, a, n, t, across * C).transpose(2, 3, 1, 0, 4)
    space = prepared(_laying, n, t, across, C, m, P.dtype)
    rows, columns = space.rows, space.columns
    np.matmul(B[:m], tiles, out=rows.whole)
    np.matmul(B[m:], tiles, out=space.below)
    rows.add()
    np.matmul(B, space.half, out=space.cells)
    np.copyto(columns.whole, space.of_tiles)
    columns.add()
    inside = space.padded[:, :, padding : padding + dx.shape[2]]
    top = block.top * m - padding
    first, end = max(top, 0), min(top + t * m + (0 if below else 2), dx.shape[1])
    dx[block.images, first:end] = inside[:, first - top : end - top]
    return inside[:, t * m :].copy() if below else None


class _Overlap(NamedTuple):
    """Tiles along an axis, each with m cells of its own and two that it shares with the next."""

    whole: np.ndarray
    """The m cells of each."""
    end: np.ndarray
    """What the last one would share with the next."""
    shared: np.ndarray
    """The first two cells of all but the first."""
    over: np.ndarray
    """What each tile adds to the next, and to the end."""
    last: np.ndarray

    def add(self) -> None:
        np.copyto(self.end, self.last)
        np.add(self.shared, self.over, out=self.shared)


class _Laying(NamedTuple):
    """Where the tiles of a block are changed back and added, along the rows, then the columns."""

    rows: _Overlap
    below: np.ndarray
    half: np.ndarray
    cells: np.ndarray
    of_tiles: np.ndarray
    columns: _Overlap
    padded: np.ndarray


def _laying(n: int, t: int, across: int, C: int, m: int, dtype: np.dtype) -> _Laying:
    a, X = m + 2, across * C
    half = scratch("b", (n, t * m + 2, a, X), dtype)
    N, H, E, run = half.strides
    last = scratch("a", (n, t, 2, a, X), dtype)
    rows = _Overlap(
        strided(half, (n, t, a, m, X), (N, H * m, E, H, run)),
        half[:, t * m :],
        strided(half, (n, t - 1, 2, a, X), (N, H * m, H, E, run), m * H if t > 1 else 0),
        last[:, :-1],
        last[:, -1],
    )
    cells = scratch("a", (n, t * m + 2, a, across, C), dtype)
    padded = scratch("b", (n, t * m + 2, across * m + 2, C), dtype)
    N, H, W, run = padded.strides
    shared = n, t * m + 2, 2, across - 1, C
    columns = _Overlap(
        strided(padded, (n, t * m + 2, m, across, C), (N, H, W, W * m, run)),
        padded[:, :, across * m :],
        strided(padded, shared, (N, H, W, W * m, run), m * W if across > 1 else 0),
        cells[:, :, m:, :-1],
        cells[:, :, m:, -1],
    )
    return _Laying(
        rows, last.transpose(0, 1, 3, 2, 4), half, cells.reshape(half.shape), cells[:, :, :m],
        columns, padded,
    )  # fmt: skip
