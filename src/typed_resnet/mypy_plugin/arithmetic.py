"""Read the size that an int has from how it is written, where its type has none: `c // 4`.

On an int whose type is a type variable mypy asks no plugin of `+` or `//`, and calls it `int`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial, reduce
from typing import Final

from mypy.nodes import (
    ARG_POS,
    CallExpr,
    Context,
    Expression,
    ListExpr,
    OpExpr,
    RefExpr,
    StarExpr,
    TupleExpr,
    UnaryExpr,
)
from mypy.typeops import coerce_to_literal
from mypy.types import Instance, LiteralType, Type, get_proper_type

from typed_resnet.dims.normal_form import normal_form
from typed_resnet.dims.ranges import Always, at_least
from typed_resnet.dims.term import Operation, Term, Undefined
from typed_resnet.mypy_plugin.bindings import Bindings
from typed_resnet.mypy_plugin.translate import Reader

OPERATORS: Final = {"+": "Add", "-": "Sub", "*": "Mul", "//": "FloorDiv"}
REMAINDER: Final = "%"
POWER: Final = "**"
MINUS: Final = "-"
"""Before one size, of which `-(-w // 2)` is ⌈w/2⌉."""
EXTREMES: Final = {"builtins.min": "Min", "builtins.max": "Max"}
SUM: Final = "builtins.sum"
ROUNDINGS: Final = {"math.floor": "FloorDiv", "math.ceil": "CeilDiv", "builtins.int": "FloorDiv"}
"""What makes an int of a quotient, `c / 2`: below 2**53, as all sizes are, it is what `//` makes.

To `int` that is so of no number below nought.
"""
LARGEST_EXPONENT: Final = 64


def is_arithmetic(expression: Context) -> bool:
    """Say at a glance whether an expression may be read as a size worked out of others."""
    if isinstance(expression, OpExpr):
        return expression.op in OPERATORS or expression.op in (REMAINDER, POWER)
    if isinstance(expression, UnaryExpr):
        return expression.op == MINUS
    if not isinstance(expression, CallExpr) or not isinstance(expression.callee, RefExpr):
        return False
    called = expression.callee.fullname
    return called in EXTREMES or called in ROUNDINGS or called == SUM


def written_out(call: CallExpr) -> list[Expression] | None:
    """List the items of the one tuple or list that a call brings, as `max([c, 8])` does."""
    match call.args:
        case [TupleExpr(items=items) | ListExpr(items=items)]:
            return None if any(isinstance(item, StarExpr) for item in items) else items
    return None


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
        return _number(self.size(expression))

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
        """Read each item of a tuple that is written out, there or where its name was bound.

        None of one with a star in it: an item of its type is then no item of the text.
        """
        if isinstance(expression, TupleExpr):
            starred = any(isinstance(item, StarExpr) for item in expression.items)
            return None if starred else [self.size(item) for item in expression.items]
        definition = self._definition(expression)
        return None if definition is None else definition[0].items(definition[1])

    def written(self, expression: Expression) -> Term | None:
        """Read an int by how it is written, whatever its type says."""
        if isinstance(expression, OpExpr):
            return self._operation(expression)
        if isinstance(expression, UnaryExpr) and expression.op == MINUS:
            inner = self.size(expression.expr)
            return None if inner is None else Operation("Sub", (0, inner))
        if isinstance(expression, CallExpr) and isinstance(expression.callee, RefExpr):
            return self._call(expression.callee.fullname, expression)
        definition = self._definition(expression)
        return None if definition is None else definition[0].size(definition[1])

    def _operation(self, expression: OpExpr) -> Term | None:
        if not is_arithmetic(expression):
            return None
        left = self.size(expression.left)
        if expression.op == POWER:
            exponent = self.number(expression.right)
            if left is None or exponent is None or not 0 <= exponent <= LARGEST_EXPONENT:
                return None
            return _all("Mul", [1] + [left] * exponent)
        right = self.size(expression.right)
        if expression.op == REMAINDER:
            whole = _both("Mul", right, _quotient("FloorDiv", left, right))
            return _both("Sub", left, whole)
        write = _quotient if expression.op == "//" else _both
        return write(OPERATORS[expression.op], left, right)

    def _call(self, fullname: str, call: CallExpr) -> Term | None:
        if any(kind is not ARG_POS for kind in call.arg_kinds):  # named or unpacked
            return None
        items = written_out(call)
        if fullname in EXTREMES and (items or len(call.args) > 1):
            return _all(EXTREMES[fullname], map(self.size, items or call.args))
        if fullname == SUM and items is not None:
            return _all("Add", [0, *map(self.size, items)])
        if len(call.args) != 1:
            return None
        quotient = call.args[0]
        if fullname not in ROUNDINGS or not isinstance(quotient, OpExpr) or quotient.op != "/":
            return None
        above, below = self.size(quotient.left), self.size(quotient.right)
        if fullname == "builtins.int" and not (_is_from(0, above) and _is_from(1, below)):
            return None
        return _quotient(ROUNDINGS[fullname], above, below)

    def _definition(self, expression: Expression) -> tuple[Arithmetic, Expression] | None:
        """Find what a local name stands for, to be read by the types where it was bound."""
        value = self.bindings.value_of(expression)
        if value is None or expression in self.followed:
            return None
        followed = self.followed | {expression}
        return Arithmetic(self.reader, self.bindings.type_of, self.bindings, followed), value


def _both(operator: str, left: Term | None, right: Term | None) -> Term | None:
    return None if left is None or right is None else Operation(operator, (left, right))


def _quotient(operator: str, above: Term | None, below: Term | None) -> Term | None:
    """Divide; by a number below nought as by its opposite, for no size divides by such."""
    number = _number(below)
    if number is not None and number < 0:
        above, below = _both("Sub", 0, above), -number
    return _both(operator, above, below)


def _number(term: Term | None) -> int | None:
    """Read a size that has one value."""
    try:
        return None if term is None else normal_form(term).constant
    except Undefined:
        return None


def _all(operator: str, terms: Iterable[Term | None]) -> Term | None:
    return reduce(partial(_both, operator), terms)


def _is_from(bound: int, term: Term | None) -> bool:
    """Say whether a size is proved to be that large."""
    try:
        return term is not None and isinstance(at_least(normal_form(term), bound), Always)
    except Undefined:
        return False
