"""Sums of floors by numbers, compared with 0 at once, however many floors there are.

A floor is a line less a wave, (t + s)//d = (t + s)/d - ((t + s) mod d)/d, and the wave a sum of
parts, one for each e that divides d: its characters of the order e (see `waves`). Such a part is a
function of t modulo e, and so of the generator of the cyclic group of t. Those of one generator
are added up; of different ones they are independent. So a sum of floors is 0 where the lines
cancel and what is added up for each generator is 0.

The mean of ((t + s) mod d)/d is (d - 1)/2d. For e > 1 a part has the mean 0, and from j = t mod e
to j + 1 it rises by

    1/d times the sum, over the m that divide e, of μ(e/m) m [m divides j + 1 + s].
"""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from functools import cache
from itertools import accumulate
from math import ceil, floor, gcd, lcm, prod
from operator import add
from typing import Final

from .bounds import bounds_of
from .polynomial import ONE, Coefficient, Floor, Monomial, Polynomial, monomial_order
from .waves import Form, prime_powers, smallest_multiple

_LONGEST: Final = 1 << 16
"""Entries of all tables together."""

_FEW_VALUES: Final = 1 << 9

_Line = dict[Monomial, Coefficient]
_Group = tuple[tuple[Monomial, ...], Form, int]
"""Variables, their coefficients in t, and d; t and d have no common factor."""


def is_nought(size: Polynomial) -> bool:
    """Say whether a size is seen to be 0 whatever stands for its variables.

    These are symbols, minima, products and all else that is no floor by a number, each taken for
    any whole number; where there is one alone, of few values, for each of them. Of floors of
    symbols nothing stays unseen, up to a length.
    """
    line, waves = _taken_apart(size)
    unknown = {*line, *(m for group in waves for m in group[0])} - {ONE}
    if len(unknown) == 1:
        (variable,) = unknown
        low, high = bounds_of(Polynomial({variable: 1}))
        if high - low < _FEW_VALUES:
            values = range(ceil(low), floor(high) + 1)
            return not any(_value(size, variable, value) for value in values)
    if any(line.values()) or sum(d for _, _, d in waves) > _LONGEST:
        return False
    scale = lcm(*(c.denominator * d for (_, _, d), one in waves.items() for c in one.values()))
    parts: dict[_Group, list[int]] = {}
    for (variables, t, d), one in waves.items():
        shifts = {s: int(c * scale) // d for s, c in one.items()}
        for e in _divisors(d):
            group, unit = _generator(variables, t, e)
            part, back = list(accumulate(_rises(shifts, e))), pow(unit, -1, e)
            along = [part[j * back % e] for j in range(e)]
            parts[group] = list(map(add, parts[group], along)) if group in parts else along
    return all(len(set(part)) == 1 for part in parts.values())


def _value(size: Polynomial, variable: Monomial, value: int) -> Coefficient:
    """Compute a size whose only variable has a value."""
    total = size.offset
    for monomial, c in size.parts.items():
        if monomial == variable:
            total += c * value
        elif monomial:
            (atom,) = monomial
            assert isinstance(atom, Floor)
            total += c * (_value(atom.numerator, variable, value) // atom.divisor.offset)
    return total


def _taken_apart(size: Polynomial) -> tuple[_Line, dict[_Group, dict[int, Coefficient]]]:
    """Write a size as a line and, for each s, so many times the wave of (t + s)//d."""
    line: _Line = dict(size.parts)
    waves: dict[_Group, dict[int, Coefficient]] = {}
    while most := max(map(_depth, line), default=0):
        # Floors in floors are the variables of these, and come after them.
        for monomial in [monomial for monomial in line if _depth(monomial) == most]:
            c = line.pop(monomial)
            form, s, d = _form_of(monomial)
            shifts = waves.setdefault((tuple(form), tuple(form.values()), d), {})
            shifts[s] = shifts.get(s, 0) + c
            for variable, slope in form.items():
                line[variable] = line.get(variable, 0) + Fraction(c * slope, d)
            line[ONE] = line.get(ONE, 0) + Fraction(c * (2 * s - d + 1), 2 * d)
    return line, waves


def _depth(monomial: Monomial) -> int:
    """Say how many floors by numbers stand in each other; 0 where it is none."""
    if len(monomial) != 1:
        return 0
    (atom,) = monomial
    if not isinstance(atom, Floor) or atom.divisor.constant is None:
        return 0
    return 1 + max(map(_depth, atom.numerator.parts), default=0)


def _form_of(monomial: Monomial) -> tuple[dict[Monomial, int], int, int]:
    """Write a floor as t, s and d, without common factors of t and d."""
    (atom,) = monomial
    assert isinstance(atom, Floor)
    d, s = int(atom.divisor.offset), int(atom.numerator.offset)
    form = {m: int(c) for m, c in atom.numerator.parts.items() if m}
    common = gcd(d, *form.values())
    variables = sorted(form, key=monomial_order)
    return {m: form[m] // common for m in variables}, s // common, d // common


def _generator(variables: Sequence[Monomial], t: Form, e: int) -> tuple[_Group, int]:
    """Find the generator that stands for t modulo e, and the unit that makes it of t."""
    some = [(m, c % e) for m, c in zip(variables, t, strict=True) if c % e]
    generator, unit = smallest_multiple(tuple(c for _, c in some), e)
    return (tuple(m for m, _ in some), generator, e), unit


def _rises(shifts: Mapping[int, int], e: int) -> list[int]:
    """Say by how much the part of order e rises to j = 0 .. e-1, each shift so many times."""
    rises = [0] * e
    for m in _divisors(e, least=1):
        if sign := _moebius(e // m):
            times = [0] * m
            for s, c in shifts.items():
                times[-s % m] += sign * m * c
            rises = list(map(add, rises, times * (e // m)))
    return rises


@cache
def _divisors(d: int, least: int = 2) -> list[int]:
    found = [1]
    for p, power in prime_powers(d):
        powers = [1]
        while powers[-1] < power:
            powers.append(p * powers[-1])
        found = [m * q for m in found for q in powers]
    return sorted(m for m in found if m >= least)


@cache
def _moebius(n: int) -> int:
    return prod(-1 if p == power else 0 for p, power in prime_powers(n))
