"""Where sizes are large enough, which cannot be so together, and what solves for a size."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from itertools import combinations, islice
from math import gcd
from typing import Final, NamedTuple

from .bounds import bounds_of
from .division import exact_quotient, settle
from .integers import Work, WorkLimitError
from .linear import NotLinearError, System
from .normal_form import Dim
from .points import in_order, small_points
from .polynomial import (
    Coefficient,
    Floor,
    Monomial,
    Polynomial,
    number_of,
    polynomial_of,
    symbols_of,
    without,
)
from .printer import show
from .solutions import smallest
from .staircase import readable
from .term import Symbol
from .values import growing, values_at

FIRST_POINTS = 40
"""A proof is tried only where these are all large enough, or all too small."""
_FAR: Final = (720, 5_040, 55_440)
POINTS = 400
WORK = 30_000


@dataclass(frozen=True, slots=True)
class Always:
    """The size is large enough whatever its symbols are."""


class Never(NamedTuple):
    """The size is too small whatever its symbols are; at this point it has this value."""

    at: dict[Symbol, int]
    value: int


class Sometimes(NamedTuple):
    """Whether the size is large enough depends on its symbols, or is not known."""

    size: Dim
    bound: int

    @property
    def needs(self) -> str:
        """When it is, as a clause: `H ≥ 3`."""
        return _needs(self.size, self.bound)

    @property
    def at(self) -> dict[Symbol, int] | None:
        """The smallest point where it is too small; None where none is known."""
        symbols = in_order(self.size.symbols)
        short = _Examples(self.size, self.bound, symbols).look(POINTS).short
        return short or _smallest_short(self.size, self.bound, symbols)


@lru_cache(maxsize=1 << 12)
def at_least(size: Dim, bound: int) -> Always | Never | Sometimes:
    """Compare a size with a number for all values of its symbols."""
    low, high = bounds_of(size.polynomial)
    if low > bound - 1:  # C/4 ≥ 1/4 is C/4 ≥ 1: where it is a size at all, it is whole
        return Always()
    seen = _Examples(size, bound, in_order(size.symbols)).look(FIRST_POINTS)
    if seen.enough is None and seen.short is not None:
        too_small = max(_far_away(size), default=bound - 1) < bound
        if too_small and (high < bound or _proved(size, bound, upwards=True)):
            return Never(seen.short, size.evaluate(seen.short))
    if seen.short is None:
        large_enough = min(_far_away(size), default=bound) >= bound
        if large_enough and _proved(size, bound, upwards=False):
            return Always()
    return Sometimes(size, bound)


def _far_away(size: Dim) -> list[int]:
    """Compute a size where some one symbol, or all of them, are large: a proof takes longer."""
    symbols = in_order(size.symbols)
    points = [
        [symbol.least + (large if symbol in some else 0) for symbol in symbols]
        for some in (*([symbol] for symbol in symbols), symbols)
        for large in _FAR
    ]
    return [value for value in values_at(size.polynomial, symbols, points) if value is not None]


class _Examples:
    """The smallest points where a size is large enough, and where it is not."""

    def __init__(self, size: Dim, bound: int, symbols: list[Symbol]) -> None:
        self.enough: dict[Symbol, int] | None = None
        self.short: dict[Symbol, int] | None = None
        self._bound = bound
        self._symbols = symbols
        self._size = size
        self._points = small_points(symbols, (size,))

    def look(self, points: int) -> "_Examples":
        """Look at so many points, or until there is one of each."""
        for some in growing(islice(self._points, points)):
            column = values_at(self._size.polynomial, self._symbols, some)
            for point, value in zip(some, column, strict=True):
                if value is None:
                    continue
                if value >= self._bound and self.enough is None:
                    self.enough = dict(zip(self._symbols, point, strict=True))
                elif value < self._bound and self.short is None:
                    self.short = dict(zip(self._symbols, point, strict=True))
            if self.enough is not None and self.short is not None:
                break
        return self


def _proved(size: Dim, bound: int, *, upwards: bool) -> bool:
    """Say whether no point has a value >= bound, or (not upwards) none has one below."""
    try:
        return not _system(size, bound, upwards=upwards).solvable(Work(WORK))
    except WorkLimitError:
        return False


def _system(size: Dim, bound: int, *, upwards: bool) -> System:
    system = System(bounds_of)
    if upwards:
        system.at_least(system.row(size.polynomial), bound)
    else:
        system.at_least(system.row(-size.polynomial), 1 - bound)
    return system


def _smallest_short(size: Dim, bound: int, symbols: list[Symbol]) -> dict[Symbol, int] | None:
    try:
        system = _system(size, bound, upwards=False)
        if system.beyond is not None or not system.solvable(Work(WORK)):
            return None
        return smallest(system, symbols, Work(WORK))
    except WorkLimitError:
        return None


def _needs(size: Dim, bound: int) -> str:
    """Write size >= bound with what is added on the left and what is taken away on the right."""
    polynomial = size.polynomial
    while (floor := _only_floor(polynomial)) is not None:
        # n//d + rest >= bound is n >= (bound - rest) d.
        rest = readable(polynomial) - polynomial_of(floor)
        polynomial = floor.numerator - (number_of(bound) - rest) * floor.divisor
        bound = 0
    polynomial = polynomial.plus(-bound)
    whole = polynomial.times(polynomial.denominator)
    common = gcd(*(int(c) for m, c in whole.parts.items() if m))
    # The symbols' part is a multiple of their common factor, and so is the least it may be.
    needed = -(int(whole.offset) // common)
    free = readable(whole.plus(-whole.offset).times(Fraction(1, common)))
    more, less = (
        settle(Polynomial({m: sign * c for m, c in free.parts.items() if sign * c > 0}))
        for sign in (1, -1)
    )
    if not more.parts:
        return f"{show(Dim(less))} ≤ {-needed}"
    return f"{show(Dim(more))} ≥ {show(Dim(less.plus(needed)))}"


def _only_floor(polynomial: Polynomial) -> Floor | None:
    written = readable(polynomial)
    atoms = {atom for atom in written.atoms() if not isinstance(atom, Symbol)}
    if len(atoms) == 1:
        (atom,) = atoms
        if isinstance(atom, Floor) and written.parts.get((atom,)) == 1:
            return atom
    return None


def contradiction(sizes: Iterable[Dim]) -> str | None:
    """Say, as a clause, which of the sizes cannot all be >= 1 at once, if some cannot.

    Sizes outside the fragment are left out.
    """
    return _contradiction(tuple(dict.fromkeys(sizes)))


@lru_cache(maxsize=1 << 12)
def _contradiction(sizes: tuple[Dim, ...]) -> str | None:
    linear = list(filter(_linear, sizes))
    if not _impossible(linear):
        return None
    for number in (1, 2):
        for few in combinations(linear, number):
            if _impossible(few):
                return _clause(few)
    kept = list(linear)
    for size in linear:
        fewer = [other for other in kept if other != size]
        if _impossible(fewer):
            kept = fewer
    return _clause(kept)


def _clause(sizes: Sequence[Dim]) -> str:
    if len(sizes) == 1:
        return f"{sizes[0]} is never ≥ 1"
    *some, last = map(str, sizes)
    both = "both" if len(sizes) == 2 else "all"
    return f"{', '.join(some)} and {last} cannot {both} be ≥ 1"


def _linear(size: Dim) -> bool:
    try:
        System().row(size.polynomial)
    except NotLinearError:
        return False
    return True


def _impossible(sizes: Sequence[Dim]) -> bool:
    """Say whether it is proved that the sizes are not all >= 1 at once."""
    system = System()
    for size in sizes:
        system.at_least(system.row(size.polynomial), 1)
    try:
        return not system.solvable(Work(WORK))
    except WorkLimitError:
        return False


def solve(size: Dim, unknown: Symbol, target: Dim) -> Dim | None:
    """Find the one size that the unknown must be for `size` to be the target.

    H + 2 against 58 gives 56, C*H against 512*H gives 512. None where it is not one for certain:
    then `unsolved` says why.
    """
    solution = _solution(size, unknown, target)
    return solution if isinstance(solution, Dim) else None


def unsolved(size: Dim, unknown: Symbol, target: Dim) -> str | None:
    """Say, as a clause, why `solve` finds nothing; None where it finds a size."""
    solution = _solution(size, unknown, target)
    return solution if isinstance(solution, str) else None


def _solution(size: Dim, unknown: Symbol, target: Dim) -> Dim | str:
    """Solve k·x + rest = target, where neither k nor rest contains x."""
    factor: dict[Monomial, Coefficient] = {}
    rest: dict[Monomial, Coefficient] = {}
    for monomial, c in size.polynomial.parts.items():
        cofactor = without(monomial, (unknown,))
        if cofactor is None:
            rest[monomial] = c
        else:
            factor[cofactor] = c
    if any(unknown in symbols_of(atom) for m in (*factor, *rest) for atom in m):
        return f"{size} = {target} does not determine {unknown}"
    if not factor:
        return f"{size} does not contain {unknown}"
    remaining = target.polynomial - Polynomial(rest)
    k = Polynomial(factor)
    if bounds_of(k)[0] <= 0 <= bounds_of(k)[1]:
        return f"{show(Dim(k))} may be 0"
    quotient, left = exact_quotient(remaining, k)
    if left.parts or quotient.denominator > 1:
        return f"{show(size)} = {show(target)} has no whole solution for all values"
    number = quotient.constant
    if number is not None and number < unknown.least:
        return f"{show(size)} = {show(target)} needs {unknown} = {number}"
    return Dim(quotient)
