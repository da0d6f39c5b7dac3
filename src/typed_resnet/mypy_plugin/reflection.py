"""Reflected operators: a number may stand on the left of a tensor, `2.0 * x`."""

from __future__ import annotations

from typing import Final

from mypy.checker import TypeChecker
from mypy.nodes import OpExpr
from mypy.operators import reverse_op_methods
from mypy.plugin import AttributeContext
from mypy.types import Instance, Type, get_proper_type

from typed_resnet.mypy_plugin.classes import TENSOR, is_tensor

REFLECTED: Final = frozenset(f"{TENSOR}.{name}" for name in reverse_op_methods.values())


def reflect(context: AttributeContext) -> Type:
    """Let mypy find no reflected operator of a tensor where another stands on the left.

    That one's own operator has refused then, and said why. mypy would try both, and of a call
    that fails twice it knows no result. It shows nobody what is said here.
    """
    operation, api = context.context, context.api
    if isinstance(operation, OpExpr) and isinstance(api, TypeChecker):
        left = get_proper_type(api.get_expression_type(operation.left))
        if isinstance(left, Instance) and is_tensor(left.type):
            api.fail("a tensor on the left has an operator", operation)
    return context.default_attr_type
