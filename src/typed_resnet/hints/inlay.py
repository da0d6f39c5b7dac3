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


class Sized:
    """The expressions of a text whose types hold sizes, each looked at when it is asked for.

    They may be asked for as long as the tree is of that text; some may be known from before.
    """

    def __init__(
        self,
        types: Typed,
        options: Options,
        lines: Sequence[str],
        known: Mapping[Expression, model.Expression],
    ) -> None:
        self.found = {**known}
        """What was asked for so far."""
        self.lines = lines
        self._types = types
        self._options = options
        self._told: dict[Type, str | None] = {}  # a file has many expressions and few types
        self._alike: dict[Hashable, str | None] = {}  # and of these most are like others

    def of(self, expression: Expression) -> model.Expression | None:
        """Say where an expression stands and of which type it is, if that holds sizes."""
        place = self.found.get(expression)
        if place is not None:
            return place
        typ = self._types.get(expression)
        if typ is None or expression.line <= 0 or is_unsized(typ):
            return None
        text = self._text(typ)
        if text is None or (_is_function_type(typ) and not _is_variable(expression)):
            return None
        self.found[expression] = place = model.Expression(range_of(expression, self.lines), text)
        return place

    def all_of(self, node: MypyFile | FuncDef) -> list[model.Expression]:
        """List those of a file or function."""
        places = map(self.of, dict.fromkeys(get_subexpressions(node)))
        return [place for place in places if place is not None]

    def _text(self, typ: Type) -> str | None:
        """Write a type; None where it is not worth showing."""
        text = self._told.get(typ, _UNKNOWN)
        if text is _UNKNOWN:
            likeness = Likeness.of((typ,))
            key = typ if likeness is None else likeness.key
            if key not in self._alike:
                self._alike[key] = written(typ, self._options) if _tells(typ) else None
            text = self._told[typ] = self._alike[key]
        return text


def hints(node: MypyFile | FuncDef, sized: Sized) -> list[Hint]:
    """Say which expressions of a file or function get a hint."""
    places = _Places()
    for statement, function in statements(node):
        places.statement(statement, function)
    calls = dict[CallExpr, None]()
    for expression in get_subexpressions(node):
        places.expression(expression)
        if isinstance(expression, CallExpr):
            calls[expression] = None
    made = [
        Hint(kind, place.range, place.type)
        for expression, kind in places.named.items()
        if (place := sized.of(expression)) is not None
    ]
    made += [
        Hint(Kind.CALL, place.range, place.type)
        for call in calls
        if call not in places.said
        and not _is_cast(call)
        and (place := sized.of(call)) is not None
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
