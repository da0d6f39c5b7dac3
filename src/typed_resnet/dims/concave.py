"""Sizes as differences of minima of plain sizes, in which two of them are compared part by part.

Each size of the fragment is min(A) - min(B), where the sizes in A and B have no minima in them:

    min(a - b, c - d) = min(a + d, c + b) - (b + d),
    (min(A) - min(B))//d is the largest, for b in B, of the smallest, for a in A, of (a - b)//d.

So min(A) - min(B) and min(C) - min(D) are equal if min(A + D) and min(C + B) are, where + adds
each to each. For that, no sum on one side may ever be below all on the other: mostly it is one of
these. Nothing is split into regions, which takes long where minima are many.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain

from .bounds import bounds_of
from .division import floor_divide, settle
from .integers import Work, WorkLimitError
from .linear import NotLinearError, System
from .polynomial import Atom, Floor, Least, Polynomial, has_minima, number_of
from .staircase import readable

_MOST = 24
"""Sizes in a minimum; with more of them other ways are as short."""

_Sizes = frozenset[Polynomial]
_NOTHING: _Sizes = frozenset((number_of(0),))


class _TooManyError(Exception):
    """Say that a size is no such difference, or one of more sizes than are worth comparing."""


@dataclass(frozen=True, slots=True)
class _Difference:
    """The smallest of the sizes above, less the smallest of those below."""

    above: _Sizes
    below: _Sizes = _NOTHING

    def __add__(self, other: _Difference) -> _Difference:
        return _Difference(_sums(self.above, other.above), _sums(self.below, other.below))

    def __neg__(self) -> _Difference:
        return _Difference(self.below, self.above)

    def times(self, number: int) -> _Difference:
        if number < 0:
            return -self.times(-number)
        sides = self.above, self.below
        return _Difference(*(frozenset(size.times(number) for size in side) for side in sides))


def same_minima(a: Polynomial, b: Polynomial, most: int, work: Work) -> bool:
    """Say whether it is certain that two sizes, with minima, are equal for all values.

    It is not where more than `most` sums stand on one side only. Sizes that are fractions at some
    values are seldom equal there, so they are left to other ways.
    """
    whole = a.denominator == b.denominator == 1
    if not whole or not (has_minima(a) or has_minima(b)):
        return False
    try:
        left, right = _difference(a), _difference(b)
        some, others = _sums(left.above, right.below), _sums(right.above, left.below)
        left_over, right_over = some - others, others - some
        return (
            len(left_over) + len(right_over) <= most
            and all(_never_below(one, others, work) for one in left_over)
            and all(_never_below(one, some, work) for one in right_over)
        )
    except (_TooManyError, NotLinearError, WorkLimitError):
        return False


def _never_below(size: Polynomial, sizes: _Sizes, work: Work) -> bool:
    if any(bounds_of(size - other)[0] >= 0 for other in sizes):
        return True
    system = System()
    for other in sorted(sizes, key=lambda other: other.order):
        system.at_least(system.row(other - size), 1)
    return not system.solvable(work)


def _sums(some: _Sizes, others: _Sizes) -> _Sizes:
    if len(some) * len(others) > _MOST:
        raise _TooManyError
    return frozenset(one + other for one in some for other in others)


def _difference(size: Polynomial) -> _Difference:
    """Write a size with whole coefficients so."""
    size = readable(size)
    minima = {m: c for m, c in size.parts.items() if has_minima(Polynomial({m: 1}))}
    plain = settle(Polynomial({m: c for m, c in size.parts.items() if m not in minima}))
    result = _Difference(frozenset((plain,)))
    for monomial, c in minima.items():
        if len(monomial) > 1:
            raise _TooManyError
        result += _of_atom(monomial[0]).times(int(c))
    return result


def _of_atom(atom: Atom) -> _Difference:
    if isinstance(atom, Least):
        return _smallest(list(map(_difference, atom.sizes)))
    if not isinstance(atom, Floor) or atom.divisor.constant is None:
        raise _TooManyError
    inside = _difference(atom.numerator)
    floors = [
        _Difference(frozenset(floor_divide(above - below, atom.divisor) for above in inside.above))
        for below in inside.below
    ]
    return -_smallest([-one for one in floors])


def _smallest(differences: Sequence[_Difference]) -> _Difference:
    """Write the smallest of some differences as one."""
    above: Iterable[Polynomial] = ()
    below = _NOTHING
    for place, one in enumerate(differences):
        others = one.above
        for other in (*differences[:place], *differences[place + 1 :]):
            others = _sums(others, other.below)
        above, below = chain(above, others), _sums(below, one.below)
    return _Difference(frozenset(above), below)
