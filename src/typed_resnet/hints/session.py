"""Everything that can be asked about the files of one project, as they are being written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from typed_resnet.hints import fixes, places
from typed_resnet.hints.checked import Checked, Message
from typed_resnet.hints.columns import lines_of, replaced
from typed_resnet.hints.model import Analysis, Fix, Hint, Hover, Position, Range, Signature
from typed_resnet.hints.project import BlockedError, Project, local
from typed_resnet.hints.reading import Reading, read, said


class Session:
    """The project in the current folder; files may have texts that are not saved yet."""

    def __init__(self, arguments: Sequence[str] = ()) -> None:
        self.project = Project(arguments)
        self.known: dict[str, Reading] = {}
        self.trusted: dict[str, Checked] = {}
        """What was found of a part of a file, and holds for the whole."""

    def analyse(
        self, path: str, text: str | None = None, *, with_expressions: bool = True
    ) -> Analysis:
        """Check a file, with this text or as it is on disk, and say all that is known of it.

        What cannot be checked is said in diagnostics; hints are then those of before. An editor
        asks of an expression by `hover`, and needs no list of them all.

        Raises: OSError, where there is neither a text nor a file.
        """
        path = local(path)
        written = Path(path).read_text("utf-8") if text is None else text
        known = self.known.get(path)
        try:
            checked = self.project.check(path, written)
        except BlockedError as error:
            messages = [Message(1, 0, 1, 0, "error", str(line), None) for line in error.args]
            checked = Checked(messages, None, {})
        reading = read(self.project, path, written, checked, known)
        if reading is None:
            lines = lines_of(written)
            told = tuple(said(checked.messages, lines))
            complaint = self.project.complaint
            still = _still(known, lines)
            return Analysis(path, still, told, blocked=True, complaint=complaint)
        self.known[path] = reading
        expressions = reading.expressions if with_expressions else ()
        complaint = self.project.complaint
        return Analysis(path, reading.hints, reading.diagnostics, expressions, complaint=complaint)

    def hover(self, path: str, position: Position) -> Hover | None:
        """Say what is known of what stands at a place, in the text analysed last."""
        known = self._standing(local(path))
        if known is None:
            return None
        types, options = known.checked.types, self.project.options
        return places.hover(known.tree, known.sized, types, options, known.lines, position)

    def _standing(self, path: str) -> Reading | None:
        """Find what is known of a file; where its tree is of another text now, read it again."""
        known = self.known.get(path)
        if known is not None and not self.project.stands(path, known.checked):
            self.analyse(path, known.text)
        return self.known.get(path)

    def fixes(self, path: str, place: Range) -> list[Fix]:
        """List changes that touch a place, to be tried before they are offered."""
        known = self._standing(local(path))
        if known is None:
            return []
        offered = [
            *fixes.declarations(known.tree, known.checked.types, known.lines),
            *fixes.shorter_sizes(known.tree, known.text, known.lines),
        ]
        return [
            fix
            for fix in offered
            if fix.range.start.line <= place.end.line and place.start.line <= fix.range.end.line
        ]

    def is_right(self, path: str, fix: Fix) -> bool:
        """Try a change of the text analysed last: with it, mypy is to find no more errors."""
        path = local(path)
        known = self.known.get(path)
        if known is None:
            return False
        try:
            tried = self.project.check(path, replaced(known.text, fix.range, fix.text))
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
                lines = lines_of(written)
                options = self.project.options
                return places.signature(checked.tree, checked.types, options, lines, position)
        return None

    def doubtful(self) -> str | None:
        """Name a file of which a part alone was checked since all of it was; None of none."""
        for path, known in self.known.items():
            checked = known.checked
            is_of_a_part = checked.change is not None or checked.kept is not None
            is_trusted = not is_of_a_part or self.trusted.get(path) is checked
            if not is_trusted and self.project.stands(path, checked):
                return path
        return None

    def holds(self, path: str) -> bool:
        """Check a whole file, and say whether that makes no difference to what is known of it."""
        before = self.known.pop(path)
        said = before.all_said
        self.project.forget(path)
        self.analyse(path, before.text)
        return path in self.known and said == self.known[path].all_said

    def trust(self, path: str) -> None:
        """Take for granted what is known of a file."""
        self.trusted[path] = self.known[path].checked

    def doubt(self, path: str) -> None:
        """Check a whole file when it is asked for next."""
        self.project.forget(path)

    def close(self, path: str) -> None:
        """Forget the text of a file: what is on disk counts again."""
        self.known.pop(local(path), None)
        self.project.close(path)


def _still(known: Reading | None, lines: Sequence[str]) -> tuple[Hint, ...]:
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
