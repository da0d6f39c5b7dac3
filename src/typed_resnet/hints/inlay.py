"""Where a text does not say a type that holds sizes, say it: after names, loops and calls."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from mypy.nodes import (
    AssignmentExpr,
    AssignmentStmt,
    Block,
    CallExpr,
    ClassDef,
    Decorator,
    DictionaryComprehension,
    Expression,
    ForStmt,
    FuncDef,
    GeneratorExpr,
    IfStmt,
    ListExpr,
    MatchStmt,
    MemberExpr,
    MypyFile,
    NameExpr,
    Node,
    OverloadedFuncDef,
    RefExpr,
    ReturnStmt,
    StarExpr,
    Statement,
    TryStmt,
    TupleExpr,
    Var,
    WhileStmt,
    WithStmt,
)
from mypy.options import Options
from mypy.server.subexpr import get_subexpressions
from mypy.types import FunctionLike, Type, get_proper_type

from typed_resnet.hints import model
from typed_resnet.hints.columns import range_of
from typed_resnet.hints.model import Hint, Kind, Position
from typed_resnet.hints.printing import written
from typed_resnet.mypy_plugin.classes import CAST
from typed_resnet.mypy_plugin.likeness import Likeness
from typed_resnet.mypy_plugin.queries import holds_error, holds_sizes, is_unsized

Typed = Mapping[Expression, Type]
_UNKNOWN: Final = "?"


def sized(
    node: MypyFile | FuncDef,
    types: Typed,
    options: Options,
    lines: Sequence[str],
    known: Mapping[Expression, model.Expression],
) -> Iterator[tuple[Expression, model.Expression]]:
    """Walk all expressions of a file or function whose types hold sizes; some may be known."""
    told: dict[Type, str | None] = {}  # a file has many expressions and few types
    alike: dict[Hashable, str | None] = {}  # and of these most are like others
    for expression in get_subexpressions(node):
        place = known.get(expression)
        if place is not None:
            yield expression, place
            continue
        typ = types.get(expression)
        if typ is None or expression.line <= 0:
            continue
        if is_unsized(typ):
            continue
        text = told.get(typ, _UNKNOWN)
        if text is _UNKNOWN:
            likeness = Likeness.of((typ,))
            key = typ if likeness is None else likeness.key
            if key not in alike:
                alike[key] = written(typ, options) if _tells(typ) else None
            text = told[typ] = alike[key]
        if text is not None and (_is_variable(expression) or not _is_function_type(typ)):
            yield expression, model.Expression(range_of(expression, lines), text)


def hints(node: MypyFile | FuncDef, found: Mapping[Expression, model.Expression]) -> list[Hint]:
    """Say which of the expressions found in a file or function get a hint."""
    places = _Places()
    for statement, function in statements(node):
        places.statement(statement, function)
    for expression in get_subexpressions(node):
        places.expression(expression)
    made = [
        Hint(kind, found[expression].range, found[expression].type)
        for expression, kind in places.named.items()
        if expression in found
    ]
    made += [
        Hint(Kind.CALL, place.range, place.type)
        for expression, place in found.items()
        if isinstance(expression, CallExpr)
        and expression not in places.said
        and not _is_cast(expression)
        and not place.type.startswith("(")
    ]
    return made


def order(hint: Hint) -> tuple[Position, Position]:
    """Say where a hint is shown."""
    return hint.range.end, hint.range.start


def _tells(typ: Type) -> bool:
    """Say whether a type is worth showing."""
    proper = get_proper_type(typ)
    if isinstance(proper, FunctionLike) and proper.is_type_obj():
        return False
    return holds_sizes(proper) and not holds_error(proper)


def _is_function_type(typ: Type) -> bool:
    """Say whether a type is that of a function, which is shown only where a variable holds it."""
    return isinstance(get_proper_type(typ), FunctionLike)


def _is_variable(expression: Expression) -> bool:
    return isinstance(expression, NameExpr) and isinstance(expression.node, Var)


def _is_cast(call: CallExpr) -> bool:
    return isinstance(call.callee, RefExpr) and call.callee.fullname == CAST


def statements(node: Node) -> Iterator[tuple[Statement, FuncDef | None]]:
    """Walk the statements of a file or function, each with the function that it stands in."""
    return _walk([node], None)


def _walk(
    nodes: Iterable[Node | None], function: FuncDef | None
) -> Iterator[tuple[Statement, FuncDef | None]]:
    for node in nodes:
        if isinstance(node, Statement) and not isinstance(node, Block):
            yield node, function
        match node:
            case MypyFile():
                yield from _walk(node.defs, function)
            case Block():
                yield from _walk(node.body, function)
            case ClassDef():
                yield from _walk([node.defs], function)
            case FuncDef():
                yield from _walk([node.body], node)
            case OverloadedFuncDef():
                yield from _walk([*node.items, node.impl], function)
            case Decorator():
                yield from _walk([node.func], function)
            case IfStmt():
                yield from _walk([*node.body, node.else_body], function)
            case ForStmt() | WhileStmt():
                yield from _walk([node.body, node.else_body], function)
            case WithStmt():
                yield from _walk([node.body], function)
            case TryStmt():
                parts = [node.body, *node.handlers, node.else_body, node.finally_body]
                yield from _walk(parts, function)
            case MatchStmt():
                yield from _walk(node.bodies, function)


@dataclass
class _Places:
    """The names that are given values without a type, and the calls that need no hint."""

    named: dict[Expression, Kind] = field(default_factory=dict)
    said: set[Expression] = field(default_factory=set)
    """Calls whose type is said after a name, or as what a function returns."""

    def statement(self, statement: Statement, function: FuncDef | None) -> None:
        match statement:
            case AssignmentStmt():
                self._say(statement.rvalue, statement.lvalues)
                declared = statement.unanalyzed_type is not None or statement.is_alias_def
                if not declared and not _is_function(statement.rvalue):
                    for target in statement.lvalues:
                        self._name(target, Kind.NAME)
            case ForStmt():
                self._name(statement.index, Kind.LOOP)
            case WithStmt():
                for entered in statement.target:
                    self._name(entered, Kind.NAME)
            case ReturnStmt() if statement.expr is not None:
                if function is not None and function.unanalyzed_type is not None:
                    self._say(statement.expr)

    def expression(self, expression: Expression) -> None:
        if isinstance(expression, AssignmentExpr):
            self.said.add(expression.value)
            self._name(expression.target, Kind.NAME)
        elif isinstance(expression, GeneratorExpr | DictionaryComprehension):
            for index in expression.indices:
                self._name(index, Kind.LOOP)

    def _say(self, value: Expression, targets: Sequence[Expression] = ()) -> None:
        """Put down that a value's type is said; that of a tuple says those of its items."""
        self.said.add(value)
        starred = any(
            isinstance(item, StarExpr)
            for target in targets
            if isinstance(target, TupleExpr | ListExpr)
            for item in target.items
        )
        if isinstance(value, TupleExpr) and not starred:  # `a, *b = …` says one type of several
            for item in value.items:
                self._say(item)

    def _name(self, target: Expression | None, kind: Kind) -> None:
        match target:
            case TupleExpr() | ListExpr():
                for item in target.items:
                    self._name(item, kind)
            case StarExpr():
                self._name(target.expr, kind)
            case NameExpr() | MemberExpr():
                self.named[target] = kind


def _is_function(expression: Expression) -> bool:
    """Say whether an expression only names a function, as in `forward = __call__`."""
    return isinstance(expression, RefExpr) and isinstance(
        expression.node, FuncDef | OverloadedFuncDef | Decorator
    )
