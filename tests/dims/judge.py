"""A judge of sizes that shares nothing with the algebra: NumPy's floor division at many points."""

import math
import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from typed_resnet.dims.term import Operation, Symbol, Term

Grid = npt.NDArray[np.int64] | npt.NDArray[np.object_]
Mask = npt.NDArray[np.bool_]
Numbers = Grid | np.int64 | int
Marks = Mask | np.bool_ | bool
"""Of two of Python's numbers NumPy makes one of its own."""

Points = Mapping[str, Grid]
"""The values of each symbol, by its name, at some points."""

NOWHERE: Points = {"": np.zeros(1, np.int64)}
"""One point, for terms without symbols."""

MOST_POINTS = 4_000
SCATTERED = 400
_CHOICES = {"Min": min, "Max": max}
"""Of two of Python's numbers, which may be too long for NumPy's."""
WORD = 60
"""Bits that NumPy's integers have for certain; sizes that may need more are Python's."""


@dataclass(frozen=True, slots=True)
class Values:
    """A size at some points, and where it has a value at all; of a number, one for all points."""

    value: Numbers
    defined: Marks


def values(term: Term, at: Points) -> Values:
    """Compute a term at some points."""
    if isinstance(term, int):
        return Values(term, True)
    if isinstance(term, Symbol):
        return Values(at[term.name], True)
    sides = [values(argument, at) for argument in term.arguments]
    defined: Marks = True
    for side in sides:
        defined = defined & side.defined
    a, b, *more = [side.value for side in sides]
    if isinstance(a, int) and isinstance(b, int) and term.operator in _CHOICES:
        return Values(_CHOICES[term.operator](a, b), defined)
    match term.operator:
        case "Add":
            return Values(a + b, defined)
        case "Sub":
            return Values(a - b, defined)
        case "Mul":
            return Values(a * b, defined)
        case "Min":
            return Values(np.minimum(a, b), defined)
        case "Max":
            return Values(np.maximum(a, b), defined)
        case "ConvOut":
            stride, padding = more
            d, positive = _divisor(stride)
            return Values((a + 2 * padding - b) // d + 1, defined & positive)
    d, positive = _divisor(b)
    match term.operator:
        case "FloorDiv":
            return Values(a // d, defined & positive)
        case "CeilDiv":
            return Values((a + d - 1) // d, defined & positive)
        case "ExactDiv":
            return Values(a // d, defined & positive & (a % d == 0))
    raise ValueError(term.operator)


def _divisor(b: Numbers) -> tuple[Numbers, Marks]:
    """Say where one can divide by b, and put 1 where one cannot."""
    if isinstance(b, int):
        return max(b, 1), b > 0
    return np.maximum(b, 1), b > 0


def symbols_in(*terms: Term) -> tuple[Symbol, ...]:
    """List the symbols of some terms by their names."""
    found: set[Symbol] = set()
    for term in terms:
        if isinstance(term, Symbol):
            found.add(term)
        elif isinstance(term, Operation):
            found.update(symbols_in(*term.arguments))
    return tuple(sorted(found, key=lambda symbol: symbol.name))


def period(term: Term) -> int:
    """Bound the period of a term with numbers as divisors, in each of its symbols."""
    if not isinstance(term, Operation):
        return 1
    inner = math.lcm(*map(period, term.arguments))
    if term.operator in ("FloorDiv", "CeilDiv", "ExactDiv"):
        divisor = term.arguments[1]
        return inner * divisor if isinstance(divisor, int) else inner
    if term.operator == "ConvOut" and isinstance(stride := term.arguments[2], int):
        return inner * stride
    return inner


def degree(term: Term) -> int:
    """Count how many sizes may be multiplied in a term."""
    if not isinstance(term, Operation):
        return int(isinstance(term, Symbol))
    degrees = map(degree, term.arguments)
    return sum(degrees) if term.operator == "Mul" else max(degrees)


def width(term: Term, bits: int) -> int:
    """Bound the bits of a term, and of all in it, where symbols have so many."""
    if isinstance(term, int):
        return term.bit_length()
    if isinstance(term, Symbol):
        return bits
    widths = [width(argument, bits) for argument in term.arguments]
    return sum(widths) if term.operator == "Mul" else max(widths) + 2


def numbers_for(terms: Iterable[Term], bits: int) -> type:
    """Choose NumPy's integers, or Python's where these may be too short."""
    return np.int64 if max(width(term, bits) for term in terms) <= WORD else object


@lru_cache(maxsize=256)
def box(symbols: Sequence[Symbol], side: int) -> Points:
    """Make all points whose values are the `side` smallest."""
    axes = [np.arange(symbol.least, symbol.least + side) for symbol in symbols]
    grids = np.meshgrid(*axes, indexing="ij")
    return {symbol.name: grid.ravel() for symbol, grid in zip(symbols, grids, strict=True)}


@lru_cache(maxsize=64)
def scattered(symbol: Symbol, bits: int) -> list[int]:
    """Make random values of a symbol: small ones, and up to so many bits long."""
    rng = random.Random(f"{symbol} {bits}")
    return [symbol.least + rng.randrange(1 << rng.randint(1, bits)) for _ in range(SCATTERED)]


@lru_cache(maxsize=256)
def points(symbols: Sequence[Symbol], side: int, bits: int, dtype: type) -> Points:
    """Make a box of small points, and random ones."""
    small = box(symbols, side)
    return {
        symbol.name: np.concatenate((small[symbol.name], scattered(symbol, bits))).astype(dtype)
        for symbol in symbols
    }


def points_for(a: Term, b: Term, *same: Term) -> Points:
    """Choose points for two terms: all residues of their periods, where that many can be tried.

    There, others that should be the same as these can be computed too.
    """
    symbols = symbols_in(a, b)
    if not symbols:
        return NOWHERE
    # Few sizes of boxes, so that most of them are there already.
    side = 1 << (2 * math.lcm(period(a), period(b)) - 1).bit_length()
    side = min(max(side, 8), int(MOST_POINTS ** (1 / len(symbols))))
    factors = max(1, *map(degree, (a, b, *same)))
    bits = min(12, max(4, WORD // factors - 2))
    longest = max(bits, side.bit_length()) + 2
    return points(symbols, side, bits, numbers_for((a, b, *same), longest))


def at_one(symbols: Iterable[Symbol], values: Mapping[Symbol, int]) -> Points:
    """Make a single point; symbols that have no value there may be anything."""
    here = {symbol: symbol.least + 2 for symbol in symbols} | dict(values)
    return {symbol.name: np.array([value], object) for symbol, value in here.items()} or NOWHERE


def point(at: Points, where: Marks) -> tuple[int, ...] | None:
    """Give the first of the points that are marked, names in order."""
    if not np.any(where):
        return None
    marked = int(np.argmax(where))
    return tuple(int(at[name][marked]) for name in sorted(at))


def unlike(a: Values, b: Values) -> Marks:
    """Say where both have a value and the values differ."""
    return a.defined & b.defined & np.not_equal(a.value, b.value)


def smaller_counterexample(
    a: Term, b: Term, symbols: Sequence[Symbol], beside: tuple[int, ...]
) -> tuple[int, ...] | None:
    """Find a point where the terms differ that comes before the one given."""
    above = sum(beside) - sum(symbol.least for symbol in symbols)
    if not symbols or (above + 1) ** len(symbols) > 20 * MOST_POINTS:
        return None
    small = box(tuple(symbols), above + 1)
    dtype = numbers_for((a, b), above.bit_length() + 1)
    at: Points = {name: column.astype(dtype, copy=False) for name, column in small.items()}
    names = sorted(at)
    differ = np.flatnonzero(
        np.broadcast_to(unlike(values(a, at), values(b, at)), at[names[0]].shape)
    )
    if not len(differ):
        return None
    found = (tuple(int(at[name][i]) for name in names) for i in differ)
    first = min(found, key=lambda other: (sum(other), other))
    return first if (sum(first), first) < (sum(beside), beside) else None
