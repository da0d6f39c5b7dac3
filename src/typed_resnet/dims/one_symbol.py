"""Sizes of one symbol, from their values.

A size of the fragment in one symbol repeats itself from some place on: f(x + M) = f(x) + rise for
all x >= T. There it is a line and waves, which are unique (see `waves`); below T finitely many
values may differ from these, and differences that are 0 from T on are, in one way, a sum of
min(0, x - k) for least < k <= T.
"""

from collections.abc import Callable
from fractions import Fraction
from math import lcm

from .polynomial import (
    ONE,
    Coefficient,
    Floor,
    Least,
    Polynomial,
    number_of,
    polynomial_of,
    total,
)
from .term import Symbol
from .waves import periodic

LONGEST_PERIOD = 1 << 9
LONGEST_START = 1 << 6


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


def start_and_period(size: Polynomial, symbol: Symbol) -> tuple[int, int, Fraction]:
    """Find T and M of a sum of the simplest atoms, and its slope from T on."""
    start, period, slope = symbol.least, 1, Fraction(0)
    for monomial, coefficient in size.parts.items():
        for atom in monomial:
            if isinstance(atom, Floor):
                d = int(atom.divisor.offset)
                period = lcm(period, d)
                slope += Fraction(coefficient) * atom.numerator.parts[(symbol,)] / d
            elif isinstance(atom, Least):
                start = max(start, bend_of(atom, symbol) or start)
            else:
                slope += coefficient
    return start, period, slope


def from_values(
    f: Callable[[int], Coefficient], symbol: Symbol, start: int, period: int
) -> Polynomial | None:
    """Write f, which from `start` on repeats itself; None if that would be long."""
    if period > LONGEST_PERIOD or start - symbol.least > LONGEST_START:
        return None
    base = start + (-start) % period
    after = [f(base + x) for x in range(period)]
    tail = periodic(polynomial_of(symbol), after, f(base + period) - after[0])
    tail = tail_moved(tail, base, symbol)
    corrections = {x: f(x) - tail.at({symbol: x}) for x in range(symbol.least, start)}
    return tail + _bent(corrections, symbol, start)


def tail_moved(tail: Polynomial, base: int, symbol: Symbol) -> Polynomial:
    """Move a function of whole periods back to where the table stands: t(0) is f(base)."""
    return tail.plus(-tail.at({symbol: base}) + tail.at({symbol: 0}))


def _bent(corrections: dict[int, Coefficient], symbol: Symbol, start: int) -> Polynomial:
    """Write what is 0 from `start` on as a sum of min(0, symbol - k)."""

    def rise(x: int) -> Coefficient:
        return corrections.get(x + 1, 0) - corrections.get(x, 0)

    bends = []
    for k in range(symbol.least + 1, start + 1):
        bend = rise(k - 1) - rise(k)
        if bend:
            bent = polynomial_of(symbol).plus(-k)
            bends.append(polynomial_of(Least((number_of(0), bent))).times(bend))
    return total(bends)
