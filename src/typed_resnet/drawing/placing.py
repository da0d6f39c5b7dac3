"""Where each step of a flow stands: in which column, row and lane, and how large its box is.

A column holds steps one below another; what goes beside the main path stands in a lane of its own
at the right. A long flow has several columns, each read from top to bottom.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from typed_resnet.drawing.flow import Flow, Step

ADVANCE: Final = 0.602
"""How wide a letter of a monospaced font is, of its height."""
NAME: Final = 12
SMALL: Final = 10
"""Heights of letters, in pixels."""
LINE: Final = 15
MARGIN: Final = 9
"""Between a box and its text."""
GAP: Final = 26
"""Between two rows."""
GUTTER: Final = 46
"""Between two lanes, or columns: wires go there."""
LABEL: Final = 17
"""The height of the line that names a group."""
INSET: Final = 7
"""Between a group and one that is inside it."""
ARC: Final = 16
"""Between boxes and the frame at their right, for the wires that skip steps."""
TOP: Final = 52
"""Above all columns: the title, and the wires that skip columns."""
STEP: Final = 7
"""Between wires side by side."""
SHAPE_OF_PICTURE: Final = 1.5
"""Width by height that a flow of several columns comes near to."""


@dataclass(frozen=True)
class Box:
    """The box of one step, in pixels."""

    x: float
    y: float
    width: float
    height: float
    column: int
    row: int
    lane: int
    above: float
    """Where its row begins, labels of groups included."""
    below: float
    """Where the boxes of its row end."""

    @property
    def middle(self) -> float:
        return self.x + self.width / 2

    @property
    def right(self) -> float:
        return self.x + self.width

    @property
    def bottom(self) -> float:
        return self.y + self.height


@dataclass(frozen=True)
class Frame:
    """The frame around the steps of a group."""

    name: str
    x: float
    y: float
    width: float
    height: float
    depth: int


@dataclass(frozen=True)
class Placed:
    """All boxes by the place of their steps, all frames, and where columns begin and end."""

    boxes: tuple[Box, ...]
    frames: tuple[Frame, ...]
    sides: tuple[float, ...]
    top: float
    width: float
    height: float


def text_width(text: str, size: float) -> float:
    """Measure a line of text, in pixels."""
    return len(text) * ADVANCE * size


def placed(flow: Flow) -> Placed:
    """Place all steps, in as many columns as make a picture of a good shape."""
    parts = _parts(flow.steps)
    heights = sorted(
        {sum(map(len, parts[i:j])) for i in range(len(parts)) for j in range(i, len(parts) + 1)}
    )
    tried = {_columns(parts, height): None for height in heights if height >= max(map(len, parts))}
    layouts = [_place(flow, columns) for columns in tried]
    return min(layouts, key=lambda p: abs(math.log(p.width / p.height / SHAPE_OF_PICTURE)))


def _parts(steps: Sequence[Step]) -> list[range]:
    """Split a flow where an outermost group begins or ends."""
    ends = [i for i in range(1, len(steps)) if steps[i].groups[:1] != steps[i - 1].groups[:1]]
    return [range(a, b) for a, b in pairwise([0, *ends, len(steps)])]


def _columns(parts: Sequence[range], height: int) -> tuple[range, ...]:
    """Fill columns with parts, up to a height in steps."""
    columns: list[range] = []
    for part in parts:
        if columns and part.stop - columns[-1].start <= height:
            columns[-1] = range(columns[-1].start, part.stop)
        else:
            columns.append(part)
    return tuple(columns)


def _place(flow: Flow, columns: Sequence[range]) -> Placed:
    boxes: list[Box] = []
    frames: list[Frame] = []
    sides: list[float] = []
    beside, above = _crossings(flow.steps, columns)
    x, y = float(GUTTER), TOP + STEP * float(above)
    for number, column in enumerate(columns):
        made, around, arcs = _column(flow.steps, column, number, x, y)
        boxes += made
        frames += around
        sides.append(max([box.right + arcs for box in made] + [f.x + f.width for f in around]))
        x = sides[-1] + 2 * GUTTER + STEP * beside[number]
    bottom = max([box.bottom for box in boxes] + [f.y + f.height for f in frames])
    return Placed(tuple(boxes), tuple(frames), tuple(sides), y, sides[-1] + GUTTER, bottom + GAP)


def _crossings(steps: Sequence[Step], columns: Sequence[range]) -> tuple[Counter[int], int]:
    """Count the wires beside each column, and those above that skip columns."""
    number = {i: n for n, column in enumerate(columns) for i in column}
    beside: Counter[int] = Counter()
    above = 0
    for i, step in enumerate(steps):
        for source in step.sources:
            start, end = number[source], number[i]
            beside[start] += start != end
            beside[end - 1] += end > start + 1
            above += end > start + 1
    return beside, above


def _column(
    steps: Sequence[Step], column: range, number: int, left: float, top: float
) -> tuple[list[Box], list[Frame], float]:
    """Place the steps of a column; say too how much of its side the wires need."""
    rows, lanes = _rows_and_lanes(steps, column)
    arcs = ARC + STEP * max(0, _abreast(steps, rows) - 1)
    opened, closed = _borders(steps, column, rows)
    deepest = max(len(steps[i].groups) for i in column)
    widths = [
        max(_width(steps[i]) for i in column if lanes[i] == lane)
        for lane in range(max(lanes.values()) + 1)
    ]
    xs = [left + deepest * INSET]
    for width in widths:
        xs.append(xs[-1] + width + arcs + GUTTER / 2 + 2 * deepest * INSET)
    above, below = [top], []
    for row in range(max(rows.values()) + 1):
        height = max(box_size(steps[i])[1] for i in column if rows[i] == row)
        below.append(above[row] + opened[row] * LABEL + height)
        above.append(below[row] + closed[row] * INSET + GAP)
    boxes = {}
    for i in column:
        row, lane = rows[i], lanes[i]
        y = above[row] + opened[row] * LABEL
        height = box_size(steps[i])[1]
        boxes[i] = Box(
            *(xs[lane], y, widths[lane], height, number, row, lane), above[row], below[row]
        )
    return list(boxes.values()), _frames(steps, boxes, arcs), arcs


def _abreast(steps: Sequence[Step], rows: dict[int, int]) -> int:
    """Count how many wires at most go side by side past a row."""
    past = Counter(
        row
        for i in rows
        for source in steps[i].sources
        if source in rows
        for row in range(rows[source] + 1, rows[i] + 1)
        if rows[i] > rows[source] + 1
    )
    return max(past.values(), default=0)


def _rows_and_lanes(steps: Sequence[Step], column: range) -> tuple[dict[int, int], dict[int, int]]:
    """Put each step below what it takes; beside the main path where that is taken already."""
    rows: dict[int, int] = {}
    lanes: dict[int, int] = {}
    taken: dict[int, int] = {}
    """For each lane, the lowest row that is taken in it."""
    entered: dict[tuple[int, ...], int] = {}
    """In which row that is taken which comes from other columns."""
    for i in column:
        sources = [source for source in steps[i].sources if source in column]
        if sources:
            row = 1 + max(rows[source] for source in sources)
        else:
            row = entered.setdefault(steps[i].sources, 1 + max(rows.values(), default=-1))
        lane = min((lanes[source] for source in sources), default=0)
        while taken.get(lane, -1) >= row:
            lane += 1
        rows[i], lanes[i], taken[lane] = row, lane, row
    if _groups_meet(steps, column, rows, lanes):
        return {i: i - column.start for i in column}, dict.fromkeys(column, 0)
    return rows, lanes


def _groups_meet(
    steps: Sequence[Step], column: range, rows: dict[int, int], lanes: dict[int, int]
) -> bool:
    """Say whether the frame of a group would go round a step that is not of it."""
    for _, members in _groups(steps, column):
        above, below = min(rows[i] for i in members), max(rows[i] for i in members)
        left, right = min(lanes[i] for i in members), max(lanes[i] for i in members)
        for i in column:
            inside = above <= rows[i] <= below and left <= lanes[i] <= right
            if inside and i not in members:
                return True
    return False


def _borders(
    steps: Sequence[Step], column: range, rows: dict[int, int]
) -> tuple[Counter[int], Counter[int]]:
    """Count the frames that begin above each row, and those that end below it."""
    opened: Counter[int] = Counter()
    closed: Counter[int] = Counter()
    for _, members in _groups(steps, column):
        opened[min(rows[i] for i in members)] += 1
        closed[max(rows[i] for i in members)] += 1
    return opened, closed


def _groups(
    steps: Sequence[Step], column: Sequence[int]
) -> list[tuple[tuple[str, ...], list[int]]]:
    """Walk the groups with their steps; one whose steps are apart is several."""
    found: list[tuple[tuple[str, ...], list[int]]] = []
    open_groups: dict[tuple[str, ...], list[int]] = {}
    for i in column:
        names = [steps[i].groups[: d + 1] for d in range(len(steps[i].groups))]
        open_groups = {name: members for name, members in open_groups.items() if name in names}
        for name in names:
            if name not in open_groups:
                open_groups[name] = []
                found.append((name, open_groups[name]))
            open_groups[name].append(i)
    return found


def _frames(steps: Sequence[Step], boxes: dict[int, Box], arcs: float) -> list[Frame]:
    frames = []
    for name, members in _groups(steps, list(boxes)):
        inside = [boxes[i] for i in members]
        below = max(len(steps[i].groups) - len(name) for i in members)
        margin = (below + 1) * INSET
        first, last = min(box.y for box in inside), max(box.bottom for box in inside)
        x = min(box.x for box in inside) - margin
        right = max(box.right for box in inside) + arcs + margin
        top = min(b.row for b in inside)
        above = sum(
            1
            for other, others in _groups(steps, list(boxes))
            if len(other) > len(name)
            and other[: len(name)] == name
            and min(boxes[i].row for i in others) == top
            and set(others) <= set(members)
        )
        y = first - (above + 1) * LABEL
        frames.append(Frame(name[-1], x, y, right - x, last + margin - y, len(name)))
    return frames


def _width(step: Step) -> float:
    """Measure what a step needs: its box, and the names of its groups."""
    labels = [text_width(group, SMALL) + MARGIN for group in step.groups]
    return max([box_size(step)[0], *labels])


def box_size(step: Step) -> tuple[float, float]:
    """Measure a box around what is written in it: the name and the shape, then its lines."""
    first = text_width(step.name, NAME) + 2 * NAME + text_width(step.shape, NAME)
    widest = max([first, *(text_width(line, SMALL) for line in step.lines)])
    return widest + 2 * MARGIN, LINE * (1 + len(step.lines)) + MARGIN
