"""Sizes put for the symbols of one function."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from typed_resnet.dims.conditions import filled
from typed_resnet.dims.matching import Axis, Star
from typed_resnet.dims.normal_form import Dim
from typed_resnet.dims.term import Symbol, Term, Undefined
from typed_resnet.summary.model import Shape


@dataclass(frozen=True)
class Bound:
    """What the symbols of one function stand for, in the symbols of the model's own input."""

    sizes: Mapping[Symbol, Dim | None] = field(default_factory=dict)
    """None for what is unknown."""
    stars: Mapping[Symbol, tuple[Axis, ...]] = field(default_factory=dict)

    def axes(self, axes: Sequence[Axis]) -> tuple[Axis, ...]:
        """Put what the symbols stand for in their place."""
        return tuple(put for axis in axes for put in self._axis(axis))

    def size(self, size: Term | None) -> Term | None:
        """Put what its symbols stand for into one size."""
        (put,) = self._axis(size)
        return None if isinstance(put, Star) else put

    def shape(self, axes: Sequence[Axis]) -> Shape | None:
        """Put numbers for all symbols; None where some axis has none."""
        put = [axis for axis in self.axes(axes) if isinstance(axis, int)]
        return tuple(put) if len(put) == len(self.axes(axes)) else None

    def _axis(self, axis: Axis) -> tuple[Axis, ...]:
        try:
            return filled([axis], self.sizes, self.stars)
        except Undefined:
            return (None,)
