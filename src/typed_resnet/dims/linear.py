"""Sizes of the fragment as linear inequalities over whole numbers.

The fragment: symbols, numbers, +, -, multiples, // and ceiling and exact division by numbers, min
and max. q = n // d is the whole number with 0 <= n - d q <= d - 1; q = n / d, exact, that with
d q = n; m = min(a, b, ..) is the first of them that is <= all the others.

Which one that is splits the whole numbers into regions without a common point. They are made one
minimum after another, and a region without a point is left at once: minima that compare the same
sizes again and again make no more regions than the first of them.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from math import ceil, floor, inf
from typing import NamedTuple

from .integers import Key, Row, Work, combined, put, solvable, tightest
from .polynomial import (
    AsWritten,
    Atom,
    Bounds,
    Coefficient,
    Floor,
    Least,
    Monomial,
    Polynomial,
    Quotient,
    polynomial_of,
)
from .staircase import readable
from .term import Symbol


class NotLinearError(Exception):
    """Say, as a clause, why a size is outside the fragment."""


class _Minimum(NamedTuple):
    """The variable that stands for the smallest of some rows."""

    variable: int
    rows: tuple[Row, ...]


class _Region(NamedTuple):
    """Where each minimum is one certain row, and some rows are >= 0."""

    minima: dict[int, Row]
    positive: dict[Key, int]

    def put(self, row: Row) -> Row:
        for variable in row[0].keys() & self.minima.keys():
            row = put(row, variable, self.minima[variable])
        return row

    def rows(self) -> list[Row]:
        return [(dict(key), number) for key, number in self.positive.items()]


class System:
    """Collect what holds of some sizes: sizes >= something, and all their floors.

    With `bounds`, products and quotients by sizes may stand in them: each is a variable, of which
    is known what it lies between, and n - d + 1 <= d (n//d) <= n. What follows of that is so; but
    what has a solution here need have none.
    """

    def __init__(self, bounds: Callable[[Polynomial], Bounds] | None = None) -> None:
        self.beyond: str | None = None
        """Why the sizes are outside the fragment, as a clause; None where they are in it."""
        self._bounds = bounds
        self.zero: list[Row] = []
        self.positive: list[Row] = []
        self._minima: dict[Polynomial | Least, list[tuple[Coefficient, _Minimum]]] = {}
        """By the form of min(0, form - k), each with its k; others each alone."""
        self._places: dict[Atom | Monomial, int] = {}
        self._floors: list[tuple[Row, int, int]] = []
        self._count = 0
        self._regions: list[_Region] | None = None

    def row(self, size: Polynomial) -> Row:
        """Write a size as a row, stating what it needs to be whole.

        Raises:
            NotLinearError: for a size outside the fragment.
        """
        # A ceiling is one floor when read, and many in the basis.
        size = readable(size)
        q = size.denominator
        coefficients: dict[int, int] = {}
        number = 0
        for monomial, c in sorted(size.parts.items(), key=lambda part: _divisor(part[0])):
            if not monomial:
                number = int(c * q)
            else:
                alone = len(monomial) == 1
                place = self._place(monomial[0]) if alone else self._product(monomial)
                coefficients[place] = int(c * q)
        if q == 1:
            return coefficients, number
        whole = self._variable()
        self.zero.append(({**coefficients, whole: -q}, number))
        return {whole: 1}, 0

    def symbol(self, symbol: Symbol) -> Row:
        return {self._place(symbol): 1}, 0

    def at_least(self, size: Row, bound: int) -> None:
        self.positive.append((size[0], size[1] - bound))

    def solvable(
        self, work: Work, *, zero: Sequence[Row] = (), positive: Sequence[Row] = ()
    ) -> bool:
        """Say whether symbols can have values so that all this holds, and more is 0 or >= 0.

        Raises:
            WorkLimitError: beyond the work allowed.
        """
        if self._regions is None:
            self._regions = self._split(work)
        zero, positive = [*self.zero, *zero], [*self.positive, *positive]
        return any(_holds(region, zero, positive, work) for region in self._regions)

    def _variable(self) -> int:
        self._count += 1
        return self._count

    def _place(self, atom: Atom) -> int:
        if atom in self._places:
            return self._places[atom]
        if isinstance(atom, Symbol):
            place = self._variable()
            self.positive.append(({place: 1}, -atom.least))
        elif isinstance(atom, Floor):
            if atom.divisor.constant is None:
                return self._by_size(atom)
            d = int(atom.divisor.constant)
            numerator, d = self._of_floor(self.row(atom.numerator), d)
            place = self._variable()
            self._floors.append((numerator, d, place))
            rest = combined(numerator, 1, ({place: 1}, 0), -d)
            self.positive += [rest, combined(({}, d - 1), 1, rest, -1)]
        elif isinstance(atom, Least):
            place = self._least(atom)
        elif isinstance(atom, AsWritten):
            place = self._between((atom,), "a size is too long")
        else:
            return self._by_size(atom)
        self._places[atom] = place
        return place

    def _product(self, monomial: Monomial) -> int:
        if monomial not in self._places:
            self._places[monomial] = self._between(monomial, "sizes are multiplied")
        return self._places[monomial]

    def _by_size(self, atom: Floor | Quotient) -> int:
        place = self._places[atom] = self._between((atom,), "a size is divided by a size")
        rest = self.row(atom.numerator - atom.divisor * polynomial_of(atom))
        if isinstance(atom, Quotient):
            self.zero.append(rest)
        else:
            self.positive.append(rest)
            self.positive.append(combined(self.row(atom.divisor.plus(-1)), 1, rest, -1))
        return place

    def _between(self, monomial: Monomial, why: str) -> int:
        """Make a variable of which only bounds are known."""
        if self._bounds is None:
            raise NotLinearError(why)
        self.beyond = self.beyond or why
        place = self._variable()
        low, high = self._bounds(Polynomial({monomial: 1}))
        if -inf < low < inf:
            self.positive.append(({place: 1}, -ceil(low)))
        if -inf < high < inf:
            self.positive.append(({place: -1}, floor(high)))
        return place

    def _of_floor(self, numerator: Row, d: int) -> tuple[Row, int]:
        """Write n//d as (n//e + k)//(d/e), if n//e is there: the numbers get smaller."""
        coefficients, number = numerator
        divisors = [
            (e, number - shift, place)
            for (inner, shift), e, place in self._floors
            if inner == coefficients and d % e == 0 and (number - shift) % e == 0
        ]
        if not divisors:
            return numerator, d
        e, more, place = max(divisors)
        return ({place: 1}, more // e), d // e

    def _least(self, atom: Least) -> int:
        sizes = list(atom.sizes)
        above = sizes[-1] - sizes[0]
        form = above.plus(-above.offset)
        if form.order[0][1] < 0:
            sizes, form, above = sizes[::-1], -form, -above
        minimum = _Minimum(self._variable(), tuple(map(self.row, sizes)))
        if len(sizes) == 2:
            self._minima.setdefault(form, []).append((-above.offset, minimum))
        else:
            self._minima[atom] = [(0, minimum)]
        self._regions = None
        return minimum.variable

    def _split(self, work: Work) -> list[_Region]:
        """List the regions that have a point, as far as is said where their minima are known."""
        groups = [
            [minimum for _, minimum in sorted(group, key=lambda bend: bend[0])]
            for group in self._minima.values()
        ]
        unknown = {minimum.variable for group in groups for minimum in group}
        regions = [_Region({}, {})]
        for group in groups:
            unknown -= {minimum.variable for minimum in group}
            zero = [row for row in self.zero if unknown.isdisjoint(row[0])]
            rows = [row for row in self.positive if unknown.isdisjoint(row[0])]
            regions = [
                part for region in regions for part in _parts(region, group, zero, rows, work)
            ]
        return regions


def _divisor(monomial: Monomial) -> Coefficient:
    """Sort floors by their divisors, so that the small ones are there for the large ones."""
    return max((a.divisor.offset for a in monomial if isinstance(a, Floor)), default=0)


def _holds(region: _Region, zero: Iterable[Row], positive: Iterable[Row], work: Work) -> bool:
    rows = [*map(region.put, positive), *region.rows()]
    return solvable(map(region.put, zero), rows, work)


def _parts(
    region: _Region, group: Sequence[_Minimum], zero: list[Row], positive: list[Row], work: Work
) -> Iterator[_Region]:
    """Split a region that has a point by which rows the minima are, into parts that have one."""
    minima = [[region.put(row) for row in minimum.rows] for minimum in group]
    choices = _choices(len(group), len(minima[0]))
    found = False
    for choice in choices:
        values, rows = dict(region.minima), region.rows()
        for minimum, sizes, chosen in zip(group, minima, choice, strict=True):
            least = values[minimum.variable] = sizes[chosen]
            for place, size in enumerate(sizes):
                if place != chosen:
                    coefficients, number = combined(size, 1, least, -1)
                    rows.append((coefficients, number - (place < chosen)))
        work.spend(len(rows))
        limits = tightest(rows)
        if limits is None:
            continue
        part = _Region(values, limits)
        if limits == region.positive:
            yield part
            return
        if (choice is choices[-1] and not found) or _holds(part, zero, positive, work):
            found = True
            yield part


def _choices(minima: int, rows: int) -> list[list[int]]:
    """List which row each minimum may be; min(0, x - k) is 0 for all k up to some one."""
    if minima == 1:
        return [[row] for row in range(rows)]
    return [[int(k >= count) for k in range(minima)] for count in range(minima + 1)]
