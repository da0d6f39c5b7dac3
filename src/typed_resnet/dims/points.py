"""The smallest values that symbols may have together, where differences are looked for."""

from bisect import bisect
from collections.abc import Iterator, Sequence
from typing import Final

from .normal_form import Dim
from .polynomial import Polynomial
from .term import Symbol
from .values import values_at

MOST_SUMS: Final = 1 << 12
_AHEAD: Final = 64


def in_order(symbols: frozenset[Symbol]) -> list[Symbol]:
    return sorted(symbols, key=lambda symbol: (symbol.name, symbol.least, repr(symbol.key)))


def small_points(symbols: Sequence[Symbol], sizes: Sequence[Dim]) -> Iterator[tuple[int, ...]]:
    """List the values symbols may have by their sum, then in the order of symbols.

    Values at which one symbol alone makes a size a fraction are left out.
    """
    if not symbols:
        yield ()
        return
    allowed = [Allowed(symbol, sizes) for symbol in symbols]
    if not all(values.has_some() for values in allowed):
        return
    least = sum(symbol.least for symbol in symbols)
    for total in range(least, least + MOST_SUMS):
        if _may_have(total, allowed):
            yield from _with_sum(total, allowed)


def broken(size: Polynomial) -> Polynomial:
    """Leave out what is whole anyway."""
    return Polynomial({m: c for m, c in size.parts.items() if c.denominator > 1})


def rarity(size: Polynomial) -> int:
    """Say at how many points a size is whole once; 1 where one symbol alone decides that."""
    part = broken(size)
    return part.denominator if len(part.symbols()) > 1 else 1


class Allowed:
    """List the values of a symbol that leave sizes whole, as far as it alone decides that."""

    def __init__(self, symbol: Symbol, sizes: Sequence[Dim]) -> None:
        self.symbol = symbol
        fractions = (broken(size.polynomial) for size in sizes)
        self._fractions = [f for f in fractions if f.symbols() == {symbol}]
        self.all = not self._fractions
        self._known = symbol.least
        self._values: list[int] = []

    def has_some(self) -> bool:
        """Say whether one is found: min(W, 3)/6 is never whole."""
        return any(self.up_to(self.symbol.least + most) for most in (8, MOST_SUMS))

    def up_to(self, most: int) -> Sequence[int]:
        """List the values allowed, up to a largest."""
        if self.all:
            return range(self.symbol.least, most + 1)
        self._extend(most)
        return self._values[: bisect(self._values, most)]

    def first_up_to(self, most: int) -> int | None:
        if self.all:
            return self.symbol.least
        self._extend(most)
        return self._values[0] if self._values and self._values[0] <= most else None

    def allows(self, value: int) -> bool:
        self._extend(value)
        place = bisect(self._values, value)
        return self.all or self._values[place - 1 : place] == [value]

    def _extend(self, most: int) -> None:
        if self._known <= most and not self.all:
            most = max(most, self._known + _AHEAD)
            unknown = range(self._known, most + 1)
            points = [(value,) for value in unknown]
            columns = [values_at(fraction, [self.symbol], points) for fraction in self._fractions]
            for value, *whole in zip(unknown, *columns, strict=True):
                if None not in whole:
                    self._values.append(value)
            self._known = most + 1


def _may_have(total: int, allowed: Sequence[Allowed]) -> bool:
    """Say whether the smallest values allowed leave room: of ⌈W/26⌉/31 they are large."""
    firsts = (values.first_up_to(total) for values in allowed)
    return sum(total + 1 if first is None else first for first in firsts) <= total


def _with_sum(total: int, allowed: Sequence[Allowed]) -> Iterator[tuple[int, ...]]:
    first, *others = allowed
    if not others:
        if first.allows(total):
            yield (total,)
        return
    smallest = [other.first_up_to(total) for other in others]
    most = total - sum(total if value is None else value for value in smallest)
    if len(others) == 1 and first.all:
        # Few values of the last: they say which of the first are of use.
        for last in reversed(others[0].up_to(total - first.symbol.least)):
            yield (total - last, last)
    else:
        for value in first.up_to(most):
            for rest in _with_sum(total - value, others):
                yield (value, *rest)
