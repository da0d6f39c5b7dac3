"""Sizes of symbols that do not meet, compared part by part.

Let f and g be sums of parts that have no symbol in common: f = H//19 and g = (W + 77)//858, say.
Take the smallest values of all symbols at which both sizes have a value, and let f and g agree
there. Where they differ elsewhere, the difference of some part is not what it is there; so they
differ already with all other symbols at these smallest values, and the smallest difference of all
is the smallest of those of the parts.
"""

from collections.abc import Sequence
from typing import Final, NamedTuple

from .polynomial import ONE, Monomial, Polynomial, symbols_of
from .term import Symbol

_Symbols = frozenset[Symbol]
_TWO: Final = 2


class Part(NamedTuple):
    """What two sizes have of some of the symbols."""

    symbols: _Symbols
    f: Polynomial
    g: Polynomial


def parts_of(f: Polynomial, g: Polynomial) -> Sequence[Part]:
    """Split two sizes into parts that have no symbol in common; none where there is one part.

    Of each size all parts but one are whole, so that it is whole where its parts are.
    """
    groups: list[_Symbols] = []
    for monomial in {*f.parts, *g.parts} - {ONE}:
        symbols = _symbols_in(monomial)
        joined = [group for group in groups if group & symbols]
        groups = [group for group in groups if not group & symbols]
        groups.append(symbols.union(*joined))
    if len(groups) < _TWO:
        return ()
    split = [_split(size, groups) for size in (f, g)]
    if None in split:
        return ()
    return [Part(*part) for part in zip(groups, *(one or () for one in split), strict=True)]


def _split(size: Polynomial, groups: Sequence[_Symbols]) -> Sequence[Polynomial] | None:
    parts = [
        Polynomial({m: c for m, c in size.parts.items() if m and _symbols_in(m) <= group})
        for group in groups
    ]
    broken = [place for place, part in enumerate(parts) if part.denominator > 1]
    if len(broken) > 1:
        return None
    place = broken[0] if broken else 0
    parts[place] = parts[place].plus(size.offset)
    return parts


def _symbols_in(monomial: Monomial) -> _Symbols:
    return frozenset().union(*map(symbols_of, monomial))
