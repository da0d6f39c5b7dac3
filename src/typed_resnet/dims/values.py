"""The values of forms at points: what `compile_term` is to terms, without writing a term."""

from collections.abc import Callable, Mapping, Sequence

from .polynomial import Atom, Least, Polynomial, Quotient
from .term import Symbol, Undefined, indivisible

Point = Sequence[int]
"""What some symbols are, in order."""
Function = Callable[[Point], int | None]


def function_of(polynomial: Polynomial, symbols: Sequence[Symbol]) -> Function:
    """Make the function that computes a size; of None where it has no value, or is a fraction.

    Raises:
        KeyError: for a symbol of the size that is not among `symbols`.
    """
    q = polynomial.denominator
    times_q = _sum(polynomial.times(q), {symbol: place for place, symbol in enumerate(symbols)})

    def value(point: Point) -> int | None:
        try:
            quotient, rest = divmod(times_q(point), q)
        except Undefined:
            return None
        return None if rest else quotient

    return value


def _sum(polynomial: Polynomial, places: Mapping[Symbol, int]) -> Callable[[Point], int]:
    """Compute a sum whose coefficients are whole."""
    offset = int(polynomial.offset)
    lines: list[tuple[int, int]] = []
    products: list[tuple[int, list[Callable[[Point], int]]]] = []
    for monomial, coefficient in polynomial.parts.items():
        if len(monomial) == 1 and isinstance(symbol := monomial[0], Symbol):
            lines.append((int(coefficient), places[symbol]))
        elif monomial:
            products.append((int(coefficient), [_atom(atom, places) for atom in monomial]))

    def value(point: Point) -> int:
        total = offset
        for c, place in lines:
            total += c * point[place]
        for c, factors in products:
            product = c
            for factor in factors:
                product *= factor(point)
            total += product
        return total

    return value


def _atom(atom: Atom, places: Mapping[Symbol, int]) -> Callable[[Point], int]:
    if isinstance(atom, Symbol):
        place = places[atom]
        return lambda point: point[place]
    if isinstance(atom, Least):
        sizes = [_sum(size, places) for size in atom.sizes]
        return lambda point: min([size(point) for size in sizes])
    above, below = _sum(atom.numerator, places), _sum(atom.divisor, places)
    if isinstance(atom, Quotient):
        return lambda point: _exactly(above(point), below(point))
    d = atom.divisor.constant
    if d is not None:
        number = int(d)
        return lambda point: above(point) // number
    return lambda point: above(point) // _positive(below(point))


def _positive(divisor: int) -> int:
    if divisor <= 0:
        raise Undefined(f"division by {divisor}")
    return divisor


def _exactly(a: int, b: int) -> int:
    quotient, rest = divmod(a, _positive(b))
    if rest:
        raise Undefined(indivisible(b, a))
    return quotient
