"""Whether two sizes are equal for all values of their symbols.

Sizes in one normal form are equal. Others are compared at small values, smallest first, so that a
difference found is the smallest there is. Where none is found, three ways are complete in the
fragment, sizes made with +, -, multiples, floors, ceilings and exact divisions by numbers, min and
max of any number of symbols:

- sizes of one symbol are compared from step to step (see `sweep`);
- sizes that repeat themselves agree everywhere if they do on a box of their residues, where that
  is small enough to try;
- a and b differ somewhere if a - b >= 1 or b - a >= 1 has a solution in whole numbers, which is
  decided exactly (see `linear` and `integers`); so is which solution is smallest.

All stop at a limit of work, and then, as outside the fragment, we say that we do not know.
"""

from bisect import bisect
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice, product
from math import lcm, prod

from .bounds import bounds_of
from .integers import Row, Work, WorkLimitError, combined
from .linear import System, smallest
from .normal_form import Dim
from .one_symbol import bend_of
from .polynomial import Floor, Least, Polynomial, Quotient
from .quotients import same_fractions
from .sweep import sweep
from .term import Symbol
from .values import function_of

FEW_POINTS = 400
MANY_POINTS = 12_000
MOST_SUMS = 1 << 12
WORK = 400_000


@dataclass(frozen=True, slots=True)
class Equal:
    """Both sizes are the same wherever both are defined."""


@dataclass(frozen=True, slots=True)
class Different:
    """The sizes differ; `at` has the least sum of values, of several the first by names."""

    at: dict[Symbol, int]
    left: int
    right: int


@dataclass(frozen=True, slots=True)
class Undecided:
    """Neither was found; the reason is a clause."""

    reason: str


Decision = Equal | Different | Undecided


def decide(a: Dim, b: Dim) -> Decision:
    """Compare two sizes for all values of their symbols.

    Of a fractional size only the points count where it is whole: C/4 at multiples of 4.
    """
    return Equal() if a == b else _decide(a, b)


@lru_cache(maxsize=1 << 12)
def _decide(a: Dim, b: Dim) -> Decision:
    symbols = in_order(a.symbols | b.symbols)
    f, g = function_of(a.polynomial, symbols), function_of(b.polynomial, symbols)

    def first_difference(points: Iterable[tuple[int, ...]]) -> Different | None:
        for point in points:
            left, right = f(point), g(point)
            if left != right and left is not None and right is not None:
                return Different(dict(zip(symbols, point, strict=True)), left, right)
        return None

    points = small_points(symbols, (a, b))
    found = first_difference(islice(points, FEW_POINTS))
    if found is not None:
        return found
    swept = sweep(a.polynomial, b.polynomial)
    if swept is not None:
        if swept.difference is None:
            return Equal()
        at = {swept.symbol: swept.difference}
        return Different(at, a.evaluate(at), b.evaluate(at))
    sides = repeating_box(symbols, (a.polynomial, b.polynomial))
    if sides is not None and prod(map(len, sides)) <= MANY_POINTS:
        found = first_difference(product(*sides))
        return Equal() if found is None else first_difference(points) or found
    if same_fractions(a.polynomial, b.polynomial):
        return Equal()
    try:
        work = Work(WORK)
        system, ways = _differences(a, b)
        ways = [way for way in ways if system.solvable(work, positive=[way])]
        if not ways:
            return Equal()
        found = first_difference(islice(points, MANY_POINTS))
        if found is not None:
            return found
        if system.beyond is not None:
            return Undecided(system.beyond)
        ats = [smallest(system, symbols, Work(WORK), way) for way in ways]
        at = min(ats, key=lambda at: (sum(at.values()), list(at.values())))
        return Different(at, a.evaluate(at), b.evaluate(at))
    except WorkLimitError:
        found = first_difference(islice(points, MANY_POINTS))
        return found or Undecided("the limit of work is reached")


def _differences(a: Dim, b: Dim) -> tuple[System, list[Row]]:
    """State what holds of both sizes; where they differ, a - b - 1 or b - a - 1 is >= 0.

    What cancels needs no floor and no minimum, unless it must be whole.
    """
    system = System(bounds_of)
    if a.polynomial.denominator == b.polynomial.denominator == 1:
        difference = system.row(a.polynomial - b.polynomial)
    else:
        difference = combined(system.row(a.polynomial), 1, system.row(b.polynomial), -1)
    return system, [combined(({}, -1), 1, difference, sign) for sign in (1, -1)]


