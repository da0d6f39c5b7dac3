"""The body of a function, followed for one model: which calls it makes, in which order."""

from __future__ import annotations

from collections.abc import Generator, Mapping
from typing import Final, cast

from mypy.nodes import (
    AssignmentStmt,
    Block,
    CallExpr,
    ComparisonExpr,
    Expression,
    ForStmt,
    IfStmt,
    IndexExpr,
    IntExpr,
    MemberExpr,
    NameExpr,
    Node,
    ReturnStmt,
    Statement,
    TryStmt,
    UnaryExpr,
    WhileStmt,
    WithStmt,
)
from mypy.server.subexpr import get_subexpressions

from typed_resnet.layer import Layer

UNKNOWN: Final = object()
"""What an expression stands for that is not followed."""

CONSTANTS: Final = {"None": None, "True": True, "False": False}

Calls = Generator[CallExpr, None, bool]
"""Calls in order; then whether the function has returned."""


class Body:
    """Follows the body of one function, of which some names stand for what a model holds."""

    def __init__(self, values: Mapping[str, object]) -> None:
        self.values = dict(values)

    def calls(self, block: Block | None) -> Calls:
        """Walk the calls that statements make; loops over layers are run through."""
        for statement in block.body if block is not None else []:
            if (yield from self._statement(statement)):
                return True
        return False

    def value(self, expression: Expression) -> object:
        """Find what an expression such as `self.layer1.first` stands for."""
        match expression:
            case NameExpr(name=name):
                return CONSTANTS.get(name, self.values.get(name, UNKNOWN))
            case IntExpr(value=number):
                return number
            case MemberExpr():
                owner = self.value(expression.expr)
                return UNKNOWN if owner is UNKNOWN else getattr(owner, expression.name, UNKNOWN)
            case IndexExpr():
                items, place = self.value(expression.base), self.value(expression.index)
                if isinstance(items, list | tuple) and isinstance(place, int):
                    return items[place] if place < len(items) else UNKNOWN
        return UNKNOWN

    def _statement(self, statement: Statement) -> Calls:
        match statement:
            case IfStmt():
                return (yield from self._branches(statement))
            case ForStmt():
                return (yield from self._loop(statement))
            case WithStmt() | WhileStmt() | TryStmt():
                return (yield from self.calls(statement.body))
            case AssignmentStmt():
                yield from _inside(statement)
                for target in statement.lvalues:
                    if isinstance(target, NameExpr):
                        self.values[target.name] = self.value(statement.rvalue)
            case _:
                yield from _inside(statement)
        return isinstance(statement, ReturnStmt)

    def _branches(self, statement: IfStmt) -> Calls:
        """Follow the branch that this model takes; where that cannot be told, all of them."""
        for condition, body in zip(statement.expr, statement.body, strict=True):
            yield from _inside(condition)
            taken = self._truth(condition)
            if taken:
                return (yield from self.calls(body))
            if taken is None:
                yield from self.calls(body)
        return (yield from self.calls(statement.else_body))

    def _loop(self, loop: ForStmt) -> Calls:
        yield from _inside(loop.expr)
        items = self.value(loop.expr)
        if isinstance(loop.index, NameExpr) and isinstance(items, list | tuple):
            for item in cast(list[object] | tuple[object, ...], items):
                self.values[loop.index.name] = item
                if (yield from self.calls(loop.body)):
                    return True
        return False

    def _truth(self, condition: Expression) -> bool | None:
        """Decide `self.projection is None`, `not self.strided`; None where it cannot be told."""
        match condition:
            case UnaryExpr(op="not"):
                inner = self._truth(condition.expr)
                return None if inner is None else not inner
            case ComparisonExpr(operators=["is" | "is not" as operator]):
                left, right = map(self.value, condition.operands)
                if right is None and left is not UNKNOWN:
                    return (left is None) == (operator == "is")
            case NameExpr() | MemberExpr():
                value = self.value(condition)
                return bool(value) if isinstance(value, Layer | int | None) else None
        return None


def _inside(node: Node) -> Generator[CallExpr, None, None]:
    """Walk the calls in an expression, each after those inside it: the first to end is first."""
    found = [inner for inner in get_subexpressions(node) if isinstance(inner, CallExpr)]
    yield from sorted(found, key=lambda call: (call.end_line or 0, call.end_column or 0))
