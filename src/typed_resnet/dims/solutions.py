"""The smallest whole numbers of which a system of inequalities holds."""

from collections.abc import Iterator, Mapping

from .integers import Row, Work
from .linear import System
from .term import Symbol


def smallest(
    system: System,
    symbols: list[Symbol],
    work: Work,
    more: Row | None = None,
    known: Mapping[Symbol, int] | None = None,
) -> dict[Symbol, int]:
    """Find the solution with the least sum of symbols, of several the first in their order.

    With `more`, this row is >= 0 too. There must be a solution; or one is known, and where none
    comes before it, it is the answer.

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
    most = None if known is None else sum(known.values())
    total = _lowest(system, (both, 0), least, most, [], positive, work)
    zero = [(both, -total)]
    before = total != most
    for symbol, row in zip(symbols[:-1], rows, strict=False):
        most = None if known is None or before else known[symbol]
        found[symbol] = _lowest(system, row, symbol.least, most, zero, positive, work)
        zero.append((row[0], -found[symbol]))
        before = before or found[symbol] != most
    return {**found, symbols[-1]: total - sum(found.values())}


def _lowest(
    system: System,
    row: Row,
    least: int,
    most: int | None,
    zero: list[Row],
    positive: list[Row],
    work: Work,
) -> int:
    """Find the smallest value of a row, which is at least `least`: upwards, then by halving.

    Or where it is `most` at most, whether it is less; most likely it is not.
    """

    def reached(most: int) -> bool:
        limit = {v: -c for v, c in row[0].items()}, most
        return system.solvable(work, zero=zero, positive=[*positive, limit])

    low = high = least
    if most is None:
        for high in _doubling(least):
            if reached(high):
                break
            low = high + 1
    elif low < most:
        high = most - 1
        if not reached(high):
            return most
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
