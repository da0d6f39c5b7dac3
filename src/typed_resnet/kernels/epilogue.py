"""What follows a convolution, done while its result is still in the cache.

    y = max(z scale + shift + residual, 0) [where > 0]

each part of which may be absent; the last, a rectifier's derivative, follows no convolution.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from typed_resnet.kernels.scalars import number
from typed_resnet.kernels.workspace import zeros


class Epilogue(NamedTuple):
    """Scale and shift are per channel, [C]; residual and where like the result, [N, C, H, W]."""

    scale: np.ndarray | None = None
    shift: np.ndarray | None = None
    residual: np.ndarray | None = None
    rectified: bool = False
    where: np.ndarray | None = None

    def after_bias(self, bias: np.ndarray | None) -> Epilogue:
        """Let a bias be added before all else: (z + b) scale + shift."""
        if bias is None:
            return self
        scaled = bias if self.scale is None else bias * self.scale
        return self._replace(shift=scaled if self.shift is None else scaled + self.shift)

    def without(self, done: Epilogue) -> Epilogue:
        """Return what is left of this when a part is done."""
        return Epilogue(
            None if done.scale is not None else self.scale,
            None if done.shift is not None else self.shift,
            None if done.residual is not None else self.residual,
            self.rectified and not done.rectified,
            None if done.where is not None else self.where,
        )

    def of(self, z: np.ndarray) -> np.ndarray:
        """Do this to [N, C, H, W], in its own memory."""
        if self.scale is not None:
            z *= self.scale[:, None, None]
        if self.shift is not None:
            z += self.shift[:, None, None]
        if self.residual is not None:
            z += self.residual
        if self.rectified:
            np.maximum(z, number(0, z.dtype), out=z)
        if self.where is not None:
            z *= self.where > 0
        return z


NOTHING = Epilogue()


def rectify(y: np.ndarray) -> None:
    """Replace in place what is below zero by zero; of a contiguous array in one sweep."""
    if y.flags.c_contiguous:
        flat = y.reshape(-1)
        np.maximum(flat, zeros(flat.size, y.dtype), out=flat)
        return
    row = y.shape[-2:]
    np.maximum(y, zeros(row[0] * row[1], y.dtype).reshape(row), out=y)
