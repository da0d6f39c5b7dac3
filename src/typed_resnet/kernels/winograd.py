"""3x3 convolution at stride 1 by fewer products: tile by tile in another basis.

A tile of m x m results takes (m + 2)^2 products a pair of channels in place of 9 m^2. For one
tile d, [m + 2, m + 2], and one window g, [3, 3],

    y = A' ((G g G') * (B' d B)) A

where * is element by element. Each change of basis is two small matrix products, along the rows
and along the columns of all tiles and channels at once; what stands between them is one product
over channels for each of the (m + 2)^2 elements.

The sums of F(4x4) and F(5x5) have terms of opposite sign and many times the result: these two
lose a digit.

Source: Lavin and Gray, arXiv:1509.09308, equations 8 and 12.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator, Sequence

import numpy as np

from typed_resnet.kernels.blocks import Block, cut, windows_first
from typed_resnet.kernels.buffers import empty
from typed_resnet.kernels.epilogue import Epilogue, rectify
from typed_resnet.kernels.forms import Form
from typed_resnet.kernels.lanes import each, lanes_for
from typed_resnet.kernels.products import both, even, multiply, strip_width
from typed_resnet.kernels.tiles import (
    Products,
    from_basis,
    products_of,
    put,
    steps_back,
    to_basis,
)
from typed_resnet.kernels.workspace import scratch


def width_of_strips(
    shape: tuple[int, ...], kernel_shape: tuple[int, ...], form: Form, padding: int
) -> int:
    """Choose the width of the windows' strips for images [N, H, W, Cin]."""
    Cout, Cin = kernel_shape[:2]
    down, across = _tiles(shape, form, padding)
    tiles = shape[0] * down * across
    lanes = lanes_for(form.a**2 * tiles * Cin * Cout)
    return strip_width(Cin, Cout, tiles, lanes if _few(tiles, Cin, Cout, lanes) else 1)


