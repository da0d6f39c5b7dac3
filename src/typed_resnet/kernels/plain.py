"""Convolution for every scalar type: windows unrolled along [N, C, H, W], and one product.

Fractions, longdouble and float64 take this path: its sums are those of the formula.

Source: Chellapilla, Puri and Simard, IWFHR 2006.
"""

from __future__ import annotations

import numpy as np

from typed_resnet.kernels.scalars import product
from typed_resnet.kernels.windows import add_windows, windows


def convolve(
    x: np.ndarray, kernel: np.ndarray, bias: np.ndarray | None, stride: int, padding: int
) -> np.ndarray:
    """Convolve [N, Cin, H, W]; working space: N Cin KH KW H' W' numbers."""
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


def gradients(
    x: np.ndarray, kernel: np.ndarray, dy: np.ndarray, stride: int, padding: int
) -> tuple[np.ndarray, np.ndarray]:
    """Return dw and dx."""
    N, Cin, H, W = x.shape
    Cout, _, KH, KW = kernel.shape
    Ho, Wo = dy.shape[2:]
    L = Ho * Wo
    z = windows(x, KH, KW, stride, padding)
    columns = z.transpose(1, 4, 5, 0, 2, 3).reshape(Cin * KH * KW, N * L)
    rows = dy.transpose(1, 0, 2, 3).reshape(Cout, N * L)
    dkernel = product(rows, columns.T).reshape(kernel.shape)
    dz = np.matmul(kernel.reshape(Cout, Cin * KH * KW).T, dy.reshape(N, Cout, L))
    return dkernel, add_windows(dz.reshape(N, Cin, KH, KW, Ho, Wo), H, W, stride, padding)
