"""Convolution by unrolled windows, channels last: one product of [places, K K Cin] a block.

A window's row is K Cin numbers side by side, so that unrolling copies runs and not single numbers;
a window of one cell at stride 1 is not copied at all.

Source: Chellapilla, Puri and Simard, IWFHR 2006.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence

import numpy as np

from typed_resnet.kernels.blocks import (
    Block,
    channels_last,
    cut,
    kernel_of,
    window,
    windows_first,
)
from typed_resnet.kernels.buffers import empty
from typed_resnet.kernels.epilogue import Epilogue, rectify
from typed_resnet.kernels.lanes import each, lanes_for, summed
from typed_resnet.kernels.products import even
from typed_resnet.kernels.windows import reach, window_count
from typed_resnet.kernels.workspace import scratch, strided

_ALL = 2**21
"""Numbers of unrolled windows up to which all are laid out at once for the kernel's gradient."""

_PLANES = 2**20
"""Numbers of a block that is added up plane by plane. With fewer, planes are so small that lanes
wait for each other at Python's lock more than memory takes."""

_RUN = 8
"""Channels from which on a place's numbers are worth a loop of their own."""


def weights(kernel: np.ndarray) -> np.ndarray:
    """Turn [Cout, Cin, KH, KW] to [KH KW Cin, Cout]: of a settled kernel a view."""
    return windows_first(kernel).reshape(-1, kernel.shape[0])


def convolve(
    x: np.ndarray,
    matrix: np.ndarray,
    window_size: tuple[int, int],
    stride: int,
    padding: int,
    then: Epilogue,
) -> np.ndarray:
    """Convolve [N, H, W, Cin] with a matrix of windows; then comes the epilogue."""
    (KH, KW), (N, H, W, _) = window_size, x.shape
    Ho = window_count(H, KH, stride, padding)
    Wo = window_count(W, KW, stride, padding)
    inner, Cout = matrix.shape
    y = empty((N, Ho, Wo, Cout), x.dtype)
    lanes = lanes_for(N * Ho * Wo * inner * Cout)
    if x.shape[3] < _RUN:
        x, padding = _padded(x, padding, lanes), 0

    def task(share: tuple[Block, slice]) -> None:
        block, channels = share
        to = y[block.images, block.top : block.bottom, :, channels]
        columns = _columns(x, block, window_size, stride, padding, Wo)
        flat = y[block.images, block.top : block.bottom].reshape(-1, Cout)[:, channels]
        np.matmul(columns, matrix[:, channels], out=flat)
        if then.scale is not None:
            flat *= then.scale[channels]
        if then.shift is not None:
            flat += then.shift[channels]
        if then.residual is not None:
            to += then.residual[block.images, block.top : block.bottom, :, channels]
        if then.rectified:
            rectify(to)

    each(_shares(N, Ho, Wo, inner, Cout, lanes), task, lanes)
    return y


