"""Sizes of one symbol, from their values.

A size of the fragment in one symbol repeats itself from some place on: f(x + M) = f(x) + rise for
all x >= T. There it is a line and waves, which are unique (see `waves`); below T finitely many
values may differ from these, and differences that are 0 from T on are, in one way, a sum of
min(0, x - k) for least < k <= T.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction
from functools import lru_cache
from itertools import accumulate
from math import lcm
from operator import add, sub
from typing import Final, Literal, NamedTuple

from .polynomial import (
    ONE,
    Coefficient,
    Floor,
    Least,
    Polynomial,
    number_of,
    polynomial_of,
    simplest,
    total,
)
from .staircase import readable
from .term import Symbol
from .waves import MOST_STEPS, periodic

LONGEST_PERIOD = 1 << 9
LONGEST_START = 1 << 6
_LONGEST_HEAD: Final = 32
_MOST_FLOORS: Final = 3
_MOST_WAVES: Final = 8
"""Some head goes on periodically before every end; a longer one nobody has written."""


def only_symbol(size: Polynomial) -> Symbol | None:
    """Find the symbol, where there is one only and the size is a sum of its simplest atoms."""
    symbols = size.symbols()
    if len(symbols) != 1:
        return None
    (symbol,) = symbols
    for monomial in size.parts:
        if len(monomial) > 1 or not all(_simple(atom, symbol) for atom in monomial):
            return None
    return symbol


def _simple(atom: object, symbol: Symbol) -> bool:
    line = {(symbol,), ONE}
    if isinstance(atom, Floor):
        return atom.divisor.constant is not None and set(atom.numerator.parts) <= line
    if isinstance(atom, Least):
        return bend_of(atom, symbol) is not None
    return atom == symbol


def bend_of(atom: Least, symbol: Symbol) -> int | None:
    """Find k if the atom is min(0, symbol - k)."""
    bend = atom.sizes[-1]
    if len(atom.sizes) == 2 and set(bend.parts) == {(symbol,), ONE} and bend.parts[(symbol,)] == 1:
        return -int(bend.offset)
    return None


def line_of(floor: Floor, symbol: Symbol) -> tuple[int, int, int]:
    """Find a, s and d of (a·symbol + s)//d."""
    a, s = floor.numerator.parts[(symbol,)], floor.numerator.offset
    return int(a), int(s), int(floor.divisor.offset)


def start_and_period(size: Polynomial, symbol: Symbol) -> tuple[int, int, Fraction]:
    """Find T and M of a sum of the simplest atoms, and its slope from T on."""
    start, period, slope = symbol.least, 1, Fraction(0)
    for monomial, coefficient in size.parts.items():
        for atom in monomial:
            if isinstance(atom, Floor):
                a, _, d = line_of(atom, symbol)
                period = lcm(period, d)
                slope += Fraction(coefficient) * a / d
            elif isinstance(atom, Least):
                start = max(start, bend_of(atom, symbol) or start)
            else:
                slope += coefficient
    return start, period, slope


