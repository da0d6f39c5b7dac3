"""The gradients of a convolution by unrolled windows: of its kernel, and of the images.

Both are products of what `unrolled` lays out: the sums of windows times dy, and of dy times the
kernel's matrix, each window of which is added back to where it was read.
"""

from __future__ import annotations

import numpy as np

from typed_resnet.kernels.blocks import Block, channels_last, cut, kernel_of
from typed_resnet.kernels.buffers import empty
from typed_resnet.kernels.lanes import Filling, each, lanes_for, pieces, shares, summed
from typed_resnet.kernels.products import correlate, even
from typed_resnet.kernels.unrolled import FEW, columns_of, padded_once, places_of_a_block
from typed_resnet.kernels.windows import reach
from typed_resnet.kernels.workspace import scratch

_ALL = 2**21
"""Numbers of unrolled windows up to which all are laid out at once for the kernel's gradient."""

_SHORT = 64
"""Places of a block below which BLAS is quicker with the kernel's matrix as the first factor: it
copies that at every product, and a second factor is copied more slowly. With more places the sums,
whose channels then lie apart, take longer than that saves."""

_PLANES = 2**20
"""Numbers of a block that is added up plane by plane. With fewer, planes are so small that lanes
wait for each other at Python's lock more than memory takes."""


def weight_gradient(
    x: np.ndarray, dy: np.ndarray, window_size: tuple[int, int], stride: int, padding: int
) -> Filling:
    """Sum x times dy over all places: [N, H, W, Cin], [N, H', W', Cout] to [Cout, Cin, KH, KW].

    Where all windows are few numbers, each block is the sum for some of their cells, and lays out
    what it needs of the windows itself. Elsewhere lanes share out the places: then each has a sum
    of its own, which is added to the others'.
    """
    (KH, KW), (N, Ho, Wo, Cout), Cin = window_size, dy.shape, x.shape[3]
    inner = KH * KW * Cin
    work = N * Ho * Wo * inner * Cout
    lanes = lanes_for(work)
    if Cin < FEW:
        x, padding = padded_once(x, padding, lanes), 0

    if N * Ho * Wo * inner <= _ALL:
        dkernel = empty((KH, KW, Cin, Cout), x.dtype)
        everything = Block(0, N, 0, Ho)
        rows = dy.reshape(-1, Cout)

        def some(part: tuple[slice, slice]) -> None:
            below, channels = part
            to = dkernel[below, :, channels]
            cells = to.size // Cout
            to = to.reshape(*((1, cells) if Cin < FEW else (KH * KW, cells // (KH * KW))), Cout)
            of_these, size = x[:, below.start :, :, channels], (below.stop - below.start, KW)
            columns = columns_of(of_these, everything, size, stride, padding, Wo)
            taps = columns.reshape(len(rows), *to.shape[:2]).swapaxes(0, 1)
            correlate(taps, rows, to)

        if Cin < FEW:  # dy is long, and better read by few
            parts = [(below, slice(0, Cin)) for below in even(KH, -(-KH // lanes))]
        else:
            parts = [(slice(0, KH), channels) for channels in pieces(Cin, work, lanes)]
        return Filling(kernel_of(dkernel), parts, some, work)

    def task(block: Block) -> np.ndarray:
        columns = columns_of(x, block, window_size, stride, padding, Wo)
        rows = dy[block.images, block.top : block.bottom].reshape(-1, Cout)
        return np.matmul(columns.T, rows, out=empty((inner, Cout), x.dtype))

    blocks = cut(N, Ho, max(places_of_a_block(Cout, inner), 2 * Cout) / Wo, lanes)
    total = summed(blocks, task, (inner, Cout), x.dtype)
    return Filling(kernel_of(total.reshape(KH, KW, Cin, Cout)))


def image_gradient(
    dy: np.ndarray,
    matrix: np.ndarray,
    shape: tuple[int, ...],
    window_size: tuple[int, int],
    stride: int,
    padding: int,
) -> np.ndarray:
    """Add every window's share back to where it was read: [N, H', W', Cout] to [N, H, W, Cin]."""
    (KH, KW), (N, H, W, Cin), (_, Ho, Wo, Cout) = window_size, shape, dy.shape
    single = KH == KW == stride == 1 and padding == 0
    if Cin < FEW:  # windows' rows are short here: add up whole planes
        return _planes_gradient(dy, matrix, shape, window_size, stride, padding)
    dx = empty((N, H, W, Cin), dy.dtype)
    lanes = lanes_for(N * Ho * Wo * matrix.size)

    def task(share: tuple[Block, slice]) -> None:
        block, part = share
        n, _ = block.shape
        rows = dy[block.images, block.top : block.bottom].reshape(-1, Cout)
        to = dx[block.images, block.top : block.bottom] if single else dx[block.images, ..., part]
        if single:
            np.matmul(rows, matrix.T, out=to.reshape(-1, Cin))
            return
        C = part.stop - part.start
        taps = matrix.reshape(KH * KW, Cin, Cout)[:, part]
        if len(rows) < _SHORT:
            places_last = scratch("a", (KH * KW, C, n, Ho, Wo), dy.dtype)
            np.matmul(taps, rows.T, out=places_last.reshape(KH * KW, C, -1))
            columns = places_last.transpose(0, 2, 3, 4, 1)
        else:
            columns = scratch("a", (KH * KW, n, Ho, Wo, C), dy.dtype)
            np.matmul(rows, taps.swapaxes(1, 2), out=columns.reshape(KH * KW, -1, C))
        to[...] = 0
        for u in range(KH):
            i, h = reach(u, H, stride, padding, Ho)
            for v in range(KW):
                j, w = reach(v, W, stride, padding, Wo)
                cells = to[:, h, w]
                np.add(cells, columns[u * KW + v, :, i, j], out=cells)

    # Windows of one image overlap: its rows are one block, but its channels may be shared out.
    blocks = cut(N, Ho, places_of_a_block(Cout, len(matrix)) / Wo, lanes, whole=not single)
    parts = [slice(0, Cin)] if single or lanes <= N else shares(Cin, lanes)
    each([(block, part) for block in blocks for part in parts], task, lanes)
    return dx


def _planes_gradient(
    dy: np.ndarray,
    matrix: np.ndarray,
    shape: tuple[int, ...],
    window_size: tuple[int, int],
    stride: int,
    padding: int,
) -> np.ndarray:
    """Add up by channel and phase: the places of one remainder by the stride, row and column.

    Windows one step apart read cells one step apart of the same phase, so that what each cell of
    a window adds is a plane, laid on another as it is.
    """
    (KH, KW), (N, H, W, Cin), (_, Ho, Wo, Cout) = window_size, shape, dy.shape
    dx = empty((N, Cin, H, W), dy.dtype)

    def task(share: tuple[int, int]) -> None:
        n, below = share
        mine = [u for u in range(KH) if (u - padding - below) % stride == 0]
        taps = matrix.reshape(KH, KW * Cin, Cout)[mine].reshape(-1, Cout)
        planes = scratch("a", (stride, Cin, -(-H // stride), -(-W // stride)), dy.dtype)
        planes[...] = 0
        for part in even(Ho, max(_PLANES // max(len(taps) * Wo, 1), 1)):
            t = part.stop - part.start
            dz = scratch("b", (len(mine), KW, Cin, t, Wo), dy.dtype)
            np.matmul(taps, dy[n, part].reshape(-1, Cout).T, out=dz.reshape(len(taps), t * Wo))
            for at, u in enumerate(mine):
                i, h = reach(u, H, stride, padding - part.start * stride, t)
                for v in range(KW):
                    j, w = reach(v, W, stride, padding, Wo)
                    plane = planes[w.start % stride, :, _phase(h, stride), _phase(w, stride)]
                    plane += dz[at, v, :, i, j]
        to = dx[n, :, below::stride]
        for right in range(stride):
            cells = to[:, :, right::stride]
            cells[...] = planes[right, :, : cells.shape[1], : cells.shape[2]]

    shares = [(n, below) for n in range(N) for below in range(min(stride, H))]
    each(shares, task, lanes_for(dy.size * len(matrix)))
    return channels_last(dx)


def _phase(cells: slice, stride: int) -> slice:
    """Count cells a stride apart among those of their own phase."""
    return slice(cells.start // stride, -(-cells.stop // stride))
