"""Convolution: unrolled windows and one matrix product."""

from collections.abc import Callable

import numpy as np

from typed_resnet.kernels.scalars import Real, product
from typed_resnet.kernels.sums import channel_sum
from typed_resnet.kernels.windows import add_windows, windows


def conv2d(
    x: Real[np.ndarray, "N Cin H W"],
    kernel: Real[np.ndarray, "Cout Cin KH KW"],
    bias: Real[np.ndarray, "Cout"] | None,
    stride: int,
    padding: int,
) -> Real[np.ndarray, "N Cout Ho Wo"]:
    """Convolve each image with each filter.

        y[n, o, i, j] = b[o] + sum over c, u, v of w[o, c, u, v] x[n, c, s i + u - p, s j + v - p]

    A cross-correlation, as in every network library; cells outside the image read as 0.

    Shape:
        x   (N, Cin, H, W)      w   (Cout, Cin, KH, KW)      b   (Cout)
        y   (N, Cout, H', W')   H' = (H + 2P - KH) // S + 1, W' alike
    Cost: 2 N Cout Cin KH KW H' W' flop; N Cin KH KW H' W' numbers of working space, but none for
    a window of one cell at stride 1.
    Raises: `ValueError` where no window fits.
    Source: Dumoulin and Visin, arXiv:1603.07285, relationship 6; as one product: Chellapilla, Puri
    and Simard, IWFHR 2006.
    """
    N, Cin = x.shape[:2]
    Cout, _, KH, KW = kernel.shape
    z = windows(x, KH, KW, stride, padding)
    Ho, Wo = z.shape[2:4]
    columns = z.transpose(0, 1, 4, 5, 2, 3).reshape(N, Cin * KH * KW, Ho * Wo)
    y: np.ndarray = np.matmul(kernel.reshape(Cout, Cin * KH * KW), columns).reshape(
        N, Cout, Ho, Wo
    )
    if bias is not None:
        y += bias[:, None, None]
    return y


def conv2d_vjp(
    x: Real[np.ndarray, "N Cin H W"],
    kernel: Real[np.ndarray, "Cout Cin KH KW"],
    bias: Real[np.ndarray, "Cout"] | None,
    stride: int,
    padding: int,
) -> tuple[
    Real[np.ndarray, "N Cout Ho Wo"],
    Callable[[np.ndarray], tuple[np.ndarray, np.ndarray | None, np.ndarray]],
]:
    """Convolve, and return with y the pullback dy -> (dw, db, dx).

        dw[o, c, u, v] = sum over n, i, j of dy[n, o, i, j] x[n, c, s i + u - p, s j + v - p]
        db[o]          = sum over n, i, j of dy[n, o, i, j]
        dx[n, c, h, l] = sum of dy[n, o, i, j] w[o, c, u, v]
                         over o and all i, u, j, v with s i + u - p = h, s j + v - p = l

    db is None where b is.

    Saves: nothing beyond x and w; the windows are unrolled again.
    Cost: in the pullback 4 N Cout Cin KH KW H' W' flop.
    Source: adjoint of the formula of `conv2d`, which is linear in each argument.
    """
    N, Cin, H, W = x.shape
    Cout, _, KH, KW = kernel.shape

    def pullback(
        dy: Real[np.ndarray, "N Cout Ho Wo"],
    ) -> tuple[
        Real[np.ndarray, "Cout Cin KH KW"],
        Real[np.ndarray, "Cout"] | None,
        Real[np.ndarray, "N Cin H W"],
    ]:
        Ho, Wo = dy.shape[2:]
        L = Ho * Wo
        z = windows(x, KH, KW, stride, padding)
        columns = z.transpose(1, 4, 5, 0, 2, 3).reshape(Cin * KH * KW, N * L)
        rows = dy.transpose(1, 0, 2, 3).reshape(Cout, N * L)
        dkernel = product(rows, columns.T).reshape(kernel.shape)
        dbias = None if bias is None else channel_sum(dy)
        dz = np.matmul(kernel.reshape(Cout, Cin * KH * KW).T, dy.reshape(N, Cout, L))
        dx = add_windows(dz.reshape(N, Cin, KH, KW, Ho, Wo), H, W, stride, padding)
        return dkernel, dbias, dx

    return conv2d(x, kernel, bias, stride, padding), pullback
