"""Floors: of anything by a number, and by a size.

Whole multiples of the divisor come out of the numerator, floors of floors collapse, and floors of
one symbol are written by their values (see `one_symbol`). The rest are waves (see `waves`), whose
variables may be anything whole: products, minima, other floors.
"""

from collections.abc import Callable
from fractions import Fraction
from functools import lru_cache
from math import gcd, inf, lcm

from .bounds import bounds_of, never_negative
from .one_symbol import (
    LONGEST_PERIOD,
    LONGEST_TABLE,
    from_values,
    only_symbol,
    start_and_period,
    values_of,
)
from .polynomial import (
    Coefficient,
    Floor,
    Least,
    Polynomial,
    monomial_order,
    number_of,
    over,
    polynomial_of,
    total,
    without,
)
from .staircase import readable
from .term import Symbol, Undefined
from .waves import floor_of_form


@lru_cache(maxsize=1 << 14)
def floor_divide(numerator: Polynomial, divisor: Polynomial) -> Polynomial:
    """Write numerator // divisor, for a divisor >= 1.

    Raises:
        Undefined: for a divisor that is a number <= 0.
    """
    d = divisor.constant
    if d is not None and d <= 0:
        raise Undefined(f"division by {d}")
    if d is None:
        return _by_size(numerator, divisor)
    numerator, d = numerator.times(d.denominator), d.numerator
    scale = numerator.denominator
    return _by_number(numerator.times(scale), d * scale)


def ceiling_divide(numerator: Polynomial, divisor: Polynomial) -> Polynomial:
    """Write the smallest whole number >= numerator / divisor, both being whole."""
    return floor_divide(numerator + divisor.plus(-1), divisor)


def never_whole(size: Polynomial) -> bool:
    """Say whether the size is a fraction whatever its symbols are: C + 1/2."""
    q = size.denominator
    if q == 1:
        return False
    whole = [int(c * q) for m, c in size.parts.items() if m]
    return int(size.offset * q) % gcd(q, *whole) != 0


