"""What mypy makes of one text of a file."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from mypy.errors import Errors
from mypy.nodes import Expression, FuncDef, MypyFile
from mypy.types import Type

from typed_resnet.hints.bodies import Edit


@dataclass(frozen=True)
class Message:
    """One message, placed as mypy places it: lines from 1, columns from 0."""

    line: int
    column: int
    end_line: int
    end_column: int
    severity: str
    text: str
    code: str | None


@dataclass(frozen=True, eq=False)
class Checked:
    """What mypy says of a text, and the tree that it is of."""

    messages: Sequence[Message]
    tree: MypyFile | None
    """None where the text is not Python, or cannot be analysed."""
    types: Mapping[Expression, Type]
    change: Change | None = None
    """Where one function alone was checked again; all the rest is as it was."""


@dataclass(frozen=True, eq=False)
class Change:
    """What one text of a file has in another place, or otherwise, than the one before."""

    before: Checked
    edit: Edit
    function: FuncDef
    """The function whose body has changed."""
    gone: Collection[Expression]
    """The expressions that stood in it."""


def messages(errors: Errors, path: str) -> list[Message]:
    """List what mypy has found in a file."""
    return [
        Message(max(line, 1), max(column, 0), end, end_column, severity, text, code)
        for _, line, column, end, end_column, severity, text, code in errors.file_messages(path)
    ]
