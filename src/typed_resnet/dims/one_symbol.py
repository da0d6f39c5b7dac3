"""Sizes of one symbol, from their values.

A size of the fragment in one symbol repeats itself from some place on: f(x + M) = f(x) + rise for
all x >= T. There it is a line and waves, which are unique (see `waves`); below T finitely many
values may differ from these, and differences that are 0 from T on are, in one way, a sum of
min(0, x - k) for least < k <= T.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from fractions import Fraction
from functools import lru_cache
from itertools import accumulate
from math import lcm
from operator import add, sub
from typing import Final

from .bends import BentLine, bent_line, smallest
from .polynomial import (
    ONE,
    Coefficient,
    Floor,
    Least,
    Polynomial,
    number_of,
    polynomial_of,
    simplest,
    weighted,
)
from .term import Symbol
from .waves import MOST_STEPS, periodic

LONGEST_PERIOD: Final = 1 << 9
LONGEST_START: Final = 1 << 6
LONGEST_TABLE: Final = 1 << 11


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
    start, slope = symbol.least, Fraction(0)
    rises: dict[int, Coefficient] = {}
    for monomial, coefficient in size.parts.items():
        for atom in monomial:
            if isinstance(atom, Floor):
                a, _, d = line_of(atom, symbol)
                rises[d] = rises.get(d, 0) + coefficient * a
            elif isinstance(atom, Least):
                start = max(start, bend_of(atom, symbol) or start)
            else:
                slope += coefficient
    return start, lcm(*rises), slope + sum(Fraction(rise, d) for d, rise in rises.items())


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
    shortest, slope = _shortest(table, rise)
    steps = Counter(map(sub, [*shortest[1:], shortest[0] + slope], shortest))
    if len(shortest) - max(steps.values()) > MOST_STEPS:
        return None
    corrections = {
        x: values[x - symbol.least] - table[x % period] - x // period * rise
        for x in range(symbol.least, start)
    }
    first = max((x + 1 for x, correction in corrections.items() if correction), default=0)
    if first - symbol.least > LONGEST_START:
        return None
    line_and_waves = periodic(polynomial_of(symbol), shortest, slope)
    return line_and_waves + _corrected(corrections, symbol, first)


def _shortest(
    table: list[Coefficient], rise: Coefficient
) -> tuple[list[Coefficient], Coefficient]:
    """Find the least period."""
    period = len(table)
    for m in (m for m in range(1, period) if period % m == 0):
        part = table[m] - table[0]
        if part * period == rise * m and all(
            table[x + m] - table[x] == part for x in range(period - m)
        ):
            return table[:m], simplest(part)
    return table, rise


@lru_cache(maxsize=1 << 12)
def least_by_values(sizes: tuple[Polynomial, ...]) -> Polynomial | None:
    """Write the smallest of sizes of one symbol by its values, if it does not get long."""
    symbols = {only_symbol(size) for size in sizes if size.constant is None}
    if len(symbols) != 1 or None in symbols:
        return None
    (symbol,) = symbols
    assert symbol is not None
    lines = [line for size in sizes if (line := as_bent_line(size, symbol)) is not None]
    if len(lines) == len(sizes):
        return size_of(smallest(lines), symbol)
    shapes = [start_and_period(size, symbol) for size in sizes]
    flattest = min(slope for _, _, slope in shapes)
    period = lcm(*(period for _, period, _ in shapes))
    start = max(start for start, _, _ in shapes)
    count = start + LONGEST_START + 2 * period - symbol.least
    if period > LONGEST_PERIOD or count > LONGEST_TABLE:
        return None
    tables = [values_of(size, symbol, count) for size in sizes]
    lowest = [min(values) for values in zip(*tables, strict=True)]
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
        run = run + 1 if flat[place] == lowest[place] else 0
        place += 1
    first = place - period + symbol.least
    return from_values(lowest[:place], symbol, first, flattest * period)


def _corrected(corrections: Mapping[int, Coefficient], symbol: Symbol, start: int) -> Polynomial:
    """Write what is 0 from `start` on."""
    places = range(symbol.least + 1, start + 1)
    bends = bent_line(lambda x: corrections.get(x, 0), places) if places else BentLine(0, 0, {})
    return size_of(bends, symbol)


def as_bent_line(size: Polynomial, symbol: Symbol) -> BentLine | None:
    """Write a sum of the simplest atoms as a line that bends; None where there are floors."""
    slope: Coefficient = 0
    bends: dict[int, Coefficient] = {}
    for monomial, c in size.parts.items():
        for atom in monomial:
            if isinstance(atom, Floor):
                return None
            if isinstance(atom, Least):
                bends[bend_of(atom, symbol) or symbol.least] = c
            else:
                slope += c
    return BentLine(slope, size.offset, bends)


def size_of(line: BentLine, symbol: Symbol) -> Polynomial:
    """Write a line that bends as a sum of the simplest atoms."""
    x = polynomial_of(symbol)
    bends = (
        (c, polynomial_of(Least((number_of(0), x.plus(-k)))))
        for k, c in line.above(symbol.least).bends.items()
    )
    return weighted(((line.slope, x), (line.offset, number_of(1)), *bends))
