"""The nearest point at which two sizes differ, among boxes of points that are halved.

Of all points of a box its corner, where each symbol is smallest, has the least sum. Boxes are
taken by their corners, so that the first corner at which the sizes differ is the answer. A box is
left out where the bounds of the sizes over it say that they are equal, or that one is a fraction
at all its points. Others are halved across the symbol along which the sizes vary most.

Bounds tell little of sizes that rise alike, such as minima that bend far away, until boxes are
small; but much of floors, whose steps are wide.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from heapq import heappop, heappush
from math import gcd, lcm
from typing import Final, NamedTuple, TypeAlias

from .polynomial import Atom, Floor, Least, Polynomial, atom_order, polynomial_of
from .staircase import readable
from .term import Symbol
from .values import Point, values_at

_TOGETHER: Final = 32
"""Boxes that are looked at in one go: it takes little longer than one of them."""

_MOST_MINIMA: Final = 3
_NEAR: Final = 64
_FURTHER: Final = 8
_FARTHEST: Final = 1 << 40

_Bounds: TypeAlias = tuple[list[int], list[int]]
"""The least and the most that something may be on each of some boxes."""


class _Box(NamedTuple):
    """All points from the corner to the last one; sorted by the sum of the corner."""

    sum: int
    corner: Point
    last: Point
    agree: bool = False
    """Whether the sizes are known to agree at the corner."""


class _Case(NamedTuple):
    """One of the sizes whose smallest, or largest, must be a multiple of q, and what decides that.

    Of the two sizes each is a multiple where the other is.
    """

    size: Polynomial
    rest: Polynomial
    rates: Sequence[float]


class _Fraction(NamedTuple):
    """What must be a multiple of q for a size to be whole: one of the cases, as it is chosen."""

    q: int
    choose: Callable[..., int]
    cases: Sequence[_Case]

    def unsure(self, table: "_Bounded") -> Iterator[Sequence[float] | bool]:
        """Say of each box whether it is whole; where that may vary, how what decides it does.

        A case that is chosen nowhere on a box decides nothing there.
        """
        sizes = zip(*(table.sum(case.size) for case in self.cases), strict=True)
        rests = zip(*(table.sum(case.rest) for case in self.cases), strict=True)
        for bounds, varying in zip(sizes, rests, strict=True):
            low, high = map(self.choose, zip(*bounds, strict=True))
            found: Sequence[float] | bool = False
            for (least, most), (a, b), case in zip(bounds, varying, self.cases, strict=True):
                if self._may_be(max(least, low), min(most, high)) and self._may_be(a, b):
                    if a < b:
                        found = case.rates
                        break
                    found = True
            yield found

    def _may_be(self, low: int, high: int) -> bool:
        """Say whether there is a multiple between bounds."""
        return high // self.q * self.q >= low


def in_fragment(size: Polynomial) -> bool:
    """Say whether nothing is multiplied by a size, or divided by one."""
    return all(len(m) <= 1 and all(map(_is_in_fragment, m)) for m in size.parts)


def _is_in_fragment(atom: Atom) -> bool:
    if isinstance(atom, Floor):
        return atom.divisor.constant is not None and in_fragment(atom.numerator)
    return isinstance(atom, Symbol) or (
        isinstance(atom, Least) and all(map(in_fragment, atom.sizes))
    )


class Search:
    """Look for the nearest point at which two sizes of the fragment differ."""

    def __init__(self, a: Polynomial, b: Polynomial, symbols: Sequence[Symbol]) -> None:
        q = lcm(a.denominator, b.denominator)
        self._a, self._b, self._symbols = a, b, symbols
        self._apart = (a - b).times(q)
        self._rates = [_rate(self._apart, symbol) for symbol in symbols]
        self._fractions = [one for size in (a, b) for one in _fraction(size, symbols)]
        self._horizon = _NEAR
        self._boxes = 0

    def nearest(self, most: int) -> Point | None:
        """Find it; None where that takes more boxes than said, all searches together.

        First the points with a small sum are searched, then more.
        """
        while self._horizon < _FARTHEST:
            found, is_certain = self._nearest_within(self._horizon, most)
            if not is_certain:
                return None
            if found is not None:
                return found
            self._horizon *= _FURTHER
        return None

    def _nearest_within(self, horizon: int, most: int) -> tuple[Point | None, bool]:
        """Search the points whose sum is `horizon` at most; say whether the answer is certain."""
        least = tuple(symbol.least for symbol in self._symbols)
        boxes = [_Box(sum(least), least, self._within(least, (horizon,) * len(least), horizon))]
        found: Point | None = None
        while boxes and self._boxes < most:
            some = [heappop(boxes) for _ in range(min(_TOGETHER, len(boxes)))]
            self._boxes += len(some)
            for box in self._differing(some):
                if found is None or box[:2] < (sum(found), found):
                    found, horizon = box.corner, box.sum
            if found is not None:
                some = [box for box in some if box[:2] < (sum(found), found)]
                if boxes and boxes[0][:2] > (sum(found), found):
                    boxes.clear()
            for box, rates in self._open(some):
                for half in _halves(box, rates):
                    if half.sum <= horizon:
                        last = self._within(half.corner, half.last, horizon)
                        heappush(boxes, half._replace(last=last))
        return found, not boxes

    def _within(self, corner: Point, last: Point, horizon: int) -> Point:
        """Leave out the values that no point has whose sum is within the horizon."""
        room = horizon - sum(corner)
        return tuple(min(b, a + room) for a, b in zip(corner, last, strict=True))

    def _differing(self, boxes: Sequence[_Box]) -> Iterator[_Box]:
        """Choose the boxes at whose corner the sizes differ."""
        boxes = [box for box in boxes if not box.agree]
        corners = [box.corner for box in boxes]
        left, right = (values_at(size, self._symbols, corners) for size in (self._a, self._b))
        for box, f, g in zip(boxes, left, right, strict=True):
            if f != g and f is not None and g is not None:
                yield box

    def _open(self, boxes: Sequence[_Box]) -> Iterator[tuple[_Box, Sequence[float]]]:
        """Choose the boxes on which the sizes may differ, and how the one varies that hides it.

        That is a fraction that may be whole at some of the points, before all else.
        """
        boxes = [box for box in boxes if box.corner != box.last]
        table = _Bounded(self._symbols, boxes)
        wholes = [fraction.unsure(table) for fraction in self._fractions]
        for box, (low, high), *whole in zip(boxes, table.sum(self._apart), *wholes, strict=True):
            if (low or high) and False not in whole:
                yield box, next((rates for rates in whole if rates is not True), self._rates)


def _halves(box: _Box, rates: Sequence[float]) -> Iterator[_Box]:
    """Cut a box across the symbol along which something varies most."""
    sides = [b - a for a, b in zip(box.corner, box.last, strict=True)]
    varies = [(rate * side, side) for rate, side in zip(rates, sides, strict=True)]
    place = varies.index(max(varies))
    middle = box.corner[place] + sides[place] // 2
    last = (*box.last[:place], middle, *box.last[place + 1 :])
    corner = (*box.corner[:place], middle + 1, *box.corner[place + 1 :])
    yield box._replace(last=last, agree=True)
    yield _Box(sum(corner), corner, box.last)


def _fraction(size: Polynomial, symbols: Sequence[Symbol]) -> Iterator[_Fraction]:
    """Say what must be a multiple, where something must."""
    q = size.denominator
    if q > 1:
        choose, sizes = _cases(size.times(q)) or _Cases(min, [size.times(q)])
        yield _Fraction(q, choose, [_case(one, q, symbols) for one in sizes])


def _case(size: Polynomial, q: int, symbols: Sequence[Symbol]) -> _Case:
    """Leave out what is a multiple of q anyway, and take the multiple by a unit that varies least.

    11*C is a multiple of 15 where C is one.
    """
    parts = {m: int(c) for m, c in readable(size).parts.items() if c % q}
    units = {1, *(pow(c, -1, q) for c in parts.values() if gcd(c, q) == 1)}
    choices = []
    for unit in sorted(units):
        rest = Polynomial({m: (unit * c + q // 2) % q - q // 2 for m, c in parts.items()})
        rates = [_rate(rest, symbol) for symbol in symbols]
        choices.append((sum(rates), unit, _Case(size, rest, rates)))
    return min(choices, key=lambda choice: choice[:2])[-1]


def _rate(size: Polynomial, symbol: Symbol) -> float:
    """Say how much a size varies along a symbol, at the most."""
    return sum(abs(float(c)) * _rate_of(atom, symbol) for m, c in size.parts.items() for atom in m)


def _rate_of(atom: Atom, symbol: Symbol) -> float:
    if isinstance(atom, Floor):
        return _rate(atom.numerator, symbol) / float(atom.divisor.offset)
    if isinstance(atom, Least):
        return max(_rate(size, symbol) for size in atom.sizes)
    return float(atom == symbol)


class _Cases(NamedTuple):
    choose: Callable[..., int]
    sizes: Sequence[Polynomial]


@lru_cache(maxsize=1 << 10)
def _cases(size: Polynomial) -> _Cases | None:
    """Write x + min(a, b) as min(x + a, x + b), where what both have may cancel."""
    minima = [atom for atom in size.atoms() if isinstance(atom, Least)]
    if not 0 < len(minima) <= _MOST_MINIMA:
        return None
    atom = min(minima, key=atom_order)
    c = size.parts[(atom,)]
    rest = size - polynomial_of(atom).times(c)
    return _Cases(min if c > 0 else max, [rest + one.times(c) for one in atom.sizes])


class _Bounded:
    """What atoms lie between on some boxes, each computed once."""

    def __init__(self, symbols: Sequence[Symbol], boxes: Sequence[_Box]) -> None:
        self._boxes = len(boxes)
        self._atoms: dict[Atom, _Bounds] = {
            symbol: ([box.corner[place] for box in boxes], [box.last[place] for box in boxes])
            for place, symbol in enumerate(symbols)
        }

    def sum(self, size: Polynomial) -> Iterator[tuple[int, int]]:
        return zip(*self._sum(size), strict=True)

    def _sum(self, size: Polynomial) -> _Bounds:
        """Bound a size with whole coefficients."""
        if (cases := _cases(size)) is None:
            return self._plain_sum(size)
        return self._chosen(cases.choose, cases.sizes)

    def _chosen(self, choose: Callable[..., int], sizes: Iterable[Polynomial]) -> _Bounds:
        bounds = [self._sum(size) for size in sizes]
        lows, highs = [low for low, _ in bounds], [high for _, high in bounds]
        return list(map(choose, *lows)), list(map(choose, *highs))

    def _plain_sum(self, size: Polynomial) -> _Bounds:
        size = readable(size)  # a ceiling is one floor, and in the basis many
        low = high = [int(size.offset)] * self._boxes
        for monomial, coefficient in size.parts.items():
            for atom in monomial:
                least, most = self._atom(atom)
                c = int(coefficient)
                if c < 0:
                    least, most = most, least
                low = [a + c * b for a, b in zip(low, least, strict=True)]
                high = [a + c * b for a, b in zip(high, most, strict=True)]
        return low, high

    def _atom(self, atom: Atom) -> _Bounds:
        if atom not in self._atoms:
            self._atoms[atom] = self._computed(atom)
        return self._atoms[atom]

    def _computed(self, atom: Atom) -> _Bounds:
        if isinstance(atom, Floor):
            d = int(atom.divisor.offset)
            low, high = self._sum(atom.numerator)
            return [a // d for a in low], [a // d for a in high]
        assert isinstance(atom, Least)
        return self._chosen(min, atom.sizes)
