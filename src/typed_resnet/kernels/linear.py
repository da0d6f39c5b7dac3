"""An affine map of vectors."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from typed_resnet.kernels.lanes import one_thread
from typed_resnet.kernels.scalars import Real, number, product


def linear(
    x: Real[np.ndarray, "N In"],
    weight: Real[np.ndarray, "Out In"],
    bias: Real[np.ndarray, "Out"] | None,
) -> Real[np.ndarray, "N Out"]:
    """Multiply each vector by a matrix, then add the bias.

        y[n, o] = b[o] + sum over k of w[o, k] x[n, k]

    Cost: 2 N In Out flop.
    """
    with one_thread():
        y = product(x, weight.T)
    if bias is not None:
        y += bias
    return y


def linear_vjp(
    x: Real[np.ndarray, "N In"],
    weight: Real[np.ndarray, "Out In"],
    bias: Real[np.ndarray, "Out"] | None,
) -> tuple[
    Real[np.ndarray, "N Out"],
    Callable[[np.ndarray], tuple[np.ndarray, np.ndarray | None, np.ndarray]],
]:
    """Multiply, and return with y the pullback dy -> (dw, db, dx).

        dw[o, k] = sum over n of dy[n, o] x[n, k]
        db[o]    = sum over n of dy[n, o]
        dx[n, k] = sum over o of dy[n, o] w[o, k]

    db is None where b is.

    Saves: nothing beyond x and w.
    Cost: in the pullback 4 N In Out flop.
    """

    def pullback(
        dy: Real[np.ndarray, "N Out"],
    ) -> tuple[
        Real[np.ndarray, "Out In"], Real[np.ndarray, "Out"] | None, Real[np.ndarray, "N In"]
    ]:
        dbias = None if bias is None else dy.sum(axis=0, initial=number(0, dy.dtype))
        with one_thread():  # of one vector a product of matrices takes four times as long
            dweight = product(dy.T, x) if len(x) != 1 else dy.T * x
            return dweight, dbias, product(dy, weight)

    return linear(x, weight, bias), pullback
