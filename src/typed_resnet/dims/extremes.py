"""Minima and maxima, written as sums of minima.

Sums and multiples by a positive number keep the order of sizes, so they move into minima, and
floors do too: a minimum of such is one minimum, of sizes of which none is always at least another.
And

    max(a, b) = a + b - min(a, b)

leaves no maxima: max(a, b, c) is -min(-a, -b, -c). What all sizes share moves out, floors by one
divisor move out, min(a//d, b//d) = min(a, b)//d, and so do common factors. A minimum of sizes that
differ along one line only is a sum of bends (see `lines`), and one of one symbol is written by its
values (see `one_symbol`).

Of two sizes, one of which is a maximum of one symbol as max(H, 2), the larger is written: it is
a maximum of three, and both ways to write min(W, max(H, 2)) are one.

This is one form for what people write, not for all that is equal: three sizes that depend on each
other may have several, and a maximum of minima of several symbols stays as it is read. There
`decision` tells.
"""

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from functools import lru_cache
from itertools import combinations
from math import lcm
from typing import Final, Literal, NamedTuple

from .bounds import never_negative, smallest
from .clamps import bent
from .division import floor_divide, settle, single_floor
from .lines import (
    along_one_line,
    as_line,
    common_symbol,
    content,
    is_simple,
    is_spread_again,
    spread,
    spread_in_basis,
)
from .one_symbol import least_by_values, only_symbol
from .polynomial import (
    Atom,
    Coefficient,
    Floor,
    Least,
    Polynomial,
    has_minima,
    number_of,
    over,
    polynomial_of,
    symbols_of,
    total,
)
from .staircase import readable

_TWO: Final = 2
_MOST_SIZES = 4
"""Minima of sums of minima of more sizes than these stay as they are."""


def minimum(sizes: Sequence[Polynomial]) -> Polynomial:
    """Write the smallest of the sizes."""
    q = lcm(*(size.denominator for size in sizes))
    if q > 1:
        return minimum([size.times(q) for size in sizes]).times(Fraction(1, q))
    values = least_by_values(tuple(sizes))
    if values is not None:
        return values
    kept = smallest(frozenset(sizes))
    if len(kept) < len(sizes):
        return minimum(sorted(kept, key=lambda size: size.order))
    if (moved := _number_moved_inside(sizes)) is not None:
        return moved
    if (factored := _factored(sizes)) is not None:
        return factored
    all_sizes = frozenset().union(*map(_unfolded, sizes))
    if len(sizes) == _TWO and _is_clamp(all_sizes):
        # min(a, b) = a + b - max(a, b), where that maximum may have no other minima in it.
        others = frozenset().union(*(_unfolded(-size) for size in sizes))
        if not any(map(has_minima, others)) and len(kept := smallest(others)) == len(others):
            return total(sizes) + _least(kept)
    return _least(smallest(all_sizes))


def _factored(sizes: Sequence[Polynomial]) -> Polynomial | None:
    """Write min(max(a, b), max(a, c)) as max(a, min(b, c)), and a maximum of minima alike."""
    inside = [frozenset(-size for size in _unfolded(-size)) for size in sizes]
    shared = inside[0].intersection(*inside)
    if not shared or any(one <= shared for one in inside):
        return None
    return maximum([*shared, minimum([maximum([*(one - shared)]) for one in inside])])


def _number_moved_inside(sizes: Sequence[Polynomial]) -> Polynomial | None:
    """Write max(3, min(C, max(H, 6))) as min(max(3, C), max(H, 6)), the other way round alike.

    Of max(1, min(C, 8)) and min(max(1, C), 8), both are the second.
    """
    numbers = [size for size in sizes if size.constant is not None]
    if len(sizes) != _TWO or len(numbers) != 1:
        return None
    (other,) = (size for size in sizes if size.constant is None)
    clamp = _clamp(-other)
    inside = [-size for size in clamp or _unfolded(-other)]
    movable = clamp is not None or not any(map(has_minima, inside))
    below = [
        size
        for size in inside
        if never_negative(numbers[0] - size)
        # Turned round, the sum of both numbers is the negative of this.
        and (movable if size.constant is None else size.constant + numbers[0].offset < 0)
    ]
    if not below:
        return None
    above = [size for size in inside if size not in below]
    if not above:
        return other
    moved = minimum([*numbers, maximum(above)])
    for size in sorted(below, key=lambda size: (size.constant is None, size.order)):
        moved = maximum([moved, size])
    return moved