def in_order(symbols: frozenset[Symbol]) -> list[Symbol]:
    return sorted(symbols, key=lambda symbol: (symbol.name, symbol.least, repr(symbol.key)))


def repeating_box(symbols: Sequence[Symbol], sizes: Sequence[Polynomial]) -> list[range] | None:
    """Find values of each symbol so that sizes that agree on all of these agree everywhere.

    A size f of the fragment without minima repeats itself along each symbol: f(x + M) = f(x) +
    rise, and so does its being whole. In two such sizes the difference along any line of steps M
    is a straight line; it is 0 if it is 0 at two points. With one symbol this is so from a place
    on, with minima too.
    """
    found = [_start_and_period(size, symbols) for size in sizes]
    starts = [start for start, _ in found]
    if None in starts:
        return None
    period = lcm(*(period for _, period in found))
    more = max(start for start in starts if start is not None)
    return [range(symbol.least, max(symbol.least, more) + 2 * period) for symbol in symbols]


def _start_and_period(size: Polynomial, symbols: Sequence[Symbol]) -> tuple[int | None, int]:
    start: int | None = 0
    period = 1
    for monomial in size.parts:
        if len(monomial) > 1:
            return None, 1
        for atom in monomial:
            if isinstance(atom, Floor):
                d = atom.divisor.constant
                inner, repeats = _start_and_period(atom.numerator, symbols)
                if d is None or inner is None or (start is None):
                    return None, 1
                start, period = max(start, inner), lcm(period, repeats * int(d))
            elif isinstance(atom, Least):
                bend = bend_of(atom, symbols[0]) if len(symbols) == 1 else None
                if bend is None or start is None:
                    return None, 1
                start = max(start, bend)
            elif isinstance(atom, Quotient):
                return None, 1
    return start, period * size.denominator


def small_points(symbols: Sequence[Symbol], sizes: Sequence[Dim]) -> Iterator[tuple[int, ...]]:
    """List the values symbols may have by their sum, then in the order of symbols.

    Values at which one symbol alone makes a size a fraction are left out.
    """
    if not symbols:
        yield ()
        return
    allowed = [_Allowed(symbol, sizes) for symbol in symbols]
    if not all(values.has_some() for values in allowed):
        return
    least = sum(symbol.least for symbol in symbols)
    for total in range(least, least + MOST_SUMS):
        yield from _with_sum(total, allowed)


class _Allowed:
    """List the values of a symbol that leave sizes whole, as far as it alone decides that."""

    def __init__(self, symbol: Symbol, sizes: Sequence[Dim]) -> None:
        self.symbol = symbol
        fractions = (
            Polynomial({m: c for m, c in size.polynomial.parts.items() if c.denominator > 1})
            for size in sizes
        )
        self._fractions = [
            function_of(fraction, [symbol])
            for fraction in fractions
            if fraction.symbols() == {symbol}
        ]
        self.all = not self._fractions
        self._known = symbol.least
        self._values: list[int] = []

    def has_some(self) -> bool:
        """Say whether one is found: min(W, 3)/6 is never whole."""
        return any(self.up_to(self.symbol.least + most) for most in (8, MOST_SUMS))

    def up_to(self, most: int) -> Sequence[int]:
        """List the values allowed, up to a largest."""
        if self.all:
            return range(self.symbol.least, most + 1)
        self._extend(most)
        return self._values[: bisect(self._values, most)]

    def allows(self, value: int) -> bool:
        self._extend(value)
        place = bisect(self._values, value)
        return self.all or self._values[place - 1 : place] == [value]

    def _extend(self, most: int) -> None:
        while self._known <= most and not self.all:
            if all(fraction([self._known]) is not None for fraction in self._fractions):
                self._values.append(self._known)
            self._known += 1


def _with_sum(total: int, allowed: Sequence[_Allowed]) -> Iterator[tuple[int, ...]]:
    first, *others = allowed
    most = total - sum(other.symbol.least for other in others)
    if not others:
        if first.allows(total):
            yield (total,)
    elif len(others) == 1 and first.all:
        # Few values of the last: they say which of the first are of use.
        for last in reversed(others[0].up_to(total - first.symbol.least)):
            yield (total - last, last)
    else:
        for value in first.up_to(most):
            for rest in _with_sum(total - value, others):
                yield (value, *rest)
