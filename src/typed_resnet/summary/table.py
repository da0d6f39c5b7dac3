"""The table of a model."""

from __future__ import annotations

from rich import box
from rich.table import Table
from rich.text import Text

from typed_resnet.summary.model import Shape
from typed_resnet.summary.rows import Row, Summary

UNKNOWN = "?"
NOT_RUN = "not run"


def table(summary: Summary, *, symbolic: bool = False) -> Table:
    """Lay out a row for each layer, and totals; with `symbolic`, the sizes for all inputs too."""
    made = Table(
        title=f"{summary.model!r} on {written(summary.input)}",
        box=box.SIMPLE_HEAD,
        show_footer=True,
        pad_edge=False,
        title_style="bold",
        title_justify="left",
    )
    made.add_column("layer", "total", no_wrap=True)
    made.add_column("type as declared", min_width=12)
    if symbolic:
        made.add_column("type")
        made.add_column("shape for all inputs")
    made.add_column("shape\nby mypy", no_wrap=True)
    made.add_column("of the\narray", no_wrap=True)
    made.add_column("parameters", f"{summary.parameters:,}", justify="right", no_wrap=True)
    made.add_column(
        "their\nmemory", memory(summary.parameter_memory), justify="right", no_wrap=True
    )
    made.add_column("memory of\nresult", memory(summary.memory), justify="right", no_wrap=True)
    made.add_column(
        "multiply-\nadds", amount(summary.multiply_adds), justify="right", no_wrap=True
    )
    made.add_column("computed\nby", no_wrap=True)
    made.add_column("ms", f"{1000 * summary.seconds:,.0f}", justify="right", no_wrap=True)
    for row in summary.rows:
        made.add_row(*_cells(row, symbolic))
    return made


def _cells(row: Row, symbolic: bool) -> list[str | Text]:
    inferred = row.inferred
    cells: list[str | Text] = [
        row.path,
        Text(UNKNOWN if inferred is None else inferred.declared),
    ]
    if symbolic:
        cells.append(Text(UNKNOWN if inferred is None else inferred.numbers))
        cells.append(Text(UNKNOWN if inferred is None else inferred.symbolic))
    style = {True: "green", False: "bold red", None: "yellow"}[row.agrees]
    array = written(row.shape) if row.traced is not None else NOT_RUN
    if row.agrees is False:
        array += " ≠"
    return [
        *cells,
        Text(written(row.expected), style),
        Text(array, style),
        f"{row.parameters:,}",
        memory(row.parameter_memory),
        memory(row.memory),
        amount(row.multiply_adds),
        ", ".join(row.strategies),
        f"{1000 * row.seconds:,.1f}",
    ]


def amount(number: int) -> str:
    """Write a large number to four figures: `33.35 G`."""
    for power, letter in ((9, "G"), (6, "M"), (3, "k")):
        if number >= 10**power:
            return f"{number / 10**power:.4g} {letter}"
    return str(number)


def memory(number: int) -> str:
    """Write a number of bytes to four figures: `36.75 KiB`, of 1024 bytes."""
    for power, unit in ((3, "GiB"), (2, "MiB"), (1, "KiB")):
        if number >= 1024**power:
            return f"{number / 1024**power:.4g} {unit}"
    return f"{number} B"


def written(shape: Shape | None) -> str:
    """Write a shape: `[64, 112, 112]`."""
    return UNKNOWN if shape is None else str(list(shape))
