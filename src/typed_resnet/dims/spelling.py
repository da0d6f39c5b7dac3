"""Minima as people write them: which are minima and which maxima, and what stands in each.

A form is a sum, in which min(a, b) has given away what a and b share. Here it is taken out again,
with what completes its sizes: min(max(C//6, 2), W), and not C + 2 - W - max(..) - ..
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from fractions import Fraction
from itertools import chain
from typing import Final, NamedTuple

from .clamps import bent
from .extremes import Nested, maximum, minimum, nested
from .lines import spread
from .one_symbol import only_symbol
from .polynomial import (
    Atom,
    Coefficient,
    Least,
    Order,
    Polynomial,
    atom_order,
    atoms_in,
    has_minima,
    polynomial_of,
    sizes_in,
    symbols_of,
)
from .staircase import readable
from .term import Symbol

_SHORT: Final = 9
_MOST_ATOMS: Final = 120
"""Of larger sizes not all ways are tried: that takes long, and none is short."""

Length = Callable[[Polynomial], int]
"""How long a size is when written."""


class Extreme(NamedTuple):
    """A minimum or maximum, and how many times it counts."""

    times: Coefficient
    operator: str
    sizes: list[Polynomial]

    def read(self) -> Polynomial:
        """Make the form of what is written."""
        smallest_or_largest = minimum if self.operator == "Min" else maximum
        return smallest_or_largest(self.sizes).times(self.times)


class _Taken(NamedTuple):
    """A size as a minimum or maximum, and what is left."""

    rest: Polynomial
    extreme: Extreme


def take_minima(polynomial: Polynomial, length: Length) -> tuple[Polynomial, list[Extreme]]:
    """Take out the minima, each with what its sizes need to be free of minus signs."""
    found: list[Extreme] = []
    if not has_minima(polynomial):
        return polynomial, found
    # The larger first: what their sizes share may hold the smaller ones.
    while (atom := _largest_minimum(polynomial)) is not None:
        taken = _take_minimum(polynomial, atom, length)
        polynomial, found = taken.rest, [taken.extreme, *found]
    for symbol in sorted(polynomial.symbols(), key=atom_order):
        bends = _take_bends(polynomial, symbol)
        if bends is not None:
            polynomial, found = bends.rest, [bends.extreme, *found]
    while (atom := _largest_minimum(polynomial, symbols=1)) is not None:
        taken = _take_minimum(polynomial, atom, length)
        polynomial, found = taken.rest, [taken.extreme, *found]
    return polynomial, found


def _nesting(atom: Atom) -> int:
    """Count how deep minima stand in one another."""
    inside = (inner for size in sizes_in(atom) for inner in size.atoms())
    deepest = max(map(_nesting, inside), default=0)
    return deepest + isinstance(atom, Least)


def _largest_minimum(polynomial: Polynomial, symbols: int = 2) -> Least | None:
    """Find the last, in order, of the minima of so many symbols or more.

    A minimum that a floor takes in when written stays: min(a, b) - min(a, b)//2.
    """
    minima = [
        atom
        for monomial in readable(polynomial).parts
        if len(monomial) == 1 and isinstance(atom := monomial[0], Least)
    ]
    return max(
        (atom for atom in minima if len(symbols_of(atom)) >= symbols),
        key=lambda atom: (_nesting(atom), atom_order(atom)),
        default=None,
    )


def _take_minimum(polynomial: Polynomial, atom: Least, length: Length) -> _Taken:
    coefficient = readable(polynomial).parts[(atom,)]
    taken = _take_nested(polynomial, atom, coefficient)
    if taken is not None:
        return taken
    without_it = polynomial - polynomial_of(atom).times(coefficient)
    ways = []
    for operator, sign in (("Min", 1), ("Max", -1)):
        # min(a, b) = -max(-a, -b)
        shared, sizes = spread([size.times(sign) for size in atom.sizes])
        times = sign * coefficient
        ways.append(_Taken(without_it + shared.times(times), Extreme(times, operator, sizes)))
    shortest = min(ways, key=lambda way: (len(readable(way.rest).parts), way.extreme.times < 0))
    if not any(map(has_minima, atom.sizes)) or atoms_in(polynomial) > _MOST_ATOMS:
        return shortest
    ways.sort(key=lambda way: way.extreme.times < 0)
    found = [shortest]
    for way in chain.from_iterable(_with_more_inside(polynomial, way) for way in ways):
        if way.rest.constant is not None and _length(way, length) <= _SHORT:
            return way  # the others may take long to write
        found.append(way)
    return _shortest(found, length)


def _take_nested(polynomial: Polynomial, atom: Least, coefficient: Coefficient) -> _Taken | None:
    """Take out a minimum with a maximum in it, which are several summands."""
    ways = (_shifted(polynomial, found) for found in nested(polynomial, atom, coefficient))
    return min(chain.from_iterable(ways), key=lambda way: way[0], default=(0, None))[1]


def _shifted(polynomial: Polynomial, found: Nested) -> Iterator[tuple[Order, _Taken]]:
    """Move all that is left into the sizes, or what frees them of minus signs; say the cost."""
    flat = [found.alone, *found.inside]
    for more in (found.rest.times(1 / Fraction(found.times)), -spread(flat)[0]):
        extreme = Extreme(found.times, found.operator, [size + more for size in found.sizes])
        rest = found.rest - more.times(found.times)
        if more.denominator == 1 and rest + extreme.read() == polynomial:
            parts = [readable(size).parts for size in (rest, *(one + more for one in flat))]
            minus = sum(c < 0 for part in parts for c in part.values())
            cost = minus + (found.times < 0), sum(map(len, parts))
            yield cost, _Taken(rest, extreme)


def _length(way: _Taken, length: Length) -> int:
    return sum(map(length, (way.rest, *way.extreme.sizes)))


def _shortest(ways: Sequence[_Taken], length: Length) -> _Taken:
    """Find the way with the least length, a minimum or maximum added before one taken away."""
    shortest, *others = ways
    least = _length(shortest, length), shortest.extreme.times < 0
    for way in others:
        so_far = 0
        for size in (*way.extreme.sizes, way.rest):
            so_far += length(size)
            if so_far > least[0]:
                break  # the rest may take long to write
        if (so_far, way.extreme.times < 0) < least:
            shortest, least = way, (so_far, way.extreme.times < 0)
    return shortest


def _with_more_inside(polynomial: Polynomial, way: _Taken) -> Iterator[_Taken]:
    """Move into sizes what completes the minima in them: max(C//6, 2) is several summands.

    That what is written is read as it was is not certain, so it is tried.
    """
    extreme, rest = way.extreme, way.rest
    nested = [m for size in extreme.sizes for m in size.parts if any(map(_nesting, m))]
    symbols = frozenset().union(*(symbols_of(atom) for m in nested for atom in m))
    inside = {m: c for m, c in rest.parts.items() if _symbols(m) <= symbols}
    variable = {m: c for m, c in inside.items() if m}
    for moved in dict.fromkeys((Polynomial(variable), Polynomial(inside), rest)):
        more = moved.times(1 / Fraction(extreme.times))
        if more.denominator == 1:
            sizes = [size + more for size in extreme.sizes]
            completed = _Taken(rest - moved, Extreme(extreme.times, extreme.operator, sizes))
            if completed.rest + completed.extreme.read() == polynomial:
                yield completed


def _symbols(atoms: Iterable[Atom]) -> frozenset[Symbol]:
    return frozenset().union(*map(symbols_of, atoms))


def _take_bends(polynomial: Polynomial, symbol: Symbol) -> _Taken | None:
    """Take out all of one symbol, where it has minima and is itself one minimum or maximum."""
    monomials = [m for m in polynomial.parts if m and only_symbol(Polynomial({m: 1})) == symbol]
    written = readable(polynomial).parts
    if any(isinstance(atom, Least) for m in monomials if m not in written for atom in m):
        return None
    part = Polynomial({m: polynomial.parts[m] for m in monomials})
    choices = []
    q = part.denominator
    for sign in (1, -1):
        found = bent(part.times(sign * q), symbol)
        if found is not None:
            times = Fraction(sign, q)
            if has_minima(found.sizes[0]):
                # Its summands are of no use one by one, and it is as well a minimum as a maximum.
                extreme = Extreme(times, found.operator, [*found.sizes])
                return _Taken(polynomial - part, extreme) if extreme.read() == part else None
            shared, sizes = spread(found.sizes)
            extreme = Extreme(times, found.operator, sizes)
            if extreme.read() + shared.times(times) != part:
                continue  # it takes too long a period to compare them
            rest = polynomial - part + shared.times(times)
            minus = sum(c < 0 for size in sizes for c in readable(size).parts.values())
            cost = minus + len(readable(rest).parts)
            choices.append((cost, _Taken(rest, extreme)))
    return min(choices, key=lambda choice: choice[0])[1] if choices else None