def values_of(size: Polynomial, symbol: Symbol, count: int) -> list[Coefficient]:
    """Compute a sum of the simplest atoms at symbol.least and the next `count` - 1 places.

    A floor steps at few places, and a minimum bends at one.
    """
    least, end = symbol.least, symbol.least + count
    value: Coefficient = size.offset
    slope: Coefficient = 0
    steps: list[Coefficient] = [0] * count
    turns: list[Coefficient] = [0] * count
    for monomial, c in size.parts.items():
        for atom in monomial:
            if isinstance(atom, Floor):
                a, s, d = line_of(atom, symbol)
                first, last = (a * least + s) // d, (a * (end - 1) + s) // d
                value += c * first
                for k in range(first + 1, last + 1):
                    steps[-((s - k * d) // a) - least] += c
            elif isinstance(atom, Least):
                k = bend_of(atom, symbol) or least
                if k > least:
                    value += c * (least - k)
                    slope += c
                    if k < end - 1:
                        turns[k - least + 1] -= c
            else:
                value += c * least
                slope += c
    turns[0], steps[0] = slope, value - slope
    return list(accumulate(map(add, steps, accumulate(turns))))


def from_values(
    values: Sequence[Coefficient], symbol: Symbol, start: int, rise: Coefficient
) -> Polynomial | None:
    """Write f by its values at symbol.least, .., start, .., start + M - 1.

    From `start` on, f(x + M) = f(x) + rise. None where f takes too many atoms to write: that is
    a property of f, so sizes with the same values are written in the same way, or neither is.
    """
    period = symbol.least + len(values) - start
    table: list[Coefficient] = [0] * period
    for x in range(start, start + period):
        table[x % period] = values[x - symbol.least] - x // period * rise
    corrections = {
        x: values[x - symbol.least] - table[x % period] - x // period * rise
        for x in range(symbol.least, start)
    }
    first = max((x + 1 for x, correction in corrections.items() if correction), default=0)
    table, rise = _shortest(table, rise)
    steps = Counter(map(sub, [*table[1:], table[0] + rise], table))
    if len(table) - max(steps.values()) > MOST_STEPS or first - symbol.least > LONGEST_START:
        return None
    return periodic(polynomial_of(symbol), table, rise) + _corrected(corrections, symbol, first)


def _shortest(
    table: list[Coefficient], rise: Coefficient
) -> tuple[list[Coefficient], Coefficient]:
    """Find the least period."""
    period = len(table)
    for m in (m for m in range(1, period) if period % m == 0):
        part = simplest(Fraction(rise) * m / period)
        if all(table[x + m] - table[x] == part for x in range(period - m)):
            return table[:m], part
    return table, rise


@lru_cache(maxsize=1 << 12)
def least_by_values(sizes: tuple[Polynomial, ...]) -> Polynomial | None:
    """Write the smallest of sizes of one symbol by its values, if it does not get long."""
    symbols = {only_symbol(size) for size in sizes if size.constant is None}
    if len(symbols) != 1 or None in symbols:
        return None
    (symbol,) = symbols
    assert symbol is not None
    shapes = [start_and_period(size, symbol) for size in sizes]
    flattest = min(slope for _, _, slope in shapes)
    period = lcm(*(period for _, period, _ in shapes))
    start = max(start for start, _, _ in shapes)
    if period > LONGEST_PERIOD:
        return None

    count = start + LONGEST_START + 2 * period - symbol.least
    tables = [values_of(size, symbol, count) for size in sizes]
    smallest = [min(values) for values in zip(*tables, strict=True)]
    flat = [
        min(values)
        for values in zip(
            *(
                table
                for table, (_, _, slope) in zip(tables, shapes, strict=True)
                if slope == flattest
            ),
            strict=True,
        )
    ]
    # Over whole periods the steeper ones only gain: a whole period not below the flat ones lasts.
    run, place = 0, start - symbol.least
    while run < period:
        if place == count or place - run + symbol.least > start + LONGEST_START:
            return None
        run = run + 1 if flat[place] == smallest[place] else 0
        place += 1
    first = place - period + symbol.least
    return from_values(smallest[:place], symbol, first, flattest * period)


def _corrected(corrections: Mapping[int, Coefficient], symbol: Symbol, start: int) -> Polynomial:
    """Write what is 0 from `start` on as a sum of min(0, symbol - k)."""

    def rise(x: int) -> Coefficient:
        return corrections.get(x + 1, 0) - corrections.get(x, 0)

    bends = []
    for k in range(symbol.least + 1, start + 1):
        bend = rise(k - 1) - rise(k)
        if bend:
            below = Least((number_of(0), polynomial_of(symbol).plus(-k)))
            bends.append(polynomial_of(below).times(bend))
    return total(bends)


class Bent(NamedTuple):
    """The smaller of two sizes, or the larger; the second has no minima."""

    operator: Literal["Min", "Max"]
    sizes: tuple[Polynomial, Polynomial]


@lru_cache(maxsize=1 << 12)
def bent(size: Polynomial, symbol: Symbol) -> Bent | None:
    """Find two sizes of which this is the smaller, or the larger, where that is so.

    One is what the size is in the end. The other is read off the values before that, with the
    shortest period that will do: all of them, or the last, as in max(min(6C, 18), ⌈C/3⌉).
    """
    start, period, slope = start_and_period(size, symbol)
    tail = Polynomial(
        {m: c for m, c in size.parts.items() if not any(isinstance(atom, Least) for atom in m)}
    )
    if tail == size or period > LONGEST_PERIOD:
        return None
    count = start + period - symbol.least
    f, after = values_of(size, symbol, count), values_of(tail, symbol, count)
    smaller = f[0] < after[0] or any(a < b for a, b in zip(f, after, strict=True))
    choose: Callable[[Coefficient, Coefficient], Coefficient] = min if smaller else max
    end = max(place for place, (a, b) in enumerate(zip(f, after, strict=True)) if a != b) + 1
    for first, m in _stretches(f, end, start - symbol.least):
        common = lcm(m, period)
        rise = f[first + m] - f[first] if first + m < len(f) else 0
        if common > LONGEST_PERIOD or choose(Fraction(rise) / m, slope) != slope:
            continue
        head = f[: first + m]
        while len(head) < start - symbol.least + common:
            head.append(head[-m] + rise)
        # Slopes agree, so that beyond one common period the head is no nearer.
        ends = values_of(tail, symbol, len(head))
        chosen = list(map(choose, head, ends))
        if chosen[: len(f)] == f and chosen[len(f) :] == ends[len(f) :]:
            before = from_values(head[: first + m], symbol, symbol.least + first, rise)
            if before is not None and _has_few_floors(before):
                return Bent("Min" if smaller else "Max", (before, tail))
    return None


def _has_few_floors(size: Polynomial) -> bool:
    def floors(polynomial: Polynomial) -> int:
        return sum(isinstance(atom, Floor) for atom in polynomial.atoms())

    return floors(size) <= _MOST_WAVES and floors(readable(size)) <= _MOST_FLOORS


def _stretches(values: Sequence[Coefficient], end: int, longest: int) -> Iterator[tuple[int, int]]:
    """List first places and lengths of what may go on periodically.

    First all of the values, then those from where they are periodic until just before end.
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
