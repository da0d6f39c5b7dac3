"""What is shown at each line of a file: its hints, and what is wrong in it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from typed_resnet.hints import Analysis, Diagnostic, Hint, Severity


@dataclass
class Beside:
    """What stands at one line."""

    hints: list[Hint] = field(default_factory=list)
    diagnostics: list[Diagnostic] = field(default_factory=list)
    """Those whose text begins in it."""


def beside(analysis: Analysis) -> dict[int, Beside]:
    """Put what is known by the line that it is shown at; a hint stands where its text ends."""
    found: dict[int, Beside] = defaultdict(Beside)
    for hint in sorted(analysis.hints, key=lambda hint: hint.range.end):
        found[hint.range.end.line].hints.append(hint)
    for diagnostic in sorted(analysis.diagnostics, key=lambda diagnostic: diagnostic.range):
        found[diagnostic.range.start.line].diagnostics.append(diagnostic)
    return dict(found)


def verdict(analysis: Analysis) -> str:
    """Say in a line what was found."""
    errors = sum(d.severity is Severity.ERROR for d in analysis.diagnostics)
    shapes = _plural(len(analysis.hints), "shape")
    found = f"{shapes} inferred, {_plural(errors, 'error') if errors else 'no errors'}"
    return f"{found}, but it could not be checked" if analysis.blocked else found


def _plural(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"
