"""The mean squared error."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from typed_resnet.kernels.axes import mean_axis
from typed_resnet.kernels.scalars import Real, number


def mse_loss(x: Real[np.ndarray, "N K"], target: Real[np.ndarray, "N K"]) -> Real[np.ndarray, "N"]:
    """Average the squares of the differences of each vector.

        loss[n] = mean over k of (x[n, k] - t[n, k])^2

    Cost: 3 N K flop.
    """
    return _mean_square(np.subtract(x, target, order="C"))


def mse_loss_vjp(
    x: Real[np.ndarray, "N K"], target: Real[np.ndarray, "N K"]
) -> tuple[Real[np.ndarray, "N"], Callable[[np.ndarray], tuple[np.ndarray, np.ndarray]]]:
    """Average, and return with the losses the pullback dy -> (dx, dt).

        dx[n, k] = 2 dy[n] (x[n, k] - t[n, k]) / K      dt = -dx

    Saves: the differences.
    """
    differences = np.subtract(x, target, order="C")

    def pullback(
        dy: Real[np.ndarray, "N"],
    ) -> tuple[Real[np.ndarray, "N K"], Real[np.ndarray, "N K"]]:
        share = dy * number(2, dy.dtype) / number(max(x.shape[1], 1), dy.dtype)
        dx = differences * share[:, None]
        return dx, -dx

    return _mean_square(differences), pullback


def _mean_square(differences: np.ndarray) -> np.ndarray:
    return mean_axis((differences * differences)[:, :, None])[:, 0].copy()
