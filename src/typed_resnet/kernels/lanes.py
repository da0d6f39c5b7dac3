"""Work on several blocks at once: Python threads, each with one BLAS thread.

BLAS by itself spreads a single matrix product over the cores, and everything between two
products waits on one. Lanes spread whole blocks of a convolution, whose copies and sums then run
side by side, and whose numbers stay in the cache of the core that made them. Two pools of threads
must not compete: while lanes run, BLAS is held to one thread each. That needs `threadpoolctl`;
without it there is one lane, and BLAS keeps its threads.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from queue import SimpleQueue
from typing import Any, NamedTuple, TypeVar

import numpy as np

from typed_resnet.kernels import errands
from typed_resnet.kernels.blas import blas
from typed_resnet.kernels.errands import Errand
from typed_resnet.kernels.products import even

Block = TypeVar("Block")

_WORTH = 2**21
"""Multiplications that take as long as it takes to wake a thread, and be sure that it is done."""

MUCH = 2**27
"""Multiplications that are better shared out at once: so many keep all lanes at work."""

_PIECE = 2**25
"""Multiplications that may be left for later in one go: half a millisecond, for which a lane's
next turn waits."""


class _Turn:
    """What a lane is handed: blocks to take from, as long as there are any.

    A pool of the standard library does the same, and takes 20 us longer to say that it is done.
    """

    __slots__ = ("begun", "error", "over", "queue", "task")

    def __init__(self, queue: Iterator[Any], task: Callable[[Any], None]) -> None:
        self.queue: Iterator[Any] | None = queue
        self.task: Callable[[Any], None] | None = task
        self.error: BaseException | None = None
        self.begun = threading.Lock()
        self.over = threading.Lock()
        self.over.acquire()

    def run(self) -> None:
        if not self.begun.acquire(blocking=False):
            return
        assert self.queue is not None
        assert self.task is not None
        try:
            _run(self.queue, self.task)
        except BaseException as error:  # whatever it is, it is raised in `wait`
            self.error = error
        self.queue = self.task = None  # no array is kept that its owner lets go
        self.over.release()

    def wait(self) -> None:
        """Wait until the lane is done, if it has begun; what was raised there is raised here."""
        if self.begun.acquire(blocking=False):
            self.queue = self.task = None
            return
        self.over.acquire()
        if self.error is not None:
            raise self.error


def _serve(inbox: SimpleQueue[_Turn | None]) -> None:
    while True:
        turn = inbox.get()
        if turn is not None:
            turn.run()
        while inbox.empty() and errands.step():
            pass


def _lane() -> SimpleQueue[_Turn | None]:
    """Start a thread that takes turns, or at None looks for errands, and ends with the process."""
    inbox: SimpleQueue[_Turn | None] = SimpleQueue()
    threading.Thread(target=_serve, args=(inbox,), name="typed_resnet lane", daemon=True).start()
    return inbox


class _Lanes:
    def __init__(self) -> None:
        self.blas = blas()
        self.width = min(self.blas.count, os.cpu_count() or 1)
        self.busy = threading.Lock()
        self.changing = threading.Lock()
        self.holders = 0
        self.others = [_lane() for _ in range(self.width - 1)]


_lanes: _Lanes | None = None


def _current() -> _Lanes:
    """Start the lanes at the first call, when BLAS is loaded and the user has set its threads."""
    global _lanes  # noqa: PLW0603  # one for the process, made anew after a fork
    if _lanes is None:
        _lanes = _Lanes()
    return _lanes


def _forget() -> None:
    global _lanes  # noqa: PLW0603
    _lanes = None
    errands.forget()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget)


def width() -> int:
    """Count the lanes: BLAS's threads at the first call, or 1 without `threadpoolctl`."""
    return _current().width