def _is_clamp(sizes: frozenset[Polynomial]) -> bool:
    """Say whether one of the sizes, in several symbols, has minima of one of these."""
    bends = [size for size in sizes if has_minima(size)]
    return len(bends) == 1 and only_symbol(bends[0]) not in (
        None,
        *map(only_symbol, sizes - {*bends}),
    )


def maximum(sizes: Sequence[Polynomial]) -> Polynomial:
    """Write the largest of the sizes."""
    return -minimum([-size for size in sizes])


@lru_cache(maxsize=1 << 12)
def _unfolded(size: Polynomial) -> frozenset[Polynomial]:
    """List sizes of which this is the smallest, with fewer minima in them."""
    symbol = only_symbol(size)
    if symbol is not None and (found := bent(size, symbol)) is not None:
        if found.operator == "Max":
            return frozenset((size,))
        return frozenset().union(*map(_unfolded, found.sizes))
    if (clamp := _clamp(size)) is not None:
        return clamp
    written = readable(size)
    folded = {m: c for m, c in written.parts.items() if len(m) == 1 and c > 0 and _folds(m[0])}
    rest = settle(Polynomial({m: c for m, c in written.parts.items() if m not in folded}))
    sums = frozenset((rest,))
    for (atom,), c in folded.items():
        sizes = smallest(frozenset(one.times(c) for one in _sizes_of(atom)))
        sums = smallest(frozenset(one + more for one in sums for more in sizes))
        if len(sums) > _MOST_SIZES:
            return frozenset((size,))
    return sums


class Nested(NamedTuple):
    """A minimum or maximum of a size and a maximum or minimum of one symbol, and what is left."""

    operator: Literal["Min", "Max"]
    times: Coefficient
    alone: Polynomial
    inside: Sequence[Polynomial]
    rest: Polynomial

    @property
    def sizes(self) -> list[Polynomial]:
        """What it is the minimum or maximum of."""
        inner = maximum if self.operator == "Min" else minimum
        return [self.alone, inner(self.inside)]


def nested(size: Polynomial, atom: Least, times: Coefficient) -> Iterator[Nested]:
    """Find min(W, max(H, 2)) in a size, where it is W + max(H, 2) - max(W, H, 2)."""
    minima = _minima(size)
    clamped = {symbol for one in minima if len(of := symbols_of(one)) == 1 for symbol in of}
    if not clamped or len(atom.sizes) == _TWO or any(map(has_minima, atom.sizes)):
        return
    choices: tuple[tuple[Literal["Min", "Max"], int], ...] = (("Min", -1), ("Max", 1))
    for operator, sign in choices:
        sizes = [one.times(sign) for one in atom.sizes]
        for alone in sizes:
            shared, others = spread([other for other in sizes if other != alone])
            varying = frozenset().union(*(other.symbols() for other in others))
            if len(varying) == 1 and varying <= clamped:
                found = Nested(operator, -sign * times, alone - shared, others, number_of(0))
                outer = minimum if operator == "Min" else maximum
                rest = size - outer(found.sizes).times(found.times)
                if _minima(rest) < minima - {atom}:
                    yield found._replace(rest=rest)


def _minima(size: Polynomial) -> set[Atom]:
    return {atom for atom in size.atoms() if isinstance(atom, Least)}


