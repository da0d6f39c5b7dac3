"""Convolution by unrolled windows, channels last: one product of [places, K K Cin] a block.

A window's row is K Cin numbers side by side, so that unrolling copies runs and not single numbers;
a window of one cell at stride 1 is not copied at all.

Source: Chellapilla, Puri and Simard, IWFHR 2006.
"""

from __future__ import annotations

import numpy as np
from numpy.lib.stride_tricks import as_strided

from typed_resnet.kernels.blocks import (
    Block,
    channels_first,
    channels_last,
    cut,
    lanes_for,
    window,
)
from typed_resnet.kernels.buffers import empty
from typed_resnet.kernels.epilogue import Epilogue, rectify
from typed_resnet.kernels.lanes import each, summed
from typed_resnet.kernels.windows import add_windows, reach, window_count
from typed_resnet.kernels.workspace import scratch

_RUN = 8
"""Channels from which on a place's numbers are worth a loop of their own."""


def weights(kernel: np.ndarray) -> np.ndarray:
    """Turn [Cout, Cin, KH, KW] to [Cout, KH KW Cin]: a view, where the kernel is channels last."""
    return kernel.transpose(0, 2, 3, 1).reshape(kernel.shape[0], -1)


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
    Cout = matrix.shape[0]
    y = empty((N, Ho, Wo, Cout), x.dtype)

    def task(block: Block) -> None:
        part = y[block.images, block.top : block.bottom]
        flat = part.reshape(-1, Cout)
        np.matmul(_columns(x, block, window_size, stride, padding, Wo), matrix.T, out=flat)
        if then.scale is not None:
            flat *= then.scale
        if then.shift is not None:
            flat += then.shift
        if then.residual is not None:
            part += then.residual[block.images, block.top : block.bottom]
        if then.rectified:
            rectify(flat)

    each(cut(N, Ho, _places(Cout, matrix.shape[1], N) / Wo), task)
    return y


def weight_gradient(
    x: np.ndarray, dy: np.ndarray, window_size: tuple[int, int], stride: int, padding: int
) -> np.ndarray:
    """Sum x times dy over all places: [N, H, W, Cin], [N, H', W', Cout] to [Cout, Cin, KH, KW]."""
    (KH, KW), (N, Ho, Wo, Cout), Cin = window_size, dy.shape, x.shape[3]

    def task(block: Block) -> np.ndarray:
        columns = _columns(x, block, window_size, stride, padding, Wo)
        rows = dy[block.images, block.top : block.bottom].reshape(-1, Cout)
        return np.matmul(rows.T, columns, out=empty((Cout, KH * KW * Cin), x.dtype))

    blocks = cut(N, Ho, max(_places(Cout, KH * KW * Cin, N), 2 * Cout) / Wo)
    dkernel = summed(blocks, task, (Cout, KH * KW * Cin), x.dtype)
    return channels_first(dkernel.reshape(Cout, KH, KW, Cin))


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

    def task(block: Block) -> None:
        n, _ = block.shape
        rows = dy[block.images, block.top : block.bottom].reshape(-1, Cout)
        to = dx[block.images, block.top : block.bottom] if single else dx[block.images]
        if single:
            np.matmul(rows, matrix, out=to.reshape(-1, Cin))
            return
        columns = scratch("columns", (n, Ho, Wo, KH, KW, Cin), dy.dtype)
        np.matmul(rows, matrix, out=columns.reshape(-1, KH * KW * Cin))
        to[...] = 0
        for u in range(KH):
            i, h = reach(u, H, stride, padding, Ho)
            for v in range(KW):
                j, w = reach(v, W, stride, padding, Wo)
                to[:, h, w] += columns[:, i, j, u, v]

    # Windows of one image overlap: its rows are one block.
    each(cut(N, Ho, _places(Cout, matrix.shape[1], N) / Wo, whole=not single), task)
    return dx


def _planes_gradient(
    dy: np.ndarray,
    matrix: np.ndarray,
    shape: tuple[int, ...],
    window_size: tuple[int, int],
    stride: int,
    padding: int,
) -> np.ndarray:
    (KH, KW), (N, H, W, Cin), (_, Ho, Wo, Cout) = window_size, shape, dy.shape
    turned = np.ascontiguousarray(
        matrix.reshape(Cout, KH, KW, Cin).transpose(3, 1, 2, 0).reshape(-1, Cout)
    )
    dx = empty((N, Cin, H, W), dy.dtype)

    def task(n: int) -> None:
        dz = scratch("columns", (Cin * KH * KW, Ho * Wo), dy.dtype)
        np.matmul(turned, dy[n].reshape(Ho * Wo, Cout).T, out=dz)
        dx[n] = add_windows(dz.reshape(1, Cin, KH, KW, Ho, Wo), H, W, stride, padding)[0]

    each(range(N), task)
    return channels_last(dx)


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
    if KH == KW == stride == 1 and padding == 0:
        return x[block.images, block.top : block.bottom].reshape(-1, C)
    height, across = (t - 1) * stride + KH, (Wo - 1) * stride + KW
    padded = scratch("padded", (n, height, across, C), x.dtype)
    window(x[block.images], block.top * stride - padding, -padding, padded)
    N, H, W, E = padded.strides
    columns = scratch("columns", (n, t, Wo, KH, KW * C), x.dtype)
    runs = (N, H * stride, W * stride, H, E)
    np.copyto(columns, as_strided(padded, columns.shape, runs))
    return columns.reshape(n * t * Wo, KH * KW * C)


def _places(Cout: int, inner: int, N: int) -> int:
    """Choose how many places a block has, as `winograd` chooses its tiles."""
    if lanes_for(N) == 1:
        return max(2**21 // inner, 256)
    return max(2**18 // (inner + Cout), (inner + Cout) // 16, 64)
