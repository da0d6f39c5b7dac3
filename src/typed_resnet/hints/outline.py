"""The outline of a text: one class or function as it is, of all others what they declare.

Where an edit changes no more than one statement of a module, the bodies of the functions around it
are the same Python as before. mypy then reads the outline in the place of the text: each of those
bodies has become a line that ends where the body did, so that every place is what it is in the
text.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from typed_resnet.hints.bodies import Function, compiled, parsed_anew
from typed_resnet.hints.statements import place_of_edit, same_bodies


@dataclass(frozen=True)
class Edited:
    """The one class or function of a module that an edit changes, by lines that count from 1."""

    name: str
    start: int
    """Its first line, which is where it was."""
    end: int
    """The first line after it that is not its own, as it was."""
    moved: int
    """By how many lines what follows has moved down."""
    around: Sequence[tuple[Function, Function]]
    """The functions outside it whose bodies only speak to themselves, as they were and are."""


def edited_statement(known: Sequence[Function], before: str, after: str) -> Edited | None:
    """Find the class or function of a module that an edit changes, if it is one alone.

    Raises: as `parsed`.
    """
    place = place_of_edit(before, after)
    if place is None or len(place.gone) != 1 or len(place.come) != 1:
        return None
    was, now = place.was[place.gone[0]], place.now[place.come[0]]
    if now.name is None or was.start != now.start:
        return None
    compiled(parsed_anew(now.source).body)
    around = same_bodies(known, place, after)
    return Edited(now.name, was.start, was.end, place.moved, around)


def without_bodies(text: str, left_out: Iterable[tuple[Function, int]]) -> str:
    """Write a text without the bodies of functions that have room for what stands for one.

    Takes with each the column where its body ends.
    """
    lines = text.split("\n")
    for function, column in left_out:
        stand_in = in_place_of(function, column, lines)
        assert stand_in is not None
        lines[function.body - 1 : function.end] = stand_in
    return "\n".join(lines)


def in_place_of(function: Function, column: int, lines: Sequence[str]) -> list[str] | None:
    """Write what stands for a body that ends at a column; None where there is no room.

    It returns nothing, and says nothing that mypy looks for.
    """
    first, last = lines[function.body - 1], lines[function.end - 1]
    indent = first[: len(first) - len(first.lstrip())]
    count = function.end - function.body
    head = "" if count else "raise; "
    room = column - len(f"{indent}{head}(...)")
    if room < 0 or not last.isascii():
        return None
    above = [f"{indent}raise", *[""] * (count - 1)] if count else []
    return [*above, f"{indent}{head}({' ' * room}...)"]
