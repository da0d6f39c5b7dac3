"""What indexing makes of a shape: Python's own rules for ints, slices, `...` and None.

Sizes are at least one, here as everywhere: a slice that takes nothing is refused. So of a slice
that is not empty a start is below its axis, and `H[1:-1]` is H - 2. A bound whose sign depends on
sizes, as H - 3, counts from either end, and what it takes is unknown.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from types import EllipsisType
from typing import NamedTuple

from typed_resnet.dims.normal_form import Dim, normal_form
from typed_resnet.dims.parts import Axis, Star
from typed_resnet.dims.ranges import Always, Never, Sometimes, at_least
from typed_resnet.dims.term import Operation, Term, Undefined


class Open(Enum):
    """What may stand in an index besides sizes."""

    UNKNOWN = "an int of unknown size"
    NEW_AXIS = "None"


Bound = Term | Open | None
"""A bound of a slice; None where it is left out."""


class Slice(NamedTuple):
    """`start:stop:step`."""

    start: Bound = None
    stop: Bound = None
    step: Bound = None

    @property
    def is_whole(self) -> bool:
        return self == Slice()


Item = Term | Open | Slice | EllipsisType


@dataclass(frozen=True, slots=True)
class TooManyFailure:
    """There are more indices than axes."""

    axes: tuple[Axis, ...]
    count: int


@dataclass(frozen=True, slots=True)
class BeyondFailure:
    """An int is beyond its axis; `needs` says for which sizes it is not, if for any."""

    axis: int
    size: Dim
    index: Dim
    needs: str | None


class EmptyFailure(NamedTuple):
    """A slice takes nothing; `needs` says for which sizes it takes something, if for any."""

    axis: int
    size: Dim
    taken: Slice
    needs: str | None


@dataclass(frozen=True, slots=True)
class StepFailure:
    """A slice has the step 0."""


@dataclass(frozen=True, slots=True)
class DotsFailure:
    """There is more than one `...`."""

    count: int


IndexFailure = DotsFailure | TooManyFailure | BeyondFailure | EmptyFailure | StepFailure


class IndexingError(Exception):
    """An index does not fit a shape."""

    def __init__(self, failure: IndexFailure) -> None:
        super().__init__(failure)
        self.failure = failure


def indexed(
    axes: Sequence[Axis], items: Sequence[Item], *, prove: bool = False
) -> tuple[Axis, ...]:
    """Say which shape an index leaves; with `prove`, ask that it fits for all sizes.

    Raises: IndexingError.
    """
    count = sum(item is ... for item in items)
    if count > 1:
        raise IndexingError(DotsFailure(count))
    dots = next((place for place, item in enumerate(items) if item is ...), len(items))
    left, right = list(items[:dots]), list(items[dots + 1 :])
    numbered = list(zip(range(len(axes)), axes, strict=True))
    star = next((place for place, axis in enumerate(axes) if isinstance(axis, Star)), None)
    if star is not None:
        numbered[star + 1 :] = [(n - len(axes), axis) for n, axis in numbered[star + 1 :]]
        while left and left[-1] == Slice():  # beside `...`, it changes nothing
            left.pop()
        while right and right[0] == Slice():
            right.pop(0)
    first, last = _takers(left), _takers(right)
    if star is None and first + last > len(axes):
        raise IndexingError(TooManyFailure(tuple(axes), first + last))
    before = len(axes) - last if star is None else star
    after = first if star is None else star + 1
    head = numbered[: min(first, before)]
    tail = numbered[max(len(axes) - last, after) :]
    certain = first <= before and len(axes) - last >= after
    middle = axes[len(head) : len(axes) - len(tail)] if certain else (Star(None),)
    taken = [*_taken(left, head, prove)], [*_taken(right[::-1], tail[::-1], prove)]
    return (*taken[0], *middle, *taken[1][::-1])


def _takers(items: Sequence[Item]) -> int:
    return sum(item is not Open.NEW_AXIS for item in items)


def _taken(items: Sequence[Item], axes: Sequence[tuple[int, Axis]], prove: bool) -> Iterator[Axis]:
    """Take of each axis in turn what its item takes; stop where no axis is left that is known."""
    left = iter(axes)
    for item in items:
        if item is Open.NEW_AXIS:
            yield 1
            continue
        place, axis = next(left, (None, None))
        if place is None:
            return
        size = None if axis is None or isinstance(axis, Star) else _size(axis)
        if isinstance(item, Slice):
            yield axis if item == Slice() else _sliced(item, place, size, prove)
        elif size is not None and not isinstance(item, Open | EllipsisType):
            _check_index(_size(item), place, size, prove)


def _check_index(index: Dim | None, place: int, size: Dim, prove: bool) -> None:
    """Refuse an int that is beyond its axis.

    Raises: IndexingError.
    """
    if index is None or (sign := _sign(index)) is None:
        return
    room = at_least(size - index if sign >= 0 else size + index + 1, 1)
    if isinstance(room, Never) or (prove and isinstance(room, Sometimes)):
        needs = room.needs if isinstance(room, Sometimes) else None
        raise IndexingError(BeyondFailure(place, size, index, needs))


def _sliced(item: Slice, place: int, size: Dim | None, prove: bool) -> Term | None:
    """Say how many places of an axis a slice takes; None where that is unknown.

    Raises: IndexingError.
    """
    step = 1 if item.step is None else item.step
    by = None if isinstance(step, Open) else _size(step)
    if by is not None and by.constant == 0:
        raise IndexingError(StepFailure())
    direction = None if by is None else _sign(by)
    if size is None or by is None or direction is None:
        return None
    start = _start(item.start, size, direction)
    stop = _stop(item.stop, size, direction)
    if start is None or stop is None:
        return None
    length = stop - start if direction > 0 else start - stop
    room = at_least(length, 1)
    if isinstance(room, Never) or (prove and isinstance(room, Sometimes)):
        needs = room.needs if isinstance(room, Sometimes) else None
        raise IndexingError(EmptyFailure(place, size, item, needs))
    stride = by if direction > 0 else normal_form(0) - by
    return _size_of("CeilDiv", length, stride).term


def _start(bound: Bound, size: Dim, direction: int) -> Dim | None:
    """Say where a slice begins that takes anything; None where that is unknown."""
    if bound is None:
        return normal_form(0) if direction > 0 else size - 1
    place, sign = _counted(bound, size)
    if place is None:
        return None
    if direction > 0:  # from before the first: from the first
        return place if sign >= 0 else _size_of("Max", place, normal_form(0))
    return place if sign < 0 else _size_of("Min", place, size - 1)


def _stop(bound: Bound, size: Dim, direction: int) -> Dim | None:
    """Say where a slice ends that takes anything; None where that is unknown."""
    if bound is None:
        return size if direction > 0 else normal_form(-1)
    place, sign = _counted(bound, size)
    if place is None:
        return None
    if direction > 0:  # beyond the last: after the last
        return place if sign < 0 else _size_of("Min", place, size)
    return place if sign >= 0 else _size_of("Max", place, normal_form(-1))


def _counted(bound: Term | Open, size: Dim) -> tuple[Dim | None, int]:
    """Count a bound from the first place, and say whether it was counted so."""
    written = None if isinstance(bound, Open) else _size(bound)
    sign = None if written is None else _sign(written)
    if written is None or sign is None:
        return None, 0
    return written if sign >= 0 else size + written, sign


def _sign(size: Dim) -> int | None:
    """Say whether a size is at least 0 or below, for all values alike."""
    if isinstance(at_least(size, 0), Always):
        return 1
    return -1 if isinstance(at_least(size, 0), Never) else None


def _size(term: Term) -> Dim | None:
    try:
        return normal_form(term)
    except Undefined:
        return None


def _size_of(operator: str, left: Dim, right: Dim) -> Dim:
    return normal_form(Operation(operator, (left.term, right.term)))
