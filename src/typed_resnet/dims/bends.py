"""Lines that bend: a line plus a multiple of min(0, x - k) for each k where it does.

On whole numbers each function that is a line between some places is one of these, in one way; and
the smallest of such functions is another. No table is made of values, so a bend may be far away.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from fractions import Fraction
from itertools import combinations, pairwise
from math import floor
from typing import NamedTuple

from .polynomial import Coefficient


class BentLine(NamedTuple):
    """slope·x + offset plus c·min(0, x - k) for each k and c in `bends`, none of them 0."""

    slope: Coefficient
    offset: Coefficient
    bends: Mapping[int, Coefficient]

    def __call__(self, x: int) -> Coefficient:
        below = sum(c * (x - k) for k, c in self.bends.items() if x < k)
        return self.slope * x + self.offset + below

    def __neg__(self) -> BentLine:
        return BentLine(-self.slope, -self.offset, {k: -c for k, c in self.bends.items()})

    def straightened(self, first: int) -> BentLine:
        """Go on as it is before the bends from `first` on."""
        gone = {k: c for k, c in self.bends.items() if k >= first}
        left = {k: c for k, c in self.bends.items() if k < first}
        offset = self.offset - sum(c * k for k, c in gone.items())
        return BentLine(self.slope + sum(gone.values()), offset, left)

    def above(self, least: int) -> BentLine:
        """Leave out the bends that numbers from `least` on do not see."""
        return BentLine(
            self.slope, self.offset, {k: c for k, c in self.bends.items() if k > least}
        )


def smallest(lines: Sequence[BentLine]) -> BentLine:
    """Find the function whose value is the smallest of theirs everywhere.

    It bends where they do, and where two of them cross: between k and k + 1, it bends at both.
    """
    bends = sorted({k for line in lines for k in line.bends}) or [0]
    places = set(bends)
    for a, b in pairwise((bends[0] - 1, *bends, bends[-1] + 1)):
        for one, other in combinations(lines, 2):
            apart, later = one(a) - other(a), one(b) - other(b)
            if later != apart:
                crossing = a + floor(Fraction(apart * (b - a)) / (apart - later))
                places |= {crossing, crossing + 1}
    return bent_line(lambda x: min(line(x) for line in lines), places)


def bent_line(f: Callable[[int], Coefficient], places: Collection[int]) -> BentLine:
    """Write what bends at some of the places, and nowhere else."""
    last = max(places)
    slope = f(last + 1) - f(last)
    turns = ((k, (f(k) - f(k - 1)) - (f(k + 1) - f(k))) for k in sorted(places))
    return BentLine(slope, f(last) - slope * last, {k: c for k, c in turns if c})
