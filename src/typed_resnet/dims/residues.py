"""Sizes with exact divisions, one class of residues after another.

C/8 is whole where C = 8c + 8, c = 0, 1, 2, ..: there it is c + 1, and a floor of it in a floor is
one of c. So two sizes are equal if they are so on each class on which both can be whole.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from math import gcd, lcm, prod
from typing import Final, NamedTuple

from .normal_form import Dim
from .points import broken, in_order
from .polynomial import Atom, Floor, Polynomial, has_minima, polynomial_of
from .term import Symbol, Undefined

_MOST_CLASSES: Final = 1 << 12

Class = Mapping[Symbol, Dim]
"""What to put for some symbols, with symbols of their own, which may be 0."""


class _Steps(NamedTuple):
    """Make a symbol that counts the steps of another one within a class."""

    of: Symbol


def classes(sizes: Sequence[Dim]) -> Iterator[Class]:
    """List the classes on which all sizes can be whole; none where each class is everything.

    So it is, too, where there are more of them than are worth the trouble.
    """
    parts = [Dim(part) for size in sizes if (part := broken(size.polynomial)).parts]
    symbols = in_order(frozenset().union(*(size.symbols for size in parts)))
    periods = [lcm(*(_period(size.polynomial, symbol) for size in parts)) for symbol in symbols]
    if not 1 < prod(periods) <= _MOST_CLASSES:
        return
    if any(has_minima(size.polynomial) for size in parts):
        return  # a minimum is as seldom whole on a class as it was
    for residues in product(*map(range, periods)):
        values = {
            symbol: _in_class(symbol, period, residue)
            for symbol, period, residue in zip(symbols, periods, residues, strict=True)
            if period > 1
        }
        try:
            for size in parts:
                size.substitute(values)
        except Undefined:
            continue
        yield values


def _in_class(symbol: Symbol, period: int, residue: int) -> Dim:
    steps = Symbol(symbol.name, 0, _Steps(symbol))
    return Dim(polynomial_of(steps).times(period).plus(symbol.least + residue))


def _period(size: Polynomial, symbol: Symbol, q: int = 1) -> int:
    """Find after how many steps of a symbol a size without minima is the same again, modulo q."""
    periods = (
        _period_of(atom, symbol, q * c.denominator // gcd(q * c.denominator, int(c.numerator)))
        for monomial, c in size.parts.items()
        for atom in monomial
    )
    return lcm(*periods)


def _period_of(atom: Atom, symbol: Symbol, q: int) -> int:
    if atom == symbol:
        return q
    if isinstance(atom, Floor) and q > 1 and (d := atom.divisor.constant) is not None:
        return _period(atom.numerator, symbol, q * int(d))
    return 1