def weights(kernel: np.ndarray, form: Form, width: int) -> np.ndarray:
    """Take G g G' of every window: [Cout, Cin, 3, 3] to [(m + 2)^2, strips, Cin, width].

    The strips are those of `products`: together all Cout. Lanes share out windows, some 16,000 at
    a time, whose nine numbers and (m + 2)^2 results stay in the cache.
    """
    Cout, Cin = kernel.shape[:2]
    a = form.a
    U = empty((a, a, Cout // width, Cin, width), kernel.dtype)
    cells = windows_first(kernel)

    def task(share: tuple[int, slice]) -> None:
        strip, rows = share
        to = U[:, :, strip, rows].reshape(a, a, -1)
        taps = scratch("a", (3, 3, rows.stop - rows.start, width), kernel.dtype)
        np.copyto(taps, cells[:, :, rows, strip * width : (strip + 1) * width])
        between = scratch("b", (3 * to[0].size,), kernel.dtype)
        both(form.G, taps.reshape(3, 3, -1), to, between)

    lanes = lanes_for(3 * a * (3 + a) * Cin * Cout)
    parts = list(even(Cin, min(2**14 // width, -(-Cin // lanes))))
    shares = [(strip, rows) for strip in range(Cout // width) for rows in parts]
    each(shares, task, lanes)
    return U.reshape(a**2, Cout // width, Cin, width)


def convolve(x: np.ndarray, U: np.ndarray, form: Form, padding: int, then: Epilogue) -> np.ndarray:
    """Convolve [N, H, W, Cin] with transformed windows; the epilogue's scale is in these.

    A lane takes a block of tiles through all steps, so that it stays in the cache. Whole windows,
    not cut into strips, are so many that they do not stay there themselves: then all lanes take a
    group of blocks through one step after the other, and the windows are read once a group.

    Working space: for each lane two arrays of (m + 2)^2 numbers a tile of a block and channel; of
    whole windows, for all lanes together, as many for each of about `_GROUP` tiles.
    """
    N, H, W, Cin = x.shape
    strips, width = U.shape[1], U.shape[3]
    Cout, m, a = strips * width, form.m, form.a
    Ho, Wo = H + 2 * padding - 2, W + 2 * padding - 2
    down, across = _tiles(x.shape, form, padding)
    y = empty((N, Ho, Wo, Cout), x.dtype)
    lanes = lanes_for(a**2 * N * across * down * Cin * Cout)

    def finish(block: Block, products: Products, channels: slice) -> None:
        if then.shift is not None:
            ones = products.ones
            np.add(ones, then.shift[channels], out=ones)
        Y = from_basis(products, form)
        at = block.images, slice(block.top * m, min(block.bottom * m, Ho)), slice(None), channels
        to = y[at]
        put(Y, to, None if then.residual is None else then.residual[at])
        if then.rectified:
            rectify(to)

    def through(share: tuple[Block, slice]) -> None:
        block, part = share
        V = to_basis(x, block, across, padding, form)
        channels = slice(part.start * width, part.stop * width)
        C = channels.stop - channels.start
        products = products_of(*block.shape, across, C, m, x.dtype)
        multiply(V, U[:, part], products.M)
        finish(block, products, channels)

    by_channels = strips >= lanes and _few(N * down * across, Cin, Cout, lanes)
    if by_channels or Cin * width <= _CACHED:
        each(_shares(N, down, across, Cin, Cout, strips, lanes), through, lanes)
        return y
    for group in groups(cut(N, down, tiles_of_a_block(Cin, Cout) / across, lanes), across, lanes):
        V = empty((a**2, group[-1][1].stop, Cin), x.dtype)
        M = empty((a**2, group[-1][1].stop, Cout), x.dtype)

        def transform(share: tuple[Block, slice], V: np.ndarray = V) -> None:
            block, places = share
            to_basis(x, block, across, padding, form, V[:, places])

        def product(taps: slice, V: np.ndarray = V, M: np.ndarray = M) -> None:
            multiply(V[taps], U[taps], M[taps])

        def back(share: tuple[Block, slice], M: np.ndarray = M) -> None:
            block, places = share
            finish(block, steps_back(M[:, places], *block.shape, m), slice(0, Cout))

        each(group, transform, lanes)
        each(even(a**2, 1), product, lanes)
        each(group, back, lanes)
    return y


def _tiles(shape: tuple[int, ...], form: Form, padding: int) -> tuple[int, int]:
    """Count the tiles of [N, H, W, C] from top to bottom, and from left to right."""
    _, H, W, _ = shape
    return -(-(H + 2 * padding - 2) // form.m), -(-(W + 2 * padding - 2) // form.m)


@functools.lru_cache(maxsize=256)
def _shares(
    N: int, down: int, across: int, Cin: int, Cout: int, strips: int, lanes: int
) -> Sequence[tuple[Block, slice]]:
    """Share out tiles, or where these are few, channels: then each lane reads its own windows."""
    tiles = N * down * across
    if _few(tiles, Cin, Cout, lanes) and strips >= lanes:
        block = Block(0, N, 0, down)
        return [(block, part) for part in even(strips, -(-strips // lanes))] if tiles else []
    blocks = cut(N, down, tiles_of_a_block(Cin, Cout) / across, lanes)
    return [(block, slice(0, strips)) for block in blocks]


def _few(tiles: int, Cin: int, Cout: int, lanes: int) -> bool:
    """Ask whether lanes had better share out channels, and each transform all tiles."""
    return tiles < 32 * lanes or (tiles < 48 * lanes and Cin * Cout >= 2**16)


def tiles_of_a_block(Cin: int, Cout: int) -> int:
    """Choose how many tiles a block has.

    Few, so that a block stays in a core's cache of about 2 MB; but enough that the windows, read
    anew for every block, cost little beside the products, and that lanes seldom meet at the
    beginning of a step, which Python lets only one of them make at a time.
    """
    return max(2**15 // (Cin + Cout), 98)


_CACHED = 2**16
"""Numbers of a tap's windows that leave room for a block in a core's cache."""

_GROUP = 200
"""Tiles that are worth reading all windows once."""


def groups(
    blocks: Sequence[Block], across: int, lanes: int
) -> Iterator[list[tuple[Block, slice]]]:
    """Gather blocks into groups of about `_GROUP` tiles, at least one a lane.

    Beside each stands which of the group's tiles are its own.
    """
    group: list[tuple[Block, slice]] = []
    count = 0
    for block in blocks:
        n, t = block.shape
        group.append((block, slice(count, count + n * t * across)))
        count += n * t * across
        if count >= _GROUP and len(group) % lanes == 0:
            yield group
            group, count = [], 0
    if group:
        yield group
