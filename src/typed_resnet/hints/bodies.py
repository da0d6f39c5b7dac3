"""Which edits change no more than the body of one function, seen in the text alone.

What surrounds the body is the same text then, and the body is a suite of its own, so that all
around it is the same Python as before. A body that could say something to the rest of its file
does not count: one that defines an attribute, a class or a global name, imports, yields, or holds
a comment for mypy.
"""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

FOR_MYPY: Final = re.compile(r"#\s*(?:type|mypy)\s*:")
_TELLING: Final = (
    ast.ClassDef,
    ast.Global,
    ast.Import,
    ast.ImportFrom,
    ast.Nonlocal,
    ast.Yield,
    ast.YieldFrom,
)

Definition = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Function:
    """A function of a module or class, by lines that count from 1."""

    line: int
    """That of its `def`."""
    body: int
    """The first line of its body."""
    end: int
    """The last line of its body; comments and blank lines may follow."""
    next: int
    """The first line that is no more the function's."""
    indented: bool
    tells: bool
    """Its body could say something to the rest of its file."""

    def moved(self, lines: int) -> Function:
        return replace(
            self,
            line=self.line + lines,
            body=self.body + lines,
            end=self.end + lines,
            next=self.next + lines,
        )


@dataclass(frozen=True)
class Edit:
    """The change of one body."""

    function: Function
    """As it was."""
    source: str
    """The function as it is now, on the lines where it stands."""
    end: int
    """The last line of the body as it is now."""
    moved: int
    """By how many lines what follows has moved down."""

    def apply(self, known: Sequence[Function]) -> Sequence[Function]:
        """Say where functions stand after the edit."""
        return tuple(
            replace(each, end=self.end, next=each.next + self.moved)
            if each == self.function
            else each.moved(self.moved if each.line > self.function.line else 0)
            for each in known
        )


@lru_cache(maxsize=2)  # a text that is Python is asked for its parts next
def parsed(text: str) -> ast.Module:
    """Parse a text; what Python warns of in it, the run may say.

    Raises: SyntaxError, ValueError, RecursionError, MemoryError.
    """
    return parsed_anew(text)


def parsed_anew(text: str) -> ast.Module:
    """Parse a text that will not be asked for again. Raises: as `parsed`."""
    with warnings.catch_warnings(action="ignore"):
        return ast.parse(text)


def compiled(statements: Sequence[ast.stmt]) -> None:
    """Compile statements: mypy leaves off at a `return` in a class, or a `break` in no loop.

    Raises: as `parsed`.
    """
    with warnings.catch_warnings(action="ignore"):
        compile(ast.Module([*statements], []), "", "exec", dont_inherit=True)


def functions_in(
    body: Sequence[ast.stmt], end: int, lines: Sequence[str], indented: bool = False
) -> Iterator[Function]:
    """Walk the functions of a module or class whose bodies stand on lines of their own."""
    nexts = [*map(first_line, body[1:]), end]
    for statement, following in zip(body, nexts, strict=True):
        if isinstance(statement, ast.ClassDef):
            yield from functions_in(statement.body, following, lines, indented=True)
        elif isinstance(statement, Definition):
            first = statement.body[0]
            line, last = first_line(first), statement.end_lineno or 0
            above = lines[line - 1].encode()[: first.col_offset]
            if line > statement.lineno and not above.strip() and following > last:
                tells = _tells(statement)
                yield Function(statement.lineno, line, last, following, indented, tells)


def first_line(statement: ast.stmt) -> int:
    """Say where a statement begins: its decorators are a part of it."""
    if isinstance(statement, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
        decorators = (decorator.lineno for decorator in statement.decorator_list)
        return min([statement.lineno, *decorators])
    return statement.lineno


def edited(known: Sequence[Function], before: str, after: str) -> Edit | None:
    """Find the function whose body alone an edit changes, if there is one."""
    old, new = before.split("\n"), after.split("\n")
    same, left = same_around(old, new)
    first, last = same + 1, len(old) - left  # the lines of the old text that were changed
    found = [f for f in known if f.body <= first and last < f.next]
    if len(found) != 1:
        return None
    function, moved = found[0], len(new) - len(old)
    head = new[function.line - 1 : function.body - 1]
    was, now = (
        old[function.body - 1 : function.next - 1],
        new[function.body - 1 : function.next - 1 + moved],
    )
    if any(FOR_MYPY.search(line) for line in [*head, *was, *now]):
        return None
    above = ["class _:"] if function.indented else []
    blank = [""] * (function.line - 1 - len(above))
    texts = ["\n".join([*above, *head, *body]) + "\n" for body in (was, now)]
    ends = [_end(text, function) for text in texts]
    if None in ends or len(blank) + len(above) != function.line - 1:
        return None
    end = function.line - 1 - len(above) + (ends[1] or 0)
    return Edit(function, "\n" * len(blank) + texts[1], end, moved)


def same_around(some: Sequence[str], others: Sequence[str]) -> tuple[int, int]:
    """Count the lines that are alike from the start on, and of the rest those at the end."""
    same = _same(some, others)
    return same, _same(some[same:][::-1], others[same:][::-1])


def _same(some: Sequence[str], others: Sequence[str]) -> int:
    most = min(len(some), len(others))
    return next((i for i in range(most) if some[i] != others[i]), most)


def _end(text: str, function: Function) -> int | None:
    """Say on which line a function ends that stands alone; None where it is not to be trusted."""
    try:
        tree = parsed_anew(text)
        compiled(tree.body)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    body: Sequence[ast.stmt] = tree.body
    if function.indented and len(body) == 1 and isinstance(body[0], ast.ClassDef):
        body = body[0].body
    if len(body) != 1 or not isinstance(body[0], Definition):
        return None
    return None if _tells(body[0]) else body[0].end_lineno


def _tells(function: Definition) -> bool:
    nodes = (node for statement in function.body for node in ast.walk(statement))
    return any(isinstance(node, _TELLING) or _is_field(node) for node in nodes)


def _is_field(node: ast.AST) -> bool:
    """Say whether a node may define an attribute of an object."""
    return isinstance(node, ast.Attribute) and not isinstance(node.ctx, ast.Load)
