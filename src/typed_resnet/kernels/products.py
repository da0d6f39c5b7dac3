"""Matrix products cut into pieces that BLAS multiplies where they lie.

OpenBLAS copies both factors into an order of its own before it multiplies them; on processors with
AVX-512 it leaves that out where a product takes at most a million multiplications. So the second
factor is cut into strips of columns, each of them dense in memory, and the first into rows: 100 to
114 GF/s a core where whole products of Winograd's sizes take 57 to 95. A BLAS that copies in any
case, as OpenBLAS with AVX2, multiplies whole: strips have it copy the first factor once each, and
take 5 to 20 % longer.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from typed_resnet.kernels.blas import blas

SMALL = 10**6
"""Multiplications of a product that is not copied."""

_FEW = 12
"""Rows below which a product is better copied than cut."""

_SHORT = 64
"""Rows up to which a sum over them is cut into pieces."""

_LEAST = 16
"""Columns below which a turned factor is better copied than cut."""

_TURNED = 16
"""Columns of a strip of a turned second factor, which BLAS copies from a few more on."""


def strip_width(inner: int, columns: int, rows: int, shares: int = 1) -> int:
    """Choose how many columns a strip has, of factors with `inner` numbers a column and `rows`.

    Of a BLAS that copies, all, or where columns are shared out, a share. Else a power of two that
    divides the columns. Strips of 32 KiB stay in the first cache. Those of longer columns do not:
    a hundred rows are worth copying all columns, few rows want wide strips.
    """
    if blas().copies:
        return columns // shares if columns % shares == 0 else columns
    if inner > 1152 or (inner > 256 and rows >= 96):
        return columns
    wanted = 64 if inner <= 128 or (inner > 256 and rows < 32) else 32
    if columns <= wanted:
        return columns
    while columns % wanted:
        wanted //= 2
    return wanted if wanted >= 16 else columns


def strips_of(whole: np.ndarray, width: int) -> np.ndarray:
    """View [*A, inner, columns] as strips [*A, strips, inner, width].

    They are not dense in memory: products with them take up to a twentieth longer.
    """
    columns = whole.shape[-1]
    return whole.reshape(*whole.shape[:-1], columns // width, width).swapaxes(-2, -3)


def multiply(x: np.ndarray, strips: np.ndarray, out: np.ndarray) -> None:
    """Multiply [*A, rows, inner] by [*A, strips, inner, width] into [*A, rows, columns]."""
    count, inner, width = strips.shape[-3:]
    rows = x.shape[-2]
    to = out.reshape(*out.shape[:-1], count, width).swapaxes(-2, -3)
    most = rows if blas().copies else SMALL // (inner * width)
    for part in even(rows, most) if _FEW <= most < rows else [slice(rows)]:
        np.matmul(x[..., None, part, :], strips, out=to[..., part, :])


def correlate(a: np.ndarray, b: np.ndarray, out: np.ndarray) -> None:
    """Multiply [*A, rows, m] turned by [*A, rows, n] into [*A, m, n]: sums over the rows.

    Of few rows BLAS would copy almost as many numbers as it multiplies: m is cut into pieces that
    it leaves where they lie, if these are not too small. Of many rows it may copy: pieces take up
    to a quarter longer.
    """
    m, n = out.shape[-2:]
    rows = a.shape[-2]
    piece = m if blas().copies or rows > _SHORT else _piece(m, rows * n)
    if piece == m:
        np.matmul(a.swapaxes(-1, -2), b, out=out)
        return
    to = out.reshape(*out.shape[:-2], m // piece, piece, n)
    np.matmul(strips_of(a, piece).swapaxes(-1, -2), b[..., None, :, :], out=to)


def multiply_turned(x: np.ndarray, b: np.ndarray, out: np.ndarray) -> None:
    """Multiply [*A, rows, n] by [*A, m, n] turned into [*A, rows, m].

    BLAS would copy the second factor for the sake of few rows: strips of it are left where they
    lie, in half of the time.
    """
    rows, n = x.shape[-2:]
    m = b.shape[-2]
    fits = rows * _TURNED * n <= SMALL and m % _TURNED == 0
    if blas().copies or rows > _SHORT or not fits:
        np.matmul(x, b.swapaxes(-1, -2), out=out)
        return
    strips = b.reshape(*b.shape[:-2], m // _TURNED, _TURNED, n).swapaxes(-1, -2)
    to = out.reshape(*out.shape[:-1], m // _TURNED, _TURNED).swapaxes(-2, -3)
    np.matmul(x[..., None, :, :], strips, out=to)


def _piece(m: int, of_each: int) -> int:
    """Choose a power of two that divides m, with few enough multiplications; else all."""
    piece = 64
    while piece * of_each > SMALL or m % piece:
        piece //= 2
        if piece < _LEAST:
            return m
    return piece


def both(T: np.ndarray, x: np.ndarray, out: np.ndarray, between: np.ndarray) -> None:
    """Take T x T' for matrices x, whose elements are spread over the first two axes.

    Shape:
        T   (r, c)      x   (c, c, X)      out   (r, r, X)      between   (c r X), working space
    """
    take(T, steps_of(len(T), x, out, between))


class Both(NamedTuple):
    """Views for the two products of `both`: by the columns of x, and by its rows."""

    source: np.ndarray
    half: np.ndarray
    turned: np.ndarray
    out: np.ndarray


def steps_of(r: int, x: np.ndarray, out: np.ndarray, between: np.ndarray) -> Both:
    """Part x into runs that stay in the first cache from one product to the other."""
    c, X = x.shape[1:]
    count = runs(X, 1024)  # a half of the matrices, some 800 at a time, lies in the first cache
    half = between[: c * r * X].reshape(c, r, count, -1)
    source, to = x.reshape(c, c, count, -1), out.reshape(r, r, count, -1)
    return Both(
        source.transpose(2, 0, 1, 3),
        half.transpose(2, 0, 1, 3),
        half.transpose(2, 1, 0, 3),
        to.transpose(2, 1, 0, 3),
    )


def take(T: np.ndarray, steps: Both) -> None:
    """Take T x T' where `steps_of` says."""
    np.matmul(T, steps.source, out=steps.half)
    np.matmul(T, steps.turned, out=steps.out)


def even(count: int, most: int) -> Iterator[slice]:
    """Cut a count into even parts of at most `most`."""
    parts = -(-count // max(most, 1))
    for part in range(parts):
        yield slice(count * part // parts, count * (part + 1) // parts)


@functools.lru_cache(maxsize=256)
def runs(X: int, most: int) -> int:
    """Choose into how many parts of one length, at most about `most`, a count is cut."""
    fewest = max(1, -(-X // most))
    return next((count for count in range(fewest, 2 * fewest) if X % count == 0), 1)
