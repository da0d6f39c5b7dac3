"""Products of matrices."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from typed_resnet.kernels.scalars import Real


def matmul(
    x: Real[np.ndarray, "*B Rows Inner"], y: Real[np.ndarray, "*B Inner Columns"]
) -> Real[np.ndarray, "*B Rows Columns"]:
    """Multiply each matrix of x by its fellow of y.

        z[i, j] = sum over k of x[i, k] y[k, j]

    Cost: 2 Rows Inner Columns flop a matrix.
    """
    return np.ascontiguousarray(np.matmul(x, y))


def matmul_vjp(
    x: Real[np.ndarray, "*B Rows Inner"], y: Real[np.ndarray, "*B Inner Columns"]
) -> tuple[
    Real[np.ndarray, "*B Rows Columns"],
    Callable[[np.ndarray], tuple[np.ndarray, np.ndarray]],
]:
    """Multiply, and return with z the pullback dz -> (dx, dy).

        dx[i, k] = sum over j of dz[i, j] y[k, j]
        dy[k, j] = sum over i of x[i, k] dz[i, j]

    Saves: nothing beyond x and y.
    Cost: in the pullback 4 Rows Inner Columns flop a matrix.
    """

    def pullback(
        dz: Real[np.ndarray, "*B Rows Columns"],
    ) -> tuple[Real[np.ndarray, "*B Rows Inner"], Real[np.ndarray, "*B Inner Columns"]]:
        return matmul(dz, np.swapaxes(y, -1, -2)), matmul(np.swapaxes(x, -1, -2), dz)

    return matmul(x, y), pullback
