"""Minima and maxima, written as sums of minima.

Sums and multiples by a positive number keep the order of sizes, so they move into minima and
maxima: what is left is a maximum of minima of sizes that have neither. And

    max(a, b) = a + b - min(a, b)

and its like for more (inclusion and exclusion) leave minima only, of sizes of which none is
always at least another; floors by one divisor move out: min(a//d, b//d) = min(a, b)//d. A minimum
of sizes that differ along one line only, min(0, 2H - 5) say, is a sum of min(0, H - k), one for
each place k where it bends. A minimum of one symbol is written by its values (see `one_symbol`).

This is one form for what people write, not for all that is equal: three sizes that depend on each
other may have several. `decision` tells.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from itertools import combinations, product
from math import floor, gcd, lcm, prod

from .bounds import never_negative
from .division import floor_divide, settle
from .one_symbol import bent, least_by_values, only_symbol
from .polynomial import (
    Atom,
    Coefficient,
    Floor,
    Least,
    Monomial,
    Polynomial,
    magnitude,
    number_of,
    polynomial_of,
    total,
)
from .staircase import readable

Lattice = tuple[frozenset[Polynomial], ...]
"""The maximum of the minima of some sizes."""

_MOST_MINIMA = 6
_MOST_SIZES = 16


class TooManyError(Exception):
    """Say that a maximum of minima would have too many of them."""


def minimum(sizes: Sequence[Polynomial]) -> Polynomial:
    """Write the smallest of the sizes."""
    q = lcm(*(size.denominator for size in sizes))
    if q > 1:
        return minimum([size.times(q) for size in sizes]).times(Fraction(1, q))
    try:
        choices = [lattice(size) for size in sizes]
        return of_lattice(_simplest(frozenset().union(*c) for c in _pick(choices)))
    except TooManyError:
        return _least(frozenset(sizes))


def maximum(sizes: Sequence[Polynomial]) -> Polynomial:
    """Write the largest of the sizes."""
    return -minimum([-size for size in sizes])


@lru_cache(maxsize=1 << 12)
def lattice(size: Polynomial) -> Lattice:
    """Write a size as a maximum of minima of sizes without either.

    Raises:
        TooManyError: where it would be too long.
    """
    symbol = only_symbol(size)
    if symbol is not None and (found := bent(size, symbol)) is not None:
        sizes = found.sizes
        if found.operator == "Min":
            return (frozenset(sizes),)
        return tuple(frozenset((size,)) for size in sizes)
    written = readable(size)
    folded = [m for m in written.parts if len(m) == 1 and _folded(m[0])]
    plain = {m: c for m, c in written.parts.items() if m not in folded}
    minima: Lattice = (frozenset((settle(Polynomial(plain)),)),)
    for monomial in folded:
        minima = _sum_of_lattices(
            minima, _multiple(_unfolded(monomial[0]), written.parts[monomial])
        )
    return minima


def _folded(atom: Atom) -> bool:
    """Say whether an atom is a minimum, or the floor of a size with one."""
    if isinstance(atom, Floor):
        return any(len(m) == 1 and _folded(m[0]) for m in readable(atom.numerator).parts)
    return isinstance(atom, Least)


def _unfolded(atom: Atom) -> Lattice:
    if isinstance(atom, Floor):
        inside = lattice(atom.numerator)
        return tuple(
            frozenset(floor_divide(size, atom.divisor) for size in sizes) for sizes in inside
        )
    assert isinstance(atom, Least)
    return (frozenset(atom.sizes),)


def _multiple(minima: Lattice, c: Coefficient) -> Lattice:
    """Multiply; by a negative number a maximum of minima becomes a minimum of maxima."""
    if c > 0:
        return tuple(frozenset(size.times(c) for size in sizes) for sizes in minima)
    count = prod(map(len, minima))
    if count > _MOST_SIZES:
        raise TooManyError
    return _simplest(frozenset(size.times(c) for size in chosen) for chosen in product(*minima))


def _sum_of_lattices(left: Lattice, right: Lattice) -> Lattice:
    return _simplest(frozenset(a + b for a in p for b in q) for p, q in _pick([left, right]))


def of_lattice(minima: Lattice) -> Polynomial:
    """Write a maximum of minima as a sum of minima, by inclusion and exclusion."""
    if all(len(sizes) == 1 for sizes in minima):
        return -_least(frozenset(-size for sizes in minima for size in sizes))
    return total(
        _least(frozenset().union(*chosen)).times(1 if count % 2 else -1)
        for count in range(1, len(minima) + 1)
        for chosen in combinations(minima, count)
    )


def _pick(choices: Sequence[Lattice]) -> Iterable[tuple[frozenset[Polynomial], ...]]:
    count = 1
    for choice in choices:
        count *= len(choice)
    if count > _MOST_SIZES:
        raise TooManyError
    return product(*choices)


def _simplest(minima: Iterable[frozenset[Polynomial]]) -> Lattice:
    """Leave out each minimum that another of the maximum is never below."""
    kept = {_smallest(sizes) for sizes in minima}
    kept = {
        sizes
        for sizes in kept
        if not any(
            other != sizes and all(any(_above(b, a) for a in sizes) for b in other)
            for other in kept
            if not (len(other) > len(sizes))
        )
    } or kept
    if len(kept) > _MOST_MINIMA or any(len(sizes) > _MOST_SIZES for sizes in kept):
        raise TooManyError
    return tuple(sorted(kept, key=lambda sizes: sorted(size.order for size in sizes)))


def _above(b: Polynomial, a: Polynomial) -> bool:
    return never_negative(b - a)


def _smallest(sizes: frozenset[Polynomial]) -> frozenset[Polynomial]:
    """Leave out each size that is never below another."""
    kept: list[Polynomial] = []
    for size in sorted(sizes, key=lambda size: size.order):
        if not any(_above(size, other) for other in kept):
            kept = [other for other in kept if not _above(other, size)] + [size]
    return frozenset(kept)


@lru_cache(maxsize=1 << 12)
def _least(sizes: frozenset[Polynomial]) -> Polynomial:
    """Write the smallest of sizes that contain no other minimum."""
    kept = sorted(_smallest(sizes), key=lambda size: size.order)
    if len(kept) == 1:
        return kept[0]
    values = least_by_values(kept)
    if values is not None:
        return values
    base, *others = kept
    above = [size - base for size in others]
    common = _content(above)
    lines = [_line(size.times(1 / common)) for size in above]
    if all(line.form == lines[0].form for line in lines) and not _is_simple(lines):
        return base + _bends(lines[0].form, lines).times(common)
    # What all share moves out: it is the same after one thing is added to all.
    shared, sizes_ = spread(kept)
    common = _content(sizes_)
    sizes_ = [size.times(1 / common) for size in sizes_]
    floors = [_single_floor(size) for size in sizes_]
    divisors = {floor[1] for floor in floors if floor is not None}
    if None not in floors and len(divisors) == 1:
        # min(a//d, b//d) = min(a, b)//d
        (d,) = divisors
        inside = minimum([floor[0] for floor in floors if floor is not None])
        return shared + floor_divide(inside, d).times(common)
    atom = Least(tuple(sorted(sizes_, key=lambda size: size.order)))
    return shared + polynomial_of(atom).times(common)


def spread(sizes: Sequence[Polynomial]) -> tuple[Polynomial, list[Polynomial]]:
    """Write sizes as what they share plus others, the others without minus signs."""
    written = [readable(size) for size in sizes]
    monomials = {monomial for size in written for monomial in size.parts}
    shared: dict[Monomial, Coefficient] = {
        m: min(Fraction(size.parts.get(m, 0)) for size in written) for m in monomials
    }
    base = settle(Polynomial(shared))
    return base, [size - base for size in sizes]


def _single_floor(size: Polynomial) -> tuple[Polynomial, Polynomial] | None:
    """Write n//d + rest as (n + d rest)//d; None if the size is not of this form."""
    written = readable(size)
    floors = [m for m in written.parts if any(isinstance(atom, Floor) for atom in m)]
    if len(floors) != 1 or len(floors[0]) != 1 or written.parts[floors[0]] != 1:
        return None
    (floor_,) = floors[0]
    assert isinstance(floor_, Floor)
    rest = written - polynomial_of(floor_)
    return floor_.numerator + floor_.divisor * rest, floor_.divisor