class one_thread:  # noqa: N801  # used as a function is
    """Hold BLAS to one thread.

        with one_thread():
            y = x @ w

    A thread of BLAS looks for more work for some 20 ms after its last: beside lanes, every single
    product that was shared out would have it take a lane's core for that time.
    """

    __slots__ = ("lanes", "when")

    def __init__(self, when: bool = True) -> None:
        self.lanes = _current()
        self.when = when and bool(self.lanes.blas.libraries)

    def __enter__(self) -> None:
        if self.when:
            with self.lanes.changing:
                self.lanes.holders += 1
                if self.lanes.holders == 1:
                    self.lanes.blas.hold(1)

    def __exit__(self, *_: object) -> None:
        if self.when:
            with self.lanes.changing:
                self.lanes.holders -= 1
                if self.lanes.holders == 0:
                    self.lanes.blas.hold(self.lanes.blas.count)


def lanes_for(work: int) -> int:
    """Count the lanes for so many multiplications: few are not worth handing over."""
    return width() if work >= _WORTH else 1


def each(blocks: Iterable[Block], task: Callable[[Block], None], most: int | None = None) -> None:
    """Run a task on every block, in any order, on all lanes or at most so many.

    Where lanes are at work already, for another thread of the user's or around this very call,
    the blocks run one after another here.
    """
    waiting = list(blocks)
    lanes = _current()
    count = min(lanes.width, len(waiting), most or lanes.width)
    if count < 2 or not lanes.busy.acquire(blocking=False):
        with one_thread():
            for block in waiting:
                task(block)
        return
    try:
        with one_thread():
            queue = iter(waiting)
            turns = [_Turn(queue, task) for _ in range(count - 1)]
            for inbox, turn in zip(lanes.others, turns, strict=False):  # there may be more lanes
                inbox.put(turn)
            try:
                _run(queue, task)
            finally:
                for turn in turns:
                    turn.wait()
    finally:
        lanes.busy.release()


def leave(blocks: Iterable[Block], task: Callable[[Block], None]) -> Errand:
    """Leave a task on every block to lanes that have no turn; whoever waits for it lends a hand.

    Until then somebody must hold BLAS to one thread.
    """
    errand = Errand(blocks, task)
    errands.leave(errand)
    for inbox in _current().others:
        inbox.put(None)
    return errand


def pieces(channels: int, work: int, lanes: int) -> list[slice]:
    """Cut channels into as many parts as lanes, or where the work may wait, into small ones."""
    count = lanes
    while count * _PIECE < work < MUCH and channels % (2 * count) == 0:
        count *= 2
    return list(even(channels, -(-channels // count)))


def shares(channels: int, lanes: int) -> list[slice]:
    """Cut channels of an image's gradient into a part for each lane.

    The other of two lanes comes late to its turn, from a block of an errand, and whoever hands
    the turn out would wait for it. So it is handed a quarter, and goes on with errands the sooner:
    whether any are left or not, for BLAS may round otherwise in other parts.
    """
    if lanes == 2 and channels >= 4:
        most = channels * 3 // 4
        return [slice(0, most), slice(most, channels)]
    return list(even(channels, -(-channels // lanes)))


class Filling(NamedTuple):
    """An array, and the task that fills it block by block, with so many multiplications.

    No two blocks have a number in common. Without blocks it is full.
    """

    array: np.ndarray
    blocks: Sequence[Any] = ()
    task: Callable[[Any], None] = lambda _: None
    work: int = 0

    def now(self) -> np.ndarray:
        each(self.blocks, self.task, lanes_for(self.work))
        return self.array


def summed(
    blocks: Sequence[Block],
    task: Callable[[Block], np.ndarray],
    shape: tuple[int, ...],
    dtype: Any,
) -> np.ndarray:
    """Add up what a task makes of every block, always in the same order; of none, noughts.

    Each lane adds up every `width()`-th block, then the lanes' sums are added.
    """
    shares = [share for lane in range(width()) if (share := blocks[lane :: width()])]
    sums: list[np.ndarray] = [np.zeros(shape, dtype)] * max(1, len(shares))

    def add(lane: int) -> None:
        sums[lane] = task(shares[lane][0])
        for block in shares[lane][1:]:
            sums[lane] += task(block)

    each(range(len(shares)), add)
    for part in sums[1:]:
        sums[0] += part
    return sums[0]


def _run(queue: Iterator[Block], task: Callable[[Block], None]) -> None:
    for block in queue:  # a list's iterator gives each block once, whoever asks
        task(block)
