"""Memory for results, used again when nobody holds the array any more.

The first write to a fresh page costs more than a sum over it: a convolution into new memory takes
up to twice as long as into memory that the process has touched before. So large results live in
memory that comes back here when the last array on it dies. What lies here unused is at most
`LIMIT` bytes, whatever the model; beyond that memory goes back to the system at once.

It begins where a line of the cache does. The system's own begins 16 bytes later, where every wide
load reads two lines: a sum of two arrays takes twice the time there.
"""

from __future__ import annotations

import math
import threading

import numpy as np

LIMIT = 512 * 2**20
"""Bytes that may lie unused."""

_LEAST = 2**16
"""Smaller arrays are NumPy's own: the system hands out little memory without new pages."""


_LINE = 64
"""Bytes of a line of the cache."""


def on_a_line(size: int) -> np.ndarray:
    """Make so many bytes, unknown ones, that begin where a line of the cache does."""
    memory = np.empty(size + _LINE - 1, np.uint8)
    start = -memory.__array_interface__["data"][0] % _LINE
    return memory[start : start + size]


class _Memory(np.ndarray):
    """Bytes of the pool: no plain array, for NumPy looks through a lease on one to its base."""

    __slots__ = ()


class _Pool:
    """Free memory by size. Taking and giving back are each one step of a dict and a list."""

    def __init__(self) -> None:
        self.free: dict[int, list[_Memory]] = {}
        self.unused = 0
        self.lock = threading.RLock()  # a lease may die within `take` itself

    def take(self, size: int) -> _Memory:
        with self.lock:
            if not self.free.get(size):
                near = (s for s in self.free if size < s <= size * 5 // 4 and self.free[s])
                fitting = min(near, default=0)
            else:
                fitting = size
            if fitting:
                self.unused -= fitting
                return self.free[fitting].pop()
        return on_a_line(size).view(_Memory)

    def give_back(self, memory: _Memory) -> None:
        size = memory.size
        with self.lock:
            if self.unused + size <= LIMIT:
                self.unused += size
                self.free.setdefault(size, []).append(memory)


_pool = _Pool()


class _Lease(np.ndarray):
    """What arrays on lent memory have as their base: as it dies, the memory is free again."""

    __slots__ = ()

    def __del__(self) -> None:
        if isinstance(self.base, _Memory):  # and not a part of a lease
            _pool.give_back(self.base)


def empty(shape: tuple[int, ...], dtype: np.dtype) -> np.ndarray:
    """Make a C-contiguous array of unknown numbers."""
    size = math.prod(shape) * dtype.itemsize
    if size < _LEAST or dtype.hasobject:
        return np.empty(shape, dtype)
    return np.ndarray(shape, dtype, _pool.take(size).view(_Lease))


def unused() -> int:
    """Count the bytes that lie unused."""
    return _pool.unused


def release() -> None:
    """Give all unused memory back to the system."""
    with _pool.lock:
        _pool.free.clear()
        _pool.unused = 0
