"""The figures of the kernels as rows of a table, and docs/speed.md with its plot."""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final, NamedTuple, TypeAlias

from tasks import ASKED, CONVS, MODELS

PAGE: Final = Path(__file__).parents[1] / "docs/speed.md"
PLOT: Final = PAGE.with_suffix(".svg")
FIRST: Final = "torch"
OURS: Final = "typed_resnet"


class Row(NamedTuple):
    what: str
    library: str
    ratios: tuple[float, float, float]
    """Lower quartile, median, upper quartile."""
    milliseconds: float
    of_peak: float
    """The fraction of the peak of matrix products."""
    memory: float
    """Peak resident memory over PyTorch's, or nought where it was not measured."""


class Without(NamedTuple):
    """A task that a library could not do."""

    what: str
    library: str
    reason: str


Piece: TypeAlias = tuple[str, list[Row | Without]]
"""What is said of the machine, and what was measured on it."""


def line(row: Row | Without) -> str:
    if isinstance(row, Without):
        return f"| {row.what} | {row.library} | {row.reason} | | | | |"
    low, middle, high = row.ratios
    memory = f"{row.memory:.2f}" if row.memory else ""
    spread = f"{low:.2f} to {high:.2f}" if row.library != FIRST else ""
    asked = f" ({ASKED[row.what]:.2f} asked)" if row.what in ASKED and row.library == OURS else ""
    figures = (
        f"{row.milliseconds:.1f} | {middle:.2f}{asked} | {spread} | {row.of_peak:.2f} | {memory}"
    )
    return f"| {row.what} | {row.library} | {figures} |"


def table(rows: Iterable[Row | Without]) -> str:
    head = (
        "| | library | ms | / PyTorch eager | quartiles | of the peak | peak memory / PyTorch's |"
    )
    return "\n".join([head, "|---|---|--:|--:|--:|--:|--:|", *map(line, rows)])


def plot(rows: Sequence[Row]) -> str:
    """Draw a bar for each of our rows; the line at 1 is PyTorch eager."""
    wide, high, left = 300, 18, 330
    bars = []
    for index, row in enumerate(rows):
        y, width = 20 + index * high, wide * min(row.ratios[1], 2) / 2
        colour = "#3b7a57" if row.ratios[1] < 1 else "#b5651d"
        bars.append(
            f'<text x="{left - 8}" y="{y + 12}" text-anchor="end">{row.what}</text>'
            f'<rect x="{left}" y="{y}" width="{width:.0f}" height="{high - 4}" fill="{colour}"/>'
            f'<text x="{left + width + 4:.0f}" y="{y + 12}">{row.ratios[1]:.2f}</text>'
        )
    bottom = 24 + len(rows) * high
    one = left + wide / 2
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{left + wide + 60}" height="{bottom + 8}"'
        ' font-family="sans-serif" font-size="11">'
        f'<text x="{one}" y="12" text-anchor="middle">PyTorch eager = 1</text>'
        f"{''.join(bars)}"
        f'<line x1="{one}" y1="16" x2="{one}" y2="{bottom}" stroke="#666" stroke-dasharray="3"/>'
        "</svg>\n"
    )


def write_from(paths: Iterable[Path]) -> None:
    """Put pieces that were saved into the page: those of one part side by side."""
    pieces: dict[str | None, list[Piece]] = {}
    for path in paths:
        said, saved, isa = json.loads(path.read_text())
        rows = [Without(*row) if len(row) == len(Without._fields) else Row(*row) for row in saved]
        pieces.setdefault(isa, []).append((said, rows))
    write([part for held in pieces.values() for part in _merged(held)])


def _merged(pieces: list[Piece]) -> list[Piece]:
    """Put pieces of one part together: a task's rows side by side, each library's first one."""
    said = "\n\n".join(dict.fromkeys(said for said, _ in pieces))
    found: dict[tuple[str, str], Row | Without] = {}
    for _, rows in pieces:
        for row in rows:
            found.setdefault((row.what, row.library), row)
    parts = [[row for what in tasks for row in found.values() if row.what == what]
             for tasks in (MODELS, CONVS)]  # fmt: skip
    return [(said, rows) for rows in parts if rows]


def write(pieces: Sequence[Piece]) -> None:
    """Put the figures into the page, and draw those of the machine as it is, which come first."""
    parts = []
    for said, some in itertools.groupby(pieces, key=lambda piece: piece[0]):
        parts += [said, *(table(rows) for _, rows in some)]
    body = "\n\n".join([*parts, f"![ratios]({PLOT.name})"])
    text = re.sub(r"(?s)(<!-- figures -->\n).*(\n<!-- end -->)", rf"\1{body}\2", PAGE.read_text())
    PAGE.write_text(text)
    shown = [rows for said, rows in pieces if said == pieces[0][0]]
    every = [row for rows in shown for row in rows if isinstance(row, Row)]
    PLOT.write_text(plot([row for row in every if row.library == OURS]))
