"""The statements of a module as parts of its text, and what each says, wherever it stands.

Of an edited text most parts are as they were: what a part says is found out once.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Final

from typed_resnet.hints.bodies import (
    FOR_MYPY,
    Definition,
    Function,
    first_line,
    functions_in,
    parsed,
    parsed_anew,
)

IMPORT: Final = ast.Import | ast.ImportFrom
_WORD: Final = re.compile(r"[^\W\d]\w*")
_KEPT: Final = 4096
"""As many parts as are remembered: those of a few files."""


@dataclass(frozen=True)
class Said:
    """What a statement says by itself."""

    name: str | None
    """Of a class or function; None of any other."""
    is_loose: bool
    """It is neither class nor function nor import: it may rest on what those before it found."""
    is_import: bool
    defined: frozenset[str]
    """The names that it gives a meaning in its module."""
    imported: frozenset[tuple[str, str]]
    """Of an import, its names and where they are from."""
    heads: frozenset[str]
    """Its words outside of bodies that tell nothing."""
    beside: frozenset[str]
    """Its words outside of such bodies and of annotations."""
    frame: str
    """It without its functions that tell nothing, and without blank lines."""
    words: frozenset[str]
    """All its words."""
    imports: bool
    """An import stands in it, or is all of it."""
    tells_mypy: bool
    """A comment in it speaks to mypy."""
    functions: Sequence[Function]
    """Those in it, by lines that count from 1."""


@dataclass(frozen=True)
class Part:
    """A statement of a module, by lines that count from 1."""

    start: int
    """Its first line, with its decorators."""
    end: int
    """The first line that is no more its own: comments and blank lines may stand before it."""
    source: str

    @cached_property
    def says(self) -> Said:
        """Raises: as `parsed`."""
        return _said(self.source)

    @property
    def name(self) -> str | None:
        return self.says.name


@lru_cache(maxsize=4)  # a text is compared with the one before
def parts(text: str) -> Sequence[Part]:
    """List the statements of a text; several on one line are one.

    Raises: as `parsed`.
    """
    lines = text.split("\n")
    starts = sorted({*map(first_line, parsed(text).body)})
    ends = [*starts[1:], len(lines) + 1]
    return tuple(
        Part(start, end, "\n".join(lines[start - 1 : end - 1]))
        for start, end in zip(starts, ends, strict=True)
    )


@lru_cache(maxsize=4)
def functions(text: str) -> Sequence[Function]:
    """List the functions of a text whose bodies stand on lines of their own.

    Raises: as `parsed`.
    """
    return tuple(f.moved(part.start - 1) for part in parts(text) for f in part.says.functions)


@lru_cache(maxsize=_KEPT)
def _said(source: str) -> Said:
    tree = parsed_anew(source)
    body, lines = tree.body, source.split("\n")
    within = tuple(functions_in(body, len(lines) + 1, lines))
    heads, frame = [*lines], [*lines]
    for function in within:
        if not function.tells:
            heads[function.body - 1 : function.end] = [""] * (function.end - function.body + 1)
            frame[function.line - 1 : function.end] = [""] * (function.end - function.line + 1)
    only = body[0] if len(body) == 1 else None
    beside = [*heads]
    for annotation in _annotations(body) if isinstance(only, ast.ClassDef | Definition) else ():
        _blank(annotation, beside)
    return Said(
        name=only.name if isinstance(only, ast.ClassDef | Definition) else None,
        is_loose=not isinstance(only, ast.ClassDef | Definition | IMPORT),
        is_import=isinstance(only, IMPORT),
        defined=frozenset(name for statement in body for name in _defined(statement)),
        imported=frozenset(_imported(only)),
        heads=frozenset(_WORD.findall("\n".join(heads))),
        beside=frozenset(_WORD.findall("\n".join(beside))),
        frame="\n".join(line for line in frame if line.strip()),
        words=frozenset(_WORD.findall(source)),
        imports="import" in source and any(isinstance(node, IMPORT) for node in ast.walk(tree)),
        tells_mypy=any(FOR_MYPY.search(line) for line in lines),
        functions=within,
    )


def _defined(node: ast.AST) -> set[str]:
    """List the names that a statement of a module gives a meaning there."""
    if isinstance(node, ast.ClassDef | Definition):
        return {node.name}
    if isinstance(node, ast.alias):
        return {node.asname or node.name.partition(".")[0]}
    if isinstance(node, ast.Name):
        return set() if isinstance(node.ctx, ast.Load) else {node.id}
    own = {getattr(node, "name", None), getattr(node, "rest", None)}  # by `except`, by `case`
    names = {name for name in own if isinstance(name, str)}
    return names.union(*map(_defined, ast.iter_child_nodes(node)))


def _annotations(body: Sequence[ast.stmt]) -> Iterator[ast.expr]:
    """Walk what classes and functions declare of their fields, parameters and results."""
    for statement in body:
        match statement:
            case ast.ClassDef():
                yield from _annotations(statement.body)
            case ast.AnnAssign(value=None):
                yield statement.annotation
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                taken = statement.args
                some = [*taken.posonlyargs, *taken.args, *taken.kwonlyargs]
                for argument in (*some, taken.vararg, taken.kwarg):
                    if argument is not None and argument.annotation is not None:
                        yield argument.annotation
                if statement.returns is not None:
                    yield statement.returns


def _blank(part: ast.expr, lines: list[str]) -> None:
    """Put blanks in the place of an expression; its columns count bytes."""
    first, last = part.lineno - 1, (part.end_lineno or part.lineno) - 1
    for n in range(first, last + 1):
        line = lines[n].encode()
        before = line[: part.col_offset] if n == first else b""
        after = line[part.end_col_offset :] if n == last else b""
        blanks = b" " * (len(line) - len(before) - len(after))
        lines[n] = (before + blanks + after).decode()


def _imported(statement: ast.stmt | None) -> Iterator[tuple[str, str]]:
    """List the names that an import defines, and where each is from."""
    match statement:
        case ast.Import():
            for alias in statement.names:
                name = alias.asname or alias.name.partition(".")[0]
                yield name, f"{alias.name} as {alias.asname}"
        case ast.ImportFrom():
            start = "." * statement.level + (statement.module or "")
            for alias in statement.names:
                yield alias.asname or alias.name, f"{start} {alias.name} as {alias.asname}"
