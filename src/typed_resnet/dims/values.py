"""The values of forms at many points: what `compile_term` is to terms, without writing a term."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import count, islice
from math import prod
from operator import add, floordiv, mul, sub

from .polynomial import (
    AsWritten,
    Atom,
    Coefficient,
    Least,
    Monomial,
    Polynomial,
    Quotient,
    atom_order,
    symbols_of,
)
from .term import Symbol, Undefined, compile_term

Point = Sequence[int]
"""What some symbols are, in order."""
Column = list[int]
"""What something is at some points, in order."""


def values_at(
    polynomial: Polynomial, symbols: Sequence[Symbol], points: Sequence[Point]
) -> list[int | None]:
    """Compute a size at some points; None where it has no value, or is a fraction.

    Raises:
        KeyError: for a symbol of the size that is not among `symbols`.
    """
    q = polynomial.denominator
    table = _Table(symbols, points)
    column = table.sum(polynomial if q == 1 else polynomial.times(q))
    if q == 1 and not table.undefined:
        return [*column]
    return [
        None if value % q or place in table.undefined else value // q
        for place, value in enumerate(column)
    ]


def values_of_both(
    a: Polynomial, b: Polynomial, symbols: Sequence[Symbol], points: Iterable[Point]
) -> Iterator[tuple[Point, int, int]]:
    """List the points where both sizes have a value, and the two values.

    That which is the more seldom whole is computed first, and the other only where it is.
    """
    turned = a.denominator < b.denominator
    first, second = (b, a) if turned else (a, b)
    for some in growing(points):
        column = zip(some, values_at(first, symbols, some), strict=True)
        known = [(point, value) for point, value in column if value is not None]
        others = values_at(second, symbols, [point for point, _ in known])
        for (point, value), other in zip(known, others, strict=True):
            if other is not None:
                yield (point, other, value) if turned else (point, value, other)


def growing(points: Iterable[Point]) -> Iterator[list[Point]]:
    """Cut points into pieces, the first small: mostly the first points tell."""
    points = iter(points)
    for step in count():
        some = list(islice(points, 4 << 2 * min(step, 4)))
        if not some:
            return
        yield some


class _Table:
    """The values of atoms at some points, each computed once."""

    def __init__(self, symbols: Sequence[Symbol], points: Sequence[Point]) -> None:
        self.undefined: set[int] = set()
        """The places of points where something has no value."""
        self._forms: dict[tuple[tuple[Monomial, Coefficient], ...], Column] = {}
        """Sums without their numbers: floors of one form differ in these alone."""
        self._points = len(points)
        columns = map(list, zip(*points, strict=True)) if points else ([] for _ in symbols)
        self._columns: dict[Atom, Column] = dict(zip(symbols, columns, strict=True))

    def sum(self, polynomial: Polynomial) -> Column:
        """Compute a sum whose coefficients are whole."""
        number = int(polynomial.offset)
        column = self._form(polynomial)
        return [a + number for a in column] if number else column

    def _form(self, polynomial: Polynomial) -> Column:
        """Compute a sum without its number."""
        form = tuple(part for part in polynomial.parts.items() if part[0])
        if form not in self._forms:
            total = [0] * self._points
            for monomial, coefficient in form:
                column, c = self._product(monomial), int(coefficient)
                if c in (1, -1):
                    total = list(map(add if c > 0 else sub, total, column))
                else:
                    total = [a + c * b for a, b in zip(total, column, strict=True)]
            self._forms[form] = total
        return self._forms[form]

    def _product(self, monomial: Monomial) -> Column:
        if len(monomial) == 1:
            return self._atom(monomial[0])
        columns = map(self._atom, monomial)
        return [prod(factors) for factors in zip(*columns, strict=True)]

    def _atom(self, atom: Atom) -> Column:
        if atom not in self._columns:
            self._columns[atom] = self._computed(atom)
        return self._columns[atom]

    def _computed(self, atom: Atom) -> Column:
        if isinstance(atom, Symbol):
            raise KeyError(atom)
        if isinstance(atom, Least):
            return list(map(min, *map(self.sum, atom.sizes)))
        if isinstance(atom, AsWritten):
            return self._as_written(atom)
        d = atom.divisor.constant
        if d is not None:
            number, divisor = int(atom.numerator.offset), int(d)
            return [(a + number) // divisor for a in self._form(atom.numerator)]
        above = self.sum(atom.numerator)
        below = self.sum(atom.divisor)
        self._undefined_where(b <= 0 for b in below)
        below = [max(b, 1) for b in below]
        column = list(map(floordiv, above, below))
        if isinstance(atom, Quotient):
            self._undefined_where(map(int.__ne__, map(mul, column, below), above))
        return column

    def _as_written(self, atom: AsWritten) -> Column:
        symbols = tuple(sorted(symbols_of(atom), key=atom_order))
        compute = compile_term(atom.term, symbols)
        column = []
        for place, point in enumerate(zip(*map(self._atom, symbols), strict=True)):
            try:
                column.append(compute(*point))
            except Undefined:
                self.undefined.add(place)
                column.append(0)
        return column

    def _undefined_where(self, bad: Iterable[bool]) -> None:
        self.undefined.update(place for place, is_bad in enumerate(bad) if is_bad)
