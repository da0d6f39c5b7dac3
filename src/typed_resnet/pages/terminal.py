"""A file in the terminal: its source, and beside it every shape that is inferred."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from rich.console import Console
from rich.syntax import Syntax
from rich.text import Text

from typed_resnet.hints import Analysis, Diagnostic, Hint, Kind, Range, Severity
from typed_resnet.pages.beside import Beside, beside, verdict
from typed_resnet.pages.text import split

LONGEST: Final = 40
"""So many letters of an expression are repeated beside its line."""
TAB: Final = 4


def show(name: str, text: str, analysis: Analysis, console: Console) -> None:
    """Print a file, its shapes at the right of it where there is room, else below each line."""
    lines = split(text)
    code = _highlighted(lines)
    shown = beside(analysis)
    digits = len(str(len(lines)))
    labels = {n: [_label(hint, lines) for hint in at.hints] for n, at in shown.items()}
    edge = digits + 2 + max((_column(line, len(line)) for line in lines), default=0) + 3
    widest = max((label.cell_len for here in labels.values() for label in here), default=0)
    aside = edge + widest <= console.width
    console.print(Text(name, "bold"))
    for number, line in enumerate(lines):
        row = Text().append(f"{number + 1:>{digits}}", "dim")
        if line.strip():
            row.append("  ").append_text(code[number])
        here = labels.get(number, [])
        if aside and here:
            row.append(" " * (edge - row.cell_len)).append_text(here.pop(0))
        console.print(row, soft_wrap=True)
        indent = edge if aside else digits + 2 + _column(line, len(line) - len(line.lstrip()))
        for label in here:
            console.print(Text(" " * indent).append_text(label), soft_wrap=True)
        for diagnostic in shown.get(number, Beside()).diagnostics:
            for part in _message(diagnostic, lines, digits + 2):
                console.print(part, soft_wrap=True)
    console.print(Text(verdict(analysis)))


def _highlighted(lines: Sequence[str]) -> list[Text]:
    """Colour the source as the terminal's own theme has it."""
    syntax = Syntax("", "python", theme="ansi_dark", background_color="default")
    plain = [line.expandtabs(TAB) for line in lines]
    made = syntax.highlight("".join(f"{line}\n" for line in plain)).split("\n", allow_blank=True)
    return [
        part if part.plain == line else Text(line) for part, line in zip(made, plain, strict=False)
    ]


def _column(line: str, column: int) -> int:
    """Say where a column of a line stands once its tabs are blanks."""
    return len(line[:column].expandtabs(TAB))


def _label(hint: Hint, lines: list[str]) -> Text:
    """Name what a hint is of, for it stands beside its line and not in it."""
    return Text(_named(hint, lines), "cyan").append(hint.label, "cyan")


def _named(hint: Hint, lines: list[str]) -> str:
    text = _text(hint.range, lines)
    if hint.kind is Kind.CALL and len(text) > LONGEST:
        return f"{text[: LONGEST - 1]}…"
    return text


def _text(place: Range, lines: list[str]) -> str:
    """Cut an expression out of the source, as one line."""
    if place.start.line == place.end.line:
        return lines[place.start.line][place.start.column : place.end.column]
    first = lines[place.start.line][place.start.column :]
    last = lines[place.end.line][: place.end.column]
    return " ".join(
        part.strip() for part in (first, *lines[place.start.line + 1 : place.end.line], last)
    )


def _message(diagnostic: Diagnostic, lines: list[str], margin: int) -> Iterator[Text]:
    """Underline what is wrong, and say why."""
    style = "red" if diagnostic.severity is Severity.ERROR else "yellow"
    start, end = diagnostic.range.start, diagnostic.range.end
    line = lines[start.line] if start.line < len(lines) else ""
    until = end.column if end.line == start.line else len(line)
    left = _column(line, start.column)
    mark = "~" * max(1, _column(line, until) - left)
    code = f"  [{diagnostic.code}]" if diagnostic.code else ""
    blank = " " * (margin + left)
    yield Text(f"{blank}{mark} {diagnostic.message}{code}", style)
    for related in diagnostic.related:
        place = f"{related.path}:{related.range.start.line + 1}"
        yield Text(f"{blank}{place}: {related.message}", "dim")
