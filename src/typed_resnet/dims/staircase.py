"""Sums of waves, written for people: `⌈H/2⌉` where the basis says H - H//2.

What is printed is a function of the basis alone, so two sizes print alike exactly when they are
equal there.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import combinations
from typing import Final

from .polynomial import (
    ONE,
    Coefficient,
    Floor,
    Monomial,
    Polynomial,
    magnitude,
    monomial_order,
    number_of,
    product,
    without,
)
from .waves import LARGEST_DIVISOR, Form, generator

Group = tuple[Form, int]
"""The generator t of a cyclic group, by its coefficients, and the divisor d."""
Line = dict[Monomial, Coefficient]

_MOST_WORK: Final = 1 << 11


@lru_cache(maxsize=1 << 12)
def readable(polynomial: Polynomial) -> Polynomial:
    """Write the waves of each set of variables with as few floors as we find."""
    families = {family for atom in polynomial.atoms() if (family := _family(atom)) is not None}
    for family in sorted(families, key=lambda ms: (len(ms), *map(monomial_order, ms))):
        polynomial = _readable_in(polynomial, family)
    return polynomial


def _family(atom: object) -> tuple[Monomial, ...] | None:
    """List the variables of a wave."""
    if isinstance(atom, Floor) and 0 < (atom.divisor.constant or 0) <= LARGEST_DIVISOR:
        return tuple(sorted((m for m in atom.numerator.parts if m), key=monomial_order))
    return None


def _readable_in(polynomial: Polynomial, family: tuple[Monomial, ...]) -> Polynomial:
    """Rewrite, for each cofactor, the sum of what it multiplies: waves and variables."""
    waves: dict[Monomial, dict[Group, dict[int, Coefficient]]] = {}
    for monomial, coefficient in polynomial.parts.items():
        mine = [atom for atom in monomial if _family(atom) == family]
        if len(mine) == 1:
            (atom,) = mine
            assert isinstance(atom, Floor)
            t = tuple(int(atom.numerator.parts[variable]) for variable in family)
            group = (t, int(atom.divisor.offset))
            cofactor = without(monomial, (atom,))
            assert cofactor is not None
            groups = waves.setdefault(cofactor, {})
            groups.setdefault(group, {})[int(atom.numerator.offset)] = coefficient
    parts = dict(polynomial.parts)
    for cofactor in sorted(waves, key=monomial_order):
        groups = waves[cofactor]
        for (t, d), shifts in groups.items():
            for s in shifts:
                del parts[product(cofactor, (_floor(family, t, s, d),))]
        line = {m: parts.pop(product(cofactor, m), 0) for m in family}
        for monomial, coefficient in _stairs(groups, line, family):
            both = product(cofactor, monomial)
            parts[both] = parts.get(both, 0) + coefficient
    return Polynomial(parts)


def _floor(family: tuple[Monomial, ...], t: Iterable[int], s: int, d: int) -> Floor:
    return Floor(Polynomial({**dict(zip(family, t, strict=True)), ONE: s}), number_of(d))


@dataclass(frozen=True)
class _Stair:
    """A line plus c times (t + s)//d for each (s, c)."""

    t: Form
    d: int
    steps: dict[int, Coefficient]
    line: Line
    merged: tuple[Group, ...]
    unmerged: int
    """How many waves are left to write."""

    @property
    def cost(self) -> tuple[Coefficient, ...]:
        lines = [coefficient for coefficient in self.line.values() if coefficient]
        every = [*lines, *self.steps.values()]
        return (
            len(every) + self.unmerged,
            sum(coefficient.denominator > 1 for coefficient in lines),
            sum(coefficient < 0 for coefficient in (*every, *self.t)),
            sum(magnitude(coefficient) for coefficient in every),
            -len(self.merged),
        )


def _stairs(
    groups: Mapping[Group, dict[int, Coefficient]], line: Line, family: tuple[Monomial, ...]
) -> Iterator[tuple[Monomial, Coefficient]]:
    """Write the sum of the waves and the line, the largest divisors first."""
    left = dict(groups)
    while left:
        top = max(left, key=lambda group: (group[1], group[0]))
        stair = min(_candidates(top, left, line, family), key=lambda stair: stair.cost)
        left = {group: shifts for group, shifts in left.items() if group not in stair.merged}
        line = stair.line
        for s, coefficient in stair.steps.items():
            yield (_floor(family, stair.t, s, stair.d),), coefficient
    yield from line.items()


