"""The values of forms at points: what `compile_term` is to terms, without writing a term."""

from collections.abc import Callable, Mapping, Sequence

from .polynomial import Atom, Coefficient, Least, Polynomial, Quotient
from .term import Symbol, Undefined

Function = Callable[[Sequence[int]], Coefficient]
"""From the values of some symbols, in order; it raises Undefined where there is no value."""


def function_of(polynomial: Polynomial, symbols: Sequence[Symbol]) -> Function:
    """Make the function that computes a form, whole or not.

    Raises:
        KeyError: for a symbol of the form that is not among `symbols`.
    """
    return _function(polynomial, {symbol: place for place, symbol in enumerate(symbols)})


def whole(function: Function, point: Sequence[int]) -> int | None:
    """Compute a size; None where it has no value, or is a fraction."""
    try:
        value = function(point)
    except Undefined:
        return None
    return int(value) if value.denominator == 1 else None


def _function(polynomial: Polynomial, places: Mapping[Symbol, int]) -> Function:
    offset = polynomial.offset
    lines: list[tuple[Coefficient, int]] = []
    products: list[tuple[Coefficient, list[Function]]] = []
    for monomial, coefficient in polynomial.parts.items():
        if len(monomial) == 1 and isinstance(symbol := monomial[0], Symbol):
            lines.append((coefficient, places[symbol]))
        elif monomial:
            products.append((coefficient, [_of_atom(atom, places) for atom in monomial]))

    def value(point: Sequence[int]) -> Coefficient:
        total = offset
        for c, place in lines:
            total += c * point[place]
        for coefficient, factors in products:
            product = coefficient
            for factor in factors:
                product *= factor(point)
            total += product
        return total

    return value


def _of_atom(atom: Atom, places: Mapping[Symbol, int]) -> Function:
    if isinstance(atom, Symbol):
        place = places[atom]
        return lambda point: point[place]
    if isinstance(atom, Least):
        sizes = [_function(size, places) for size in atom.sizes]
        return lambda point: min(size(point) for size in sizes)
    above, below = _function(atom.numerator, places), _function(atom.divisor, places)
    if isinstance(atom, Quotient):
        return lambda point: _exactly(above(point), below(point))
    d = atom.divisor.constant
    if d is not None:
        return lambda point: above(point) // d
    return lambda point: above(point) // _positive(below(point))


def _positive(divisor: Coefficient) -> Coefficient:
    if divisor <= 0:
        raise Undefined(f"division by {divisor}")
    return divisor


def _exactly(a: Coefficient, b: Coefficient) -> Coefficient:
    quotient, rest = divmod(a, _positive(b))
    if rest:
        raise Undefined(f"{b} does not divide {a}")
    return quotient
