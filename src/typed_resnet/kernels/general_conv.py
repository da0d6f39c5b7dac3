"""Convolution in groups, dilated, by windows, strides and paddings of two sizes."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from typed_resnet.kernels.resize import pad
from typed_resnet.kernels.scalars import Real, zeros
from typed_resnet.kernels.sums import channel_sum
from typed_resnet.kernels.windows import window_count

Pair = tuple[int, int]
"""Along rows and along columns: first what counts rows."""


def general_conv2d(
    x: Real[np.ndarray, "N Cin H W"],
    kernel: Real[np.ndarray, "Cout Cg KH KW"],
    bias: Real[np.ndarray, "Cout"] | None,
    stride: Pair,
    padding: Pair,
    dilation: Pair,
    groups: int,
) -> Real[np.ndarray, "N Cout Ho Wo"]:
    """Convolve each group of channels with its own filters, whose cells stand apart.

        y[n, o, i, j] = b[o] + sum over c, u, v of
                        w[o, c, u, v] x[n, g Cg + c, s i + d u - p, s' j + d' v - p']

    where g is the group of o, and s, d, p are those of rows, s', d', p' of columns. A product of
    matrices for each cell of the window: what `conv2d` gains by unrolling, dense squares alone do.

    Shape:
        x   (N, Cin, H, W)      w   (Cout, Cg, KH, KW), Cg = Cin / groups      b   (Cout)
        y   (N, Cout, H', W')   H' = (H + 2 p - d (KH - 1) - 1) // s + 1, W' alike
    Cost: 2 N Cout Cg KH KW H' W' flop; N Cin H' W' numbers of working space.
    Raises: `ValueError` where no window fits, or the groups do not divide the channels.
    Source: Dumoulin and Visin, arXiv:1603.07285, relationship 6 and section 5.1; groups:
    Krizhevsky, Sutskever and Hinton, NeurIPS 2012, section 3.5.
    """
    N = x.shape[0]
    Cout, Cg, KH, KW = kernel.shape
    Ho, Wo = _places(x, kernel, stride, padding, dilation, groups)
    padded = _padded(x, padding)
    w = kernel.reshape(groups, Cout // groups, Cg, KH, KW)
    y = zeros((N, groups, Cout // groups, Ho * Wo), x.dtype)
    for u, v, cells in _taps(KH, KW, Ho, Wo, stride, dilation):
        y += np.matmul(w[..., u, v], padded[cells].reshape(N, groups, Cg, Ho * Wo))
    y = y.reshape(N, Cout, Ho, Wo)
    if bias is not None:
        y += bias[:, None, None]
    return y


def general_conv2d_vjp(
    x: Real[np.ndarray, "N Cin H W"],
    kernel: Real[np.ndarray, "Cout Cg KH KW"],
    bias: Real[np.ndarray, "Cout"] | None,
    stride: Pair,
    padding: Pair,
    dilation: Pair,
    groups: int,
) -> tuple[
    Real[np.ndarray, "N Cout Ho Wo"],
    Callable[[np.ndarray], tuple[np.ndarray, np.ndarray | None, np.ndarray]],
]:
    """Convolve, and return with y the pullback dy -> (dw, db, dx).

        dw[o, c, u, v] = sum over n, i, j of dy[n, o, i, j] x[n, g Cg + c, s i + d u - p, …]
        db[o]          = sum over n, i, j of dy[n, o, i, j]
        dx             = for each u, v: wᵀ dy, added to the cells that were read

    db is None where b is.

    Saves: nothing beyond x and w.
    Cost: in the pullback 4 N Cout Cg KH KW H' W' flop.
    Source: adjoint of the formula of `general_conv2d`, which is linear in each argument.
    """
    N, Cin, H, W = x.shape
    Cout, Cg, KH, KW = kernel.shape
    shape = (N, groups, Cg)

    def pullback(
        dy: Real[np.ndarray, "N Cout Ho Wo"],
    ) -> tuple[
        Real[np.ndarray, "Cout Cg KH KW"],
        Real[np.ndarray, "Cout"] | None,
        Real[np.ndarray, "N Cin H W"],
    ]:
        Ho, Wo = dy.shape[2:]
        (ph, pw), padded = padding, _padded(x, padding)
        w = kernel.reshape(groups, Cout // groups, Cg, KH, KW)
        dz = np.ascontiguousarray(dy).reshape(N, groups, Cout // groups, Ho * Wo)
        dw, dpadded = zeros(w.shape, w.dtype), zeros(padded.shape, x.dtype)
        for u, v, cells in _taps(KH, KW, Ho, Wo, stride, dilation):
            columns = padded[cells].reshape(*shape, Ho * Wo).swapaxes(-1, -2)
            for image in range(N):
                dw[..., u, v] += np.matmul(dz[image], columns[image])
            dcells = np.matmul(w[..., u, v].swapaxes(-1, -2), dz)
            dpadded[cells] += dcells.reshape(N, Cin, Ho, Wo)
        dx = dpadded[:, :, ph : ph + H, pw : pw + W].copy()
        return dw.reshape(kernel.shape), None if bias is None else channel_sum(dy), dx

    return general_conv2d(x, kernel, bias, stride, padding, dilation, groups), pullback


def _padded(x: np.ndarray, padding: Pair) -> np.ndarray:
    return pad(x, padding[0], padding[0], padding[1], padding[1]) if any(padding) else x


def _places(
    x: np.ndarray, kernel: np.ndarray, stride: Pair, padding: Pair, dilation: Pair, groups: int
) -> Pair:
    """Count the places of a window along rows and columns, once channels and groups agree."""
    Cin, sizes, windows = x.shape[1], x.shape[2:], kernel.shape[2:]
    if kernel.shape[0] % groups or kernel.shape[1] * groups != Cin:
        raise ValueError(f"kernel {kernel.shape} does not fit {Cin} channels in {groups} groups")
    Ho, Wo = (
        window_count(sizes[a], dilation[a] * (windows[a] - 1) + 1, stride[a], padding[a])
        for a in (0, 1)
    )
    return Ho, Wo


def _taps(
    KH: int, KW: int, Ho: int, Wo: int, stride: Pair, dilation: Pair
) -> Iterator[tuple[int, int, tuple[slice, ...]]]:
    """Walk the cells u, v of a window, each with the cells that all windows read there."""
    for u in range(KH):
        for v in range(KW):
            first = (dilation[0] * u, dilation[1] * v)
            rows, columns = (
                slice(start, start + s * (count - 1) + 1, s)
                for start, s, count in zip(first, stride, (Ho, Wo), strict=True)
            )
            yield u, v, (slice(None), slice(None), rows, columns)
