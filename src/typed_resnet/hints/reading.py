"""What a checked text says to its reader: hints, sized expressions, and what is wrong where.

Of a text that differs from a known one in the body of a function, that function alone is read.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeVar

from mypy.nodes import Expression, FuncDef, MypyFile

from typed_resnet.check.messages import readable
from typed_resnet.hints import inlay, model
from typed_resnet.hints.checked import Change, Checked, Kept, Message
from typed_resnet.hints.columns import lines_of, text_range
from typed_resnet.hints.model import Diagnostic, Hint, Position, Range, Related, Severity
from typed_resnet.hints.origins import Origins
from typed_resnet.hints.project import Project

Placed = TypeVar("Placed", Hint, model.Expression, Diagnostic, Related)


@dataclass(frozen=True)
class Reading:
    """A text that mypy could read, and what it made of it."""

    text: str
    lines: Sequence[str]
    checked: Checked
    tree: MypyFile
    sized: inlay.Sized
    hints: tuple[Hint, ...]
    diagnostics: tuple[Diagnostic, ...]

    @property
    def expressions(self) -> tuple[model.Expression, ...]:
        """Those whose types hold sizes, outer ones first: asked for while the tree stands."""
        found = self.sized.all_of(self.tree)
        return tuple(sorted(found, key=lambda e: (e.range.start, _back(e.range))))

    @property
    def all_said(self) -> tuple[object, ...]:
        """All that it says to its reader, while the tree stands."""
        return self.hints, self.diagnostics, self.expressions


def read(
    project: Project, path: str, text: str, checked: Checked, known: Reading | None
) -> Reading | None:
    """Read a text; None where it is not Python, or mypy could not go on."""
    tree, change, kept = checked.tree, checked.change, checked.kept
    if tree is None:
        return None
    if known is not None and known.checked is checked:
        return known
    part: MypyFile | FuncDef = tree
    still = _Still()
    if known is not None and change is not None and change.before is known.checked.sign:
        part, still = change.function, _around(known, change, path)
    elif known is not None and kept is not None and kept.before is known.checked.sign:
        still = _kept(known, kept)
    lines = lines_of(text)
    sized = inlay.Sized(checked.types, project.options, lines, still.found)
    hints = sorted([*still.hints, *inlay.hints(part, sized)], key=inlay.order)
    origins = Origins(project, path, part, checked.types, lines)
    told: list[Diagnostic] = []
    wanted = project.returned_any
    for diagnostic in said((m for m in checked.messages if wanted.is_told(m.text, path)), lines):
        related = still.related.get(diagnostic)
        if related is None:
            if change is not None and part is not tree and not _is_in(change, diagnostic.range):
                return read(project, path, text, checked, None)
            related = origins.of(diagnostic.range)
        told.append(replace(diagnostic, related=related))
    return Reading(text, lines, checked, tree, sized, (*hints,), (*told,))


@dataclass
class _Still:
    """What is known of a text already."""

    found: Mapping[Expression, model.Expression] = field(default_factory=dict)
    hints: Sequence[Hint] = ()
    related: Mapping[Diagnostic, tuple[Related, ...]] = field(default_factory=dict)
    """By the diagnostics without them."""


def _around(known: Reading, change: Change, path: str) -> _Still:
    """Take over what stands outside the function that has changed, where it stands now."""
    first, last, moved = change.function.line - 1, change.edit.function.end - 1, change.edit.moved

    def now(placed: Placed) -> Placed:
        is_below = moved != 0 and placed.range.start.line > last
        return replace(placed, range=placed.range.shifted(moved)) if is_below else placed

    def outside(placed: Iterable[Placed]) -> list[Placed]:
        return [now(each) for each in placed if not first <= each.range.start.line <= last]

    return _Still(
        {e: now(place) for e, place in known.sized.found.items() if e not in change.gone},
        outside(known.hints),
        {
            replace(diagnostic, related=()): tuple(
                now(related) if related.path == path else related for related in diagnostic.related
            )
            for diagnostic in outside(known.diagnostics)
        },
    )


def _kept(known: Reading, kept: Kept) -> _Still:
    """Take over the expressions of the functions that were not checked again."""

    def now(place: model.Expression) -> model.Expression:
        is_below = kept.moved != 0 and place.range.start.line >= kept.end - 1
        return replace(place, range=place.range.shifted(kept.moved)) if is_below else place

    found = known.sized.found.items()
    return _Still({e: now(place) for e, place in found if e in kept.expressions})


def _is_in(change: Change, place: Range) -> bool:
    return change.function.line <= place.start.line + 1 <= change.edit.end


def said(messages: Iterable[Message], lines: Sequence[str]) -> Iterator[Diagnostic]:
    """Write messages as a reader sees them."""
    for message in messages:
        place = text_range(
            message.line, message.column, message.end_line, message.end_column, lines
        )
        if place.start == place.end and place.start.line < len(lines):
            end = Position(place.start.line, len(lines[place.start.line]))
            place = Range(place.start, end)
        severity = Severity.NOTE if message.severity == "note" else Severity.ERROR
        yield Diagnostic(place, readable(message.text), message.code, severity)


def _back(place: Range) -> tuple[int, int]:
    return -place.end.line, -place.end.column
