"""What mypy makes of one text of a file."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from mypy.errors import Errors
from mypy.modulefinder import BuildSource
from mypy.nodes import Expression, FuncDef, MypyFile
from mypy.parse import parse
from mypy.server.update import FineGrainedBuildManager
from mypy.types import Type

from typed_resnet.hints.bodies import Edit, parsed


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
    kept: Kept | None = None
    """Where some functions were not checked again."""
    sign: object = field(default_factory=object)
    """What later ones know it by, and do not keep all that it holds."""


@dataclass(frozen=True, eq=False)
class Change:
    """What one text of a file has in another place, or otherwise, than the one before."""

    before: object
    """The sign of that one."""
    edit: Edit
    function: FuncDef
    """The function whose body has changed."""
    gone: Collection[Expression]
    """The expressions that stood in it."""


@dataclass(frozen=True, eq=False)
class Kept:
    """What one text of a file has as the one before had it, in another place perhaps."""

    before: object
    """The sign of that one."""
    expressions: Collection[Expression]
    end: int
    """The line, from 1, where what has moved began."""
    moved: int


def messages(errors: Errors, path: str) -> list[Message]:
    """List what mypy has found in a file."""
    return [
        Message(max(line, 1), max(column, 0), end, end_column, severity, text, code)
        for _, line, column, end, end_column, severity, text, code in errors.file_messages(path)
    ]


def syntax_errors(
    manager: FineGrainedBuildManager, source: BuildSource, text: str
) -> list[Message]:
    """Say what keeps a text from being Python."""
    try:
        parsed(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        options = manager.manager.options.clone_for_module(source.module)
        errors = Errors(options)
        path = source.path or ""
        parse(text.encode("utf-8", "replace"), path, source.module, errors, options, eager=True)
        if errors.is_blockers():
            return messages(errors, path)
    return []


def at_top(message: str) -> Message:
    """Place a message that belongs to another file at the top of this one."""
    return Message(1, 0, 1, 0, "error", message, None)
