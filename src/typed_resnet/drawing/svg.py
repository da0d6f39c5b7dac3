"""The picture of a flow, as SVG: light or dark as its surroundings, with nothing outside it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final
from xml.sax.saxutils import escape, quoteattr

from typed_resnet.drawing.flow import Flow, Step, folded
from typed_resnet.drawing.placing import (
    LABEL,
    LINE,
    MARGIN,
    NAME,
    SMALL,
    Box,
    Frame,
    Placed,
    placed,
    text_width,
)
from typed_resnet.drawing.wires import Points, wires

FONT: Final = "ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace"
CORNER: Final = 6
TITLE: Final = 14

STYLE: Final = """\
.flow { --page: #ffffff; --ink: #1c2330; --faint: #5d6675; --line: #7b8494; --frame: #d5dae2;
  --inside: rgba(120, 135, 160, 0.07); --layer: #e6effb; --layer-edge: #6a94cf; --plain: #f1f3f6;
  --plain-edge: #aab2bf; --sum: #fdf0dc; --sum-edge: #d29a3f; --changed: #0b57b0;
  --wrong: #fdeeec; --wrong-edge: #d9483b; }
@media (prefers-color-scheme: dark) {
  .flow { --page: #14181f; --ink: #e6eaf1; --faint: #a2acbb; --line: #7f8a9b; --frame: #3a4350;
    --inside: rgba(150, 170, 200, 0.05); --layer: #1d2d45; --layer-edge: #5c86c0; --plain: #222831;
    --plain-edge: #566070; --sum: #3b2e17; --sum-edge: #b8863a; --changed: #8dbdff;
    --wrong: #3a1f1d; --wrong-edge: #e0695d; }
}
@media print { .flow { --page: #ffffff; --ink: #000000; --faint: #333333; --line: #555555;
  --frame: #bbbbbb; --inside: none; --layer: #ffffff; --layer-edge: #333333; --plain: #ffffff;
  --plain-edge: #888888; --sum: #ffffff; --sum-edge: #333333; --changed: #000000;
  --wrong: #ffffff; --wrong-edge: #000000; } }
.flow .page { fill: var(--page); }
.flow text { font-family: FONT; fill: var(--ink); white-space: pre; }
.flow .faint { fill: var(--faint); }
.flow .label { fill: var(--faint); stroke: var(--page); stroke-width: 4; paint-order: stroke;
  stroke-linejoin: round; }
.flow .name, .flow .changed, .flow .title { font-weight: 600; }
.flow .changed { fill: var(--changed); }
.flow .frame { fill: var(--inside); stroke: var(--frame); }
.flow .box { fill: var(--plain); stroke: var(--plain-edge); }
.flow .layer .box { fill: var(--layer); stroke: var(--layer-edge); }
.flow .sum .box { fill: var(--sum); stroke: var(--sum-edge); }
.flow .wrong .box { fill: var(--wrong); stroke: var(--wrong-edge); stroke-width: 2.5; }
.flow .wire { fill: none; stroke: var(--line); stroke-width: 1.4; }
.flow .head { fill: var(--line); }
""".replace("FONT", FONT)


def svg(flow: Flow, *, styled: bool = True) -> str:
    """Draw a flow; groups that repeat are drawn once.

    Without its style, it goes into a page that holds `STYLE` once for all pictures.
    """
    flow = folded(flow)
    layout = placed(flow)
    title = flow.title
    width = max(layout.width, text_width(title, TITLE) + 2 * LINE)
    size = f"{_number(width)} {_number(layout.height)}"
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" class="flow" viewBox="0 0 {size}"'
        f' width="{_number(width)}" height="{_number(layout.height)}" role="img"'
        f" aria-label={_attribute(title)}>",
        *([f"<style>{STYLE}</style>"] if styled else []),
        '<rect class="page" width="100%" height="100%"/>',
        _text(LINE, 1.6 * LINE, title, TITLE, "title"),
        *map(_frame, layout.frames),
        *(part for line in wires(flow, layout) for part in _wire(line)),
        *map(_label, layout.frames),
        *_boxes(flow, layout),
        "</svg>",
    ]
    return "\n".join(lines) + "\n"


def _boxes(flow: Flow, layout: Placed) -> Iterator[str]:
    for place, (step, box) in enumerate(zip(flow.steps, layout.boxes, strict=True)):
        yield f'<g class="{step.kind}">'
        if step.title:
            yield f"<title>{_escaped(step.title)}</title>"
        yield from _box(step, box, flow.changes_shape(place))
        yield "</g>"


def _box(step: Step, box: Box, changed: bool) -> Iterator[str]:
    radius = 4 if step.kind in ("layer", "plain") else box.height / 2
    yield _rect("box", box.x, box.y, box.width, box.height, min(radius, LINE))
    y = box.y + MARGIN / 2 + NAME - 0.5
    yield _text(box.x + MARGIN, y, step.name, NAME, "name")
    shape = "changed" if changed else "faint"
    yield _text(box.right - MARGIN, y, step.shape, NAME, shape, "end")
    for line in step.lines:
        y += LINE
        yield _text(box.x + MARGIN, y, line, SMALL, "faint")


def _frame(frame: Frame) -> str:
    return _rect("frame", frame.x, frame.y, frame.width, frame.height, CORNER)


def _label(frame: Frame) -> str:
    return _text(frame.x + 7, frame.y + LABEL - 5, frame.name, SMALL, "label")


def _wire(points: Points) -> Iterator[str]:
    """Draw a line with round corners, and an arrow's head at its end."""
    path = [f"M{_point(points[0])}"]
    for before, corner, after in zip(points, points[1:], points[2:], strict=False):
        near, far = _towards(corner, before), _towards(corner, after)
        path.append(f"L{_point(near)}Q{_point(corner)} {_point(far)}")
    path.append(f"L{_point(points[-1])}")
    yield f'<path class="wire" d="{"".join(path)}"/>'
    (x, y), (before_x, _) = points[-1], points[-2]
    sideways = before_x > x
    head = (
        ((x + 6, y - 3.5), (x + 6, y + 3.5)) if sideways else ((x - 3.5, y - 6), (x + 3.5, y - 6))
    )
    yield f'<path class="head" d="M{_point((x, y))}L{_point(head[0])}L{_point(head[1])}Z"/>'


def _towards(corner: tuple[float, float], other: tuple[float, float]) -> tuple[float, float]:
    """Go from a corner towards another point, as far as the corner is round."""
    length = abs(other[0] - corner[0]) + abs(other[1] - corner[1])
    part = min(CORNER, length / 2) / length if length else 0
    return tuple(c + (o - c) * part for c, o in zip(corner, other, strict=True))  # type: ignore[return-value]  # of two


def _rect(kind: str, x: float, y: float, width: float, height: float, radius: float) -> str:
    sizes = " ".join(
        f'{name}="{_number(value)}"'
        for name, value in (
            ("x", x),
            ("y", y),
            ("width", width),
            ("height", height),
            ("rx", radius),
        )
    )
    return f'<rect class="{kind}" {sizes}/>'


def _text(x: float, y: float, text: str, size: float, kind: str, anchor: str = "start") -> str:
    end = ' text-anchor="end"' if anchor == "end" else ""
    return (
        f'<text class="{kind}" x="{_number(x)}" y="{_number(y)}" font-size="{_number(size)}"{end}>'
        f"{_escaped(text)}</text>"
    )


def _number(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")


def _point(point: tuple[float, float]) -> str:
    return f"{_number(point[0])},{_number(point[1])}"


def _escaped(text: str) -> str:
    return escape(_printable(text))


def _attribute(text: str) -> str:
    return quoteattr(_printable(text))


def _printable(text: str) -> str:
    """Put a sign in the place of what no XML may hold."""
    return re.sub(r"[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", "\ufffd", text)
