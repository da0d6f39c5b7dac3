"""Give `c // 2` the type of a size where one is expected: in `return c // 2`, declared FloorDiv.

So it has in `half = c // 2` where nothing else binds that name. Elsewhere it stays an int, as mypy
would have it: a name with the size of `n = c + 1` could not be given another by `n = n + 1`.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property, partial
from typing import Final

from mypy.checker import TypeChecker
from mypy.nodes import CallExpr, Expression
from mypy.operators import op_methods, unary_op_methods
from mypy.plugin import FunctionContext, FunctionSigContext, MethodContext
from mypy.types import (
    CallableType,
    Instance,
    LiteralType,
    Type,
    TypeVarType,
    get_proper_type,
)

from typed_resnet.dims.normal_form import Dim, normal_form
from typed_resnet.dims.term import Term, Undefined
from typed_resnet.mypy_plugin.arithmetic import (
    EXTREMES,
    MINUS,
    OPERATORS,
    POWER,
    REMAINDER,
    ROUNDINGS,
    SUM,
    Arithmetic,
    is_arithmetic,
    written_out,
)
from typed_resnet.mypy_plugin.asking import Arguments
from typed_resnet.mypy_plugin.bindings import Bindings
from typed_resnet.mypy_plugin.classes import is_int, is_operator, least
from typed_resnet.mypy_plugin.fitting import of_anything
from typed_resnet.mypy_plugin.translate import Reader, Types, Writer

OF_ONE_TYPE: Final = frozenset({*EXTREMES, SUM})
"""What wants one type of all its arguments: mypy finds none of a size and a number."""

ROUND: Final = "builtins.round"

ARITHMETIC: Final = frozenset(
    {
        *(f"builtins.int.{op_methods[sign]}" for sign in (*OPERATORS, REMAINDER, POWER)),
        f"builtins.int.{unary_op_methods[MINUS]}",
        *OF_ONE_TYPE,
        *ROUNDINGS,
    }
)
"""What mypy asks of by these names, a size may be expected of."""


def expected_size(context: FunctionContext | MethodContext, types: Types) -> Type | None:
    """Give an arithmetic expression the size that it is; None where no size is expected of it."""
    api, expression = context.api, context.context
    if not is_arithmetic(expression) or not isinstance(api, TypeChecker):
        return None
    assert isinstance(expression, Expression)
    return _Asked(api, expression, partial(_type_found, api)).size(types)


def of_sizes(context: FunctionSigContext, types: Types) -> CallableType:
    """Let `min(c, 8)` be a size where one is expected, and elsewhere an int, as its arguments are.

    mypy infers one type for all, and finds none for a type variable beside a number.
    """
    api, expression, signature = context.api, context.context, context.default_signature
    if not is_arithmetic(expression) or not isinstance(api, TypeChecker):
        return signature
    assert isinstance(expression, CallExpr)
    asked = _Asked(api, expression, Arguments(api).type_of)
    if asked.term is None and not _are_sizes_and_ints(expression, context.args, api):
        return signature
    return of_anything(signature, asked.size(types) or types.instance("builtins.int", []))


def of_rounding(context: FunctionSigContext, types: Types) -> CallableType:
    """Let `round(w / 2)` be an int where a size is expected, so that mypy says just that.

    It would have it that a float rounds to this very size, and print the protocol for that.
    """
    api, signature = context.api, context.default_signature
    if not isinstance(api, TypeChecker) or not _is_size(api.expr_checker.type_context[-1]):
        return signature
    if len([given for place in context.args for given in place]) != 1:
        return signature
    return signature.copy_modified(ret_type=types.instance("builtins.int", []))


def _are_sizes_and_ints(
    call: CallExpr, arguments: list[list[Expression]], api: TypeChecker
) -> bool:
    """Say whether a call brings several ints, and some of them a size to mypy: `min(c, 2 * k)`."""
    type_of = Arguments(api).type_of
    brought = written_out(call) or [argument for place in arguments for argument in place]
    given = [get_proper_type(type_of(argument)) for argument in brought]
    sizes = [isinstance(typ, TypeVarType) and least(typ) is not None for typ in given]
    return len(given) > 1 and any(sizes) and all(map(is_int, given))


def _type_found(api: TypeChecker, expression: Expression) -> Type:
    """Give the type that mypy has found; to ask anew might say anew what is wrong of it."""
    return api.lookup_type_or_none(expression) or Arguments(api).type_of(expression)


class _Asked:
    """An arithmetic expression, and what is expected of it."""

    def __init__(
        self, api: TypeChecker, expression: Expression, type_of: Callable[[Expression], Type]
    ) -> None:
        self.expression = expression
        self.expected = api.expr_checker.type_context[-1]
        self.reader = Reader()
        self.bindings = Bindings.around(api)
        self.type_of = type_of

    @cached_property
    def term(self) -> Term | None:
        return Arithmetic(self.reader, self.type_of, self.bindings).written(self.expression)

    def size(self, types: Types) -> Type | None:
        """Write it as a size, if one is expected, or if it is kept under a name."""
        if self.expected is not None and not _is_size(self.expected):
            return None
        try:
            size = None if self.term is None else normal_form(self.term)
        except Undefined:
            return None
        if size is None or (self.expected is None and not self._is_kept(size)):
            return None
        return Writer(types, self.reader).size(size)

    def _is_kept(self, size: Dim) -> bool:
        """Say whether a name stands for the expression, and for nothing else.

        A number is an int to mypy wherever nobody asks for it.
        """
        return size.constant is None and self.bindings.is_named(self.expression)


def _is_size(expected: Type | None) -> bool:
    proper = get_proper_type(expected)
    if isinstance(proper, Instance):
        return is_operator(proper.type)
    if isinstance(proper, TypeVarType):
        return least(proper) is not None
    return isinstance(proper, LiteralType) and type(proper.value) is int
