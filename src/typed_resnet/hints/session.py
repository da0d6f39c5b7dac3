"""Everything that can be asked about the files of one project, as they are being written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from mypy.nodes import Expression

from typed_resnet.check.messages import readable
from typed_resnet.hints import fixes, inlay, model, places
from typed_resnet.hints.columns import text_range
from typed_resnet.hints.model import (
    Analysis,
    Diagnostic,
    Fix,
    Hint,
    Hover,
    Position,
    Range,
    Severity,
    Signature,
)
from typed_resnet.hints.origins import Origins
from typed_resnet.hints.project import BlockedError, Checked, Message, Project, local


@dataclass(frozen=True)
class _Known:
    """The last text of a file that mypy could read, and what it made of it."""

    lines: Sequence[str]
    checked: Checked
    found: Mapping[Expression, model.Expression]
    hints: tuple[Hint, ...]


class Session:
    """The project in the current folder; files may have texts that are not saved yet."""

    def __init__(self, arguments: Sequence[str] = ()) -> None:
        self.project = Project(arguments)
        self.known: dict[str, _Known] = {}

    def analyse(self, path: str, text: str | None = None) -> Analysis:
        """Check a file, with this text or as it is on disk, and say all that is known of it.

        What cannot be checked is said in diagnostics; hints are then those of before.

        Raises: OSError, where there is neither a text nor a file.
        """
        path = local(path)
        written = Path(path).read_text("utf-8") if text is None else text
        lines = written.splitlines()
        try:
            checked = self.project.check(path, written)
        except BlockedError as error:
            said = [Message(1, 0, 1, 0, "error", str(line), None) for line in error.args]
            checked = Checked(said, None, {})
        diagnostics = tuple(_diagnostic(message, lines) for message in checked.messages)
        if checked.tree is None:
            kept = _still(self.known.get(path), lines)
            return Analysis(path, kept, diagnostics, blocked=True)
        found = dict(inlay.sized(checked.tree, checked.types, self.project.options, lines))
        made = tuple(inlay.hints(checked.tree, found))
        self.known[path] = _Known(lines, checked, found, made)
        if diagnostics:
            origins = Origins(self.project, path, checked.tree, checked.types, lines)
            diagnostics = tuple(replace(d, related=origins.of(d.range)) for d in diagnostics)
        expressions = tuple(sorted(found.values(), key=lambda e: (e.range.start, _back(e.range))))
        return Analysis(path, made, diagnostics, expressions)

    def hover(self, path: str, position: Position) -> Hover | None:
        """Say what is known of what stands at a place, in the text analysed last."""
        known = self.known.get(local(path))
        if known is None or known.checked.tree is None:
            return None
        checked, options = known.checked, self.project.options
        return places.hover(
            known.checked.tree, known.found, checked.types, options, known.lines, position
        )

    def fixes(self, path: str, place: Range) -> list[Fix]:
        """List the changes that touch a place, each tried: with it mypy finds no more errors."""
        path = local(path)
        known = self.known.get(path)
        if known is None or known.checked.tree is None:
            return []
        tree, text = known.checked.tree, "\n".join(known.lines) + "\n"
        offered = [
            *fixes.declarations(tree, known.checked.types, known.lines),
            *fixes.shorter_sizes(tree, text, known.lines),
        ]
        near = [
            fix
            for fix in offered
            if fix.range.start.line <= place.end.line and place.start.line <= fix.range.end.line
        ]
        return [fix for fix in near if self._is_right(path, fix, known)]

    def _is_right(self, path: str, fix: Fix, known: _Known) -> bool:
        """Try a change."""
        lines = [*known.lines]
        start, end = fix.range.start, fix.range.end
        line = lines[start.line]
        lines[start.line] = line[: start.column] + fix.text + line[end.column :]
        try:
            tried = self.project.check(path, "\n".join(lines) + "\n")
        except BlockedError:
            return False
        return tried.tree is not None and len(tried.messages) <= len(known.checked.messages)

    def signature(self, path: str, text: str, position: Position) -> Signature | None:
        """Say what the call around a place takes, also where the call is not finished."""
        path = local(path)
        closed = places.closed(text, position)
        for written in (text, closed):
            try:
                checked = self.project.check(path, written)
            except BlockedError:
                return None
            if checked.tree is not None:
                lines = written.splitlines()
                options = self.project.options
                return places.signature(checked.tree, checked.types, options, lines, position)
        return None

    def close(self, path: str) -> None:
        """Forget the text of a file: what is on disk counts again."""
        self.known.pop(local(path), None)
        self.project.close(path)


def _diagnostic(message: Message, lines: Sequence[str]) -> Diagnostic:
    place = text_range(message.line, message.column, message.end_line, message.end_column, lines)
    if place.start == place.end and place.start.line < len(lines):
        place = replace(place, end=Position(place.start.line, len(lines[place.start.line])))
    severity = Severity.NOTE if message.severity == "note" else Severity.ERROR
    return Diagnostic(place, readable(message.text), message.code, severity)


def _back(place: Range) -> tuple[int, int]:
    return -place.end.line, -place.end.column


def _still(known: _Known | None, lines: Sequence[str]) -> tuple[Hint, ...]:
    """Keep the hints of the lines before an edit and, moved along, of those after it."""
    if known is None:
        return ()
    before, most = 0, min(len(known.lines), len(lines))
    while before < most and known.lines[before] == lines[before]:
        before += 1
    after = 0
    while after < most - before and known.lines[-1 - after] == lines[-1 - after]:
        after += 1
    moved = len(lines) - len(known.lines)
    first_after = len(known.lines) - after
    return tuple(
        hint if hint.range.end.line < before else replace(hint, range=hint.range.shifted(moved))
        for hint in known.hints
        if hint.range.end.line < before or hint.range.start.line >= first_after
    )
