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
    cut,
    window,
    windows_first,
)
from typed_resnet.kernels.buffers import empty
from typed_resnet.kernels.epilogue import Epilogue, rectify
from typed_resnet.kernels.lanes import each, lanes_for
from typed_resnet.kernels.products import even
from typed_resnet.kernels.windows import window_count
from typed_resnet.kernels.workspace import scratch, strided

FEW = 8
"""Channels below which a place's numbers are not worth a loop of their own."""


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
    if x.shape[3] < FEW:
        x, padding = padded_once(x, padding, lanes), 0

    def task(share: tuple[Block, slice]) -> None:
        block, channels = share
        to = y[block.images, block.top : block.bottom, :, channels]
        columns = columns_of(x, block, window_size, stride, padding, Wo)
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


def padded_once(x: np.ndarray, padding: int, lanes: int) -> np.ndarray:
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


def columns_of(
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
    blocks = cut(N, Ho, places_of_a_block(Cout, inner) / Wo, lanes)
    return [(block, slice(0, Cout)) for block in blocks]


def places_of_a_block(Cout: int, inner: int) -> int:
    """Choose how many places a block has, as `winograd` chooses its tiles."""
    return max(2**18 // (inner + Cout), (inner + Cout) // 16, 64)
