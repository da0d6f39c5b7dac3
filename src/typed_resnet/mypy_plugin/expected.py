"""Give `c // 2` the type of a size where one is expected: in `return c // 2`, declared FloorDiv.

So it has in `half = c // 2` where nothing else binds that name. Elsewhere it stays an int, as mypy
would have it: a name with the size of `n = c + 1` could not be given another by `n = n + 1`.
"""

from __future__ import annotations

from typing import Final

from mypy.checker import TypeChecker
from mypy.nodes import OpExpr
from mypy.operators import op_methods
from mypy.plugin import FunctionContext, MethodContext
from mypy.types import Instance, LiteralType, Type, TypeVarType, get_proper_type

from typed_resnet.dims.normal_form import Dim, normal_form
from typed_resnet.dims.term import Undefined
from typed_resnet.mypy_plugin.arithmetic import OPERATORS, Arithmetic
from typed_resnet.mypy_plugin.bindings import Bindings
from typed_resnet.mypy_plugin.classes import is_operator, least
from typed_resnet.mypy_plugin.translate import Reader, Types, Writer

ARITHMETIC: Final = frozenset(f"builtins.int.{op_methods[operator]}" for operator in OPERATORS)
"""What mypy asks of by these names, a size may be expected of."""


def expected_size(context: FunctionContext | MethodContext, types: Types) -> Type | None:
    """Give an arithmetic expression the size that it is; None where no size is expected of it."""
    api, expression = context.api, context.context
    if not isinstance(expression, OpExpr) or expression.op not in OPERATORS:
        return None
    if not isinstance(api, TypeChecker):
        return None
    expected = api.expr_checker.type_context[-1]
    if expected is not None and not _is_size(expected):
        return None
    reader, bindings = Reader(), Bindings.around(api)
    term = Arithmetic(reader, api.get_expression_type, bindings).written(expression)
    try:
        size = None if term is None else normal_form(term)
    except Undefined:
        return None
    if size is None or (expected is None and not _is_kept(expression, size, bindings)):
        return None
    return Writer(types, reader).size(size)


def _is_kept(expression: OpExpr, size: Dim, bindings: Bindings) -> bool:
    """Say whether a name stands for the expression, and for nothing else.

    A number is an int to mypy wherever nobody asks for it.
    """
    return size.constant is None and bindings.is_named(expression)


def _is_size(expected: Type | None) -> bool:
    proper = get_proper_type(expected)
    if isinstance(proper, Instance):
        return is_operator(proper.type)
    if isinstance(proper, TypeVarType):
        return least(proper) is not None
    return isinstance(proper, LiteralType) and type(proper.value) is int
