"""Floors: of anything by a number, and by a size.

Numbers and polynomials come out whole, floors of floors collapse, and floors of minima are minima
of floors. Floors of one symbol's floors are tabulated over their period. See `waves` for the rest.
"""

from collections.abc import Callable
from fractions import Fraction
from functools import lru_cache
from math import gcd, lcm

from .bounds import never_negative
from .extremes import TooManyError, lattice, map_lattice
from .polynomial import (
    ONE,
    Coefficient,
    Floor,
    Least,
    Monomial,
    Polynomial,
    monomial_order,
    number_of,
    polynomial_of,
    total,
    without,
)
from .staircase import readable
from .term import Symbol, Undefined
from .waves import floor_of_form, periodic

LONGEST_PERIOD = 1 << 9


@lru_cache(maxsize=1 << 14)
def floor_divide(numerator: Polynomial, divisor: Polynomial) -> Polynomial:
    """Write numerator // divisor, for a divisor >= 1.

    Raises:
        Undefined: for a divisor that is a number <= 0.
    """
    d = divisor.constant
    if d is not None and d <= 0:
        raise Undefined(f"division by {d}")
    if any(len(m) == 1 and isinstance(m[0], Least) for m in numerator.parts):
        try:
            minima = lattice(numerator)
        except TooManyError:
            pass
        else:
            return map_lattice(minima, lambda size: floor_divide(size, divisor))
    if d is None:
        return _by_size(numerator, divisor)
    numerator, d = numerator.times(d.denominator), d.numerator
    scale = numerator.denominator
    return _by_number(numerator.times(scale), d * scale)


def ceiling_divide(numerator: Polynomial, divisor: Polynomial) -> Polynomial:
    """Write the smallest whole number >= numerator / divisor, both being whole."""
    return floor_divide(numerator + divisor.plus(-1), divisor)


def exact_divide(numerator: Polynomial, divisor: Polynomial) -> Polynomial:
    """Write the quotient, taking it that nothing remains.

    Raises:
        Undefined: where something always remains, or for a divisor that is a number <= 0.
    """
    d = divisor.constant
    if d is None or d <= 0:
        return floor_divide(numerator, divisor)
    quotient = numerator.times(Fraction(1) / d)
    if never_whole(quotient):
        raise Undefined(f"{d} does not divide {numerator.offset}")
    return quotient


def never_whole(size: Polynomial) -> bool:
    """Say whether the size is a fraction whatever its symbols are: C + 1/2."""
    q = size.denominator
    whole = [int(c * q) for m, c in size.parts.items() if m]
    return int(size.offset * q) % gcd(q, *whole) != 0