def _content(sizes: Iterable[Polynomial]) -> Fraction:
    """Find the largest number of which all coefficients are whole multiples."""
    result = Fraction(0)
    for size in sizes:
        for coefficient in map(Fraction, size.parts.values()):
            result = Fraction(
                gcd(
                    result.numerator * coefficient.denominator,
                    coefficient.numerator * result.denominator,
                ),
                result.denominator * coefficient.denominator,
            )
    return result


@dataclass(frozen=True, slots=True)
class _Line:
    """A size as slope·form + offset, the form's coefficients whole and without common factor."""

    form: Polynomial
    slope: Fraction
    offset: Fraction


def _line(size: Polynomial) -> _Line:
    offset = Fraction(size.offset)
    form = size.plus(-offset)
    slope = _content((form,))
    if form.order[0][1] < 0:
        slope = -slope
    return _Line(form.times(1 / slope), slope, offset)


def _is_simple(lines: Sequence[_Line]) -> bool:
    """Say whether it is one min(0, form + whole number) with a form of several symbols."""
    (first, *others) = lines
    whole = first.offset.denominator == 1 and magnitude(first.slope) == 1
    return whole and not others and len(first.form.symbols()) > 1


def _bends(form: Polynomial, lines: Sequence[_Line]) -> Polynomial:
    """Write min(0, the lines) as a sum of min(0, form - k).

    On whole numbers a function that bends between k and k + 1 bends at both.
    """
    all_lines = [(Fraction(0), Fraction(0)), *((line.slope, line.offset) for line in lines)]

    def f(x: int) -> Fraction:
        return min(slope * x + offset for slope, offset in all_lines)

    crossings = {
        floor((b - a) / (p - q)) for (p, a), (q, b) in combinations(all_lines, 2) if p != q
    }
    places = sorted({x + i for x in crossings for i in (0, 1)})
    last = max(places)
    slope = f(last + 2) - f(last + 1)
    result = form.times(slope).plus(f(last + 1) - slope * (last + 1))
    for k in places:
        bend: Coefficient = (f(k) - f(k - 1)) - (f(k + 1) - f(k))
        if bend:
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
