"""The lines between boxes: straight down, beside what they skip, or over to the next column."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from typed_resnet.drawing.flow import Flow
from typed_resnet.drawing.placing import ARC, GUTTER, STEP, Box, Placed

Points = list[tuple[float, float]]

LEAVE: Final = 9
"""How far below its row a wire turns that does not go straight down."""


def wires(flow: Flow, placed: Placed) -> Iterator[Points]:
    """Lead a line from each step to each that takes its result."""
    routes = _Routes(placed)
    for place, step in enumerate(flow.steps):
        for source in dict.fromkeys(step.sources):
            yield routes.between(placed.boxes[source], placed.boxes[place])


class _Routes:
    """Finds ways that are free, and takes note of those that are taken."""

    def __init__(self, placed: Placed) -> None:
        self.placed = placed
        self.taken: dict[tuple[str, int, int], list[tuple[float, float]]] = {}
        """The tracks beside a lane, or a column, and from where to where each is in use."""
        self.turns: dict[tuple[Box, int, int], float] = {}

    def between(self, source: Box, target: Box) -> Points:
        start = (source.middle, source.bottom)
        turn = source.below + LEAVE
        if source.column != target.column:
            return [start, (source.middle, turn), *self._to_column(source, target, turn)]
        if source.lane == target.lane and self._free(source, target, source.lane):
            return [start, (target.middle, target.y)]
        if source.lane < target.lane and self._free(source, target, target.lane):
            corner = (target.middle, turn)
            return [start, (source.middle, turn), corner, (target.middle, target.y)]
        if source.lane > target.lane and self._free(source, target, source.lane):
            side = (target.right, target.y + target.height / 2)
            if self._open(target, source.lane):
                return [start, (source.middle, side[1]), side]
        return [start, (source.middle, turn), *self._round(source, target, turn)]

    def _round(self, source: Box, target: Box, turn: float) -> Points:
        """Lead a line beside the lanes of both, and into its end from there or from above."""
        lane = max(source.lane, target.lane)
        right = max(b.right for b in self._boxes(target.column) if b.lane == lane)
        x = self._track("lane", source.column, lane, turn, target.bottom, right + ARC * 0.75)
        if self._open(target, lane):
            middle = target.y + target.height / 2
            return [(x, turn), (x, middle), (target.right, middle)]
        entry = target.above - LEAVE
        return [(x, turn), (x, entry), (target.middle, entry), (target.middle, target.y)]

    def _to_column(self, source: Box, target: Box, turn: float) -> Points:
        """Lead a line up beside its column, and into another one from above."""
        entry = target.above - LEAVE
        key = (source, target.column, target.row)
        if key not in self.turns:  # lines from one step to several stay together
            self.turns[key] = self._gutter(source.column, min(turn, entry), max(turn, entry))
        x = self.turns[key]
        end = [(target.middle, entry), (target.middle, target.y)]
        if target.column == source.column + 1:
            return [(x, turn), (x, entry), *end]
        band = self._track("band", 0, 0, x, target.x, self.placed.top - 2 * LEAVE)
        other = self._gutter(target.column - 1, band, entry)
        return [(x, turn), (x, band), (other, band), (other, entry), *end]

    def _gutter(self, column: int, low: float, high: float) -> float:
        side = self.placed.sides[column]
        return self._track("column", column, 0, low, high, side + GUTTER / 2)

    def _track(
        self, kind: str, column: int, lane: int, low: float, high: float, first: float
    ) -> float:
        """Take the first track that is free all the way."""
        number = 0
        while any(
            low < b and a < high
            for a, b in self.taken.setdefault((kind, column, lane * 99 + number), [])
        ):
            number += 1
        self.taken[kind, column, lane * 99 + number].append((low, high))
        return first + (-STEP if kind == "band" else STEP) * number

    def _free(self, source: Box, target: Box, lane: int) -> bool:
        """Say whether no box stands in a lane between two rows."""
        rows = range(source.row + 1, target.row)
        return not any(box.lane == lane and box.row in rows for box in self._boxes(source.column))

    def _open(self, target: Box, lane: int) -> bool:
        """Say whether no box stands beside one, as far as a lane at the right."""
        lanes = range(target.lane + 1, lane + 1)
        return not any(
            box.row == target.row and box.lane in lanes for box in self._boxes(target.column)
        )

    def _boxes(self, column: int) -> list[Box]:
        return [box for box in self.placed.boxes if box.column == column]
