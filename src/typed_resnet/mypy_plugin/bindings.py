"""What a local name stands for, where one assignment alone says it.

mypy gives `d` in `d = c // 4` the type `int`, though c is a size. Where nothing else in its
function binds d, it is c // 4 wherever it is read. A name of a module is followed in the module's
own statements only: what a function reads, any other module may have set by then.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Final, NamedTuple

from mypy.checker import TypeChecker
from mypy.nodes import (
    ARG_STAR,
    GDEF,
    LDEF,
    Argument,
    AssignmentExpr,
    AssignmentStmt,
    Block,
    CallExpr,
    DelStmt,
    DictionaryComprehension,
    Expression,
    ForStmt,
    FuncItem,
    GeneratorExpr,
    LambdaExpr,
    ListExpr,
    MypyFile,
    NameExpr,
    Node,
    OperatorAssignmentStmt,
    RefExpr,
    StarExpr,
    Statement,
    TryStmt,
    TupleExpr,
    Var,
    WithStmt,
)
from mypy.patterns import AsPattern, MappingPattern, Pattern, StarredPattern
from mypy.plugin import CheckerPluginInterface
from mypy.traverser import all_name_and_member_expressions
from mypy.types import AnyType, TupleType, Type, TypeOfAny, get_proper_type

READERS: Final = frozenset(f"builtins.{name}" for name in ("len", "tuple", "list", "sum", "print"))
"""Functions that leave a list as it is."""

CHILDREN: Final = (
    *("args", "arguments", "base", "begin_index", "bodies", "body", "call", "callee", "cond"),
    *("condlists", "decorators", "defs", "else_body", "else_expr", "end_index", "expr"),
    *("finally_body", "from_expr", "func", "generator", "guards", "handlers", "if_expr"),
    *("index", "indices", "initializer", "items", "key", "keys", "keywords", "left"),
    *("left_expr", "lvalue", "lvalues", "msg", "operands", "positionals", "right", "rvalue"),
    *("sequences", "stride", "subject", "target", "types", "value", "values", "vars"),
    *("base_type_exprs", "capture", "class_ref", "keyword_values", "metaclass", "name"),
    *("pattern", "patterns", "rest"),
)
"""The attributes by which mypy's nodes hold other nodes of the source."""


class Binding(NamedTuple):
    """What a name is bound to."""

    value: Expression | None
    """None where it is no expression of its own: an item of a loop, a file that is opened."""
    starred: tuple[int, int] | None = None
    """Of `*b, c, h = value`: how many items stand before and after those of the name."""


class Bindings(NamedTuple):
    """What the names mean that stand in one place of a program."""

    scopes: Sequence[object] = ()
    """The module, classes and functions around this place, outer ones first."""
    recorded: Callable[[Expression], Type | None] = lambda _: None
    """The type that an expression had where it was evaluated."""

    @classmethod
    def around(cls, api: CheckerPluginInterface) -> Bindings:
        """Take the place that mypy is checking."""
        if not isinstance(api, TypeChecker):
            return cls()
        return cls(api.scope.stack, api.lookup_type_or_none)

    def type_of(self, expression: Expression) -> Type:
        return self.recorded(expression) or AnyType(TypeOfAny.special_form)

    def value_of(self, expression: Expression) -> Expression | None:
        """Give the expression that a name stands for; None where no one expression does."""
        found = self._only(expression)
        return None if found is None or found.starred else found.value

    def is_named(self, expression: Expression) -> bool:
        """Say whether local names of the function around are bound to this, and this alone."""
        functions = [scope for scope in self.scopes if isinstance(scope, FuncItem)]
        for node in walk(functions[-1]) if functions else ():
            match node:
                case AssignmentStmt() if expression in _values(node.rvalue):
                    targets = node.lvalues
                case AssignmentExpr() if node.value is expression:
                    targets = [node.target]
                case _:
                    continue
            named = [[n for n in walk(target) if isinstance(n, NameExpr)] for target in targets]
            return all(any(self.value_of(n) is expression for n in names) for names in named)
        return False

    def run_of(self, expression: Expression) -> list[Type] | None:
        """Give the types of the items in a name such as b in `*b, c, h = x.shape`.

        b is a list: where anything may change it, nothing is known of it.
        """
        found = self._only(expression, unchanged=True)
        if found is None or found.starred is None or found.value is None:
            return None
        proper = get_proper_type(self.type_of(found.value))
        if not isinstance(proper, TupleType):
            return None
        before, after = found.starred
        return proper.items[before : len(proper.items) - after]

    def _only(self, expression: Expression, *, unchanged: bool = False) -> Binding | None:
        """Find the one thing that a name is bound to."""
        if not isinstance(expression, NameExpr) or not isinstance(expression.node, Var):
            return None
        scopes = [s for s in self.scopes if isinstance(s, FuncItem | MypyFile)]
        functions = [scope for scope in scopes if isinstance(scope, FuncItem)]
        if expression.kind == LDEF:
            scopes = [*functions]
        elif expression.kind != GDEF or functions:
            return None
        for scope in reversed(scopes):
            search = _Search(expression.node, scope)
            if search.found:
                only = search.is_complete and len(search.found) == 1
                return search.found[0] if only and not (unchanged and search.may_change) else None
        return None


