"""Bounds of sizes over all values of their symbols."""

from functools import lru_cache
from math import inf, prod

from .integers import Work, WorkLimitError
from .linear import NotLinearError, System
from .polynomial import (
    AsWritten,
    Atom,
    Bound,
    Bounds,
    Floor,
    Least,
    Polynomial,
    Quotient,
    atoms_in,
)
from .staircase import readable
from .term import Symbol
from .values import values_at

WORK = 4_000
MOST_ATOMS = 100
"""Of larger sizes no proof is tried: in minima of minima very many are asked for."""


@lru_cache(maxsize=1 << 14)
def never_negative(size: Polynomial) -> bool:
    """Say whether the size is surely >= 0; False where this is not seen."""
    if bounds_of(size)[0] >= 0:
        return True
    if atoms_in(size) > MOST_ATOMS:
        return False
    symbols = tuple(size.symbols())
    points = [[symbol.least + more for symbol in symbols] for more in range(4)]
    if any(number is not None and number < 0 for number in values_at(size, symbols, points)):
        return False
    try:
        system = System()
        system.at_least(system.row(-size), 1)
        return not system.solvable(Work(WORK))
    except (NotLinearError, WorkLimitError):
        return False


def smallest(sizes: frozenset[Polynomial]) -> frozenset[Polynomial]:
    """Leave out each size that is never below another."""
    kept: list[Polynomial] = []
    for size in sorted(sizes, key=lambda size: size.order):
        if not any(never_negative(size - other) for other in kept):
            kept = [other for other in kept if not never_negative(other - size)] + [size]
    return frozenset(kept)


def bounds_of(size: Polynomial) -> Bounds:
    """Find numbers between which the size surely lies."""
    low: Bound = 0
    high: Bound = 0
    for monomial, coefficient in readable(size).parts.items():
        ranges = [_bounds_of_atom(atom) for atom in monomial]
        if len(ranges) == 1:
            ((least, most),) = ranges
        elif all(least >= 0 for least, _ in ranges):
            least, most = prod(r[0] for r in ranges), prod(r[1] for r in ranges if r[1])
        else:
            least, most = -inf, inf
        ends = (least, most) if coefficient > 0 else (most, least)
        low, high = low + coefficient * ends[0], high + coefficient * ends[1]
    return low, high


def _bounds_of_atom(atom: Atom) -> Bounds:
    if isinstance(atom, Symbol):
        return atom.least, inf
    if isinstance(atom, Least):
        ranges = [bounds_of(size) for size in atom.sizes]
        return min(r[0] for r in ranges), min(r[1] for r in ranges)
    if isinstance(atom, AsWritten):
        return -inf, inf
    found = _bounds_of_quotient(atom.numerator, atom.divisor)
    if isinstance(atom, Floor) and atom.divisor.constant is not None:
        return found
    # ⌈n/d⌉ is one more than (n - 1)//d, and so is n/d.
    above = atom.numerator - atom.divisor
    low, high = _bounds_of_quotient(above, atom.divisor)
    found = max(found[0], low + 1), min(found[1], high + 1)
    if isinstance(atom, Quotient):
        low, _ = _bounds_of_quotient(atom.numerator.plus(-1), atom.divisor)
        return max(found[0], low + 1), found[1]
    return found


def _bounds_of_quotient(numerator: Polynomial, divisor: Polynomial) -> Bounds:
    low, high = bounds_of(numerator)
    smallest = max(1, bounds_of(divisor)[0])
    largest = max(smallest, bounds_of(divisor)[1])
    return (
        _divide(low, largest if low >= 0 else smallest),
        _divide(high, smallest if high >= 0 else largest),
    )


def _divide(a: Bound, b: Bound) -> Bound:
    if a in (inf, -inf):
        return a
    if b == inf:
        return 0 if a >= 0 else -1
    return a // b
