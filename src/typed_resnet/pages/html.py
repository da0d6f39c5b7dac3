"""The page of a file: its source with every shape, what is wrong, and how shapes flow.

One text without a script, and without anything outside it; light, dark, or on paper.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from html import escape
from typing import Final

from typed_resnet.drawing import STYLE as FLOW_STYLE
from typed_resnet.drawing import Flow, svg
from typed_resnet.hints import Analysis, Diagnostic, Expression, Hint, Severity
from typed_resnet.pages.beside import Beside, beside, verdict
from typed_resnet.pages.flow import flows
from typed_resnet.pages.style import STYLE
from typed_resnet.pages.text import Token, parse, split, tokens

POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'"
"""What a browser may do with the page: show it."""


def page(name: str, text: str, analysis: Analysis) -> str:
    """Write the page of a file of this name and text."""
    lines = split(text)
    tree = parse(text)
    drawn = list(flows(tree, lines, analysis)) if tree is not None else []
    return "\n".join(
        [
            "<!DOCTYPE html>",
            '<html lang="en">',
            '<head><meta charset="utf-8">',
            f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            '<meta name="color-scheme" content="light dark">',
            f"<title>{_escaped(name)}</title>",
            f"<style>\n{STYLE}{FLOW_STYLE}</style></head>",
            "<body>",
            f"<header><h1>{_escaped(name)}</h1><p>{_escaped(verdict(analysis))}</p></header>",
            *_contents(analysis),
            "<main>",
            *_source(text, lines, analysis),
            "</main>",
            *_flows(drawn),
            "</body>",
            "</html>",
            "",
        ]
    )


def _contents(analysis: Analysis) -> Iterator[str]:
    """List the errors, each with the way to its line."""
    errors = sorted(analysis.diagnostics, key=lambda diagnostic: diagnostic.range)
    if errors:
        yield '<nav aria-label="errors"><ol>'
        for error in errors:
            line = error.range.start.line + 1
            message = f"{_escaped(error.message)}{_code(error)}"
            yield f'<li><a href="#L{line}">line {line}</a> {message}</li>'
        yield "</ol></nav>"


def _source(text: str, lines: Sequence[str], analysis: Analysis) -> Iterator[str]:
    shown = beside(analysis)
    coloured: dict[int, list[Token]] = {}
    for token in tokens(text):
        coloured.setdefault(token.line, []).append(token)
    objects = [e for e in analysis.expressions if not e.type.startswith("(")]  # no functions
    yield '<div class="source">'
    for number, line in enumerate(lines):
        at = shown.get(number, Beside())
        typed = [e for e in objects if _crosses(e, number)]
        code = _Line(number, line, coloured.get(number, []), typed, at.hints, analysis).html()
        wrong = " wrong" if at.diagnostics else ""
        yield f'<div class="line{wrong}" id="L{number + 1}">'
        yield f'<a class="number" href="#L{number + 1}">{number + 1}</a>'
        yield f"<code{_indented(line)}>{code}</code></div>"
        yield from map(_message, at.diagnostics)
    yield "</div>"


def _indented(line: str) -> str:
    """Say how far a line is indented: where it is too long, its rest hangs below that."""
    indent = len(line) - len(line.lstrip())
    return f' style="--indent: {indent}"' if indent and line.strip() else ""


def _crosses(item: Expression | Diagnostic, line: int) -> bool:
    return item.range.start.line <= line <= item.range.end.line


def _message(diagnostic: Diagnostic) -> str:
    kind = "error" if diagnostic.severity is Severity.ERROR else "note"
    related = "".join(
        f"<li>{_escaped(r.path)}:{r.range.start.line + 1}: {_escaped(r.message)}</li>"
        for r in diagnostic.related
    )
    indent = f"--column: {diagnostic.range.start.column}"
    return (
        f'<div class="message {kind}" role="note" style="{indent}">'
        f"{_escaped(diagnostic.message)}{_code(diagnostic)}"
        f"{f'<ul>{related}</ul>' if related else ''}</div>"
    )


def _code(diagnostic: Diagnostic) -> str:
    return f' <span class="code">[{_escaped(diagnostic.code)}]</span>' if diagnostic.code else ""


def _flows(drawn: Sequence[Flow]) -> Iterator[str]:
    if drawn:
        yield '<section class="flows"><h2>How shapes flow</h2>'
        for flow in drawn:
            yield f"<figure>{svg(flow, styled=False)}</figure>"
        yield "</section>"


class _Line:
    """One line of the source, cut where anything begins or ends."""

    def __init__(
        self,
        number: int,
        text: str,
        coloured: Sequence[Token],
        typed: Sequence[Expression],
        hints: Sequence[Hint],
        analysis: Analysis,
    ) -> None:
        self.number = number
        self.text = text
        self.coloured = coloured
        self.typed = sorted(
            {(*self._inside(e), e.type) for e in typed}, key=lambda e: (e[0], -e[1])
        )
        self.hints = [(min(hint.range.end.column, len(text)), hint) for hint in hints]
        self.errors = [
            self._inside(d)
            for d in analysis.diagnostics
            if d.severity is Severity.ERROR and _crosses(d, number)
        ]

    def _inside(self, item: Expression | Diagnostic) -> tuple[int, int]:
        """Say which columns of this line something takes."""
        start, end = item.range.start, item.range.end
        left = start.column if start.line == self.number else self._indent
        right = end.column if end.line == self.number else len(self.text)
        return min(left, len(self.text)), min(right, len(self.text))

    @property
    def _indent(self) -> int:
        return len(self.text) - len(self.text.lstrip())

    def html(self) -> str:
        edges = {0, len(self.text)}
        edges |= {edge for token in self.coloured for edge in (token.start, token.end)}
        edges |= {edge for left, right, _ in self.typed for edge in (left, right)}
        edges |= {edge for error in self.errors for edge in error}
        edges |= {edge for edge, _ in self.hints}
        cuts = sorted(edge for edge in edges if edge <= len(self.text))
        written: list[str] = []
        closing: list[int] = []
        waiting = list(self.typed)
        for turn, edge in enumerate(cuts):
            while closing and closing[-1] <= edge:
                closing.pop()
                written.append("</span>")
            written += [_hint(hint) for place, hint in self.hints if place == edge]
            while waiting and waiting[0][0] <= edge:
                left, right, typ = waiting.pop(0)
                if left == edge < right and (not closing or right <= closing[-1]):
                    closing.append(right)
                    written.append(f'<span class="typed" data-type="{_escaped(typ)}">')
            if turn + 1 < len(cuts):
                written.append(self._piece(edge, cuts[turn + 1]))
        return "".join(written)

    def _piece(self, left: int, right: int) -> str:
        kinds = [t.kind for t in self.coloured if t.start <= left and right <= t.end]
        kinds += ["bad" for start, end in self.errors if start <= left and right <= end]
        text = _escaped(self.text[left:right])
        return f'<span class="{" ".join(kinds)}">{text}</span>' if kinds else text


def _hint(hint: Hint) -> str:
    return f'<span class="hint">{_escaped(hint.label)}</span>'


def _escaped(text: str) -> str:
    """Write text as text; what no page may hold is shown as a sign."""
    return escape(
        re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]", "\ufffd", text)
    )
