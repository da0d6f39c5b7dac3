"""Two sizes compared point by point: the smallest points first, or all points of a box.

A box of residues tells all where sizes repeat themselves (see `repetition`).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import islice, product
from math import comb, prod
from typing import Final

from .answers import Decision, Different, Equal
from .literal import literal
from .normal_form import Dim
from .points import MOST_SUMS, Allowed, in_order, rarity, small_points
from .polynomial import Polynomial, atoms_in
from .repetition import repeating_box
from .term import Symbol
from .values import Point, values_of_both

FEW_POINTS: Final = 400
_FEW_VALUES: Final = 100_000


class Pointwise:
    """Two sizes, the points where they may differ, and what is known there."""

    def __init__(self, a: Dim, b: Dim) -> None:
        self._a, self._b = a, b
        self._f, self._g = literal(a.polynomial), literal(b.polynomial)
        self._symbols = in_order(a.symbols | b.symbols)
        self._points = small_points(self._symbols, (a, b))

    @cached_property
    def _atoms(self) -> int:
        return 1 + atoms_in(self._f) + atoms_in(self._g)

    @cached_property
    def _atoms_at_a_point(self) -> int:
        """Count what is computed in the mean: a size seldom, where the other is seldom whole."""
        first, second = sorted((self._f, self._g), key=lambda size: -size.denominator)
        return 1 + atoms_in(first) + atoms_in(second) // rarity(first)

    @cached_property
    def at_few_points(self) -> Different | None:
        """The nearest difference, if it is one of few points."""
        return self._at_points(min(FEW_POINTS, _FEW_VALUES // self._atoms_at_a_point))

    def first_values(self) -> dict[Symbol, int] | None:
        """Find the smallest values of the symbols at which both sizes have a value."""
        sizes = self._a.polynomial, self._b.polynomial
        points = islice(self._points, _FEW_VALUES // self._atoms_at_a_point)
        found = next(values_of_both(*sizes, self._symbols, points), None)
        return found and dict(self._named(found[0]))

    def nearer_than(self, known: Different, least: Mapping[Symbol, int]) -> Decision | None:
        """Say where two parts of sizes differ no further than these do, all else being least.

        They are taken for equal where they do not, and None tells that this takes long.
        """
        others = sum(value for symbol, value in least.items() if symbol not in self._symbols)
        points = self._points_within(sum(known.at.values()) - others, _FEW_VALUES)
        return None if points is None else self._at_points(points) or Equal()

    def _points_within(self, total: int, values: int) -> int | None:
        """Count the points whose sum is so small; None where these are more values than said."""
        further = total - sum(symbol.least for symbol in self._symbols)
        if further >= MOST_SUMS:
            return None
        points = comb(further + len(self._symbols), further) if further >= 0 else 0
        return points if points * self._atoms_at_a_point <= values else None

    def _at_points(self, count: int) -> Different | None:
        """Look at so many more points, the smallest first."""
        sizes = self._a.polynomial, self._b.polynomial
        found = next(self._differences(islice(self._points, count), *sizes), None)
        return found and self._different(*found)

    def _differences(
        self, points: Iterable[Point], a: Polynomial, b: Polynomial
    ) -> Iterator[tuple[Point, int, int]]:
        """List the points where two sizes differ, and both sizes there."""
        both = values_of_both(a, b, self._symbols, points)
        return (found for found in both if found[1] != found[2])

    def _different(self, point: Point, left: int, right: int) -> Different:
        return Different(dict(self._named(point)), left, right)

    def _named(self, point: Point) -> Iterator[tuple[Symbol, int]]:
        return zip(self._symbols, point, strict=True)

    def _at(self, at: dict[Symbol, int]) -> Different:
        return Different(at, self._a.evaluate(at), self._b.evaluate(at))

    @cached_property
    def _sides(self) -> Sequence[range]:
        return repeating_box(self._symbols, (self._f, self._g)) or ()

    @cached_property
    def _allowed(self) -> Sequence[Allowed]:
        return [Allowed(symbol, (self._a, self._b)) for symbol in self._symbols]

    def _on_the_box(self, most: int) -> Decision | None:
        """Compare the sizes at all points of their box, if that takes no more values than said."""
        most //= self._atoms_at_a_point
        sides = [*zip(self._sides, self._allowed, strict=bool(self._sides))]
        # Each value is tried, of a symbol that alone makes a size a fraction.
        if not sides or any(len(side) > most for side, allowed in sides if not allowed.all):
            return None
        box = [allowed.up_to(side[-1]) for side, allowed in sides]
        if prod(map(len, box)) > most:
            return None
        differences = self._differences(product(*box), self._f, self._g)
        found = min(differences, key=lambda one: (sum(one[0]), one[0]), default=None)
        return Equal() if found is None else self._at(dict(self._named(found[0])))
