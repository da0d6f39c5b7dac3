"""What stands at a place of a text: an expression, a call, an argument."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from mypy.nodes import CallExpr, FuncDef, MemberExpr, MypyFile, RefExpr
from mypy.options import Options
from mypy.server.subexpr import get_subexpressions

from typed_resnet.hints.calls import Typed, chosen, rules, sizes
from typed_resnet.hints.columns import lines_of, range_of
from typed_resnet.hints.inlay import Sized
from typed_resnet.hints.model import Hover, Position, Range, Signature
from typed_resnet.hints.printing import written

_BRACKETS: Final = {"(": ")", "[": "]", "{": "}"}
_AWAITED: Final = {("=", "+", "-", "*", "/", "@"): "...", (".",): "_"}
"""What stands for an operand or a name that is yet to come."""
_STRING: Final = re.compile(r""""(?:[^"\\\n]|\\.)*"?|'(?:[^'\\\n]|\\.)*'?|#[^\n]*""")


def hover(
    tree: MypyFile,
    sized: Sized,
    types: Typed,
    options: Options,
    lines: Sequence[str],
    position: Position,
) -> Hover | None:
    """Say what is known of the name at a place: of one that is called, the call."""
    for call in calls(tree):
        name = _called_name(call, lines)
        if name is not None and name.holds(position):
            of_call = _hover_of_call(call, name, types, options)
            if of_call is not None:
                return of_call
    holding = [
        place
        for expression in get_subexpressions(tree)
        if range_of(expression, lines).holds(position)
        and (place := sized.of(expression)) is not None
    ]
    if not holding:
        return None
    inner = min(holding, key=lambda e: _extent(e.range))
    return Hover(inner.range, inner.type)


def _hover_of_call(call: CallExpr, name: Range, types: Typed, options: Options) -> Hover | None:
    choice, result = chosen(call, types), types.get(call)
    if choice is None or result is None:
        return None
    rule, matched = choice
    bound = sizes(rule, matched)
    if not bound:
        return None
    return Hover(name, written(result, options), f"{rule.who}{rule.written(options)}", bound)


def signature(
    tree: MypyFile, types: Typed, options: Options, lines: Sequence[str], position: Position
) -> Signature | None:
    """Say what the call around a place takes."""
    around = [
        call
        for call in calls(tree)
        if range_of(call.callee, lines).end < position <= range_of(call, lines).end
    ]
    if not around:
        return None
    call = min(around, key=lambda call: _extent(range_of(call, lines)))
    choice = chosen(call, types)
    rule = choice[0] if choice is not None else next(iter(rules(call, types)), None)
    if rule is None:
        return None
    before = [a for a in call.args if range_of(a, lines).end < position]
    return Signature(
        f"{rule.who}{rule.written(options)}",
        tuple(rule.parameters(options)),
        rule.parameter(call, len(before)),
        tuple(rule.parameters(options, required=True)),
    )


def calls(node: MypyFile | FuncDef) -> list[CallExpr]:
    return [e for e in get_subexpressions(node) if isinstance(e, CallExpr) and e.line > 0]


def closed(text: str, position: Position) -> str:
    """Close the brackets that are open at a place, and leave out the rest of its line.

    A call that is being written is Python then, and mypy can say what it calls.
    """
    lines = lines_of(text)
    line = lines[position.line] if position.line < len(lines) else ""
    start = position.line
    while start > 0 and lines[start - 1].rstrip().endswith(("(", ",", "[", "{", "\\")):
        start -= 1
    before = "\n".join([*lines[start : position.line], line[: position.column]])
    wanted: list[str] = []
    for character in _STRING.sub("", before):
        if character in _BRACKETS:
            wanted.append(_BRACKETS[character])
        elif wanted and character == wanted[-1]:
            wanted.pop()
    written = line[: position.column].rstrip(" ")
    operand = next((word for ends, word in _AWAITED.items() if written.endswith(ends)), "")
    ended = written + operand + "".join(reversed(wanted))
    return "\n".join([*lines[: position.line], ended, *lines[position.line + 1 :]]) + "\n"


def _called_name(call: CallExpr, lines: Sequence[str]) -> Range | None:
    """Say where the name that is called stands: of `self.conv1(x)`, `conv1`."""
    if not isinstance(call.callee, RefExpr):
        return None
    place = range_of(call.callee, lines)
    if not isinstance(call.callee, MemberExpr):
        return place
    start = max(place.end.column - len(call.callee.name), 0)
    return Range(Position(place.end.line, start), place.end)


def _extent(place: Range) -> tuple[int, int]:
    lines = place.end.line - place.start.line
    return lines, place.end.column - (place.start.column if lines == 0 else 0)