def _by_number(numerator: Polynomial, d: int) -> Polynomial:
    """Write numerator // d, where the coefficients of the numerator are whole."""
    if d == 1:
        return numerator
    if all(isinstance(atom, Symbol) for m in numerator.parts for atom in m):
        return floor_of_form(numerator, d)
    quotient = Polynomial({m: c // d for m, c in numerator.parts.items()})
    rest = numerator - quotient.times(d)
    # Residues of the smallest size make the fewest steps: -⌈H/2⌉, not 6⌈H/2⌉, modulo 7.
    nearest = Polynomial({m: (2 * c + d) // (2 * d) for m, c in numerator.parts.items()})
    tabulated = _tabulate(numerator - nearest.times(d), d)
    if tabulated is not None:
        return nearest + tabulated
    if any(isinstance(atom, Least) for atom in numerator.atoms()):
        low, high = bounds_of(numerator)
        if -inf < low and low // d == high // d:
            return number_of(int(low // d))
    written = readable(numerator)
    outer = settle(Polynomial({m: c // d for m, c in written.parts.items()}))
    collapsed = _collapse(Polynomial({m: c % d for m, c in written.parts.items()}), number_of(d))
    if collapsed is not None:
        return outer + collapsed
    # The basis may name other floors of floors, which may be simpler.
    waves = floor_of_form(rest, d)
    same = {Floor(size, number_of(d)) for size in (rest, numerator)}
    return quotient + (waves if same & waves.atoms() else settle(waves))


def _collapse(numerator: Polynomial, d: Polynomial) -> Polynomial | None:
    """Write ((n//a) + L)//d = (n + a L)//(a d), also where -(n//a) = (-n + a - 1)//a.

    The numerator is a readable one. None if it has not this form, or where d is a size and L is
    not a number: a window on ⌈H/2⌉ stays (⌈H/2⌉ + 2P - K)//S + 1.
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
    if d.constant is None and rest.constant is None:
        return None
    if d.constant is not None and floor.divisor.constant is None:
        return None  # ⌈H/S⌉ is one whole number, of which there are waves
    collapsed = floor_divide(n + floor.divisor * rest, floor.divisor * d)
    # A coefficient d - 1 stands for -1 and one whole multiple.
    return collapsed if c in (1, -1) else collapsed + settle(Polynomial({(floor,): 1}))


def settle(written: Polynomial) -> Polynomial:
    """Write each floor of a readable polynomial in the basis again."""
    sums = []
    for monomial, c in written.parts.items():
        term = number_of(c)
        for atom in monomial:
            term = term * (
                floor_divide(atom.numerator, atom.divisor)
                if isinstance(atom, Floor)
                else polynomial_of(atom)
            )
        sums.append(term)
    return total(sums)


def _tabulate(numerator: Polynomial, d: int) -> Polynomial | None:
    """Write numerator // d by its values, if it has one symbol only and does not get long."""
    symbol = only_symbol(numerator)
    if symbol is None:
        return None
    start, period, slope = start_and_period(numerator, symbol)
    period *= d // gcd(d, int(slope * period))
    if period > LONGEST_PERIOD or start > LONGEST_TABLE:
        return None
    values = values_of(numerator, symbol, start + period - symbol.least)
    rise = int(slope * period) // d
    return from_values([value // d for value in values], symbol, start, rise)


def single_floor(size: Polynomial) -> Floor | None:
    """Write n//d + rest as (n + d rest)//d, and rest - n//d as (d rest - n + d - 1)//d.

    None if the size is not of this form.
    """
    written = readable(size)
    floors = [m for m in written.parts if any(isinstance(atom, Floor) for atom in m)]
    if len(floors) != 1 or len(floors[0]) != 1 or written.parts[floors[0]] not in (1, -1):
        return None
    if any(isinstance(atom, Least) for atom in written.atoms()):
        return None  # floors of minima of minima are long
    (floor_,) = floors[0]
    assert isinstance(floor_, Floor)
    sign = written.parts[floors[0]]
    n, d = floor_.numerator, floor_.divisor
    if sign < 0:
        n = -n + d.plus(-1)
    return Floor(n + d * (written - polynomial_of(floor_).times(sign)), d)


def _by_size(numerator: Polynomial, divisor: Polynomial) -> Polynomial:
    scale = lcm(numerator.denominator, divisor.denominator)
    numerator, divisor = numerator.times(scale), divisor.times(scale)
    quotient, rest = whole_multiples(numerator, divisor)
    if not rest.parts:
        return quotient
    if never_negative(rest) and never_negative(divisor - rest.plus(1)):
        return quotient
    if never_negative(-rest.plus(1)) and never_negative(rest + divisor):
        return quotient.plus(-1)
    rest, divisor = reduced(rest, divisor)
    if divisor.constant is not None:
        return quotient + floor_divide(rest, divisor)
    number = gcd(*map(int, divisor.parts.values()))
    if number > 1:
        # n//(k d) = (n//d)//k
        by_size = floor_divide(rest, divisor.times(Fraction(1, number)))
        return quotient + floor_divide(by_size, number_of(number))
    collapsed = _collapse(readable(rest), divisor)
    if collapsed is not None:
        return quotient + collapsed
    if rest.offset == -1:
        # (n - 1)//d is one less than ⌈n/d⌉.
        quotient, rest = quotient.plus(-1), rest + divisor
    return quotient + polynomial_of(Floor(rest, divisor))


def whole_multiples(numerator: Polynomial, divisor: Polynomial) -> tuple[Polynomial, Polynomial]:
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


def reduced(numerator: Polynomial, divisor: Polynomial) -> tuple[Polynomial, Polynomial]:
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
                Polynomial({over(m, atom): c for m, c in p.parts.items()})
                for p in (numerator, divisor)
            )
    return numerator, divisor
