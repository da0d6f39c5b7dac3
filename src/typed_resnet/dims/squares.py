"""Minima multiplied by themselves: m = min(a, b) is one of the two, so that (m - a)(m - b) is 0.

Hence m m = (a + b) m - a b, and min(a, b) max(a, b), which is m (a + b - m), is a b.
"""

from typing import Final

from .polynomial import Least, Monomial, Polynomial, over, polynomial_of

_TWO: Final = 2
_LONGEST: Final = 200


def shortest(product: Polynomial) -> Polynomial:
    """Write a product without squares of minima where that is shorter."""
    written = without_squares(product)
    return written if len(written.parts) < len(product.parts) else product


def without_squares(size: Polynomial) -> Polynomial:
    """Write a size so that it is 0 where it is by these laws; a long one stays as it is."""
    while len(size.parts) <= _LONGEST and (found := _square(size)) is not None:
        monomial, atom = found
        a, b = atom.sizes
        rest = Polynomial({over(over(monomial, atom), atom): size.parts[monomial]})
        square = (a + b) * polynomial_of(atom) - a * b
        size = size - Polynomial({monomial: size.parts[monomial]}) + rest * square
    return size


def _square(size: Polynomial) -> tuple[Monomial, Least] | None:
    for monomial in size.parts:
        for atom in monomial if len(monomial) > 1 else ():
            if isinstance(atom, Least) and len(atom.sizes) == _TWO and monomial.count(atom) > 1:
                return monomial, atom
    return None
