"""Reflected operators: a number may stand on the left of a tensor, `2.0 * x`."""

from __future__ import annotations

from mypy.checker import TypeChecker
from mypy.nodes import OpExpr
from mypy.operators import reverse_op_methods
from mypy.plugin import AttributeContext
from mypy.types import Instance, get_proper_type

from typed_resnet.mypy_plugin.classes import is_tensor


def belongs_to_the_left(fullname: str, context: AttributeContext) -> bool:
    """Say whether mypy asks for a reflected operator of a tensor, with another on the left.

    That one's own operator has refused then, and said why. mypy would try both, and of a call
    that fails twice it knows no result.
    """
    operation = context.context
    if fullname.rpartition(".")[2] not in reverse_op_methods.values():
        return False
    if not isinstance(operation, OpExpr) or not isinstance(context.api, TypeChecker):
        return False
    left = get_proper_type(context.api.get_expression_type(operation.left))
    return isinstance(left, Instance) and is_tensor(left.type)
