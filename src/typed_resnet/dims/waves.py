"""Floors of whole linear forms by a number, each written in one way.

A form here is a polynomial with whole coefficients whose monomials are taken as independent
integers, so that every law below holds whatever they stand for. Take (form + s)//d.

*Multiples out.* Coefficients and s are reduced to 0 .. d-1, common factors of d and of all
coefficients are divided out: (2H + 2W + 1)//4 is (H + W)//2.

*One form for each cyclic group.* Modulo d the forms u·form, u a unit, have the same residues;
of these the smallest, t, stands for all. With form ≡ w·t the floor is a function of t alone,
a straight line plus steps: the sum over j of (g(j+1) - g(j)) times (t + d-1-j)//d, where
g(t) = (w·t + s)//d. What remains are the waves (t + s)//d, 0 <= s < d.

*A basis of the waves.* For each prime p that divides d,

    the sum over j < p of (t + s + j·d/p)//d  =  (t + s)//(d/p)         (Hermite)

and of the p waves on the left the one whose s has the digit 1 at the top, in base p and modulo
the largest power of p in d, is written by the others. (For p = 2 this keeps H//2 and writes
⌈H/2⌉ as H - H//2; for odd p it keeps both H//p and ⌈H/p⌉.)

Why what is left is unique, for monomials that are independent: a sum of waves is a linear part
plus a function of the residues. Its Fourier coefficient at the character e(t/d) is a non-zero
number (that of the sawtooth) times the sum of c_s ζ^s with ζ = e(1/d), and no other pair (t, d)
reaches this character, or its conjugates, except the multiples of d that the recursion has
already taken down to smaller divisors: distinct pairs generate distinct cyclic groups of
characters. The ζ^s that are kept are a basis of the field Q(ζ) (the products, over the primes,
of the bases of Q(ζ_{p^k}) that leave out one digit), so each c_s is determined; so then is the
linear part.
"""

import operator
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from functools import cache, lru_cache
from math import gcd, prod
from typing import Final

from .polynomial import (
    ONE,
    Coefficient,
    Floor,
    Monomial,
    Polynomial,
    monomial_order,
    number_of,
)

Form = tuple[int, ...]
LARGEST_DIVISOR: Final = 1 << 12
MOST_WAVES: Final = 64
"""A floor by a larger number, or of more waves, keeps the form it has."""
MOST_STEPS: Final = 48
_LONGEST_WAVE: Final = 46
ALWAYS_UNIQUE: Final = 52
"""Floors by no larger numbers are always written in waves of the smallest generator of their
group. By a larger one, a floor may keep a form that others of its group do not have."""


@lru_cache(maxsize=1 << 14)
def floor_of_form(form: Polynomial, d: int) -> Polynomial:
    """Write form // d in the basis; the form's coefficients are whole."""
    parts: dict[Monomial, Coefficient] = {}
    variables = {m: int(c) for m, c in form.parts.items() if m}
    _add_floors(parts, variables, {int(form.offset): 1}, d)
    return Polynomial(parts)


