"""Sums of waves, written for people: `⌈H/2⌉` where the basis says H - H//2.

What is printed is a function of the basis alone, so two sizes print alike exactly when they are
equal there.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import chain, combinations
from typing import Final, NamedTuple

from .polynomial import (
    ONE,
    Atom,
    Coefficient,
    Floor,
    Monomial,
    Polynomial,
    magnitude,
    monomial_order,
    over,
    product,
)
from .waves import Form, crossings, floor_monomial, generator, is_wave, is_written

Group = tuple[Form, int]
"""The generator t of a cyclic group, by its coefficients, and the divisor d."""
Groups = dict[Group, dict[int, Coefficient]]
"""Waves by the form and the divisor, then by s of (t + s)//d: how many times each counts."""
Waves = tuple[tuple[Group, tuple[tuple[int, Coefficient], ...]], ...]
"""The same, to be remembered."""
Line = dict[int, Coefficient]
"""A coefficient for each variable, by its place in the family."""

_MOST_WORK: Final = 1 << 11
_TWO: Final = 2


@lru_cache(maxsize=1 << 12)
def readable(polynomial: Polynomial) -> Polynomial:
    """Write the waves of each set of variables with as few floors as we find."""
    families = {family for atom in polynomial.atoms() if (family := _family(atom)) is not None}
    for family in sorted(families, key=lambda ms: (-len(ms), *map(monomial_order, ms))):
        polynomial = _readable_in(polynomial, family)
    return polynomial


@lru_cache(maxsize=1 << 14)
def _family(atom: Atom) -> tuple[Monomial, ...] | None:
    """List the variables of a wave."""
    if isinstance(atom, Floor) and is_wave(atom):
        return tuple(sorted((m for m in atom.numerator.parts if m), key=monomial_order))
    return None


def _readable_in(polynomial: Polynomial, family: tuple[Monomial, ...]) -> Polynomial:
    """Rewrite, for each cofactor, the sum of what it multiplies: waves and variables.

    Waves of some of the variables are merged with those of all, where that is shorter.
    """
    found: list[tuple[Monomial, Coefficient, Floor, Monomial]] = []
    parts: dict[Monomial, Coefficient] = {}
    for monomial, c in polynomial.parts.items():
        mine = [atom for atom in monomial if (of := _family(atom)) and set(of) <= set(family)]
        if len(mine) == 1:
            (atom,) = mine
            assert isinstance(atom, Floor)
            found.append((monomial, c, atom, over(monomial, atom) if len(monomial) > 1 else ONE))
        else:
            parts[monomial] = c
    # C·(C//2) may be a variable, too: then it is not taken for a wave that C multiplies.
    cofactors = {cofactor for _, _, atom, cofactor in found if _family(atom) == family}
    variables = {product(cofactor, variable) for cofactor in cofactors for variable in family}
    waves: dict[Monomial, Groups] = {}
    known: dict[tuple[Form, int, int], Monomial] = {}
    for monomial, c, atom, cofactor in found:
        if monomial in variables:
            parts[monomial] = c
            continue
        form, d = atom.numerator.parts, int(atom.divisor.offset)
        t, s = tuple([int(form.get(m, 0)) for m in family]), int(form.get(ONE, 0))
        waves.setdefault(cofactor, {}).setdefault((t, d), {})[s] = c
        known[t, s, d] = (atom,)
    for cofactor in sorted(waves, key=monomial_order):
        groups = tuple((group, tuple(shifts.items())) for group, shifts in waves[cofactor].items())
        along = [product(cofactor, m) for m in family]
        steps, line = _stairs(groups, tuple(parts.pop(both, 0) for both in along))
        floors = (
            product(cofactor, known.get((t, s, d)) or _floor(family, t, s, d))
            for t, s, d, _ in steps
        )
        written = zip(chain(floors, along), (*(step[-1] for step in steps), *line), strict=True)
        for both, coefficient in written:
            parts[both] = parts.get(both, 0) + coefficient
    return Polynomial(parts)


def _floor(family: Sequence[Monomial], t: Form, s: int, d: int) -> Monomial:
    return floor_monomial(tuple(zip(family, t, strict=True)), s, d)