def _candidates(
    top: Group,
    groups: Mapping[Group, dict[int, Coefficient]],
    line: Line,
    family: tuple[Monomial, ...],
) -> Iterator[_Stair]:
    """Merge the top group with each choice of the groups inside it."""
    t, d = top
    inside = sorted(
        (u, e)
        for u, e in groups
        if e < d and d % e == 0 and generator(tuple(c % e for c in t), e)[0] == u
    )
    choices: Iterable[int] = range(len(inside) + 1)
    if d << len(inside) > _MOST_WORK:
        choices = (0, len(inside))
    for size in choices:
        for chosen in combinations(inside, size):
            merged = {group: groups[group] for group in (top, *chosen)}
            unmerged = sum(len(groups[group]) for group in groups if group not in merged)
            for sign in (1, -1) if len(family) > 1 else (1,):
                for stair in _written_by_steps(top, merged, line, sign):
                    yield replace(stair, unmerged=unmerged)


def _written_by_steps(
    top: Group, merged: Mapping[Group, dict[int, Coefficient]], line: Line, sign: int
) -> Iterator[_Stair]:
    """Write the waves by their increments along sign·t.

    An f with f(j + M) = f(j) + rise is a line plus, for each j in 0 .. M-1, the increment
    f(j+1) - f(j) times (t + M-1-j)//M; one of the commonest increments goes into the line.
    """
    t, d = top
    line = dict(line)
    increments: list[Coefficient] = [0] * d
    for (u, e), shifts in merged.items():
        # u = w t + e (a form with whole coefficients), which leaves the floor.
        w = pow(generator(tuple(c % e for c in t), e)[1], -1, e)
        whole = [(a - w * b) // e for a, b in zip(u, t, strict=True)]
        for s, coefficient in shifts.items():
            for variable, multiplicity in zip(line, whole, strict=True):
                line[variable] += coefficient * multiplicity
            if sign * w % e == 1:
                whole_slope = (sign * w - 1) // e * coefficient
                for j in range(d if whole_slope else 0):
                    increments[j] += whole_slope
                for j in range(e - 1 - s, d, e):
                    increments[j] += coefficient
            else:
                for j in range(d):
                    before, after = sign * w * j + s, sign * w * (j + 1) + s
                    increments[j] += coefficient * (after // e - before // e)
    number = Counter(increments)
    commonest = max(number.values())
    for slope in sorted(step for step in number if number[step] == commonest):
        steps = {d - 1 - j: step - slope for j, step in enumerate(increments) if step != slope}
        tilted = {
            variable: line[variable] + slope * sign * c
            for variable, c in zip(line, t, strict=True)
        }
        yield _shifted(
            _Stair(tuple(sign * c for c in t), d, steps, tilted, tuple(merged), 0), sign
        )
    for slope in sorted(number):
        one = _one_floor([step - slope for step in increments])
        if one is not None:
            times, shift, coefficient = one
            tilted = {
                variable: line[variable] + slope * sign * c
                for variable, c in zip(line, t, strict=True)
            }
            yield _Stair(
                tuple(times * sign * c for c in t),
                d,
                {shift: coefficient},
                tilted,
                tuple(merged),
                0,
            )


def _one_floor(steps: list[Coefficient]) -> tuple[int, int, Coefficient] | None:
    """Find u, s and c so that c times (u j + s)//d has these increments: as in (13 j)//31."""
    sizes = {step for step in steps if step}
    if len(sizes) != 1:
        return None
    (size,) = sizes
    d, u = len(steps), sum(1 for step in steps if step)
    least, most, height = 0, d - 1, 0
    for j, step in enumerate(steps):
        least, most = max(least, d * height - u * j), min(most, d * height + d - 1 - u * j)
        height += 1 if step else 0
    if least > most:
        return None
    return u, most if most == d - 1 else least, size


def _shifted(stair: _Stair, sign: int) -> _Stair:
    """Take coefficients modulo d so that the line is simple: (H + 3W)//4 - W is (H - W)//4."""
    if len(stair.steps) > 1 or len(stair.t) == 1:
        return stair
    (step,) = stair.steps.values()
    t, line = list(stair.t), dict(stair.line)
    for place, variable in enumerate(line):
        if magnitude(line[variable] + step * sign) < magnitude(line[variable]):
            t[place] -= sign * stair.d
            line[variable] += step * sign
    return replace(stair, t=tuple(t), line=line)
