"""Which statements of a module an edit of one of them concerns, seen in the text alone.

What a module has is reached by its name: no other statement can be another because of an edit that
does not speak of what it defines, or of a statement that does. What stands in the body of a
function counts only where it could say something to the rest of the file. A statement that is
neither class nor function may rest on what those before it have found out: they stay together.
"""

from __future__ import annotations

import ast
import re
from bisect import bisect
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, NamedTuple

from typed_resnet.hints.bodies import (
    FOR_MYPY,
    Definition,
    Function,
    compiled,
    first_line,
    functions,
    parsed,
    same_around,
)

_IMPORT: Final = ast.Import | ast.ImportFrom
EXPORTED: Final = "__all__"
"""What says which names a module gives to others."""
_WORD: Final = re.compile(r"[^\W\d]\w*")


class Place(NamedTuple):
    """Where in a module an edit of one statement is."""

    body: Sequence[ast.stmt]
    """The statements of the module, as they are now."""
    starts: Sequence[int]
    """Their first lines, from 1, with their decorators, and the line after the last."""
    edited: Sequence[int]
    """Which of them the edit is in."""
    moved: int
    """By how many lines what follows has moved down: none, where the edit is in several."""

    def holds(self, line: int) -> bool:
        """Say whether a line stands in a statement that is edited."""
        return any(self.starts[n] <= line < self.starts[n + 1] for n in self.edited)


def place_of_edit(before: str, after: str) -> Place | None:
    """Find the statements of a module that an edit is in: one, or several as long as before.

    Raises: as `parsed`.
    """
    old, new = before.split("\n"), after.split("\n")
    same, left = same_around(old, new)
    body = parsed(after).body
    starts = [*map(first_line, body), len(new) + 1]
    moved = len(new) - len(old)
    for n, (start, end) in enumerate(pairwise(starts)):
        if start <= same + 1 and len(new) - left < end:
            return Place(body, starts, (n,), moved)
    lines = enumerate(zip(old, new, strict=False), start=1)
    edited = sorted({bisect(starts, n) - 1 for n, (was, now) in lines if was != now})
    return Place(body, starts, edited, 0) if moved == 0 and edited and edited[0] >= 0 else None


def same_bodies(
    known: Iterable[Function], place: Place, after: str
) -> list[tuple[Function, Function]]:
    """Pair functions outside an edit, as they were and are: such as only speak to themselves.

    Raises: as `parsed`.
    """
    below = place.starts[place.edited[0]]
    stood = {(f.line, f.body, f.end, f.indented) for f in known}
    lines = after.split("\n")
    around = [
        (function.moved(-place.moved if function.line > below else 0), function)
        for function in functions(after)
        if not place.holds(function.line)
    ]
    return [
        (was, now)
        for was, now in around
        if (was.line, was.body, was.end, was.indented) in stood
        and not now.tells
        and not any(FOR_MYPY.search(line) for line in lines[now.line - 1 : now.end])
    ]


@dataclass(frozen=True)
class Part:
    """A statement of a module, by lines that count from 1."""

    name: str | None
    """Of a class or function; None of any other."""
    start: int
    """Its first line, with its decorators."""
    end: int
    """The first line that is no more its own."""


@dataclass(frozen=True)
class Concerned:
    """The statements of a module that are others, or may be, after an edit of one of them."""

    parts: Sequence[Part]
    """All statements of the module, as they stood before the edit."""
    places: Sequence[int]
    """Which of them are concerned."""
    names: Collection[str]
    """What these define."""
    now: Sequence[Part]
    """All of them, as they stand now."""
    around: Sequence[tuple[Function, Function]]
    """Functions in them, but outside of what is edited, whose bodies are as they were."""
    end: int
    """The first line after the last that is edited, as it was."""
    moved: int
    """By how many lines what follows has moved down."""

    @property
    def own(self) -> list[Part]:
        """Those that are concerned."""
        return [self.parts[place] for place in self.places]

    def alone(self, text: str) -> str:
        """Write of a text no more than what is concerned, on the lines where it stands now."""
        lines = text.split("\n")
        left: list[str] = []
        for part in (self.now[place] for place in self.places):
            left += [""] * (part.start - 1 - len(left))
            left += lines[part.start - 1 : part.end - 1]
        return "\n".join(left) + "\n"