def _by_number(numerator: Polynomial, d: int) -> Polynomial:
    """Write numerator // d, where the coefficients of the numerator are whole."""
    if d == 1:
        return numerator
    if not any(isinstance(atom, Floor) for m in numerator.parts for atom in m):
        return floor_of_form(numerator, d)
    quotient = Polynomial({m: c // d for m, c in numerator.parts.items()})
    rest = numerator - quotient.times(d)
    tabulated = _tabulate(rest, d)
    if tabulated is not None:
        return quotient + tabulated
    written = readable(numerator)
    outer = settle(Polynomial({m: c // d for m, c in written.parts.items()}))
    rest = Polynomial({m: c % d for m, c in written.parts.items()})
    collapsed = _collapse(rest, number_of(d))
    return quotient + floor_of_form(rest, d) if collapsed is None else outer + collapsed


def _collapse(numerator: Polynomial, d: Polynomial) -> Polynomial | None:
    """Write ((n//a) + L)//d = (n + a L)//(a d), also where -(n//a) = (-n + a - 1)//a.

    The numerator is a readable one. None if it has not this form.
    """
    floors = [m for m in numerator.parts if any(isinstance(atom, Floor) for atom in m)]
    if len(floors) != 1 or len(floors[0]) != 1:
        return None
    ((floor,),) = floors
    assert isinstance(floor, Floor)
    c = numerator.parts[floors[0]]
    if c not in (1, -1) and c + 1 != d.constant:
        return None
    n = floor.numerator if c == 1 else -floor.numerator + floor.divisor.plus(-1)
    rest = numerator - Polynomial({(floor,): c})
    collapsed = floor_divide(n + floor.divisor * rest, floor.divisor * d)
    # A coefficient d - 1 stands for -1 and one whole multiple.
    return collapsed if c in (1, -1) else collapsed + settle(Polynomial({(floor,): 1}))


def settle(written: Polynomial) -> Polynomial:
    """Write each floor of a readable polynomial in the basis again."""
    sums = []
    for monomial, c in written.parts.items():
        term = number_of(c)
        for atom in monomial:
            if isinstance(atom, Floor):
                term = term * floor_divide(atom.numerator, atom.divisor)
            else:
                term = term * polynomial_of(atom)
        sums.append(term)
    return total(sums)


def _tabulate(numerator: Polynomial, d: int) -> Polynomial | None:
    """Write numerator // d by its table, if it has one symbol only and a short period."""
    symbols = numerator.symbols()
    if len(symbols) != 1:
        return None
    (symbol,) = symbols
    inner = 1
    rise = Fraction(0)
    for monomial, c in numerator.parts.items():
        if len(monomial) > 1 or (monomial and isinstance(monomial[0], Least)):
            return None
        if monomial and isinstance(monomial[0], Floor):
            divisor = monomial[0].divisor.constant
            if divisor is None or not set(monomial[0].numerator.parts) <= {(symbol,), ONE}:
                return None
            inner = lcm(inner, int(divisor))
            rise += Fraction(c) / divisor
        elif monomial:
            rise += c
    risen = int(rise * inner)
    period = inner * d // gcd(d, risen)
    if period > LONGEST_PERIOD:
        return None
    values: list[Coefficient] = [_at(numerator, x) // d for x in range(period)]
    return periodic(polynomial_of(symbol), values, risen * (period // inner) // d)


def _at(line: Polynomial, x: int) -> int:
    """Evaluate a sum of one symbol and its waves."""
    result = 0
    for monomial, c in line.parts.items():
        if not monomial:
            result += int(c)
        elif isinstance(monomial[0], Floor):
            wave = monomial[0]
            result += int(c) * ((x + int(wave.numerator.offset)) // int(wave.divisor.offset))
        else:
            result += int(c) * x
    return result


def _by_size(numerator: Polynomial, divisor: Polynomial) -> Polynomial:
    scale = lcm(numerator.denominator, divisor.denominator)
    numerator, divisor = numerator.times(scale), divisor.times(scale)
    quotient, rest = _quotient(numerator, divisor)
    if not rest.parts:
        return quotient
    if never_negative(rest) and never_negative(divisor - rest.plus(1)):
        return quotient
    if never_negative(-rest.plus(1)) and never_negative(rest + divisor):
        return quotient.plus(-1)
    rest, divisor = _reduced(rest, divisor)
    if divisor.constant is not None:
        return quotient + floor_divide(rest, divisor)
    collapsed = _collapse(readable(rest), divisor)
    return quotient + (polynomial_of(Floor(rest, divisor)) if collapsed is None else collapsed)


def _quotient(numerator: Polynomial, divisor: Polynomial) -> tuple[Polynomial, Polynomial]:
    """Pull whole multiples of the divisor out of the numerator, by its leading monomial."""
    return _long_division(numerator, divisor, lambda a, b: a // b)


def exact_quotient(numerator: Polynomial, divisor: Polynomial) -> tuple[Polynomial, Polynomial]:
    """Divide with rational coefficients: (quotient, rest)."""
    return _long_division(numerator, divisor, lambda a, b: Fraction(a) / b)


def _long_division(
    numerator: Polynomial,
    divisor: Polynomial,
    divide: Callable[[Coefficient, Coefficient], Coefficient],
) -> tuple[Polynomial, Polynomial]:
    lead = max(divisor.parts, key=monomial_order)
    by = divisor.parts[lead]
    quotient, rest = number_of(0), numerator
    while True:
        for monomial in sorted(rest.parts, key=monomial_order, reverse=True):
            left = without(monomial, lead)
            if left is not None and (multiple := divide(rest.parts[monomial], by)):
                step = Polynomial({left: multiple})
                quotient, rest = quotient + step, rest - step * divisor
                break
        else:
            return quotient, rest


def _reduced(numerator: Polynomial, divisor: Polynomial) -> tuple[Polynomial, Polynomial]:
    """Divide both by their common numbers and by the symbols >= 1 that are in every monomial."""
    common = gcd(*(int(c) for p in (numerator, divisor) for c in p.parts.values()))
    numerator, divisor = (p.times(Fraction(1, common)) for p in (numerator, divisor))
    monomials = [*numerator.parts, *divisor.parts]
    for atom in sorted(
        (a for a in set(monomials[0]) if isinstance(a, Symbol) and a.least >= 1),
        key=lambda a: a.name,
    ):
        while all(atom in m for m in (*numerator.parts, *divisor.parts)):
            numerator, divisor = (
                Polynomial({_drop(m, atom): c for m, c in p.parts.items()})
                for p in (numerator, divisor)
            )
    return numerator, divisor


def _drop(monomial: Monomial, atom: Symbol) -> Monomial:
    left = without(monomial, (atom,))
    assert left is not None
    return left
