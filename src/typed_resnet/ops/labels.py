"""The right answers of a batch."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from typed_resnet.errors import DTypeError
from typed_resnet.tensor import Shape, Tensor


class Labels(Tensor[*Shape]):
    """Whole numbers, each the number of a class from 0 on: `Labels[N]` for a batch of N.

    A Tensor whose type holds its sizes like any other's; what computes with floats refuses it.

    Raises: DTypeError, where the array holds no integers.
    """

    __slots__ = ()

    def __init__(self, array: npt.ArrayLike) -> None:
        self._array, self._pending = np.asarray(array), None
        if self.dtype.kind not in "iu":
            raise DTypeError(f"Labels expects integers, got {self.dtype}")
