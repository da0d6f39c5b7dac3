"""Columns of mypy's nodes, put right on lines that hold more than ASCII.

mypy's native parser counts a column in characters, c say, and then takes from it the number of
bytes among the line's first c + 2 that continue a character. In `s = "é"; y` it places y one
character too far left; two places can come out as one. Of these the first is meant at which
something begins, and for the end the first after that at which something ends.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Final

from typed_resnet.hints.model import Position, Range

if TYPE_CHECKING:
    from mypy.nodes import Context  # the server has none, and need not wait for mypy

_NEWLINE: Final = re.compile(r"\r\n|\n|\r")
_TOKEN: Final = re.compile(
    r"""\w*(?:"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')|\w+|\S""",
)


def lines_of(text: str) -> list[str]:
    """Split a text as Python, mypy and editors count its lines."""
    return _NEWLINE.split(text.removesuffix("\n").removesuffix("\r"))


def replaced(text: str, place: Range, part: str) -> str:
    """Put another part in a place of a text."""
    starts = [0, *(newline.end() for newline in _NEWLINE.finditer(text))]
    start, end = (starts[p.line] + p.column for p in (place.start, place.end))
    return text[:start] + part + text[end:]


def range_of(node: Context, lines: Sequence[str]) -> Range:
    """Say which text a node is."""
    end_line = node.line if node.end_line is None else node.end_line
    end_column = node.column if node.end_column is None else node.end_column
    return text_range(node.line, node.column, end_line, end_column, lines)


def text_range(
    line: int, column: int, end_line: int, end_column: int, lines: Sequence[str]
) -> Range:
    """Translate mypy's places, with lines from 1, of which the end may be unknown."""
    if 0 < line == end_line <= len(lines) and 0 <= column < end_column:  # as nearly all do
        text = lines[line - 1]
        if text.isascii() and end_column <= len(text):
            return Range(Position(line - 1, column), Position(line - 1, end_column))
    start = _place(line, _true_columns(_line(lines, line), column, _starts), lines, 0)
    after = start.column + 1 if end_line == line else 0
    end_columns = _true_columns(_line(lines, end_line), end_column, _ends)
    return Range(start, max(start, _place(max(end_line, line), end_columns, lines, after)))


def _line(lines: Sequence[str], line: int) -> str:
    return lines[line - 1] if 0 < line <= len(lines) else ""


def _place(line: int, columns: list[int], lines: Sequence[str], least: int) -> Position:
    """Take the first of several columns that is no less than another place."""
    column = next((column for column in columns if column >= least), columns[0])
    return Position(max(line - 1, 0), min(max(column, 0), len(_line(lines, line))))


def _starts(text: str) -> set[int]:
    return {token.start() for token in _TOKEN.finditer(text) if token[0] not in ")]};:,."}


def _ends(text: str) -> set[int]:
    return {token.end() for token in _TOKEN.finditer(text) if token[0] not in "([{;:,.="}


def _true_columns(text: str, reported: int, boundaries: Callable[[str], set[int]]) -> list[int]:
    """List the columns that the parser may have meant."""
    if text.isascii():
        return [reported]
    encoded = text.encode("utf-8", "replace")
    candidates = [c for c in range(len(text) + 1) if _reported(encoded, c) == reported]
    fitting = boundaries(text)
    return [column for column in candidates if column in fitting] or candidates or [reported]


def _reported(encoded: bytes, column: int) -> int:
    """Say what the parser makes of a column."""
    return column - sum(0x80 <= byte < 0xC0 for byte in encoded[: column + 2])