def concerned(
    known: Sequence[Function], before: str, after: str, wrong: Iterable[int] = ()
) -> Concerned | None:
    """Find what an edit of some statements concerns, if it can be checked alone.

    Takes the lines on which something was wrong. Outside of bodies that concerns it, too: of what
    a function declares mypy may say less when it checks that function again.

    Raises: as `parsed`, and where what is edited could not run.
    """
    place = place_of_edit(before, after)
    if place is None:
        return None
    body, starts, edited, moved = place
    now = [*map(Part, map(_name, body), starts, starts[1:])]
    new, defined = after.split("\n"), [_defined(statement) for statement in body]
    last = edited[-1]
    was = [
        Part(p.name, p.start - moved * (n > last), p.end - moved * (n >= last))
        for n, p in enumerate(now)
    ]
    heads = [n for n in wrong if not any(f.body <= n <= f.end for f in known)]
    bad = {n for n, part in enumerate(was) if any(part.start <= line < part.end for line in heads)}
    bad = {n for n in bad if not isinstance(body[n], _IMPORT)}
    words = _words(new, now, functions(after))
    loose = [not isinstance(statement, ast.ClassDef | Definition | _IMPORT) for statement in body]
    found = _reached(edited, bad, defined, loose, words)
    if found is None or any(_tells_mypy(body[n], now[n], new) for n in found):
        return None
    old = before.split("\n")
    for n in edited:
        if loose[n] and defined[n] != _defined(parsed(_lines(old, was[n]))):
            return None
    compiled([body[n] for n in edited])
    own = [now[n] for n in found]
    around = [
        (stood, stands)
        for stood, stands in same_bodies(known, place, after)
        if any(part.start <= stands.line < part.end for part in own)
    ]
    names = {name for n in found for name in defined[n]}
    return Concerned(was, sorted(found), names, now, around, was[last].end, moved)


def _reached(
    edited: Iterable[int],
    wrong: Iterable[int],
    defined: Sequence[set[str]],
    loose: Sequence[bool],
    words: Sequence[set[str]],
) -> set[int] | None:
    """Find which statements an edit of some may change; None where a name has several meanings.

    Takes for each what it defines, whether it is neither class nor function, and its words.
    """
    found = {*edited}
    waiting = {name for n in found for name in defined[n]}
    if EXPORTED in waiting:
        return None
    while waiting:
        name = waiting.pop()
        defining = [n for n, names in enumerate(defined) if name in names]
        if len(defining) > 1 and not all(loose[n] for n in defining):
            return None
        speaking = {n for n, said in enumerate(words) if name in said} - found
        waiting |= {name for n in speaking for name in defined[n]}
        found |= speaking
    found |= {*wrong}
    if any(loose[n] for n in found):
        found |= {n for n, is_loose in enumerate(loose) if is_loose}
    names = {name for n in found for name in defined[n]}
    others = (own for n, own in enumerate(defined) if n not in found)
    return found if all(names.isdisjoint(own) for own in others) else None


def _name(statement: ast.stmt) -> str | None:
    return statement.name if isinstance(statement, ast.ClassDef | Definition) else None


def _lines(lines: Sequence[str], part: Part) -> str:
    return "\n".join(lines[part.start - 1 : part.end - 1])


def _defined(node: ast.AST) -> set[str]:
    """List the names that a module or a statement of it gives a meaning there."""
    if isinstance(node, ast.ClassDef | Definition):
        return {node.name}
    if isinstance(node, ast.alias):
        return {node.asname or node.name.partition(".")[0]}
    if isinstance(node, ast.Name):
        return set() if isinstance(node.ctx, ast.Load) else {node.id}
    own = {getattr(node, "name", None), getattr(node, "rest", None)}  # by `except`, by `case`
    names = {name for name in own if isinstance(name, str)}
    return names.union(*map(_defined, ast.iter_child_nodes(node)))


def _words(
    lines: Sequence[str], parts: Iterable[Part], known: Iterable[Function]
) -> list[set[str]]:
    """List what words each statement of a module has outside of bodies that tell nothing."""
    heads = [*lines]
    for function in known:
        if not function.tells:
            heads[function.body - 1 : function.end] = [""] * (function.end - function.body + 1)
    return [{*_WORD.findall(_lines(heads, part))} for part in parts]


def _tells_mypy(statement: ast.stmt, part: Part, lines: Sequence[str]) -> bool:
    """Say whether a statement imports something, or speaks to mypy in a comment."""
    own = lines[part.start - 1 : part.end - 1]
    if any("import" in line for line in own) and any(
        isinstance(node, _IMPORT) for node in ast.walk(statement)
    ):
        return True
    return any(FOR_MYPY.search(line) for line in own)
