"""The parts of a signature: each place that holds sizes, as declared and as a call brings it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from typed_resnet.dims.term import Symbol, Term


class Star(NamedTuple):
    """Any number of axes, as `*B` stands for; of unknown number where there is no symbol."""

    symbol: Symbol | None


Axis = Term | Star | None
"""What stands on one axis; None where the size is unknown."""


@dataclass(frozen=True, slots=True)
class Part:
    """One place that holds sizes: as declared, and as the call brings it."""

    place: str
    formal: tuple[Axis, ...]
    actual: tuple[Axis, ...]
    names: tuple[str | None, ...] = ()
    """What the signature calls each axis of `formal`; errors take their nouns from these."""
    is_int: bool = False
    """It is a size that is passed as an int, and known to the caller by the name of its place."""

    def name(self, axis: int) -> str | None:
        """Say what the signature calls an axis; None where it gives no name."""
        return self.names[axis] if axis < len(self.names) else None

    def unknown_axis(self) -> int | None:
        """Find the first axis that is declared, but of unknown size where it comes from."""
        if None not in self.actual and Star(None) not in self.actual:
            return None
        aligned = align(self.formal, self.actual)
        if aligned is None:
            return None
        known = {axis for axis, met in aligned if None not in met and Star(None) not in met}
        declared = (i for i, axis in enumerate(self.formal) if axis not in (None, Star(None)))
        return next((axis for axis in declared if axis not in known), None)

    def place_of(self, axis: int) -> int:
        """Count an axis as indexing does: from the right where any number of axes precede it."""
        starred = any(isinstance(before, Star) for before in self.formal[:axis])
        return axis - len(self.formal) if starred else axis


def align(formal: Sequence[Axis], actual: Sequence[Axis]) -> list[tuple[int, list[Axis]]] | None:
    """Say which axes of `actual` each axis of `formal` meets; None where the ranks differ.

    A star meets the axes that the others leave. Where `actual` has unknown axes, what they may
    cover is left out.
    """
    star = next((i for i, axis in enumerate(formal) if isinstance(axis, Star)), None)
    vague = next((i for i, axis in enumerate(actual) if axis == Star(None)), None)
    if vague is not None:
        return _align_vague(formal, actual, star, vague)
    rigid = next((i for i, axis in enumerate(actual) if isinstance(axis, Star)), None)
    if star is None:
        if rigid is not None or len(formal) != len(actual):
            return None
        return [(i, [axis]) for i, axis in enumerate(actual)]
    after = len(formal) - star - 1
    end = len(actual) - after
    if end < star or (rigid is not None and not star <= rigid < end):
        return None
    return [
        *((i, [actual[i]]) for i in range(star)),
        (star, list(actual[star:end])),
        *((star + 1 + i, [actual[end + i]]) for i in range(after)),
    ]


def _align_vague(
    formal: Sequence[Axis], actual: Sequence[Axis], star: int | None, vague: int
) -> list[tuple[int, list[Axis]]]:
    """Align around axes of unknown number: from the left up to them, from the right too."""
    left = vague if star is None else min(vague, star)
    known_right = len(actual) - vague - 1
    right = known_right if star is None else min(known_right, len(formal) - star - 1)
    aligned: list[tuple[int, list[Axis]]] = [
        (i, [actual[i]]) for i in range(min(left, len(formal)))
    ]
    if star is not None:
        aligned.append((star, [Star(None)]))
    first = max(len(formal) - right, len(aligned))
    aligned += [(i, [actual[len(actual) - (len(formal) - i)]]) for i in range(first, len(formal))]
    return aligned
