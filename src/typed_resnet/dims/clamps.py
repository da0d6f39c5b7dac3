"""Sizes of one symbol as the smaller, or the larger, of two: how people write what bends."""

from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from math import lcm
from typing import Final, Literal, NamedTuple

from .bends import BentLine, smallest
from .one_symbol import (
    LONGEST_PERIOD,
    as_bent_line,
    from_values,
    size_of,
    start_and_period,
    values_of,
)
from .polynomial import Coefficient, Floor, Least, Polynomial, simplest
from .staircase import readable
from .term import Symbol

_FAR: Final = 1 << 7
_LONGEST_HEAD: Final = 32
"""Some head goes on periodically before every end; a longer one nobody has written."""

_MOST_FLOORS: Final = 3
"""As people would write it; in the basis it may have as many as `_MOST_WAVES`."""
_MOST_WAVES: Final = 8


class Bent(NamedTuple):
    """The smaller of two sizes, or the larger; the second has no minima."""

    operator: Literal["Min", "Max"]
    sizes: tuple[Polynomial, Polynomial]


@lru_cache(maxsize=1 << 12)
def bent(size: Polynomial, symbol: Symbol) -> Bent | None:
    """Find two sizes of which this is the smaller, or the larger, where that is so.

    One is what the size is in the end. The other is read off the values before that, from as
    few of them as will do: all are periodic, or the last, as in max(min(6C, 18), ⌈C/3⌉).
    """
    start, period, slope = start_and_period(size, symbol)
    tail = _without(Least, size)
    if tail == size or period > LONGEST_PERIOD:
        return None
    if start > _FAR:
        return _bent_far(size, symbol)
    count = start + period - symbol.least
    f, after = values_of(size, symbol, count), values_of(tail, symbol, count)
    smaller = f[0] < after[0] or any(a < b for a, b in zip(f, after, strict=True))
    choose: Callable[[Coefficient, Coefficient], Coefficient] = min if smaller else max
    end = max(place for place, (a, b) in enumerate(zip(f, after, strict=True)) if a != b) + 1
    if list(map(choose, f, after)) != f:
        return None
    ends, rise_of_ends = [*after], simplest(slope * period)
    for first, m in sorted(_stretches(f, end, start - symbol.least), key=sum):
        common = lcm(m, period)
        rise = f[first + m] - f[first] if first + m < len(f) else 0
        in_the_end = slope.numerator * m
        if common > LONGEST_PERIOD or choose(rise * slope.denominator, in_the_end) != in_the_end:
            continue
        head = f[: first + m]
        for place in range(first + m, len(f)):
            head.append(head[-m] + rise)
            if choose(head[-1], after[place]) != f[place]:
                break
        else:
            # Slopes agree, so that beyond one common period the head is no nearer.
            while len(head) < start - symbol.least + common:
                head.append(head[-m] + rise)
            while len(ends) < len(head):
                ends.append(ends[-period] + rise_of_ends)
            beyond = ends[len(f) : len(head)]
            if list(map(choose, head[len(f) :], beyond)) != beyond:
                continue
            before = from_values(head[: first + m], symbol, symbol.least + first, rise)
            if before is not None and _has_few_floors(before):
                return Bent("Min" if smaller else "Max", (before, tail))
    return None


def _bent_far(size: Polynomial, symbol: Symbol) -> Bent | None:
    """Find them where a table would be long: the head goes on as before all bends, or the last."""
    line, waves = as_bent_line(_without(Floor, size), symbol), size - _without(Floor, size)
    assert line is not None
    last = max(line.bends)
    smaller = line.bends[last] > 0
    tail = BentLine(line.slope, line.offset, {})
    for first in (symbol.least, last - 1, last):
        head = line.straightened(first)
        found = smallest([head, tail]) if smaller else -smallest([-head, -tail])
        if found.above(symbol.least) == line:
            sizes = size_of(head, symbol) + waves, size_of(tail, symbol) + waves
            return Bent("Min" if smaller else "Max", sizes)
    return None


def _without(kind: type, size: Polynomial) -> Polynomial:
    parts = size.parts.items()
    return Polynomial({m: c for m, c in parts if not any(isinstance(atom, kind) for atom in m)})


def _has_few_floors(size: Polynomial) -> bool:
    def floors(polynomial: Polynomial) -> int:
        return sum(isinstance(atom, Floor) for atom in polynomial.atoms())

    return floors(size) <= _MOST_WAVES and floors(readable(size)) <= _MOST_FLOORS


def _stretches(values: Sequence[Coefficient], end: int, longest: int) -> Iterator[tuple[int, int]]:
    """List first places and lengths of what may go on periodically.

    First all of the values, then those from where they are periodic until just before end. Whoever
    takes the fewest values to tell the others has max(H, 2) before 7 ends it, no (5H + 1)//6 + 1.
    """
    for m in range(1, min(longest, _LONGEST_HEAD) + 1):
        yield 0, m
    for m in range(1, min(end - 1, _LONGEST_HEAD) + 1):
        first = end - 1 - m
        rise = values[end - 1] - values[first]
        while first > 0 and values[first - 1 + m] - values[first - 1] == rise:
            first -= 1
        if 0 < first < end - 1 - m:
            yield first, m
