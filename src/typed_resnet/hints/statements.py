"""Which statements of a module an edit of one of them concerns, seen in the text alone.

A class or function of a module is reached by its name: no other statement can be another because
of an edit that does not speak of it, or of a statement that does. What stands in the body of a
function counts only where it could say something to the rest of the file.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Sequence
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

_WORD: Final = re.compile(r"[^\W\d]\w*")


class Place(NamedTuple):
    """Where in a module an edit of one statement is."""

    body: Sequence[ast.stmt]
    """The statements of the module, as they are now."""
    starts: Sequence[int]
    """Their first lines, from 1, with their decorators, and the line after the last."""
    edited: int
    """Which of them the edit is in."""
    moved: int
    """By how many lines what follows has moved down."""


def place_of_edit(before: str, after: str) -> Place | None:
    """Find the statement of a module that an edit is in, if it is in one alone.

    Raises: as `parsed`.
    """
    old, new = before.split("\n"), after.split("\n")
    same, left = same_around(old, new)
    body = parsed(after).body
    starts = [*map(first_line, body), len(new) + 1]
    for n, (start, end) in enumerate(pairwise(starts)):
        if start <= same + 1 and len(new) - left < end:
            return Place(body, starts, n, len(new) - len(old))
    return None


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
    source: str
    """The text of these alone, on the lines where they stand now."""
    end: int
    """The first line after the one that is edited, as it was."""
    moved: int
    """By how many lines what follows has moved down."""

    @property
    def own(self) -> list[Part]:
        """Those that are concerned."""
        return [self.parts[place] for place in self.places]


def concerned(before: str, after: str) -> Concerned | None:
    """Find what an edit of one class or function concerns, if those are such alone.

    Raises: as `parsed`, and where the statements that are concerned are none that could run.
    """
    place = place_of_edit(before, after)
    if place is None:
        return None
    body, starts, edited, moved = place
    names = [s.name if isinstance(s, ast.ClassDef | Definition) else None for s in body]
    now = [*map(Part, names, starts, starts[1:])]
    new = after.split("\n")
    found, waiting = {edited}, [names[edited]]
    words = _words(new, now, functions(after))
    while waiting:
        name = waiting.pop()
        if name is None or names.count(name) > 1:
            return None
        speaking = {n for n, said in enumerate(words) if name in said} - found
        waiting += [names[n] for n in speaking]
        found |= speaking
    if any(_tells_mypy(body[n], now[n], new) for n in found):
        return None
    compiled([body[n] for n in found])
    was = [
        Part(p.name, p.start - moved * (n > edited), p.end - moved * (n >= edited))
        for n, p in enumerate(now)
    ]
    places = sorted(found)
    return Concerned(was, places, _alone(new, [now[n] for n in places]), was[edited].end, moved)


def _words(
    lines: Sequence[str], parts: Iterable[Part], known: Iterable[Function]
) -> list[set[str]]:
    """List what words each statement of a module has outside of bodies that tell nothing."""
    heads = [*lines]
    for function in known:
        if not function.tells:
            heads[function.body - 1 : function.end] = [""] * (function.end - function.body + 1)
    return [{*_WORD.findall("\n".join(heads[p.start - 1 : p.end - 1]))} for p in parts]


def _tells_mypy(statement: ast.stmt, part: Part, lines: Sequence[str]) -> bool:
    """Say whether a statement imports something, or speaks to mypy in a comment."""
    if any(isinstance(node, ast.Import | ast.ImportFrom) for node in ast.walk(statement)):
        return True
    return any(FOR_MYPY.search(line) for line in lines[part.start - 1 : part.end - 1])


def _alone(lines: Sequence[str], parts: Iterable[Part]) -> str:
    """Write a text of which only some statements are left."""
    left: list[str] = []
    for part in parts:
        left += [""] * (part.start - 1 - len(left))
        left += lines[part.start - 1 : part.end - 1]
    return "\n".join(left) + "\n"