class _Stair(NamedTuple):
    """A line plus c times (t + s)//d for each (s, c)."""

    t: Form
    d: int
    steps: dict[int, Coefficient]
    line: Line
    merged: tuple[Group, ...]
    unmerged: int
    """How many waves are left to write."""

    @property
    def floors(self) -> int:
        return len(self.steps) + self.unmerged

    @property
    def cost(self) -> tuple[Coefficient, ...]:
        lines = [coefficient for coefficient in self.line.values() if coefficient]
        every = [*lines, *self.steps.values()]
        return (
            self.floors,
            len(lines),
            sum(coefficient.denominator > 1 for coefficient in lines),
            sum(coefficient < 0 for coefficient in (*every, *self.t)),
            sum(magnitude(coefficient) for coefficient in every),
            -len(self.merged),
        )


@lru_cache(maxsize=1 << 13)
def _stairs(
    waves: Waves, line: tuple[Coefficient, ...]
) -> tuple[Sequence[tuple[Form, int, int, Coefficient]], Sequence[Coefficient]]:
    """Write the sum of the waves of all variables and the line, the largest divisors first.

    That is a list of t, s, d and c of c times (t + s)//d, and another line. The same waves stand
    beside different numbers, minima and other variables, so it is remembered what was found.
    """
    left: Groups = {group: dict(shifts) for group, shifts in waves}
    steps: list[tuple[Form, int, int, Coefficient]] = []
    rest = dict(enumerate(line))
    while whole := [group for group in left if all(group[0])]:
        top = max(whole, key=lambda group: (group[1], group[0]))
        stair = _best(top, left, rest)
        left = {group: shifts for group, shifts in left.items() if group not in stair.merged}
        rest = stair.line
        steps += [(stair.t, s, stair.d, coefficient) for s, coefficient in stair.steps.items()]
    for (t, d), shifts in left.items():
        steps += [(t, s, d, coefficient) for s, coefficient in shifts.items()]
    return steps, [*rest.values()]


def _best(top: Group, groups: Groups, line: Line) -> _Stair:
    """Merge the top group with some of the groups inside it; or leave it as it is."""
    t, d = top
    others = sum(len(shifts) for group, shifts in groups.items() if group != top)
    best = _Stair(t, d, groups[top], line, (top,), others)
    for merged in sorted(_mergers(top, groups, line), key=lambda merged: merged.fewest):
        if merged.fewest > best.floors:
            break
        for stair in merged.stairs():
            # To write one takes longer than to count its floors.
            if stair.floors <= best.floors:
                simplest = _simplest(stair)
                if simplest.cost < best.cost and is_written(simplest.t, simplest.d):
                    best = simplest
    return best


def _mergers(top: Group, groups: Groups, line: Line) -> "Iterator[_Merged]":
    t, d = top
    inside = sorted((u, e) for u, e in groups if e < d and d % e == 0 and _is_inside(u, e, top))
    along = {group: _along(top, group, groups[group]) for group in (top, *inside)}
    choices: Iterable[int] = range(len(inside) + 1)
    if d << len(inside) > _MOST_WORK:
        choices = (0, len(inside))
    for size in choices:
        for chosen in combinations(inside, size):
            merged = (top, *chosen)
            unmerged = sum(len(groups[group]) for group in groups if group not in merged)
            lines = zip(*(along[group][0] for group in merged), strict=True)
            more = {m: c + sum(parts) for (m, c), parts in zip(line.items(), lines, strict=True)}
            steps = zip(*(along[group][1] for group in merged), strict=True)
            increments: list[Coefficient] = [sum(step) for step in steps]
            yield _Merged(t, merged, more, increments, unmerged)


def _is_inside(u: Form, e: int, top: Group) -> bool:
    return _generator(top[0], e)[0] == u


