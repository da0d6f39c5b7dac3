"""3x3 convolution at stride 1 by fewer products: tile by tile in another basis.

A tile of m x m results takes (m + 2)^2 products a pair of channels in place of 9 m^2. For one
tile d, [m + 2, m + 2], and one window g, [3, 3],

    y = A' ((G g G') * (B' d B)) A              Y = (A' x A') ((G x G) g * (B' x B') d)

where * is element by element, x Kronecker's product, and tiles are flattened: each change of basis
is one matrix product over all tiles and channels, and what stands between them one product over
channels for each of the (m + 2)^2 elements.

The sums of F(4x4) have terms of opposite sign and many times the result: it loses a digit.

Source: Lavin and Gray, arXiv:1509.09308, equations 8 and 12; for m = 4 its section 4.3.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction as Q

import numpy as np
from numpy.lib.stride_tricks import as_strided

from typed_resnet.kernels.blocks import Block, channels_first, cut, lanes_for, window
from typed_resnet.kernels.buffers import empty
from typed_resnet.kernels.epilogue import Epilogue, rectify
from typed_resnet.kernels.lanes import each, one_thread, summed
from typed_resnet.kernels.workspace import scratch


@dataclass(frozen=True)
class Form:
    """F(m x m, 3 x 3): the Kronecker squares of its three matrices."""

    name: str
    m: int
    BB: np.ndarray
    """B' x B', [(m + 2)^2, (m + 2)^2]."""
    GG: np.ndarray
    """G x G, [(m + 2)^2, 9]."""
    AA: np.ndarray
    """A' x A', [m^2, (m + 2)^2]."""

    @property
    def a(self) -> int:
        return self.m + 2


def _form(name: str, A: list[list[int]], B: list[list[int]], G: list[list[Q]]) -> Form:
    squares = (np.kron(T, T).astype(np.float32) for T in (np.array(B), _floats(G), np.array(A)))
    return Form(name, len(A), *(np.ascontiguousarray(square) for square in squares))


def _floats(G: list[list[Q]]) -> np.ndarray:
    return np.array(G, float)


F2 = _form(
    "F(2x2)",
    A=[[1, 1, 1, 0], [0, 1, -1, -1]],
    B=[[1, 0, -1, 0], [0, 1, 1, 0], [0, -1, 1, 0], [0, 1, 0, -1]],
    G=[[Q(1), Q(0), Q(0)], [Q(1, 2)] * 3, [Q(1, 2), Q(-1, 2), Q(1, 2)], [Q(0), Q(0), Q(1)]],
)
F4 = _form(
    "F(4x4)",
    A=[[1, 1, 1, 1, 1, 0], [0, 1, -1, 2, -2, 0], [0, 1, 1, 4, 4, 0], [0, 1, -1, 8, -8, 1]],
    B=[
        [4, 0, -5, 0, 1, 0],
        [0, -4, -4, 1, 1, 0],
        [0, 4, -4, -1, 1, 0],
        [0, -2, -1, 2, 1, 0],
        [0, 2, -1, -2, 1, 0],
        [0, 4, 0, -5, 0, 1],
    ],
    G=[
        [Q(1, 4), Q(0), Q(0)],
        [Q(-1, 6), Q(-1, 6), Q(-1, 6)],
        [Q(-1, 6), Q(1, 6), Q(-1, 6)],
        [Q(1, 24), Q(1, 12), Q(1, 6)],
        [Q(1, 24), Q(-1, 12), Q(1, 6)],
        [Q(0), Q(0), Q(1)],
    ],
)


def weights(kernel: np.ndarray, form: Form) -> np.ndarray:
    """Take (G x G) g of every window: [Cout, Cin, 3, 3] to [(m + 2)^2, Cout, Cin]."""
    Cout, Cin = kernel.shape[:2]
    taps = kernel.transpose(2, 3, 0, 1).reshape(9, Cout * Cin)
    U: np.ndarray = np.matmul(form.GG, taps).reshape(form.a**2, Cout, Cin)
    return U


def convolve(x: np.ndarray, U: np.ndarray, form: Form, padding: int, then: Epilogue) -> np.ndarray:
    """Convolve [N, H, W, Cin] with transformed windows; the epilogue's scale is in these.

    Working space: for each lane a block of tiles, about 150 (Cin + Cout) bytes a tile of F(2x2)
    and 350 of F(4x4).
    """
    N, H, W, _ = x.shape
    Cout, Cin = U.shape[1:]
    Ho, Wo, m = H + 2 * padding - 2, W + 2 * padding - 2, form.m
    across, down = -(-Wo // m), -(-Ho // m)
    y = empty((N, Ho, Wo, Cout), x.dtype)

    def task(block: Block) -> None:
        n, t = block.shape
        T = n * t * across
        V = _to_basis(x, block, across, padding, form)
        M = scratch("products", (form.a**2, T, Cout), x.dtype)
        np.matmul(V, U.transpose(0, 2, 1), out=M)
        if then.shift is not None:
            M[form.a + 1] += then.shift  # A'[:, 1] is all ones: this reaches every cell of a tile
        Y = scratch("tiles", (m, m, n, t, across, Cout), x.dtype)
        np.matmul(form.AA, M.reshape(form.a**2, T * Cout), out=Y.reshape(m**2, T * Cout))
        rows = slice(block.top * m, min(block.bottom * m, Ho))
        residual = None
        if then.residual is not None:
            residual = then.residual[block.images, rows]
        _put(Y.transpose(2, 3, 0, 4, 1, 5), y[block.images, rows], residual, then.rectified)

    each(cut(N, down, _tiles(Cin, Cout, N) / across), task)
    return y


def weight_gradient(x: np.ndarray, dy: np.ndarray, form: Form, padding: int) -> np.ndarray:
    """Sum x times dy over all places: [N, H, W, Cin], [N, H', W', Cout] to [Cout, Cin, 3, 3].

        dg = (G x G)' (sum over tiles of (A' x A')' dy * (B' x B') d)

    The adjoint of `convolve` in the windows: the same three matrices, turned.
    """
    N, Ho, Wo, Cout = dy.shape
    Cin, m, a = x.shape[3], form.m, form.a
    across, down = -(-Wo // m), -(-Ho // m)

    def task(block: Block) -> np.ndarray:
        n, t = block.shape
        T = n * t * across
        V = _to_basis(x, block, across, padding, form)
        padded = scratch("padded", (n, t * m, across * m, Cout), x.dtype)
        window(dy[block.images], block.top * m, 0, padded)
        Y = scratch("tiles", (m, m, n, t, across, Cout), x.dtype)
        np.copyto(Y, padded.reshape(n, t, m, across, m, Cout).transpose(2, 4, 0, 1, 3, 5))
        M = scratch("products", (a**2, T, Cout), x.dtype)
        np.matmul(form.AA.T, Y.reshape(m**2, T * Cout), out=M.reshape(a**2, T * Cout))
        return np.matmul(M.transpose(0, 2, 1), V, out=empty((a**2, Cout, Cin), x.dtype))

    blocks = cut(N, down, max(_tiles(Cin, Cout, N), 2 * Cin) / across)
    dU = summed(blocks, task, (a**2, Cout, Cin), x.dtype)
    with one_thread(lanes_for(N) > 1):
        taps = np.matmul(form.GG.T, dU.reshape(a**2, Cout * Cin))
    dkernel = empty((Cout, 3, 3, Cin), x.dtype)
    np.copyto(dkernel, taps.reshape(3, 3, Cout, Cin).transpose(2, 0, 1, 3))
    return channels_first(dkernel)


def _to_basis(x: np.ndarray, block: Block, across: int, padding: int, form: Form) -> np.ndarray:
    """Take (B' x B') d of every tile of a block: [(m + 2)^2, tiles, Cin]."""
    n, t = block.shape
    m, a, C = form.m, form.a, x.shape[3]
    padded = scratch("padded", (n, t * m + 2, across * m + 2, C), x.dtype)
    window(x[block.images], block.top * m - padding, -padding, padded)
    N, H, W, E = padded.strides
    tiles = scratch("tiles", (a, a, n, t, across, C), x.dtype)
    np.copyto(tiles, as_strided(padded, tiles.shape, (H, W, N, H * m, W * m, E)))
    V = scratch("basis", (a**2, n * t * across, C), x.dtype)
    np.matmul(form.BB, tiles.reshape(a**2, -1), out=V.reshape(a**2, -1))
    return V


def _put(Y: np.ndarray, y: np.ndarray, residual: np.ndarray | None, rectified: bool) -> None:
    """Lay tiles [N, t, m, across, m, C] side by side, add the residual, rectify."""
    n, t, m, across, _, C = Y.shape
    whole = y.shape == (n, t * m, across * m, C)
    to = y if whole else scratch("padded", (n, t * m, across * m, C), y.dtype)
    tiled = to.reshape(Y.shape)
    if whole and residual is not None:
        np.add(Y, residual.reshape(Y.shape), out=tiled)
    else:
        np.copyto(tiled, Y)
    if not whole:
        part = to[:, : y.shape[1], : y.shape[2]]
        if residual is None:
            np.copyto(y, part)
        else:
            np.add(part, residual, out=y)
    if rectified:
        rectify(y)


def _tiles(Cin: int, Cout: int, N: int) -> int:
    """Choose how many tiles a block has.

    Few, so that a block stays in a core's cache of about 1 MB; but enough that the windows, read
    anew for every block, cost little beside the products. BLAS's own threads want larger ones.
    """
    if lanes_for(N) == 1:
        return max(2**16 // (Cin + Cout), 256)
    return max(2**14 // (Cin + Cout), (Cin + Cout) // 4, 32)
