"""What is drawn: the steps that make shapes of shapes, in the order in which they are run."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

Kind = Literal["input", "layer", "plain", "function", "sum", "wrong"]
"""An input; a layer with parameters, or without; a function; a sum, difference or product; what
does not fit."""


@dataclass(frozen=True)
class Step:
    """One step: what it is, what it takes, and the shape that comes out of it."""

    name: str
    """Its name in the group it is of: `conv1`."""
    kind: Kind
    shape: str
    """`64 × 112 × 112`, or `?`."""
    sources: tuple[int, ...] = ()
    """The steps whose results it takes, by their place in the flow."""
    lines: tuple[str, ...] = ()
    """What else is written in its box, such as its type."""
    groups: tuple[str, ...] = ()
    """The parts of the model that it is of, outermost first, each by its own name."""
    title: str = ""
    """What is shown where one points at it."""


@dataclass(frozen=True)
class Flow:
    """Steps, each after those that it takes something of."""

    title: str
    steps: tuple[Step, ...]

    def changes_shape(self, place: int) -> bool:
        """Say whether a step returns another shape than the first that it takes."""
        step = self.steps[place]
        return not step.sources or self.steps[step.sources[0]].shape != step.shape


ALIKE = 3
"""So many equal groups in a row are drawn as one."""


def folded(flow: Flow) -> Flow:
    """Draw groups that repeat as one: `rest.0–21 ×22`.

    Alike are groups side by side that hold equal steps, each of which goes on from the last.
    """
    steps = flow.steps
    start = 0
    while start < len(steps):
        for depth in range(1, len(steps[start].groups) + 1):
            runs = list(_runs(steps, start, depth))
            if len(runs) >= ALIKE and not _inner_used(steps, runs):
                steps = _without(steps, runs, depth)
                break
        start += 1
    return replace(flow, steps=steps)


def _runs(steps: Sequence[Step], start: int, depth: int) -> Iterator[range]:
    """Walk the groups that are like the one that begins at a step, and follow on it."""
    first = _group(steps, start, depth)
    if first is None:
        return
    yield first
    size = len(first)
    group = _group(steps, first.stop, depth)
    while group is not None and len(group) == size:
        if not _alike(steps, first, group, depth):
            return
        yield group
        group = _group(steps, group.stop, depth)


def _group(steps: Sequence[Step], start: int, depth: int) -> range | None:
    """Find the steps of the group that begins at a step."""
    if start >= len(steps) or len(steps[start].groups) < depth:
        return None
    name = steps[start].groups[:depth]
    if start and steps[start - 1].groups[:depth] == name:
        return None
    stop = start
    while stop < len(steps) and steps[stop].groups[:depth] == name:
        stop += 1
    return range(start, stop)


def _alike(steps: Sequence[Step], first: range, group: range, depth: int) -> bool:
    """Say whether a group repeats the first one, on what the group before it returns."""
    if steps[first.start].groups[: depth - 1] != steps[group.start].groups[: depth - 1]:
        return False
    for one, other in zip(first, group, strict=True):
        left, right = steps[one], steps[other]
        if (left.name, left.kind, left.shape, left.lines, left.groups[depth:]) != (
            *(right.name, right.kind, right.shape, right.lines, right.groups[depth:]),
        ):
            return False
        inner = [(source - first.start if source in first else -1) for source in left.sources]
        outer = [(source - group.start if source in group else -1) for source in right.sources]
        if inner != outer:
            return False
        if any(source < group.start - 1 for source in right.sources):
            return False
    return True


def _inner_used(steps: Sequence[Step], runs: Sequence[range]) -> bool:
    """Say whether what follows takes something of a group that would not be drawn."""
    gone = range(runs[0].start, runs[-1].start)
    return any(source in gone for step in steps[runs[-1].stop :] for source in step.sources)


def _without(steps: tuple[Step, ...], runs: Sequence[range], depth: int) -> tuple[Step, ...]:
    """Keep the first of the groups, and let what follows go on from it."""
    first, last = runs[0], runs[-1]
    names = [steps[group.start].groups[depth - 1] for group in (first, last)]
    label = f"{names[0]}–{names[1].rpartition('.')[2]} ×{len(runs)}"
    gone = last.stop - first.stop

    def moved(source: int) -> int:
        return source if source < first.stop else source - gone

    kept = [
        *steps[: first.start],
        *(
            replace(step, groups=(*step.groups[: depth - 1], label, *step.groups[depth:]))
            for step in steps[first.start : first.stop]
        ),
    ]
    for step in steps[last.stop :]:
        kept.append(replace(step, sources=tuple(map(moved, step.sources))))
    return tuple(kept)
