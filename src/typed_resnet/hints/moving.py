"""What stands below an edit, moved to the lines where it stands now."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from mypy.errors import ErrorInfo
from mypy.nodes import (
    LDEF,
    AssignmentStmt,
    ClassDef,
    Context,
    Decorator,
    FuncDef,
    MypyFile,
    NameExpr,
    SymbolTable,
    TypeInfo,
    Var,
)
from mypy.server.subexpr import get_subexpressions
from mypy.types import CallableType, Type, TypeList, UnboundType, UnionType, UnpackType

from typed_resnet.hints.inlay import statements


@dataclass(frozen=True)
class Move:
    """Where lines have gone, counted from 1."""

    last: int
    """The last line of a body that has changed."""
    new: int
    """Where that is now: what ends there, as the class of a last method does, ends here."""
    lines: int
    """By how many lines all below it has moved."""

    def start(self, line: int) -> int:
        return line + self.lines if line > self.last else line

    def end(self, line: int) -> int:
        return self.new if line == self.last else self.start(line)

    def apply(self, tree: MypyFile, changed: FuncDef | None, errors: Iterable[ErrorInfo]) -> None:
        """Move the nodes of a file and the errors found in it, but not those of one function."""
        if self.lines == 0 and self.new == self.last:
            return
        own = {id(context) for context in contexts(changed)} if changed is not None else set()
        for context in {id(context): context for context in contexts(tree)}.values():
            if id(context) not in own:
                context.line = self.start(context.line)
                if context.end_line is not None:
                    context.end_line = self.end(context.end_line)
        tree.ignored_lines = {self.start(n): codes for n, codes in tree.ignored_lines.items()}
        tree.skipped_lines = {self.start(n) for n in tree.skipped_lines}
        for error in {id(error): error for error in errors}.values():  # one may be said twice
            error.line, error.end_line = self.start(error.line), self.end(error.end_line)
            error.origin_span = [self.start(n) for n in error.origin_span]


def shift(moved: Iterable[Context], lines: int) -> None:
    """Move nodes by some lines, each once."""
    for context in {id(context): context for context in moved}.values():
        context.line += lines
        if context.end_line is not None:
            context.end_line += lines


def contexts(node: MypyFile | FuncDef) -> Iterator[Context]:
    """Walk whatever mypy may give the line of; what is written in bodies, as far as hints do."""
    if isinstance(node, MypyFile):
        yield from node.imports  # mypy has these twice
        yield from _variables(node.names, node.fullname)
    for expression in get_subexpressions(node):
        yield expression
        match expression:
            case NameExpr(kind=kind, node=Var() as variable) if kind == LDEF:
                yield variable
    for statement, _ in statements(node):
        yield statement
        match statement:
            case FuncDef():
                yield statement.body
                yield from _written(statement.unanalyzed_type)
                for argument in statement.arguments:
                    yield argument
                    yield argument.variable
                    yield from _written(argument.type_annotation)
            case Decorator():
                yield statement.var
            case ClassDef():
                yield statement.defs
                yield statement.info
            case AssignmentStmt():
                yield from _written(statement.unanalyzed_type)


def _variables(names: SymbolTable, prefix: str) -> Iterator[Context]:
    """Walk the variables that a module or class defines."""
    for name, symbol in names.items():
        node = symbol.node
        if node is not None and node.fullname == f"{prefix}.{name}":
            if isinstance(node, Var):
                yield node
            elif isinstance(node, TypeInfo):
                yield from _variables(node.names, node.fullname)


def _written(typ: Type | None) -> Iterator[Context]:
    """Walk a type as it is written, before mypy knows what it means."""
    if typ is None:
        return
    yield typ
    match typ:
        case UnboundType():
            inside = [*typ.args]
        case CallableType():
            inside = [*typ.arg_types, typ.ret_type]
        case UnionType() | TypeList():
            inside = [*typ.items]
        case UnpackType():
            inside = [typ.type]
        case _:
            inside = []
    for part in inside:
        yield from _written(part)
