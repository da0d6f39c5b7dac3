"""Where sizes repeat themselves: the few values that tell all others.

A size f of the fragment without minima repeats itself along each symbol x: f(x + M) = f(x) + rise,
and so does its being whole. With one symbol this is so from a place on, with minima too.
"""

from collections.abc import Iterable, Sequence
from fractions import Fraction
from math import gcd, lcm
from typing import NamedTuple

from .one_symbol import bend_of
from .polynomial import AsWritten, Atom, Floor, Least, Polynomial
from .term import Symbol


class _Repetition(NamedTuple):
    """From `start` on, f(x + period) = f(x) + slope·period."""

    start: int
    period: int
    slope: Fraction


def repeating_box(symbols: Sequence[Symbol], sizes: Iterable[Polynomial]) -> list[range] | None:
    """Find values of each symbol with the smallest point where two sizes differ, if they do.

    Where both rise alike, what they differ by is the same a period further. Otherwise it is on a
    straight line of such steps, which is 0 at one of them at most.
    """
    found = []
    for symbol in symbols:
        along = [_along(size, symbol, len(symbols) == 1) for size in sizes]
        known = [repetition for repetition in along if repetition is not None]
        if len(known) < len(along):
            return None
        period = lcm(*(repetition.period for repetition in known))
        periods = len({repetition.slope for repetition in known})
        start = max(symbol.least, *(repetition.start for repetition in known))
        found.append(range(symbol.least, start + periods * period))
    return found


def _along(size: Polynomial, symbol: Symbol, alone: bool) -> _Repetition | None:
    """Find how a size repeats itself along a symbol, which may be the only one."""
    start, period, slope = symbol.least, 1, Fraction(0)
    for monomial, c in size.parts.items():
        found = [_of_atom(atom, symbol, alone) for atom in monomial]
        if len(found) > 1 or None in found:
            return None
        for repetition in found:
            assert repetition is not None
            start, period = max(start, repetition.start), lcm(period, repetition.period)
            slope += c * repetition.slope
    # Where it rises by a fraction, what was whole is not.
    return _Repetition(start, period * (slope * period).denominator, slope)


def _of_atom(atom: Atom, symbol: Symbol, alone: bool) -> _Repetition | None:
    if isinstance(atom, Symbol):
        return _Repetition(atom.least, 1, Fraction(atom == symbol))
    if isinstance(atom, Least):
        bend = bend_of(atom, symbol) if alone else None
        return None if bend is None else _Repetition(bend, 1, Fraction(0))
    if isinstance(atom, AsWritten):
        return None
    inside = _along(atom.numerator, symbol, alone)
    d = atom.divisor.constant
    if not isinstance(atom, Floor) or d is None or inside is None:
        return None
    rise = int(inside.slope * inside.period)
    period = inside.period * (int(d) // gcd(rise, int(d)))
    return _Repetition(inside.start, period, inside.slope / d)