def _add_floors(
    parts: dict[Monomial, Coefficient],
    form: Mapping[Monomial, int],
    shifts: Mapping[int, Coefficient],
    d: int,
) -> None:
    """Add (form + s)//d in the basis for each shift s, so many times each.

    All that they share is computed once, and a form has very many of them.
    """
    times = sum(shifts.values())
    rest: dict[Monomial, int] = {}
    for monomial, coefficient in form.items():
        quotient, residue = divmod(coefficient, d)
        _add(parts, monomial, times * quotient)
        if residue:
            rest[monomial] = residue
    _add(parts, ONE, sum(c * (s // d) for s, c in shifts.items()))
    if not rest:
        return
    common = gcd(d, *rest.values())
    variables = sorted(rest, key=monomial_order)
    residues = tuple(rest[monomial] // common for monomial in variables)
    reduced = [(s % d // common, c) for s, c in shifts.items()]
    d //= common
    t, w = generator(residues, d)
    in_waves = _has_basis(d) and _takes_few_waves(w, d)
    if not in_waves:
        t, w = _smallest_coefficients(residues, d)
    w = _centred(w, d)
    # Along t the floor is a line, of slope 0 or 1, and few steps.
    for monomial, residue, u in zip(variables, residues, t, strict=True):
        _add(parts, monomial, times * ((residue - w * u) // d))
    waves: dict[int, Coefficient] = {}
    for shift, c in reduced:
        for j, sign in crossings(w, shift, d):
            waves[d - 1 - j] = waves.get(d - 1 - j, 0) + sign * c
    form_t = dict(zip(variables, t, strict=True))
    if in_waves:
        _add_basis(parts, form_t, waves, d)
    else:
        _add_themselves(parts, form_t, waves, d)


def _add_basis(
    parts: dict[Monomial, Coefficient],
    t: Mapping[Monomial, int],
    waves: dict[int, Coefficient],
    d: int,
) -> None:
    """Add (t + s)//d in the basis, for t the generator of its group and 0 <= s < d."""
    for p, power in prime_powers(d):
        step = d // p
        inside: dict[int, Coefficient] = {}
        for s in [s for s in waves if s % power // (power // p) == 1]:
            c = waves.pop(s)
            inside[s % step] = inside.get(s % step, 0) + c
            for other in range(s % step, d, step):
                if other != s:
                    waves[other] = waves.get(other, 0) - c
        if inside:
            _add_floors(parts, t, inside, step)
    _add_themselves(parts, t, waves, d)


def _add_themselves(
    parts: dict[Monomial, Coefficient],
    t: Mapping[Monomial, int],
    waves: Mapping[int, Coefficient],
    d: int,
) -> None:
    form = tuple(t.items())
    for s, c in waves.items():
        if c:
            _add(parts, floor_monomial(form, s, d), c)


@lru_cache(maxsize=1 << 14)
def floor_monomial(form: tuple[tuple[Monomial, int], ...], s: int, d: int) -> Monomial:
    """Make the one floor (form + s)//d, as it is."""
    return (Floor(Polynomial({**dict(form), ONE: s}), number_of(d)),)


def _add(parts: dict[Monomial, Coefficient], monomial: Monomial, c: Coefficient) -> None:
    if c:
        parts[monomial] = parts.get(monomial, 0) + c


def _centred(w: int, d: int) -> int:
    return w - d if 2 * w > d else w


def crossings(w: int, shift: int, d: int) -> Iterator[tuple[int, int]]:
    """List the j < d at which (w j + shift)//d steps up or down to its next value, |w| < d."""
    yield from ((-(-(k * d - shift) // w) - 1, 1) for k in range(1, w + 1))
    yield from (((shift - k * d) // -w, -1) for k in range(0, w, -1))


def _length(s: int, d: int) -> int:
    """Count the waves by d that (t + s)//d is in the basis."""
    return prod(p - 1 for p, power in prime_powers(d) if s % power // (power // p) == 1)


@cache
def _takes_few_waves(w: int, d: int) -> bool:
    """Say whether (w j + s)//d is few waves, in the mean over all s: one s is as the others."""
    in_the_mean = prod(Fraction(2 * (p - 1), p) for p, _ in prime_powers(d))
    return abs(_centred(w, d)) * in_the_mean <= MOST_WAVES


def is_written(residues: Form, d: int) -> bool:
    """Say whether (residues + s)//d is written in waves, and not as itself, whatever s is."""
    common = gcd(d, *residues)
    d //= common
    if not _has_basis(d):
        return False
    _, w = generator(tuple(c // common % d for c in residues), d)
    return _takes_few_waves(w, d)


@lru_cache(maxsize=1 << 14)
def is_wave(floor: Floor) -> bool:
    """Say whether a floor is of the basis."""
    d = floor.divisor.constant
    if d is None or not _has_basis(int(d)):
        return False
    form, shift = floor.numerator.plus(-floor.numerator.offset), int(floor.numerator.offset)
    residues = tuple(int(form.parts[m]) for m in sorted(form.parts, key=monomial_order))
    return generator(residues, int(d)) == (residues, 1) and _length(shift, int(d)) == 1


@lru_cache(maxsize=1 << 12)
def generator(residues: Form, d: int) -> tuple[Form, int]:
    """Find the t that stands for the residues, and w with w·t = residues.

    It is the smallest of the multiples by units or, where that would take very many steps, of the
    two by 1 and -1. The residues have no factor in common with d, all together; none is 0.
    """
    t, u = smallest_multiple(residues, d)
    w = pow(u, -1, d)
    if abs(_centred(w, d)) <= (MOST_STEPS if len(residues) == 1 else MOST_STEPS // 2):
        return t, w
    return _nearest(residues, d)


def smallest_multiple(residues: Form, d: int) -> tuple[Form, int]:
    """Find the smallest of the multiples by units modulo d, and the unit."""
    first = gcd(residues[0], d)
    period = d // first
    start = pow(residues[0] // first, -1, period)
    units = (u for u in range(start, d, period) if gcd(u, d) == 1)
    return min((tuple(u * residue % d for residue in residues), u) for u in units)


def _nearest(residues: Form, d: int) -> tuple[Form, int]:
    return min((residues, 1), (tuple(-residue % d for residue in residues), d - 1))


def _smallest_coefficients(residues: Form, d: int) -> tuple[Form, int]:
    """Write residues, or their negatives, with few minus signs: (H - W)//53, and not 52*W."""
    choices = ((tuple(_centred(u * c % d, d) for c in residues), u) for u in (1, d - 1))
    return min(choices, key=lambda form: (sum(c < 0 for c in form[0]), [-c for c in form[0]]))


@cache
def _has_basis(d: int) -> bool:
    """Say whether no wave by d takes too many others, whatever its s is.

    So of the floors to which Hermite's law applies all are waves, or none is (see `merged`).
    """
    return d <= LARGEST_DIVISOR and prod(p - 1 for p, _ in prime_powers(d)) <= _LONGEST_WAVE


@cache
def prime_powers(d: int) -> tuple[tuple[int, int], ...]:
    """List (p, p^k) for the primes p of d, p^k being the largest power that divides d."""
    found, p = [], 2
    while d > 1:
        power = 1
        while d % p == 0:
            d, power = d // p, power * p
        if power > 1:
            found.append((p, power))
        p += 1
    return tuple(found)


def merged(size: Polynomial) -> Polynomial:
    """Write floors that are no waves as one, where Hermite's law says so."""
    return by_hermites_law(size, lambda floor: not is_wave(floor), floor_of_form)


def by_hermites_law(
    size: Polynomial,
    takes: Callable[[Floor], bool],
    write: Callable[[Polynomial, int], Polynomial],
) -> Polynomial:
    """Write p floors by d, of those that it takes, as one by d/p, as that is written."""
    floors = [(m[0], c) for m, c in size.parts.items() if len(m) == 1 and isinstance(m[0], Floor)]
    if len(floors) == 1:
        return size
    kept: dict[tuple[Polynomial, Polynomial], dict[int, Coefficient]] = {}
    for floor, c in floors:
        if takes(floor):
            shift = int(floor.numerator.offset)
            kept.setdefault((floor.numerator.plus(-shift), floor.divisor), {})[shift] = c
    for (form, divisor), shifts in kept.items():
        d = int(divisor.constant or 0)
        for p in (p for p in range(len(shifts), 1, -1) if d and d % p == 0):
            step = d // p
            for first, c in shifts.items():
                places = range(first, first + d, step)
                if all(shifts.get(s) == c for s in places):
                    some = Polynomial({(Floor(form.plus(s), divisor),): c for s in places})
                    one = write(form.plus(first), step).times(c)
                    return by_hermites_law(size - some + one, takes, write)
    return size


def periodic(t: Polynomial, values: list[Coefficient], rise: Coefficient) -> Polynomial:
    """Write the f with f(0 .. M-1) = values and f(t + M) = f(t) + rise in the basis."""
    d = len(values)
    steps = list(map(operator.sub, [*values[1:], values[0] + rise], values))
    slope = Counter(steps).most_common(1)[0][0]
    waves = {d - 1 - j: step - slope for j, step in enumerate(steps) if step != slope}
    parts: dict[Monomial, Coefficient] = {ONE: values[0]}
    for monomial, c in t.parts.items():
        _add(parts, monomial, slope * c)
    _add_floors(parts, {m: int(c) for m, c in t.parts.items()}, waves, d)
    return Polynomial(parts)