class _Merged(NamedTuple):
    """Waves by their increments along t.

    An f with f(j + M) = f(j) + rise is a line plus, for each j in 0 .. M-1, the increment
    f(j+1) - f(j) times (t + M-1-j)//M; one of the commonest increments goes into the line.
    """

    t: Form
    groups: tuple[Group, ...]
    line: Line
    increments: list[Coefficient]
    unmerged: int

    @property
    def fewest(self) -> int:
        """Say how many floors it takes at least."""
        number = Counter(self.increments)
        one_floor = len(number) == _TWO
        return self.unmerged + (1 if one_floor else number.total() - max(number.values()))

    def stairs(self) -> Iterator[_Stair]:
        """Write them along t, and along -t where that differs."""
        d, increments = len(self.increments), self.increments
        number = Counter(increments)
        commonest = max(number.values())
        for sign in (1, -1) if len(self.line) > 1 else (1,):
            form = tuple(sign * c for c in self.t)
            if sign < 0:
                increments = [-step for step in reversed(increments)]
                number = Counter(increments)
            for slope in sorted(number):
                written = []
                if number[slope] == commonest:
                    steps = ((d - 1 - j, step - slope) for j, step in enumerate(increments))
                    written.append((form, {s: step for s, step in steps if step}))
                if len(number) == _TWO:
                    written += _one_floor(form, increments, slope)
                tilted = {
                    variable: self.line[variable] + slope * c
                    for variable, c in zip(self.line, form, strict=True)
                }
                for u, shifts in written:
                    yield _Stair(u, d, shifts, tilted, self.groups, self.unmerged)


def _along(
    top: Group, group: Group, shifts: Mapping[int, Coefficient]
) -> tuple[list[Coefficient], list[Coefficient]]:
    """Write waves as a line, and its increments along t: f(j+1) - f(j) where t is j, for j < d."""
    (t, d), (u, e) = top, group
    # u = w t + e (a form with whole coefficients), which leaves the floor.
    w = pow(_generator(t, e)[1], -1, e)
    if 2 * w > e:
        w -= e
    times = sum(shifts.values())
    line = [times * ((a - w * b) // e) for a, b in zip(u, t, strict=True)]
    increments: list[Coefficient] = [0] * e
    for s, coefficient in shifts.items():
        for first, sign in crossings(w, s, e):
            increments[first] += sign * coefficient
    return line, increments * (d // e)


def _generator(t: Form, e: int) -> tuple[Form, int]:
    """Find the generator of t modulo e, where t need not have all the variables, and its unit."""
    residues = tuple(c % e for c in t)
    u, w = generator(tuple(c for c in residues if c), e)
    places = iter(u)
    return tuple(next(places) if c else 0 for c in residues), w


def _one_floor(
    form: Form, increments: Sequence[Coefficient], slope: Coefficient
) -> Iterator[tuple[Form, dict[int, Coefficient]]]:
    """Find u, s and c so that slope·form + c times (u form + s)//d has these two increments.

    As in (13 j)//31, which steps up to k + 1 at the k-th place: u j + s < (k + 1) d <= u (j + 1)
    + s. Where u is more than half of d, we see where it stays: there u - d steps down.
    """
    d = len(increments)
    rises = [j for j, step in enumerate(increments) if step != slope]
    size, u = increments[rises[0]] - slope, len(rises)
    if 2 * u <= d:
        low = max((k + 1) * d - u * (j + 1) for k, j in enumerate(rises))
        high = min((k + 1) * d - u * j - 1 for k, j in enumerate(rises))
    else:
        falls = [j for j, step in enumerate(increments) if step == slope]
        low = max((d - u) * j - k * d for k, j in enumerate(falls))
        high = min((d - u) * (j + 1) - k * d - 1 for k, j in enumerate(falls))
    low, high = max(low, 0), min(high, d - 1)
    if low <= high:
        yield tuple(u * c for c in form), {high if high == d - 1 else low: size}


def _simplest(stair: _Stair) -> _Stair:
    """Take coefficients modulo d so that the line is simple: (H + 3W)//4 - W is (H - W)//4."""
    if len(stair.steps) != 1 or len(stair.t) == 1:
        return stair
    (step,) = stair.steps.values()
    t, line = [], {}
    for c, (variable, slope) in zip(stair.t, stair.line.items(), strict=True):
        low = c % stair.d
        choices = [(slope + step * ((c - r) // stair.d), r) for r in (low, low - stair.d)]
        line[variable], residue = min(choices, key=lambda choice: magnitude(choice[0]))
        t.append(residue)
    return stair._replace(t=tuple(t), line=line)
