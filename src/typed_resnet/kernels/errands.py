"""Errands: work that nobody waits for yet, which a lane does while it has no turn.

The gradient of a kernel is needed when a pullback is done, that of an image at once: what goes
on along the network waits for it. So kernels' gradients are left to lanes that would stand idle,
block by block, between the turns that they are handed; what is left of them at the end, all do.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from typing import Any


class Errand:
    """Blocks, in any order, and the task to do with each."""

    __slots__ = ("_blocks", "_error", "_left", "_lock", "_over", "_task")

    def __init__(self, blocks: Iterable[Any], task: Callable[[Any], None]) -> None:
        waiting = list(blocks)
        self._blocks: Iterator[Any] = iter(waiting)
        self._task: Callable[[Any], None] | None = task
        self._left = len(waiting)
        self._lock = threading.Lock()
        self._over = threading.Lock()  # held while blocks are left; an Event is slow to make
        self._error: BaseException | None = None
        if waiting:
            self._over.acquire()

    def step(self) -> bool:
        """Do a block that nobody has begun; say whether there was one."""
        for block in self._blocks:  # a list's iterator gives each block once, whoever asks
            assert self._task is not None
            try:
                self._task(block)
            except BaseException as error:  # whatever it is, it is raised in `wait`
                self._error = error
            with self._lock:
                self._left -= 1
                if self._left == 0:
                    self._task = None  # no array is kept that its owner lets go
                    self._over.release()
            return True
        return False

    def wait(self) -> None:
        """Do what nobody has begun, and wait for the rest; what was raised is raised here."""
        while self.step():
            pass
        with self._over:
            pass
        if self._error is not None:
            raise self._error


_waiting: deque[Errand] = deque()


def leave(errand: Errand) -> None:
    """Leave an errand to whoever has time, after those that were left before."""
    _waiting.append(errand)


def step() -> bool:
    """Do a block of the first errand that has one; say whether any has."""
    while _waiting:
        try:
            errand = _waiting[0]
            if errand.step():
                return True
            _waiting.remove(errand)
        except (IndexError, ValueError):  # another lane was quicker
            continue
    return False


def forget() -> None:
    """Leave nothing, in a new process, of what another's lanes were to do."""
    _waiting.clear()
