"""The gradients of a 3x3 convolution at stride 1, by the adjoint of Winograd's forms.

`convolve` is linear in its tiles and in its windows, tap by tap in another basis. Turned round,

    D  = A dy A'                                              of each tile of dy
    dg = G' (sum over tiles of (B' d B) * D) G                of each window g
    dd = B ((G g G') * D) B'                                  of each tile d of x

so that both gradients use one D, and the transformed windows of the forward step. Where tiles
overlap, their dd are added.

Source: Lavin and Gray, arXiv:1509.09308, equations 8 and 12, of which these are the adjoints.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from typed_resnet.kernels.blocks import Block, cut, kernel_of
from typed_resnet.kernels.buffers import empty
from typed_resnet.kernels.forms import Form
from typed_resnet.kernels.lanes import Filling, each, lanes_for, pieces, shares, summed
from typed_resnet.kernels.products import both, correlate, even, multiply_turned
from typed_resnet.kernels.tile_gradients import lay_back, spread
from typed_resnet.kernels.tiles import to_basis
from typed_resnet.kernels.winograd import groups, tiles_of_a_block
from typed_resnet.kernels.workspace import scratch


def gradients(
    x: np.ndarray, dy: np.ndarray, U: np.ndarray, form: Form, padding: int
) -> tuple[Filling, np.ndarray, np.ndarray]:
    """Return dw, db and dx of [N, H, W, Cin], [N, H', W', Cout] and whole transformed windows.

    Where that is little work dw is left to be filled. Where the windows' sums stay in the cache,
    each lane has sums of its own, and takes a block of tiles through all steps. Elsewhere lanes
    share out the tiles of a group, then its (m + 2)^2 products, whose sums no two lanes have in
    common, then the tiles again.

    Working space: (m + 2)^2 (Cin + Cout) numbers for each tile of a block a lane, or of a group of
    about 200 tiles.
    """
    N, Ho, Wo, Cout = dy.shape
    Cin, m, a = x.shape[3], form.m, form.a
    across, down = -(-Wo // m), -(-Ho // m)
    work = a**2 * N * across * down * Cin * Cout
    lanes = lanes_for(work)
    if 0 < work <= _LITTLE:
        return _of_little_work(x, dy, U, form, padding, lanes)
    dx = empty(x.shape, x.dtype)
    blocks = cut(N, down, tiles_of_a_block(Cin, Cout) / across, lanes)
    sums: dict[Block, np.ndarray] = {}
    seams: dict[Block, np.ndarray] = {}

    def transform(block: Block, V: np.ndarray, D: np.ndarray) -> None:
        to_basis(x, block, across, padding, form, V)
        spread(dy, block, across, form, D)
        sums[block] = np.ones(D.shape[1], x.dtype) @ D[a + 1]  # A'[:, 1] is all ones

    def back(block: Block, V: np.ndarray) -> None:
        below = block.bottom < down
        seam = lay_back(V, block, across, padding, form, dx, below=below)
        if seam is not None:
            seams[block] = seam

    def through(block: Block) -> np.ndarray:
        tiles = block.shape[0] * block.shape[1] * across
        V = scratch("c", (a**2, tiles, Cin), x.dtype)
        D = scratch("d", (a**2, tiles, Cout), x.dtype)
        transform(block, V, D)
        dU = empty((a**2, Cin, Cout), x.dtype)
        correlate(V, D, dU)
        multiply_turned(D, U, V)
        back(block, V)
        return dU

    if a**2 * Cin * Cout <= _CACHED:
        dU = summed(blocks, through, (a**2, Cin, Cout), x.dtype)
    else:
        dU = (
            np.zeros((a**2, Cin, Cout), x.dtype)
            if not blocks
            else empty((a**2, Cin, Cout), x.dtype)
        )
        for index, group in enumerate(groups(blocks, across, lanes)):
            _together(group, U, dU, transform, back, lanes, first=index == 0)
    for block, seam in seams.items():
        rows = dx[block.images, block.bottom * m - padding :][:, :2]
        rows += seam[:, : rows.shape[1]]
    dbias = np.zeros(Cout, np.float64)
    for block in blocks:
        dbias += sums[block]
    dkernel = _windows(dU.reshape(a, a, Cin, Cout), form, lanes)
    return Filling(dkernel), dbias.astype(x.dtype), dx


def _of_little_work(
    x: np.ndarray, dy: np.ndarray, U: np.ndarray, form: Form, padding: int, lanes: int
) -> tuple[Filling, np.ndarray, np.ndarray]:
    """Do what `gradients` does, with channels shared out, so that dw can wait for its turn.

    What waits holds D, (m + 2)^2 Cout numbers a tile.
    """
    N, Ho, Wo, Cout = dy.shape
    Cin, m, a = x.shape[3], form.m, form.a
    across, down = -(-Wo // m), -(-Ho // m)
    tiles = N * across * down
    everything = Block(0, N, 0, down)
    D, dx = empty((a**2, tiles, Cout), x.dtype), empty(x.shape, x.dtype)
    dkernel = empty((3, 3, Cin, Cout), x.dtype)

    def there(block: Block) -> None:
        first, end = block.first * down + block.top, (block.last - 1) * down + block.bottom
        spread(dy, block, across, form, D[:, first * across : end * across])

    def back(part: slice) -> None:
        V = scratch("c", (a**2, tiles, part.stop - part.start), x.dtype)
        multiply_turned(D, U[:, part], V)
        lay_back(V, everything, across, padding, form, dx[..., part], below=False)

    def windows(part: slice) -> None:
        V = to_basis(x[..., part], everything, across, padding, form)
        dU = scratch("c", (a**2, part.stop - part.start, Cout), x.dtype)
        correlate(V, D, dU)
        to, between = (
            dkernel[:, :, part].reshape(3, 3, -1),
            scratch("b", (3 * dU[0].size * a,), x.dtype),
        )
        both(form.G.T, dU.reshape(a, a, -1), to, between)

    work = a**2 * tiles * Cin * Cout
    each(cut(N, down, tiles_of_a_block(Cin, Cout) / across, lanes), there, lanes)
    each(shares(Cin, lanes), back, lanes)
    parts = pieces(Cin, work, lanes)
    dbias = np.ones(tiles, x.dtype) @ D[a + 1]  # A'[:, 1] is all ones
    return Filling(kernel_of(dkernel), parts, windows, work), dbias, dx


_LITTLE = 2**26
"""Multiplications for which dw had better wait for its turn."""

_CACHED = 2**18
"""Numbers of the windows' sums that leave room for a block in a core's cache."""


def _together(
    group: Sequence[tuple[Block, slice]],
    U: np.ndarray,
    dU: np.ndarray,
    transform: Callable[[Block, np.ndarray, np.ndarray], None],
    back: Callable[[Block, np.ndarray], None],
    lanes: int,
    *,
    first: bool,
) -> None:
    """Take a group of blocks through one step after the other; the `first` begins the sums dU."""
    (taps, Cin, Cout), tiles = U.shape, group[-1][1].stop
    V, D = empty((taps, tiles, Cin), U.dtype), empty((taps, tiles, Cout), U.dtype)

    def there(share: tuple[Block, slice]) -> None:
        block, places = share
        transform(block, V[:, places], D[:, places])

    def product(part: slice) -> None:
        if first:
            correlate(V[part], D[part], dU[part])
        else:
            more = scratch("a", dU[part].shape, U.dtype)
            correlate(V[part], D[part], more)
            dU[part] += more
        multiply_turned(D[part], U[part], V[part])

    def back_again(share: tuple[Block, slice]) -> None:
        block, places = share
        back(block, V[:, places])

    each(group, there, lanes)
    each(even(taps, 1), product, lanes)
    each(group, back_again, lanes)


def _windows(dU: np.ndarray, form: Form, lanes: int) -> np.ndarray:
    """Take G' dU G of every window: [m + 2, m + 2, Cin, Cout] to [Cout, Cin, 3, 3]."""
    a, _, Cin, Cout = dU.shape
    dkernel = empty((3, 3, Cin, Cout), dU.dtype)

    def task(part: slice) -> None:
        taps = dU[:, :, part].reshape(a, a, -1)
        between = scratch("b", (3 * a * taps.shape[2],), dU.dtype)
        both(form.G.T, taps, dkernel[:, :, part].reshape(3, 3, -1), between)

    each(even(Cin, max(2**13 // Cout, 1)), task, lanes)
    return kernel_of(dkernel)