def _values(value: Expression) -> Sequence[Expression]:
    """List what an assignment may give to its names: its value, or the items that are written."""
    return value.items if isinstance(value, TupleExpr | ListExpr) else [value]


def walk(node: Node) -> Iterator[Node]:
    """Walk a node of the source and all in it; mypy's own visitors mypy alone can extend."""
    yield node
    for name in _children(type(node)):
        yield from _walk_each(getattr(node, name))


def _names(scope: FuncItem | MypyFile) -> list[NameExpr]:
    """List the names in a function or module by mypy's own visitor, which wants an expression."""
    if isinstance(scope, MypyFile):
        whole = LambdaExpr([], Block(scope.defs))
    else:
        whole = LambdaExpr(scope.arguments, scope.body)
    return all_name_and_member_expressions(whole)[0]


def _walk_each(held: object) -> Iterator[Node]:
    if isinstance(held, Statement | Expression | Pattern | Argument):
        yield from walk(held)
    elif isinstance(held, list | tuple):
        for one in held:
            yield from _walk_each(one)
    elif isinstance(held, dict):
        yield from _walk_each(list(held.values()))


def _children(kind: type[Node]) -> Sequence[str]:
    held = _held.get(kind)
    if held is None:
        held = _held[kind] = [name for name in CHILDREN if hasattr(kind, name)]
    return held


_held: Final[dict[type[Node], list[str]]] = {}
"""Which of these attributes each kind of node has."""


class _Search:
    """Finds all that binds a variable, and whether a list that it holds may be changed."""

    def __init__(self, variable: Var, scope: FuncItem | MypyFile) -> None:
        self.variable = variable
        self.found: list[Binding] = []
        self._places: set[NameExpr] = set()
        self._harmless: set[Expression] = set()
        for node in walk(scope):
            self._visit(node)
        mentions = {name for name in _names(scope) if self._is_variable(name)}
        self.is_complete = mentions <= self._places
        """Each place that mypy itself sees was seen: syntax may be newer than this module."""

    @property
    def may_change(self) -> bool:
        """Say whether the value goes to a place that may change it, if it is a list."""
        return not self._places <= self._harmless

    def _visit(self, node: Node) -> None:
        match node:
            case NameExpr() if self._is_variable(node):
                self._places.add(node)
            case AssignmentStmt():
                for target in node.lvalues:
                    self._bind(target, node.rvalue)
            case AssignmentExpr():
                self._bind(node.target, node.value)
            case OperatorAssignmentStmt():
                self._bind(node.lvalue)
            case ForStmt():
                self._bind(node.index)
            case GeneratorExpr() | DictionaryComprehension():
                self._bind_all(node.indices)
            case WithStmt():
                self._bind_all(node.target)
            case TryStmt():
                self._bind_all(node.vars)
            case DelStmt():
                self._bind(node.expr)
            case AsPattern():
                self._bind(node.name)
            case StarredPattern():
                self._bind(node.capture)
            case MappingPattern():
                self._bind(node.rest)
            case Argument():
                if node.variable is self.variable:
                    self.found.append(Binding(None))
            case CallExpr():
                reads = isinstance(node.callee, RefExpr) and node.callee.fullname in READERS
                for argument, kind in zip(node.args, node.arg_kinds, strict=True):
                    if reads or kind is ARG_STAR:
                        self._harmless.add(argument)
            case StarExpr():
                self._harmless.add(node.expr)

    def _is_variable(self, node: Node) -> bool:
        return isinstance(node, NameExpr) and node.node is self.variable

    def _bind_all(self, targets: Sequence[Expression | None]) -> None:
        for target in targets:
            self._bind(target)

    def _bind(self, target: Expression | None, value: Expression | None = None) -> None:
        if isinstance(target, TupleExpr | ListExpr):
            self._bind_each(target.items, value)
        elif isinstance(target, StarExpr):
            self._bind(target.expr)
        elif target is not None and self._is_variable(target):
            self._harmless.add(target)
            self.found.append(Binding(value))

    def _bind_each(self, targets: Sequence[Expression], value: Expression | None) -> None:
        """Bind each of several names to its part of a value, as far as the parts are written."""
        values: Sequence[Expression | None] = [None] * len(targets)
        written = value.items if isinstance(value, TupleExpr | ListExpr) else []
        starred = any(isinstance(one, StarExpr) for one in (*targets, *written))
        if len(written) == len(targets) and not starred:
            values = written
        for place, (target, item) in enumerate(zip(targets, values, strict=True)):
            if isinstance(target, StarExpr) and self._is_variable(target.expr):
                self.found.append(Binding(value, (place, len(targets) - place - 1)))
            else:
                self._bind(target, item)
