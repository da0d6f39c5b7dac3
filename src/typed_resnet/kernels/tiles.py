"""Tiles of an image, to another basis and back: a block of them at a time, for `winograd`.

What a step reads and writes are views of a thread's working space, made once for blocks of a size.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from typed_resnet.kernels.blocks import Block, window
from typed_resnet.kernels.forms import Form
from typed_resnet.kernels.products import SMALL, Both, runs, steps_of, take
from typed_resnet.kernels.workspace import prepared, scratch, strided


def to_basis(
    x: np.ndarray,
    block: Block,
    across: int,
    padding: int,
    form: Form,
    out: np.ndarray | None = None,
) -> np.ndarray:
    """Take B' d B of every tile of a block: [(m + 2)^2, tiles, Cin].

    Along the columns first, all places of the rows at once: what tiles side by side have in common
    is changed once. Nothing is laid out tile by tile.
    """
    n, t = block.shape
    space = prepared(_space, n, t, across, x.shape[3], form.m, x.dtype)
    window(x[block.images], block.top * form.m - padding, -padding, space.padded)
    np.matmul(form.B, space.columns, out=space.half)
    V, to = (space.V, space.to) if out is None else (out, _by_tile(out, n, t, across, form.a))
    np.matmul(form.B, space.rows, out=to)
    return V


class _Space(NamedTuple):
    """Where a block's tiles are changed to the other basis, step by step."""

    padded: np.ndarray
    columns: np.ndarray
    """Of `padded`, the m + 2 rows of each row of tiles: [n, t, parts, m + 2, places C / parts].

    Parts are so long that BLAS multiplies them where they lie."""
    half: np.ndarray
    rows: np.ndarray
    """Of `half`, the m + 2 places of each tile: [n, t, m + 2, across, m + 2, C]."""
    V: np.ndarray
    to: np.ndarray
    """The same, in this order of the axes."""


def _space(n: int, t: int, across: int, C: int, m: int, dtype: np.dtype) -> _Space:
    a, places = m + 2, across * m + 2
    padded = scratch("a", (n, t * m + 2, places, C), dtype)
    N, H, W, run = padded.strides
    parts = runs(places * C, SMALL // a**2)
    part = places * C // parts
    by_part = n, t, parts, a, part
    columns = strided(padded, by_part, (N, m * H, part * dtype.itemsize, H, dtype.itemsize))
    whole = scratch("b", (n, t, a, places, C), dtype)
    half = whole.reshape(n, t, a, parts, part).swapaxes(2, 3)
    N, T, E, W, run = whole.strides
    rows = strided(whole, (n, t, a, across, a, C), (N, T, E, m * W, W, run))
    V = scratch("a", (a**2, n * t * across, C), dtype)
    return _Space(padded, columns, half, rows, V, _by_tile(V, n, t, across, a))


def _by_tile(V: np.ndarray, n: int, t: int, across: int, a: int) -> np.ndarray:
    """View [(m + 2)^2, n t across, C] as [n, t, m + 2, across, m + 2, C]."""
    return V.reshape(a, a, n, t, across, -1).transpose(2, 3, 0, 4, 1, 5)


class Products(NamedTuple):
    """A block's products, and where they are changed back, step by step."""

    M: np.ndarray
    """[(m + 2)^2, n t across, C]."""
    ones: np.ndarray
    """Of M, what every cell of a tile has once in its sum: A'[:, 1] is all ones."""
    steps: Both
    Y: np.ndarray
    """[m, m, n, t, across, C], in the memory of M."""


def products_of(n: int, t: int, across: int, C: int, m: int, dtype: np.dtype) -> Products:
    """Lend space for the products of a block with C filters."""
    return prepared(_products, n, t, across, C, m, dtype)


def _products(n: int, t: int, across: int, C: int, m: int, dtype: np.dtype) -> Products:
    M = scratch("b", ((m + 2) ** 2, n * t * across, C), dtype)
    return steps_back(M, n, t, m)


def steps_back(M: np.ndarray, n: int, t: int, m: int) -> Products:
    """Lay out how products that lie in M are changed back."""
    a, C = m + 2, M.shape[2]
    square = M.reshape(a, a, -1)
    Y = square[:m, :m]  # a run of tiles is read before it is written to
    steps = steps_of(m, square, Y, scratch("a", (m * square[0].size,), M.dtype))
    return Products(M, M[a + 1], steps, Y.reshape(m, m, n, t, -1, C))


def from_basis(products: Products, form: Form) -> np.ndarray:
    """Take A' M A of every tile of a block."""
    take(form.A, products.steps)
    return products.Y


def put(Y: np.ndarray, y: np.ndarray, residual: np.ndarray | None) -> None:
    """Lay tiles [m, m, N, t, across, C] side by side, and add the residual.

    What is cut off of the last tiles is laid apart: below, to the right, and in the corner.
    """
    m = len(Y)
    n, H, W, C = y.shape
    for i, h, rows in _whole_and_rest(H, m):
        for j, w, columns in _whole_and_rest(W, m):
            shape = (n, h.stop - h.start, i, w.stop - w.start, j, C)
            tiled = y[:, rows, columns].reshape(shape)
            part = Y[:i, :j, :, h, w].transpose(2, 3, 0, 4, 1, 5)
            if residual is None:
                np.copyto(tiled, part)
            else:
                np.add(part, residual[:, rows, columns].reshape(shape), out=tiled)


def _whole_and_rest(size: int, m: int) -> Iterator[tuple[int, slice, slice]]:
    """Part an axis into whole tiles and the rest of one: cells of a tile, tiles, cells."""
    whole, rest = divmod(size, m)
    if whole:
        yield m, slice(0, whole), slice(0, whole * m)
    if rest:
        yield rest, slice(whole, whole + 1), slice(whole * m, size)
