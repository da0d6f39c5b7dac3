"""Two sizes of one symbol, compared from step to step instead of from number to number.

A size of one symbol that is a sum of its simplest atoms (see `one_symbol`) is a straight line
between the places where a floor steps or a minimum bends. Where the slopes are whole, it is whole
on all of a piece or nowhere on it. So two sizes agree on a piece if they do at its first two
numbers; and they agree everywhere, if they rise alike, where they do so from the least number to
one common period after the last bend. Sizes that do not rise alike differ before the second (see
`repetition`). These are few pieces where a period is long, as of H//484.
"""

from collections import Counter
from itertools import pairwise
from math import lcm
from typing import Final, NamedTuple

from .one_symbol import bend_of, line_of, only_symbol, start_and_period
from .polynomial import Floor, Least, Polynomial
from .term import Symbol

MOST_STEPS: Final = 20_000
FEW_STEPS: Final = 1_000


class Swept(NamedTuple):
    """Two sizes of a symbol are the same wherever both are whole, but for `difference` and on."""

    symbol: Symbol
    difference: int | None


def sweep(a: Polynomial, b: Polynomial, most: int = MOST_STEPS) -> Swept | None:
    """Find the least number at which two sizes differ; None where this way does not tell.

    It does not for several symbols, other atoms and slopes that are fractions. Where there are
    more than `most` steps, only the first of them are looked at.
    """
    symbols = {only_symbol(size) for size in (a, b) if size.constant is None}
    if len(symbols) != 1 or None in symbols:
        return None
    (symbol,) = symbols
    assert symbol is not None
    (from_a, period_a, slope_a), (from_b, period_b, slope_b) = (
        start_and_period(size, symbol) for size in (a, b)
    )
    if not (_has_whole_slopes(a) and _has_whole_slopes(b)):
        return None
    period = lcm(period_a, period_b)
    # A rise that is a fraction makes whole what was not.
    period *= lcm(*((slope * period).denominator for slope in (slope_a, slope_b)))
    end = max(from_a, from_b) + (1 if slope_a == slope_b else 2) * period
    floors = (atom for atom in (*a.atoms(), *b.atoms()) if isinstance(atom, Floor))
    ranges = [_range_of(floor, symbol, end) for floor in floors]
    steps = sum(last - first for first, last in ranges)
    if steps > most:
        end = symbol.least + (end - symbol.least) * FEW_STEPS // steps
    q = lcm(a.denominator, b.denominator)
    left, right = (_Pieces(size.times(q), symbol, end) for size in (a, b))
    for place, following in pairwise(sorted({symbol.least, end, *left.places, *right.places})):
        left.step_to(place)
        right.step_to(place)
        for more in range(min(2, following - place)):
            f, g = left.value + more * left.slope, right.value + more * right.slope
            if f != g and f % q == g % q == 0:
                return Swept(symbol, place + more)
    return Swept(symbol, None) if steps <= most else None


def _has_whole_slopes(size: Polynomial) -> bool:
    """Say whether only floors and numbers are taken by fractions."""
    return all(
        c.denominator == 1 or all(isinstance(atom, Floor) for atom in monomial)
        for monomial, c in size.parts.items()
    )


class _Pieces:
    """Walk along a size with whole coefficients, piece by piece."""

    def __init__(self, size: Polynomial, symbol: Symbol, end: int) -> None:
        self._jumps: Counter[int] = Counter()
        self._turns: Counter[int] = Counter()
        self.value = int(size.offset)
        self.slope = 0
        self._at = symbol.least
        for monomial, coefficient in size.parts.items():
            c = int(coefficient)
            for atom in monomial:
                if isinstance(atom, Floor):
                    a, s, d = line_of(atom, symbol)
                    first, last = _range_of(atom, symbol, end)
                    self.value += c * first
                    for k in range(first + 1, last + 1):
                        self._jumps[-((s - k * d) // a)] += c
                elif isinstance(atom, Least):
                    bend = bend_of(atom, symbol)
                    assert bend is not None
                    if symbol.least < bend:
                        self.value += c * (symbol.least - bend)
                        self.slope += c
                        self._turns[bend] -= c
                else:
                    self.value += c * symbol.least
                    self.slope += c

    @property
    def places(self) -> set[int]:
        """Where the size jumps or turns."""
        return {*self._jumps, *self._turns}

    def step_to(self, place: int) -> None:
        """Go on to where the next piece begins; no piece may be left out."""
        self.value += self.slope * (place - self._at) + self._jumps[place]
        self.slope += self._turns[place]
        self._at = place


def _range_of(floor: Floor, symbol: Symbol, end: int) -> tuple[int, int]:
    """Compute the floor where the symbol is least and where it is `end`."""
    a, s, d = line_of(floor, symbol)
    return (a * symbol.least + s) // d, (a * end + s) // d
