"""The smallest whole numbers of which a system of inequalities holds."""

from collections.abc import Iterator

from .integers import Row, Work
from .linear import System
from .term import Symbol


def smallest(
    system: System, symbols: list[Symbol], work: Work, more: Row | None = None
) -> dict[Symbol, int]:
    """Find the solution with the least sum of symbols, of several the first in their order.

    There must be one, with `more` >= 0 too.

    Raises:
        WorkLimitError: beyond the work allowed.
    """
    found: dict[Symbol, int] = {}
    positive = [more] if more else []
    rows = [system.symbol(symbol) for symbol in symbols]
    both: dict[int, int] = {}
    for coefficients, _ in rows:
        both |= coefficients
    least = sum(symbol.least for symbol in symbols)
    zero = [(both, -_lowest(system, (both, 0), least, [], positive, work))]
    for symbol, row in zip(symbols, rows, strict=True):
        found[symbol] = _lowest(system, row, symbol.least, zero, positive, work)
        zero.append((row[0], -found[symbol]))
    return found


def _lowest(
    system: System, row: Row, least: int, zero: list[Row], positive: list[Row], work: Work
) -> int:
    """Find the smallest value of a row, which is at least `least`: upwards, then by halving."""

    def reached(most: int) -> bool:
        limit = {v: -c for v, c in row[0].items()}, most
        return system.solvable(work, zero=zero, positive=[*positive, limit])

    low = least
    for high in _doubling(least):
        if reached(high):
            break
        low = high + 1
    while low < high:
        middle = (low + high) // 2
        if reached(middle):
            high = middle
        else:
            low = middle + 1
    return low


def _doubling(start: int) -> Iterator[int]:
    step = 0
    while True:
        yield start + step
        step = 2 * step + 1
