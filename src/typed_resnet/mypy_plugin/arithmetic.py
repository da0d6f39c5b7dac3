"""Read the size that an int has from how it is written, where its type has none: `c // 4`.

On an int whose type is a type variable mypy asks no plugin of `+` or `//`, and calls it `int`.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial, reduce
from typing import Final

from mypy.nodes import ARG_POS, CallExpr, Expression, OpExpr, RefExpr, TupleExpr, UnaryExpr
from mypy.typeops import coerce_to_literal
from mypy.types import Instance, LiteralType, Type, get_proper_type

from typed_resnet.dims.normal_form import normal_form
from typed_resnet.dims.term import Operation, Term, Undefined
from typed_resnet.mypy_plugin.bindings import Bindings
from typed_resnet.mypy_plugin.translate import Reader

OPERATORS: Final = {"+": "Add", "-": "Sub", "*": "Mul", "//": "FloorDiv"}
FUNCTIONS: Final = {"builtins.min": "Min", "builtins.max": "Max"}


class Arithmetic:
    """Reads expressions as sizes."""

    def __init__(
        self,
        reader: Reader,
        type_of: Callable[[Expression], Type],
        bindings: Bindings,
        followed: frozenset[Expression] = frozenset(),
    ) -> None:
        self.reader = reader
        self.type_of = type_of
        self.bindings = bindings
        self.followed = followed
        """The names that led here: one that is bound to itself has no size."""

    def size(self, expression: Expression) -> Term | None:
        """Read an int; None where its size is unknown."""
        known = self.reader.term(self.type_of(expression))
        return self.written(expression) if known is None else known

    def number(self, expression: Expression) -> int | None:
        """Read an int that has one value."""
        size = self.size(expression)
        try:
            return None if size is None else normal_form(size).constant
        except Undefined:
            return None

    def literal(self, expression: Expression) -> Type:
        """Give the type of an expression, a literal where its value is known: `-3` too."""
        typ = coerce_to_literal(self.type_of(expression))
        proper = get_proper_type(typ)
        if isinstance(proper, Instance) and proper.type.has_base("builtins.int"):
            number = self.number(expression)
            if number is not None:
                int_class = next(b for b in proper.type.mro if b.fullname == "builtins.int")
                return LiteralType(number, Instance(int_class, []))
        return typ

    def items(self, expression: Expression) -> list[Term | None] | None:
        """Read each item of a tuple that is written out, there or where its name was bound."""
        if isinstance(expression, TupleExpr):
            return [self.size(item) for item in expression.items]
        definition = self._definition(expression)
        return None if definition is None else definition[0].items(definition[1])

    def written(self, expression: Expression) -> Term | None:
        """Read an int by how it is written, whatever its type says."""
        if isinstance(expression, OpExpr) and expression.op in OPERATORS:
            left, right = self.size(expression.left), self.size(expression.right)
            return _both(OPERATORS[expression.op], left, right)
        if isinstance(expression, UnaryExpr) and expression.op == "-":
            inner = self.size(expression.expr)
            return None if inner is None else Operation("Sub", (0, inner))
        if isinstance(expression, CallExpr) and isinstance(expression.callee, RefExpr):
            operator = FUNCTIONS.get(expression.callee.fullname)
            if operator is None or len(expression.args) < 2 or _is_marked(expression):
                return None
            return reduce(partial(_both, operator), map(self.size, expression.args))
        definition = self._definition(expression)
        return None if definition is None else definition[0].size(definition[1])

    def _definition(self, expression: Expression) -> tuple[Arithmetic, Expression] | None:
        """Find what a local name stands for, to be read by the types where it was bound."""
        value = self.bindings.value_of(expression)
        if value is None or expression in self.followed:
            return None
        followed = self.followed | {expression}
        return Arithmetic(self.reader, self.bindings.type_of, self.bindings, followed), value


def _both(operator: str, left: Term | None, right: Term | None) -> Term | None:
    return None if left is None or right is None else Operation(operator, (left, right))


def _is_marked(call: CallExpr) -> bool:
    """Say whether arguments are named or unpacked."""
    return any(kind is not ARG_POS for kind in call.arg_kinds)
