"""Sizes put for the symbols of one function."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from typed_resnet.dims.matching import Axis, Star
from typed_resnet.dims.normal_form import Dim, normal_form
from typed_resnet.dims.term import Symbol, Term, Undefined
from typed_resnet.summary.model import Shape


@dataclass(frozen=True)
class Bound:
    """What the symbols of one function stand for, in the symbols of the model's own input."""

    sizes: Mapping[Symbol, Dim] = field(default_factory=dict)
    stars: Mapping[Symbol, tuple[Axis, ...]] = field(default_factory=dict)

    def axes(self, axes: Sequence[Axis]) -> tuple[Axis, ...]:
        """Put what the symbols stand for in their place."""
        put: list[Axis] = []
        for axis in axes:
            if not isinstance(axis, Star):
                put.append(self.size(axis))
            elif axis.symbol is None:
                put.append(axis)
            else:
                put += self.stars.get(axis.symbol, (axis,))
        return tuple(put)

    def size(self, size: Term | None) -> Term | None:
        try:
            return None if size is None else normal_form(size).substitute(self.sizes).term
        except Undefined:
            return None

    def shape(self, axes: Sequence[Axis]) -> Shape | None:
        """Put numbers for all symbols; None where some axis has none."""
        put = [axis for axis in self.axes(axes) if isinstance(axis, int)]
        return tuple(put) if len(put) == len(self.axes(axes)) else None
