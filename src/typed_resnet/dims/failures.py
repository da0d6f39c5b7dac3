"""What may be wrong with a call; `sentences` puts it into words."""

from __future__ import annotations

from dataclasses import dataclass

from typed_resnet.dims.decision import Different, Undecided
from typed_resnet.dims.normal_form import Dim
from typed_resnet.dims.parts import Axis, Part
from typed_resnet.dims.term import Symbol


@dataclass(frozen=True, slots=True)
class Failure:
    """A place that does not fit."""

    part: Part


@dataclass(frozen=True, slots=True)
class RankFailure(Failure):
    """The number of axes differs."""

    expected: tuple[Axis, ...]
    """What the part declares, with the sizes that are known."""


@dataclass(frozen=True, slots=True)
class SizeFailure(Failure):
    """Two sizes differ, or could not be proved equal."""

    axis: int
    """The place in `part.formal`."""
    expected: Dim
    got: Dim
    verdict: Different | Undecided
    origin: str | None
    """The place that bound the expected size, if another did."""


@dataclass(frozen=True, slots=True)
class RangeFailure(Failure):
    """A size can never be as large as its symbol must be."""

    axis: int
    got: Dim
    least: int


@dataclass(frozen=True, slots=True)
class SolveFailure(Failure):
    """No value of the symbol makes a declared size such as `H + 2` the one that was brought."""

    axis: int
    declared: Dim
    symbol: Symbol
    got: Dim


@dataclass(frozen=True, slots=True)
class BrokenFailure(Failure):
    """A declared size has no value for the sizes that were brought."""

    why: str