def _clamp(size: Polynomial) -> frozenset[Polynomial] | None:
    """List the two sizes, one of them a maximum of one symbol, of which this is the smaller."""
    for monomial, c in size.parts.items():
        if len(monomial) == 1 and c > 0 and isinstance(atom := monomial[0], Least):
            for found in nested(size, atom, c):
                if found.operator == "Min" and not has_minima(found.rest):
                    return frozenset(one.times(c) + found.rest for one in found.sizes)
    return None


def _folds(atom: Atom) -> bool:
    """Say whether an atom is a minimum, or the floor of a size with one."""
    if isinstance(atom, Floor):
        parts = readable(atom.numerator).parts
        return any(len(m) == 1 and c > 0 and _folds(m[0]) for m, c in parts.items())
    return isinstance(atom, Least)


def _sizes_of(atom: Atom) -> Iterable[Polynomial]:
    if isinstance(atom, Floor):
        return (floor_divide(size, atom.divisor) for size in _unfolded(atom.numerator))
    assert isinstance(atom, Least)
    return atom.sizes


@lru_cache(maxsize=1 << 12)
def _least(sizes: frozenset[Polynomial]) -> Polynomial:
    """Write the smallest of sizes that contain no other minimum."""
    kept = sorted(smallest(sizes), key=lambda size: size.order)
    if len(kept) == 1:
        return kept[0]
    values = least_by_values(tuple(kept))
    if values is not None:
        return values
    kept = _with_near_ones_merged(kept)
    base, *others = kept
    above = [size - base for size in others]
    if (symbol := common_symbol(above)) is not None:
        # S min(H, W) = min(S H, S W), for no symbol is below 0.
        inside = (
            Polynomial({over(m, symbol): c for m, c in size.parts.items()}) for size in above
        )
        return base + polynomial_of(symbol) * _least(frozenset((number_of(0), *inside)))
    common = content(above)
    lines = [as_line(size.times(1 / common)) for size in above]
    if all(line.form == lines[0].form for line in lines) and not is_simple(lines):
        return base + along_one_line(lines[0].form, lines).times(common)
    if (found := _floor_of_least(kept)) is not None:
        return found
    shared, sizes_ = spread(kept)
    common = content(sizes_)
    if not is_spread_again(sizes_):
        shared, sizes_ = spread_in_basis(kept)
        common = content(sizes_)
    sizes_ = [size.times(1 / common) for size in sizes_]
    atom = Least(tuple(sorted(sizes_, key=lambda size: size.order)))
    return shared + polynomial_of(atom).times(common)


def _with_near_ones_merged(sizes: list[Polynomial]) -> list[Polynomial]:
    """Write two of three sizes of one symbol by their values, where those of all get too long.

    Else they would be read so, and the third beside them: max(C//36, max(C, 32)).
    """
    if len(sizes) > _TWO and len(frozenset().union(*(size.symbols() for size in sizes))) == 1:
        for pair in combinations(sizes, _TWO):
            merged = least_by_values(pair)
            if merged is not None:
                others = [size for size in sizes if size not in pair]
                return _with_near_ones_merged(sorted((merged, *others), key=lambda one: one.order))
    return sizes


def _floor_of_least(sizes: Sequence[Polynomial]) -> Polynomial | None:
    """Write min(a//d, b//d) as min(a, b)//d, or max(a//d, b//d) alike, where less is shared."""
    found = []
    for sign in (1, -1):
        shared, others = spread([size.times(sign) for size in sizes])
        factor = sign * content(others)
        floors = [single_floor(size.times(1 / factor)) for size in others]
        known = [floor for floor in floors if floor is not None]
        if len(known) == len(floors) and len({floor.divisor for floor in known}) == 1:
            found.append((shared.times(sign), factor * sign, known))
    if not found:
        return None
    shared, factor, known = min(found, key=lambda one: len(readable(one[0]).parts))
    inside = minimum([floor.numerator for floor in known])
    return shared + floor_divide(inside, known[0].divisor).times(factor)
