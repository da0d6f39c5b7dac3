"""A file's text as Python's own parser sees it, and where its parts stand."""

from __future__ import annotations

import ast
import builtins
import io
import keyword
import re
import tokenize
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from typed_resnet.hints import Position, Range

BUILTINS: Final = frozenset(dir(builtins))


@dataclass(frozen=True)
class Token:
    """A stretch of one line that is coloured."""

    line: int
    start: int
    end: int
    kind: str


def split(text: str) -> list[str]:
    """Split a text into the lines that Python counts."""
    return [line.rstrip("\r\n") for line in io.StringIO(text, newline=None)]


def parse(text: str) -> ast.Module | None:
    """Parse a text; None where it is not Python."""
    try:
        return ast.parse(text)
    except (SyntaxError, ValueError, RecursionError):
        return None


def range_of(node: ast.expr, lines: Sequence[str]) -> Range:
    """Say which text an expression is; Python counts its columns in bytes."""
    end_line = node.end_lineno or node.lineno
    end_column = node.end_col_offset or node.col_offset
    return Range(
        Position(node.lineno - 1, _characters(lines[node.lineno - 1], node.col_offset)),
        Position(end_line - 1, _characters(lines[end_line - 1], end_column)),
    )


def _characters(line: str, offset: int) -> int:
    return len(line.encode("utf-8", "surrogatepass")[:offset].decode("utf-8", "ignore"))


def tokens(text: str) -> Iterator[Token]:
    """Walk what is coloured, as far as the text is Python."""
    before = ""
    lines = split(text)
    reader = io.StringIO("".join(f"{_encodable(line)}\n" for line in lines)).readline
    try:
        for token in tokenize.generate_tokens(reader):
            kind = _kind(token, before)
            if kind is not None:
                yield from _by_line(token, kind, lines)
            if token.string.strip():
                before = token.string
    except (tokenize.TokenError, SyntaxError):
        return


def _encodable(line: str) -> str:
    """Put another character for each that has no encoding: from 3.12 the tokenizer wants bytes."""
    return re.sub("[\ud800-\udfff]", "\ufffd", line)


def _kind(token: tokenize.TokenInfo, before: str) -> str | None:
    if token.type == tokenize.NAME:
        if before in ("def", "class"):
            return "definition"
        if keyword.iskeyword(token.string):
            return "keyword"
        return "builtin" if token.string in BUILTINS and before != "." else None
    names = {tokenize.STRING: "string", tokenize.NUMBER: "literal", tokenize.COMMENT: "comment"}
    name = tokenize.tok_name[token.type]
    return "string" if name.startswith("FSTRING") else names.get(token.type)


def _by_line(token: tokenize.TokenInfo, kind: str, lines: Sequence[str]) -> Iterator[Token]:
    (first, start), (last, end) = token.start, token.end
    for line in range(first, min(last, len(lines)) + 1):
        left = start if line == first else 0
        right = end if line == last else len(lines[line - 1])
        yield Token(line - 1, left, right, kind)
