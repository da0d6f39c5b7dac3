"""A judge of sizes that shares nothing with the algebra: plain Python over many integers.

A term is written out as Python, with NumPy's floor division on whole grids of values.
"""

import math
import random
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from typed_resnet.dims.term import Operation, Symbol, Term

Grid = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]

MOST_POINTS = 4_000


@dataclass
class Values:
    """A size at many points, and where it has a value at all."""

    value: Grid
    defined: Mask


def values(term: Term, at: dict[str, Grid]) -> Values:
    """Compute a term at every point of some grids, one for each symbol's name."""
    shape = np.broadcast_shapes(*(grid.shape for grid in at.values())) if at else ()
    if isinstance(term, int):
        return Values(np.full(shape, term), np.full(shape, True))
    if isinstance(term, Symbol):
        return Values(np.broadcast_to(at[term.name], shape), np.full(shape, True))
    sides = [values(argument, at) for argument in term.arguments]
    defined = np.logical_and.reduce([side.defined for side in sides])
    numbers = [side.value for side in sides]
    match term.operator:
        case "Add":
            return Values(numbers[0] + numbers[1], defined)
        case "Sub":
            return Values(numbers[0] - numbers[1], defined)
        case "Mul":
            return Values(numbers[0] * numbers[1], defined)
        case "Min":
            return Values(np.minimum(*numbers), defined)
        case "Max":
            return Values(np.maximum(*numbers), defined)
        case "ConvOut":
            h, k, s, p = numbers
            positive = np.where(s > 0, s, 1)
            return Values((h + 2 * p - k) // positive + 1, defined & (s > 0))
    a, b = numbers
    positive = np.where(b > 0, b, 1)
    match term.operator:
        case "FloorDiv":
            return Values(a // positive, defined & (b > 0))
        case "CeilDiv":
            return Values((a + positive - 1) // positive, defined & (b > 0))
        case "ExactDiv":
            return Values(a // positive, defined & (b > 0) & (a % positive == 0))
    raise ValueError(term.operator)


def symbols_in(*terms: Term) -> list[Symbol]:
    found: set[Symbol] = set()
    for term in terms:
        if isinstance(term, Symbol):
            found.add(term)
        elif isinstance(term, Operation):
            found.update(symbols_in(*term.arguments))
    return sorted(found, key=lambda symbol: symbol.name)


def period(term: Term) -> int:
    """Bound the period of a term with numbers as divisors, in each of its symbols."""
    if not isinstance(term, Operation):
        return 1
    inner = math.lcm(*map(period, term.arguments))
    if term.operator in ("FloorDiv", "CeilDiv", "ExactDiv"):
        divisor = term.arguments[1]
        return inner * divisor if isinstance(divisor, int) else inner
    return inner


def box(symbols: Sequence[Symbol], side: int) -> dict[str, Grid]:
    """Make grids of all points whose values are the `side` smallest."""
    axes = [np.arange(symbol.least, symbol.least + side) for symbol in symbols]
    grids = np.meshgrid(*axes, indexing="ij")
    return {symbol.name: grid.ravel() for symbol, grid in zip(symbols, grids, strict=True)}


def scattered(symbols: Sequence[Symbol], number: int, seed: int) -> dict[str, Grid]:
    """Make random points, small and large ones."""
    rng = random.Random(seed)
    return {
        symbol.name: np.array(
            [symbol.least + rng.randrange(1 << rng.randrange(1, 12)) for _ in range(number)]
        )
        for symbol in symbols
    }


def differing(a: Term, b: Term, at: dict[str, Grid]) -> list[tuple[int, ...]]:
    """List the points where both have a value and the values differ, names in order."""
    left, right = values(a, at), values(b, at)
    wrong = left.defined & right.defined & (left.value != right.value)
    return [tuple(int(at[name][i]) for name in sorted(at)) for i in np.flatnonzero(wrong)]


def counterexample(a: Term, b: Term) -> tuple[int, ...] | None:
    """Find a point where the terms differ: over all residues where that many can be tried."""
    symbols = symbols_in(a, b)
    if not symbols:
        found = differing(a, b, {"": np.zeros(1, np.int64)})
        return found[0] if found else None
    side = max(2 * math.lcm(period(a), period(b)), 8)
    side = min(side, int(MOST_POINTS ** (1 / len(symbols))))
    for points in (box(symbols, side), scattered(symbols, 400, side)):
        if found := differing(a, b, points):
            return found[0]
    return None


def smaller_counterexample(
    a: Term, b: Term, symbols: Sequence[Symbol], point: tuple[int, ...]
) -> tuple[int, ...] | None:
    """Find a point where the terms differ that comes before the one given."""
    above = sum(point) - sum(symbol.least for symbol in symbols)
    if not symbols or (above + 1) ** len(symbols) > 20 * MOST_POINTS:
        return None
    before = [
        other
        for other in differing(a, b, box(symbols, above + 1))
        if (sum(other), other) < (sum(point), point)
    ]
    return min(before, key=lambda other: (sum(other), other), default=None)
