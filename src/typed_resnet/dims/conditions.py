"""Conditions that a signature puts on its sizes, beyond where each of them stands.

A parameter that nobody passes states one:

    def reshape(
        x: Tensor[*Old], *sizes: *New, where: Equal[Product[*Old], Product[*New]] = CHECKED
    ) -> Tensor[*New]: ...

Both sides are written in the signature's own symbols, and compared once these are bound.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final

from typed_resnet.dims.answers import Different, Equal, Undecided
from typed_resnet.dims.decision import decide
from typed_resnet.dims.failures import (
    DivideFailure,
    Failure,
    StretchFailure,
    StretchRankFailure,
    UnequalFailure,
)
from typed_resnet.dims.normal_form import Dim, normal_form
from typed_resnet.dims.parts import Axis, Part, Star
from typed_resnet.dims.points import in_order, small_points
from typed_resnet.dims.pointwise import FEW_POINTS
from typed_resnet.dims.polynomial import Polynomial, without
from typed_resnet.dims.products import run_of
from typed_resnet.dims.term import Operation, Symbol, Undefined

EQUAL: Final = "Equal"
DIVIDES: Final = "Divides"
STRETCHES: Final = "Stretches"
CONDITIONS: Final = (EQUAL, DIVIDES, STRETCHES)
"""Their names in `dims.operators`."""


@dataclass(frozen=True, slots=True)
class Condition(Part):
    """`formal` and `actual` are the two sides, both in the signature's symbols."""

    kind: str = EQUAL

    def holds(self, left: tuple[int, ...], right: tuple[int, ...]) -> bool:
        """Say whether it holds of two sides that are numbers."""
        if self.kind == STRETCHES:
            pairs = zip(left[::-1], right[::-1], strict=False)
            return len(left) <= len(right) and all(a in (b, 1) for a, b in pairs)
        if self.kind == DIVIDES:
            return right[0] % left[0] == 0
        return left == right


def broken(
    condition: Condition,
    sizes: Mapping[Symbol, Dim | None],
    stars: Mapping[Symbol, tuple[Axis, ...]],
) -> Failure | None:
    """Say what is wrong with a condition at these sizes; nothing where one is unknown.

    Raises: Undefined, where a size has no value.
    """
    left = filled(condition.formal, sizes, stars)
    right = filled(condition.actual, sizes, stars)
    if condition.kind == STRETCHES:
        return _unstretched(condition, left, right)
    a, b = (_size(axes[0]) for axes in (left, right))
    if a is None or b is None:
        return None
    if condition.kind == DIVIDES:
        return _undivided(condition, a, b)
    verdict = decide(*_without_common_runs(a, b))
    return None if isinstance(verdict, Equal) else UnequalFailure(condition, a, b, verdict)


def _undivided(condition: Condition, divisor: Dim, size: Dim) -> DivideFailure | None:
    most = Operation("Mul", (divisor.term, Operation("FloorDiv", (size.term, divisor.term))))
    verdict = decide(normal_form(most), size)
    return None if isinstance(verdict, Equal) else DivideFailure(condition, divisor, size, verdict)


def _without_common_runs(a: Dim, b: Dim) -> tuple[Dim, Dim]:
    """Divide both sizes by the products of runs that each is a multiple of: `*B` stays `*B`."""
    for symbol in a.symbols & b.symbols:
        if run_of(symbol) is not None:
            left, right = _divided(a, symbol), _divided(b, symbol)
            a, b = (a, b) if left is None or right is None else (left, right)
    return a, b


def _divided(size: Dim, symbol: Symbol) -> Dim | None:
    parts = {without(m, (symbol,)): c for m, c in size.polynomial.parts.items()}
    whole = {m: c for m, c in parts.items() if m is not None}
    return Dim(Polynomial(whole)) if len(whole) == len(size.polynomial.parts) else None


def filled(
    axes: Sequence[Axis],
    sizes: Mapping[Symbol, Dim | None],
    stars: Mapping[Symbol, tuple[Axis, ...]],
) -> tuple[Axis, ...]:
    """Put what is bound in the place of symbols and runs; what is unknown makes unknown.

    Raises: Undefined, where a size has no value.
    """
    found: list[Axis] = []
    for axis in axes:
        if isinstance(axis, Star):
            found += (axis,) if axis.symbol is None else stars.get(axis.symbol, (axis,))
        elif axis is None:
            found.append(None)
        else:
            size = normal_form(axis)
            known = {s: d for s in size.symbols if (d := sizes.get(s)) is not None}
            lost = any(s in sizes and s not in known for s in size.symbols)
            found.append(None if lost else size.substitute(known).term)
    return tuple(found)


def _unstretched(
    condition: Condition, old: Sequence[Axis], new: Sequence[Axis]
) -> StretchFailure | StretchRankFailure | None:
    """Compare two shapes from the right: each old size is the new one, or 1."""
    for place in range(-1, -1 - len(old), -1):
        met = new[place] if -place <= len(new) else None
        if Star(None) in (old[place], met):
            return None
        stars = isinstance(old[place], Star) or isinstance(met, Star)
        if -place > len(new) or (stars and met != old[place]):
            return StretchRankFailure(condition, tuple(new), tuple(old))
        got, wanted = _size(old[place]), _size(met)
        if got is None or wanted is None or got.constant == 1:
            continue
        verdict = decide(got, wanted)
        if not isinstance(verdict, Equal):
            verdict = _not_one(wanted, got) or Undecided("it may be 1")
            return StretchFailure(condition, place, wanted, got, verdict)
    return None


def _not_one(wanted: Dim, got: Dim) -> Different | None:
    """Find the smallest sizes at which one is neither 1 nor the other."""
    symbols = in_order(wanted.symbols | got.symbols)
    for point in islice(small_points(symbols, (wanted, got)), FEW_POINTS):
        at = dict(zip(symbols, point, strict=True))
        try:
            left, right = wanted.evaluate(at), got.evaluate(at)
        except Undefined:
            continue
        if right not in (left, 1):
            return Different(at, left, right)
    return None


def _size(axis: Axis) -> Dim | None:
    return None if axis is None or isinstance(axis, Star) else normal_form(axis)
