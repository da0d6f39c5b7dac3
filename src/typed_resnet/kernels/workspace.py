"""Working space of a thread: the same memory for every layer, so that it stays in the cache."""

from __future__ import annotations

import math
import threading

import numpy as np

from typed_resnet.kernels.buffers import on_a_line


class _Space(threading.local):
    def __init__(self) -> None:
        self.arrays: dict[str, np.ndarray] = {}


_space = _Space()


def scratch(name: str, shape: tuple[int, ...], dtype: np.dtype) -> np.ndarray:
    """Lend an array of unknown numbers, until the same thread asks for this name again.

    What a thread holds is bounded by the largest block that it has worked on, one array a name.
    """
    size = math.prod(shape) * dtype.itemsize
    held = _space.arrays.get(name)
    if held is None or held.size < size:
        held = on_a_line(size)
        _space.arrays[name] = held
    return held[:size].view(dtype).reshape(shape)


def strided(
    memory: np.ndarray, shape: tuple[int, ...], strides: tuple[int, ...], offset: int = 0
) -> np.ndarray:
    """View contiguous memory by other strides; NumPy's `as_strided` takes ten times as long.

    The offset is in bytes, as strides are.
    """
    return np.ndarray(shape, memory.dtype, memory, offset, strides)


def zeros(size: int, dtype: np.dtype) -> np.ndarray:
    """Lend a read-only row of noughts: maximum with an array is four times that with a scalar."""
    held = _space.arrays.get("zeros")
    if held is None or held.dtype != dtype or held.size < size:
        held = on_a_line(size * dtype.itemsize).view(dtype)
        held[...] = 0
        held.flags.writeable = False
        _space.arrays["zeros"] = held
    return held[:size]
