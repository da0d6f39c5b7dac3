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


class Memory(bytearray):
    """So many bytes, in which those from `start` on begin with a line of the cache."""

    __slots__ = ("start",)

    def __init__(self, size: int) -> None:
        super().__init__(size + _LINE - 1)
        self.start = -np.frombuffer(self, np.uint8).__array_interface__["data"][0] % _LINE

    @property
    def size(self) -> int:
        return len(self) - _LINE + 1


def on_a_line(shape: tuple[int, ...], dtype: np.dtype) -> np.ndarray:
    """Make an array of unknown numbers that begins where a line of the cache does."""
    memory = Memory(math.prod(shape) * dtype.itemsize)
    return np.ndarray(shape, dtype, memory, memory.start)


class _Pool:
    """Free memory by size. Taking and giving back are each one step of a dict and a list."""

    def __init__(self) -> None:
        self.free: dict[int, list[Memory]] = {}
        self.unused = 0
        self.lock = threading.RLock()  # a lease may die within `take` itself

    def take(self, size: int) -> Memory:
        with self.lock:
            if not self.free.get(size):
                near = (s for s in self.free if size < s <= size * 5 // 4 and self.free[s])
                fitting = min(near, default=0)
            else:
                fitting = size
            if fitting:
                self.unused -= fitting
                return self.free[fitting].pop()
        return Memory(size)

    def give_back(self, memory: Memory) -> None:
        with self.lock:
            if self.unused + memory.size <= LIMIT:
                self.unused += memory.size
                self.free.setdefault(memory.size, []).append(memory)


_pool = _Pool()


class _Lease(np.ndarray):
    """What arrays on lent memory have as their base: as it dies, the memory is free again."""

    __slots__ = ()

    def __del__(self) -> None:
        memory: object = self.base
        if isinstance(memory, Memory):  # else this is a view of the lease
            _pool.give_back(memory)


def empty(shape: tuple[int, ...], dtype: np.dtype) -> np.ndarray:
    """Make a C-contiguous array of unknown numbers."""
    size = math.prod(shape) * dtype.itemsize
    if size < _LEAST or dtype.hasobject:
        return np.empty(shape, dtype)
    memory = _pool.take(size)
    # An array on it has the lease as its base, and not the memory: that is no array itself.
    return np.ndarray(shape, dtype, _Lease((size,), np.uint8, memory, memory.start))


def unused() -> int:
    """Count the bytes that lie unused."""
    return _pool.unused


def release() -> None:
    """Give all unused memory back to the system."""
    with _pool.lock:
        _pool.free.clear()
        _pool.unused = 0
