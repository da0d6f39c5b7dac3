"""What is known of a file, in the words of the language server protocol."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from lsprotocol import types as lsp
from pygls.uris import from_fs_path
from pygls.workspace import PositionCodec

from typed_resnet.hints.model import (
    Diagnostic,
    Fix,
    Hint,
    Hover,
    Kind,
    Position,
    Range,
    Related,
    Severity,
    Signature,
)

SOURCE: Final = "typed-resnet"
SEVERITIES: Final = {
    Severity.ERROR: lsp.DiagnosticSeverity.Error,
    Severity.NOTE: lsp.DiagnosticSeverity.Information,
}


@dataclass(frozen=True)
class Places:
    """Translates the places of one text: the editor may count in other units than characters."""

    lines: Sequence[str]
    codec: PositionCodec

    def position(self, position: Position) -> lsp.Position:
        line = self.lines[position.line] if position.line < len(self.lines) else ""
        before = line[: position.column]
        units = len(before) if before.isascii() else self.codec.client_num_units(before)
        return lsp.Position(position.line, units)

    def range(self, place: Range) -> lsp.Range:
        return lsp.Range(self.position(place.start), self.position(place.end))

    def read(self, position: lsp.Position) -> Position:
        line = self.lines[position.line] if position.line < len(self.lines) else ""
        units = 0
        for column, character in enumerate(line):
            if units >= position.character:
                return Position(position.line, column)
            units += self.codec.client_num_units(character)
        return Position(position.line, len(line))

    def read_range(self, place: lsp.Range) -> Range:
        return Range(self.read(place.start), self.read(place.end))

    def hint(self, hint: Hint) -> lsp.InlayHint:
        return lsp.InlayHint(
            self.position(hint.range.end),
            hint.label,
            lsp.InlayHintKind.Type,
            tooltip=f"{hint.type}",
            padding_right=hint.kind is Kind.CALL,
        )

    def diagnostic(self, diagnostic: Diagnostic, folder: Path) -> lsp.Diagnostic:
        return lsp.Diagnostic(
            self.range(diagnostic.range),
            diagnostic.message,
            SEVERITIES[diagnostic.severity],
            code=diagnostic.code,
            source=SOURCE,
            related_information=[_related(related, folder) for related in diagnostic.related],
        )

    def hover(self, hover: Hover) -> lsp.Hover:
        """Write the declared rule, the type at this place, and the sizes that make it so."""
        parts = [_code(hover.type if hover.rule is None else f"{hover.rule}\n→ {hover.type}")]
        if hover.sizes:
            parts.append(" · ".join(f"`{name} = {size}`" for name, size in hover.sizes))
        content = lsp.MarkupContent(lsp.MarkupKind.Markdown, "\n\n".join(parts))
        return lsp.Hover(content, self.range(hover.range))

    def edit(self, fix: Fix) -> lsp.TextEdit:
        return lsp.TextEdit(self.range(fix.range), fix.text)


def signature(found: Signature) -> lsp.SignatureHelp:
    """Write a call's signature, and below it what its parameters require here.

    A parameter has no words of its own: some editors show those beside the signature's.
    """
    parameters = [lsp.ParameterInformation(declared) for declared in found.parameters]
    requires = ", ".join(found.required)
    documentation = lsp.MarkupContent(lsp.MarkupKind.Markdown, f"requires `({requires})`")
    information = lsp.SignatureInformation(found.label, documentation, parameters, found.active)
    return lsp.SignatureHelp([information], 0, found.active)


def _related(related: Related, folder: Path) -> lsp.DiagnosticRelatedInformation:
    """Name another place; columns of another file's line are its characters."""
    start, end = related.range.start, related.range.end
    place = lsp.Range(lsp.Position(start.line, start.column), lsp.Position(end.line, end.column))
    uri = from_fs_path(str(folder / related.path)) or ""
    return lsp.DiagnosticRelatedInformation(lsp.Location(uri, place), related.message)


def _code(text: str) -> str:
    return f"```python\n{text}\n```"
