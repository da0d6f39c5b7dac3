"""Which way a convolution is computed, by its sizes alone.

The rule is one of measured times: see `docs/speed.md`. It can be overruled:

    with strategies("exact"):                 # none that loses a digit
        y = model(x)
    with strategies("plain", "unrolled"):     # these alone, where they can

holds for what is called inside, in this thread; a strategy that cannot do a convolution is passed
over, and "plain" can do all. Which were taken can be seen:

    with noted() as taken:
        y = model(x).array
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final, Literal, TypeAlias, get_args

import numpy as np

from typed_resnet.kernels.windows import window_count

Strategy: TypeAlias = Literal["plain", "unrolled", "winograd F2", "winograd F4", "winograd F5"]

ALL: Final[frozenset[str]] = frozenset(get_args(Strategy))

EXACT: Final[frozenset[str]] = ALL - {"winograd F4", "winograd F5"}

ACCURACY: Final[dict[Strategy, float]] = {
    "plain": 3e-6,
    "unrolled": 3e-6,
    "winograd F2": 3e-6,
    "winograd F4": 3e-5,
    "winograd F5": 6e-5,
}
"""Largest error over largest value in float32 on normal numbers: F4 and F5 lose a digit."""

_allowed: ContextVar[frozenset[str]] = ContextVar("strategies", default=ALL)
_notes: ContextVar[list[Strategy] | None] = ContextVar("notes", default=None)


@contextmanager
def strategies(*names: str) -> Iterator[None]:
    """Allow these alone, "exact" for all without F4 and F5; "plain" is always allowed.

    Raises: ValueError, where there is no such strategy.
    """
    unknown = [name for name in names if name not in ALL | {"exact"}]
    if unknown:
        known = ", ".join(sorted(ALL | {"exact"}))
        raise ValueError(f"strategies expects some of {known}, got {unknown[0]}")
    allowed = frozenset[str](names) - {"exact"} | (EXACT if "exact" in names else set())
    token = _allowed.set(allowed | {"plain"})
    try:
        yield
    finally:
        _allowed.reset(token)


@contextmanager
def noted() -> Iterator[list[Strategy]]:
    """List the strategy of each convolution that is computed inside, in this thread, as it is."""
    notes: list[Strategy] = []
    token = _notes.set(notes)
    try:
        yield notes
    finally:
        _notes.reset(token)


def note(strategy: Strategy) -> Strategy:
    """Say that a convolution is computed so."""
    notes = _notes.get()
    if notes is not None:
        notes.append(strategy)
    return strategy


def strategy_of(
    x_shape: tuple[int, ...],
    kernel_shape: tuple[int, ...],
    stride: int,
    padding: int,
    dtype: np.dtype,
    *,
    training: bool = False,
) -> Strategy:
    """Name the strategy of a convolution of [N, Cin, H, W] with [Cout, Cin, KH, KW].

    In training, where windows are transformed at every step, F(2x2) has to save products enough;
    elsewhere they are kept, and of many channels F(5x5) would keep too many numbers.
    """
    N, Cin, H, W = x_shape
    Cout, _, *window = kernel_shape
    allowed = _allowed.get()
    if dtype != np.float32:
        return "plain"
    if window == [3, 3] and stride == 1 and padding <= 2 and min(Cin, Cout) >= _CHANNELS:
        places = [window_count(size, 3, 1, padding) for size in (H, W)]
        least = min(places)
        if least >= _LARGE:
            read = not training and Cin * Cout > _KEPT and "winograd F4" in allowed
            tiles = _LARGE_TILES[:1] if read else _LARGE_TILES
            cost = {name: _cost(places, N, m) for name, m in tiles if name in allowed}
            if cost:
                return min(cost, key=cost.__getitem__)
        saved = N * (9 * math.prod(places) - 16 * _tiles(places, 2))
        few = training and saved < _F2_SAVED and "unrolled" in allowed
        if "winograd F2" in allowed and least >= _F2_SIZE and not few:
            return "winograd F2"
    return "unrolled" if "unrolled" in allowed else "plain"


def _tiles(places: list[int], m: int) -> int:
    """Count the tiles of m x m that cover an image's results."""
    return math.prod(-(-count // m) for count in places)


def _cost(places: list[int], N: int, m: int) -> int:
    """Count the products a window that F(m x m) takes, and its windows' numbers as `_NUMBER`."""
    return (m + 2) ** 2 * (N * _tiles(places, m) + _NUMBER)


_LARGE_TILES: Final[tuple[tuple[Strategy, int], ...]] = ("winograd F4", 4), ("winograd F5", 5)
"""Of equal cost the first is taken, which errs less."""

_KEPT: Final = 2**16
"""Windows that are worth keeping by F(5x5): more are read from memory at every call, 49 numbers of
each in place of 36, which takes as long as the products saved, and the memory besides."""

_NUMBER: Final = 50
"""Products that take as long as to make one number of a transformed window, read it, and make its
gradient."""

_CHANNELS: Final = 8
"""With fewer the changes of basis cost more than the products saved."""

_LARGE: Final = 20
"""Images from here on fill tiles of 4 x 4; at 14 a quarter of the cells would be cut off."""

_F2_SIZE: Final = 7
"""There the last tiles are cut off and the windows are 16/9 as many numbers, but 3/10 of the
products are still saved."""

_F2_SAVED: Final = 950
"""Products a window that F(2x2) must save in training to be worth the transforms of windows, there
and back: those of an image of 14 x 14, or of six of 7 x 7."""
