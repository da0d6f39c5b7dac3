"""Working space of a thread: the same memory for every layer, so that it stays in the cache."""

from __future__ import annotations

import math
import threading
from collections.abc import Callable, Hashable
from typing import TypeVar

import numpy as np

from typed_resnet.kernels.buffers import on_a_line

Views = TypeVar("Views")

_MOST = 1024
"""Views that a thread keeps, by the sizes of blocks: a network has some hundreds."""


class _Space(threading.local):
    def __init__(self) -> None:
        self.arrays: dict[str, np.ndarray] = {}
        self.views: dict[tuple[Hashable, ...], object] = {}


_space = _Space()


def scratch(name: str, shape: tuple[int, ...], dtype: np.dtype) -> np.ndarray:
    """Lend an array of unknown numbers, until the same thread asks for this name again.

    What a thread holds is bounded by the largest block that it has worked on, one array a name.
    """
    key = (name, shape, dtype)
    found = _space.views.get(key)
    if found is None:
        size = math.prod(shape) * dtype.itemsize
        held = _space.arrays.get(name)
        if held is None or held.nbytes < size:
            held = _space.arrays[name] = on_a_line(size)
            _space.views.clear()  # they would hold on to the memory that was there
        found = _keep(key, held[:size].view(dtype).reshape(shape))
    return found  # type: ignore[return-value]  # of this key an array


def prepared(make: Callable[..., Views], *sizes: Hashable) -> Views:
    """Return `make(*sizes)`, views of this thread's working space, as made before.

    A view takes about as long to make as a short step over it. Between two steps Python holds its
    lock, so that another lane waits for as long.
    """
    key = (make, *sizes)
    found = _space.views.get(key)
    if found is None:
        make(*sizes)  # what grows, grows here
        found = _keep(key, make(*sizes))
    return found  # type: ignore[return-value]  # a dict of many types, each by its own key


def _keep(key: tuple[Hashable, ...], made: Views) -> Views:
    if len(_space.views) >= _MOST:
        _space.views.clear()
    _space.views[key] = made
    return made


def strided(
    memory: np.ndarray, shape: tuple[int, ...], strides: tuple[int, ...], offset: int = 0
) -> np.ndarray:
    """View contiguous memory by other strides; NumPy's `as_strided` takes ten times as long.

    The offset is in bytes, as strides are.
    """
    return np.ndarray(shape, memory.dtype, memory, offset, strides)


def zeros(size: int, dtype: np.dtype) -> np.ndarray:
    """Lend a read-only row of noughts: maximum with an array is four times that with a scalar."""
    return _row("zeros", 0, size, dtype)


def ones(size: int, dtype: np.dtype) -> np.ndarray:
    """Lend a read-only row of ones: a product with it sums columns."""
    return _row("ones", 1, size, dtype)


def _row(name: str, number: int, size: int, dtype: np.dtype) -> np.ndarray:
    held = _space.arrays.get(name)
    if held is None or held.dtype != dtype or held.size < size:
        held = on_a_line(size * dtype.itemsize).view(dtype)
        held[...] = number
        held.flags.writeable = False
        _space.arrays[name] = held
    return held[:size]
