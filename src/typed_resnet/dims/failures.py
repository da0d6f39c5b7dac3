"""What may be wrong with a call; `sentences` puts it into words."""

from __future__ import annotations

from typing import NamedTuple

from typed_resnet.dims.answers import Different, Undecided
from typed_resnet.dims.normal_form import Dim
from typed_resnet.dims.parts import Axis, Part
from typed_resnet.dims.term import Symbol


class RankFailure(NamedTuple):
    """The number of axes differs."""

    part: Part
    expected: tuple[Axis, ...]
    """What the part declares, with the sizes that are known."""


class SizeFailure(NamedTuple):
    """Two sizes differ, or could not be proved equal."""

    part: Part
    axis: int
    """The place in `part.formal`."""
    expected: Dim
    got: Dim
    verdict: Different | Undecided
    origin: str | None
    """The place that bound the expected size, if another did."""


class RangeFailure(NamedTuple):
    """A size can never be as large as its symbol must be."""

    part: Part
    axis: int
    got: Dim
    least: int


class SolveFailure(NamedTuple):
    """No value of the symbol makes a declared size such as `H + 2` the one that was brought."""

    part: Part
    axis: int
    declared: Dim
    symbol: Symbol
    got: Dim


class BrokenFailure(NamedTuple):
    """A declared size has no value for the sizes that were brought."""

    part: Part
    why: str


class UnequalFailure(NamedTuple):
    """Two sizes that a signature says are equal are not."""

    part: Part
    left: Dim
    right: Dim
    verdict: Different | Undecided


class DivideFailure(NamedTuple):
    """A size is no multiple of another."""

    part: Part
    divisor: Dim
    size: Dim
    verdict: Different | Undecided
    """Of as many divisors as fit, compared with the size."""


class StretchFailure(NamedTuple):
    """A size is neither 1 nor the one that it should be stretched to."""

    part: Part
    axis: int
    """Counted from the right, below 0."""
    wanted: Dim
    got: Dim
    verdict: Different | Undecided


class StretchRankFailure(NamedTuple):
    """A shape has more axes than the one that it should be stretched to."""

    part: Part
    wanted: tuple[Axis, ...]
    got: tuple[Axis, ...]


Failure = (
    RankFailure
    | SizeFailure
    | RangeFailure
    | SolveFailure
    | BrokenFailure
    | UnequalFailure
    | DivideFailure
    | StretchFailure
    | StretchRankFailure
)
"""A part of a signature that does not fit."""
