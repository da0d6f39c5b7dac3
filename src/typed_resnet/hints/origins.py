"""Where the sizes that a diagnostic speaks of come from."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property, lru_cache

from mypy.nodes import (
    AssignmentStmt,
    CallExpr,
    Expression,
    FuncDef,
    MemberExpr,
    MypyFile,
    NameExpr,
    RefExpr,
    ReturnStmt,
    Statement,
    Var,
)
from mypy.options import Options
from mypy.types import Instance, get_proper_type

from typed_resnet.hints.calls import Typed, chosen
from typed_resnet.hints.columns import range_of
from typed_resnet.hints.inlay import statements
from typed_resnet.hints.model import Position, Range, Related
from typed_resnet.hints.places import calls
from typed_resnet.hints.printing import written
from typed_resnet.hints.project import Project


class Origins:
    """Answers for one file, or a function of it, as it was checked last."""

    def __init__(
        self,
        project: Project,
        path: str,
        node: MypyFile | FuncDef,
        types: Typed,
        lines: Sequence[str],
    ) -> None:
        self.project = project
        self.path = path
        self.types = types
        self.lines = lines
        self.node = node

    @cached_property
    def calls(self) -> Mapping[Range, list[CallExpr]]:
        """Find calls by where they stand, and where their arguments do."""
        found = defaultdict[Range, list[CallExpr]](list)
        for call in calls(self.node):
            for place in {range_of(part, self.lines) for part in (call, *call.args)}:
                found[place].append(call)
        return found

    @cached_property
    def statements(self) -> Mapping[Range | None, list[tuple[Statement, FuncDef | None]]]:
        """Find statements by the values that they state, each with its function."""
        found = defaultdict[Range | None, list[tuple[Statement, FuncDef | None]]](list)
        for statement, function in statements(self.node):
            found[self._stated(statement)].append((statement, function))
        return found

    @property
    def options(self) -> Options:
        return self.project.options

    def of(self, place: Range) -> tuple[Related, ...]:
        """List the declarations that what stands at a place depends on, nearest first."""
        related: list[Related] = []
        for call in self.calls.get(place, ()):
            for argument in call.args:
                if range_of(argument, self.lines) == place:
                    related += [*self._value(argument), *self._callee(call)]
            if not related and range_of(call, self.lines) == place:
                related += self._callee(call)
        for statement, function in self.statements.get(place, ()):
            related += self._declared(statement, function)
        return tuple(dict.fromkeys(r for r in related if (r.path, r.range) != (self.path, place)))

    def _stated(self, statement: Statement) -> Range | None:
        match statement:
            case ReturnStmt(expr=Expression() as returned):
                return range_of(returned, self.lines)
            case AssignmentStmt():
                return range_of(statement.rvalue, self.lines)
        return None

    def _declared(self, statement: Statement, function: FuncDef | None) -> Iterator[Related]:
        """Say where a function declares what it returns, a variable what it is given."""
        if isinstance(statement, ReturnStmt) and function is not None:
            yield self._here(function.line, function.column, f"{function.name} declares it here")
        if isinstance(statement, AssignmentStmt):
            for target in statement.lvalues:
                yield from self._value(target)
            if isinstance(statement.rvalue, CallExpr):
                yield from self._callee(statement.rvalue)
        if isinstance(statement, ReturnStmt) and isinstance(statement.expr, CallExpr):
            yield from self._callee(statement.expr)

    def _value(self, expression: Expression) -> Iterator[Related]:
        """Say where a value comes from: its declaration, or the call that it is the result of."""
        if isinstance(expression, CallExpr):
            yield from self._callee(expression)
        elif isinstance(expression, RefExpr | MemberExpr):
            yield from self._name(expression)

    def _callee(self, call: CallExpr) -> Iterator[Related]:
        if isinstance(call.callee, NameExpr | MemberExpr):
            yield from self._name(call.callee)
        choice = chosen(call, self.types)
        if choice is not None:
            rule = choice[0]
            found = self._definition(rule.fullname)
            if found is not None:
                said = f"{rule.fullname.rpartition('.')[2]}{rule.written(self.options)}"
                yield Related(*found, said)

    def _name(self, expression: Expression) -> Iterator[Related]:
        """Say where a variable or a field is declared, or given its value."""
        typ = self.types.get(expression)
        if typ is None:
            return
        said = f": {written(typ, self.options)}"
        if isinstance(expression, MemberExpr):
            owner = get_proper_type(self.types.get(expression.expr))
            if isinstance(owner, Instance):
                for base in owner.type.mro:
                    if expression.name in base.names:
                        found = self._definition(f"{base.fullname}.{expression.name}")
                        if found is not None:
                            yield Related(*found, expression.name + said)
                        return
        elif isinstance(expression, NameExpr) and isinstance(expression.node, Var):
            variable = expression.node
            if variable.line > 0 and self._is_here(variable):
                yield self._here(variable.line, variable.column, variable.name + said)

    def _is_here(self, variable: Var) -> bool:
        """Say whether the line that mypy gives a variable is one of this file, and names it."""
        line = variable.line - 1
        return line < len(self.lines) and variable.name in self.lines[line]

    def _here(self, line: int, column: int, message: str) -> Related:
        text = self.lines[line - 1] if line <= len(self.lines) else ""
        start = Position(line - 1, min(max(column, 0), len(text)))
        return Related(self.path, Range(start, Position(line - 1, len(text))), message)

    def _definition(self, fullname: str) -> tuple[str, Range] | None:
        """Find a class, function or field in the source of its module."""
        module = fullname
        while module and self.project.path_of(module) is None:
            module = module.rpartition(".")[0]
        path = self.project.path_of(module) if module else None
        if path is None:
            return None
        try:
            place = _place(self.project.overlay.read(path), fullname.removeprefix(f"{module}."))
        except (OSError, SyntaxError, ValueError):
            return None
        return None if place is None else (path, place)


@lru_cache(maxsize=64)
def _place(source: bytes, name: str) -> Range | None:
    """Find what a dotted name is the name of in a module."""
    found: ast.AST | None = ast.parse(source)
    for part in name.split("."):
        bodies = [n for n in ast.iter_child_nodes(found) if part in _names(n)] if found else []
        found = bodies[-1] if bodies else None  # the implementation comes after its overloads
    if not isinstance(found, ast.stmt):
        return None
    line = found.lineno - 1
    return Range(Position(line, found.col_offset), Position(line, found.col_offset + 1))


def _names(node: ast.AST) -> list[str]:
    match node:
        case ast.ClassDef() | ast.FunctionDef() | ast.AsyncFunctionDef():
            return [node.name]
        case ast.AnnAssign(target=ast.Name(id=name)):
            return [name]
        case ast.Assign():
            return [target.id for target in node.targets if isinstance(target, ast.Name)]
    return []
