"""Sizes beside each other: what they share, and minima of those that differ along one line only.

min(0, 2H - 5), say, is a sum of min(0, H - k), one for each place k where it bends.
"""

from collections.abc import Sequence
from fractions import Fraction
from math import gcd, lcm
from typing import NamedTuple

from .bends import BentLine, smallest
from .bounds import never_negative
from .division import settle
from .polynomial import (
    Coefficient,
    Least,
    Monomial,
    Polynomial,
    atom_order,
    magnitude,
    number_of,
    polynomial_of,
)
from .staircase import readable
from .term import Symbol


def spread(sizes: Sequence[Polynomial]) -> tuple[Polynomial, list[Polynomial]]:
    """Write sizes as what they share plus others, the others without minus signs."""
    written = [readable(size) for size in sizes]
    monomials = {monomial for size in written for monomial in size.parts}
    shared: dict[Monomial, Coefficient] = {
        m: min(size.parts.get(m, 0) for size in written) for m in monomials
    }
    base = settle(Polynomial(shared))
    return base, [size - base for size in sizes]


def is_spread_again(sizes: Sequence[Polynomial]) -> bool:
    """Say whether sizes, written as a minimum or as a maximum, are spread as these again.

    Sums of floors are not written like each of the floors, so that of some sizes what they share
    grows with each reading.
    """
    for sign in (1, -1):
        _, written = spread([size.times(sign) for size in sizes])
        if spread([size.times(sign) for size in written])[1] != list(sizes):
            return False
    return True


def spread_in_basis(sizes: Sequence[Polynomial]) -> tuple[Polynomial, list[Polynomial]]:
    """Write sizes as what they share plus others that are the same whatever is added to all."""
    monomials = {monomial for size in sizes for monomial in size.parts}
    base = Polynomial({m: min(size.parts.get(m, 0) for size in sizes) for m in monomials})
    return base, [size - base for size in sizes]


def content(sizes: Sequence[Polynomial]) -> Fraction:
    """Find the largest number of which all coefficients are whole multiples."""
    q = lcm(*(size.denominator for size in sizes))
    return Fraction(gcd(*(int(c * q) for size in sizes for c in size.parts.values())), q)


def common_symbol(sizes: Sequence[Polynomial]) -> Symbol | None:
    """Find the first symbol that is a factor of all monomials, if there is one."""
    first, *others = (monomial for size in sizes for monomial in size.parts)
    shared = {atom for atom in first if isinstance(atom, Symbol)}.intersection(*others)
    return min(shared, key=atom_order, default=None)


class Line(NamedTuple):
    """A size as slope·form + offset, the form's coefficients whole and without common factor."""

    form: Polynomial
    slope: Fraction
    offset: Fraction


def as_line(size: Polynomial) -> Line:
    offset = Fraction(size.offset)
    form = size.plus(-offset)
    slope = content((form,))
    if form.order[0][1] < 0:
        slope = -slope
    return Line(form.times(1 / slope), slope, offset)


def is_simple(lines: Sequence[Line]) -> bool:
    """Say whether it is one min(0, form + whole number) with a form of several symbols."""
    (first, *others) = lines
    whole = first.offset.denominator == 1 and magnitude(first.slope) == 1
    return whole and not others and len(first.form.symbols()) > 1


def along_one_line(form: Polynomial, lines: Sequence[Line]) -> Polynomial:
    """Write min(0, the lines) as a sum of min(0, form - k)."""
    zero = BentLine(0, 0, {})
    least = smallest([zero, *(BentLine(line.slope, line.offset, {}) for line in lines)])
    result = form.times(least.slope).plus(least.offset)
    for k, bend in least.bends.items():
        result += _bend(form.plus(-k)).times(bend)
    return result


def _bend(form: Polynomial) -> Polynomial:
    """Write min(0, form)."""
    if never_negative(form):
        return number_of(0)
    if never_negative(-form):
        return form
    sizes = [number_of(0), form]
    if len(form.symbols()) == 1:
        return polynomial_of(Least(tuple(sizes)))
    shared, sizes = spread(sizes)
    return shared + polynomial_of(Least(tuple(sorted(sizes, key=lambda size: size.order))))
