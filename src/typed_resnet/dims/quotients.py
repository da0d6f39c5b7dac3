"""Exact division: quotients of which it is known that nothing remains.

By a number the quotient is a coefficient: C/4. By a size it is an atom, which meets its divisor in
products, (C/H) H is C, and is a number, or no size at all, as soon as the sizes are known: C/H is
8 for 32 and 4, and has no value for 32 and 5.
"""

from collections.abc import Iterable
from fractions import Fraction
from math import gcd, lcm

from .division import floor_divide, reduced, whole_multiples
from .polynomial import (
    Floor,
    Polynomial,
    Quotient,
    atom_order,
    monomial_order,
    polynomial_of,
    total,
    without,
)
from .squares import shortest
from .term import Undefined


def exact_divide(numerator: Polynomial, divisor: Polynomial) -> Polynomial:
    """Write the quotient, taking it that nothing remains.

    Raises:
        Undefined: for numbers that leave a rest, or a divisor that is a number <= 0.
    """
    d = divisor.constant
    if d is None:
        return _by_size(numerator, divisor)
    if d <= 0:
        raise Undefined(f"division by {d}")
    number = numerator.constant
    if number is not None and number % d:
        raise Undefined(f"{d} does not divide {number}")
    return numerator.times(Fraction(1) / d)


def _by_size(numerator: Polynomial, divisor: Polynomial) -> Polynomial:
    """Write numerator / divisor, the divisor a size: it is whole where the result is.

    A number in the divisor is a coefficient, n/(k d) = (n/d)/k; a number in the numerator stays,
    for 2C/H may be whole where C/H is not.
    """
    scale = lcm(numerator.denominator, divisor.denominator)
    numerator, divisor = numerator.times(scale), divisor.times(scale)
    number = gcd(*map(int, divisor.parts.values()))
    quotient, rest = whole_multiples(numerator, divisor.times(Fraction(1, number)))
    if rest.parts:
        rest, divisor = reduced(rest, divisor.times(Fraction(1, number)))
        quotient += _exactly(rest, divisor)
    return quotient.times(Fraction(1, number))


def _exactly(rest: Polynomial, divisor: Polynomial) -> Polynomial:
    if divisor.constant is not None:
        return rest.times(Fraction(1) / divisor.constant)
    if len(rest.parts) == 1:
        ((monomial, c),) = rest.parts.items()
        if c == 1 and len(monomial) == 1 and isinstance(inner := monomial[0], Quotient):
            # (n/d)/e = n/(d e)
            return _by_size(inner.numerator, multiply(inner.divisor, divisor))
    sign = 1 if rest.parts[max(rest.parts, key=monomial_order)] > 0 else -1
    return polynomial_of(Quotient(rest.times(sign), divisor)).times(sign)


def multiply(a: Polynomial, b: Polynomial) -> Polynomial:
    """Write a product, in which quotients meet their divisors: (C/H) H is C."""
    product = shortest(a * b)
    quotients = [atom for atom in product.atoms() if isinstance(atom, Quotient)]
    for atom in sorted(quotients, key=atom_order, reverse=True):
        product = _met(product, atom)
    return product


def _met(product: Polynomial, quotient: Quotient) -> Polynomial:
    """Put n - (the rest of d) (n/d) for (the leading monomial of d) (n/d), wherever it stands."""
    lead = max(quotient.divisor.parts, key=monomial_order)
    by = quotient.divisor.parts[lead]
    below = Polynomial({m: c for m, c in quotient.divisor.parts.items() if m != lead})
    found = True
    while found:
        found = False
        for monomial, c in product.parts.items():
            left = without(monomial, (quotient,))
            cofactor = None if left is None else without(left, lead)
            if cofactor is not None:
                whole = quotient.numerator - below * polynomial_of(quotient)
                step = Polynomial({cofactor: Fraction(c) / by}) * whole
                product = product - Polynomial({monomial: c}) + step
                found = True
                break
    return product


def same_fractions(a: Polynomial, b: Polynomial) -> bool:
    """Say whether sizes are equal wherever both have a value, by the law of fractions.

    That is, whether their difference is 0 once each quotient is multiplied by its divisor:
    2(C/H) and (2C)/H. Where C/H has a value, C//H and ⌈C/H⌉ are the same.
    """
    quotients = [atom for atom in (*a.atoms(), *b.atoms()) if isinstance(atom, Quotient)]
    return bool(quotients) and _vanishes(_without_floors(a - b, quotients))


def _without_floors(size: Polynomial, quotients: Iterable[Quotient]) -> Polynomial:
    """Put n/d + r//d for the floors (n + r)//d, where that is no floor by d."""
    for floor in [atom for atom in size.atoms() if isinstance(atom, Floor)]:
        for quotient in quotients:
            if quotient.divisor == floor.divisor:
                rest = floor_divide(floor.numerator - quotient.numerator, floor.divisor)
                if not any(isinstance(atom, Floor) for atom in rest.atoms()):
                    size = _put(size, floor, polynomial_of(quotient) + rest)
                    break
    return size


def _put(size: Polynomial, atom: Floor, other: Polynomial) -> Polynomial:
    sums = []
    for monomial, c in size.parts.items():
        product = Polynomial({tuple(factor for factor in monomial if factor != atom): c})
        for _ in range(monomial.count(atom)):
            product = product * other
        sums.append(product)
    return total(sums)


def _vanishes(size: Polynomial) -> bool:
    while size.parts:
        quotients = [atom for atom in size.atoms() if isinstance(atom, Quotient)]
        if not quotients:
            return False
        atom = max(quotients, key=atom_order)
        most = max(monomial.count(atom) for monomial in size.parts)
        sums = []
        for monomial, c in size.parts.items():
            times = monomial.count(atom)
            product = Polynomial({tuple(other for other in monomial if other != atom): c})
            for place in range(most):
                product = product * (atom.numerator if place < times else atom.divisor)
            sums.append(product)
        size = total(sums)
    return True