def weight_gradient(
    x: np.ndarray, dy: np.ndarray, window_size: tuple[int, int], stride: int, padding: int
) -> np.ndarray:
    """Sum x times dy over all places: [N, H, W, Cin], [N, H', W', Cout] to [Cout, Cin, KH, KW].

    Lanes share out the rows of the sum where all windows are few numbers, else the places: then
    each has a sum of its own, which is added to the others'.
    """
    (KH, KW), (N, Ho, Wo, Cout), Cin = window_size, dy.shape, x.shape[3]
    inner = KH * KW * Cin
    lanes = lanes_for(N * Ho * Wo * inner * Cout)
    if Cin < _RUN:
        x, padding = _padded(x, padding, lanes), 0

    if N * Ho * Wo * inner <= _ALL:
        dkernel = empty((inner, Cout), x.dtype)
        everything = Block(0, N, 0, Ho)
        columns = _columns(x, everything, window_size, stride, padding, Wo)
        rows = dy.reshape(-1, Cout)

        def product(part: slice) -> None:
            np.matmul(columns[:, part].T, rows, out=dkernel[part])

        each(even(inner, -(-inner // lanes)), product, lanes)
        return kernel_of(dkernel.reshape(KH, KW, Cin, Cout))

    def task(block: Block) -> np.ndarray:
        columns = _columns(x, block, window_size, stride, padding, Wo)
        rows = dy[block.images, block.top : block.bottom].reshape(-1, Cout)
        return np.matmul(columns.T, rows, out=empty((inner, Cout), x.dtype))

    blocks = cut(N, Ho, max(_places(Cout, inner), 2 * Cout) / Wo, lanes)
    dkernel = summed(blocks, task, (inner, Cout), x.dtype)
    return kernel_of(dkernel.reshape(KH, KW, Cin, Cout))


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
    if Cin < _RUN:  # windows' rows are short here: add up whole planes
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
        columns = scratch("a", (KH * KW, n, Ho, Wo, C), dy.dtype)
        taps = matrix.reshape(KH * KW, Cin, Cout)[:, part].swapaxes(1, 2)
        np.matmul(rows, taps, out=columns.reshape(KH * KW, -1, C))
        to[...] = 0
        for u in range(KH):
            i, h = reach(u, H, stride, padding, Ho)
            for v in range(KW):
                j, w = reach(v, W, stride, padding, Wo)
                to[:, h, w] += columns[u * KW + v, :, i, j]

    # Windows of one image overlap: its rows are one block, but its channels may be shared out.
    blocks = cut(N, Ho, _places(Cout, len(matrix)) / Wo, lanes, whole=not single)
    parts = [slice(0, Cin)] if single or lanes <= N else list(even(Cin, -(-Cin // lanes)))
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


def _padded(x: np.ndarray, padding: int, lanes: int) -> np.ndarray:
    """Lay out images of few channels with their padding, once for all blocks, plane by plane."""
    N, H, W, C = x.shape
    padded = empty((N, H + 2 * padding, W + 2 * padding, C), x.dtype)
    inside = slice(padding, padding + H), slice(padding, padding + W)

    def task(n: int) -> None:
        for border in (slice(padding), slice(padding + H, None)):
            padded[n, border] = 0
        for border in (slice(padding), slice(padding + W, None)):
            padded[n, inside[0], border] = 0
        for c in range(C):
            padded[(n, *inside, c)] = x[n, ..., c]

    each(range(N), task, lanes)
    return padded


def _columns(
    x: np.ndarray,
    block: Block,
    window_size: tuple[int, int],
    stride: int,
    padding: int,
    Wo: int,
) -> np.ndarray:
    """Lay out every window of a block: [places, KH KW Cin]."""
    (KH, KW), (n, t), C = window_size, block.shape, x.shape[3]
    if KH == KW == 1 and padding == 0:
        rows = slice(block.top * stride, (block.bottom - 1) * stride + 1, stride)
        return x[block.images, rows, ::stride][:, :, :Wo].reshape(-1, C)
    if padding == 0 and x.flags.c_contiguous:
        padded, start = x, block.first * x.strides[0] + block.top * stride * x.strides[1]
    else:
        height, across = (t - 1) * stride + KH, (Wo - 1) * stride + KW
        padded, start = scratch("b", (n, height, across, C), x.dtype), 0
        window(x[block.images], block.top * stride - padding, -padding, padded)
    N, H, W, _ = padded.strides  # of a single channel the last may be any number
    columns = scratch("a", (n, t, Wo, KH, KW * C), x.dtype)
    runs = (N, H * stride, W * stride, H, x.itemsize)
    np.copyto(columns, strided(padded, columns.shape, runs, start))
    return columns.reshape(n * t * Wo, KH * KW * C)


@functools.lru_cache(maxsize=256)
def _shares(
    N: int, Ho: int, Wo: int, inner: int, Cout: int, lanes: int
) -> Sequence[tuple[Block, slice]]:
    """Share out places, or where these are few, channels: as `winograd` does with tiles."""
    if N * Ho * Wo < 64 * lanes and Cout >= lanes:
        blocks = [Block(0, N, 0, Ho)] if N else []
        return [(block, part) for block in blocks for part in even(Cout, -(-Cout // lanes))]
    blocks = cut(N, Ho, _places(Cout, inner) / Wo, lanes)
    return [(block, slice(0, Cout)) for block in blocks]


def _places(Cout: int, inner: int) -> int:
    """Choose how many places a block has, as `winograd` chooses its tiles."""
    return max(2**18 // (inner + Cout), (inner + Cout) // 16, 64)
