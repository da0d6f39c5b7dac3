"""Ask for the types of a call's arguments, so that mypy need not check them a second time.

mypy remembers what calls come to by the type that is expected of them. A formal from which all
sizes have been taken expects nothing of a Tensor, and of another argument just what it is: without
this, mypy would check each argument twice, and all that is called within it.

What it remembers holds until a name is narrowed. It counts what an expression narrows within
itself, too, `a and b` or a comprehension, though that is over when the expression is: where all
names are as narrow as before, what was found of the arguments holds on.
"""

from __future__ import annotations

from typing import Final

from mypy.checker import TypeChecker
from mypy.nodes import CallExpr, DictExpr, Expression, ListExpr, OpExpr, TupleExpr
from mypy.plugin import CheckerPluginInterface, FunctionSigContext, MethodSigContext
from mypy.types import AnyType, CallableType, Type

REMEMBERED: Final = (CallExpr, DictExpr, ListExpr, OpExpr, TupleExpr)
"""The expressions that mypy remembers."""


def type_alone(api: CheckerPluginInterface, expression: Expression) -> Type:
    """Give the type of an expression; mypy itself says what is wrong of it, where it stands."""
    if not isinstance(api, TypeChecker):
        return api.get_expression_type(expression)
    with api.msg.filter_errors():
        return api.get_expression_type(expression)


class Arguments:
    """The arguments of one call."""

    def __init__(self, api: CheckerPluginInterface) -> None:
        self.api = api
        self.found: list[Expression] = []

    def type_of(self, expression: Expression) -> Type:
        """Give the type of an argument of which nothing is expected."""
        api = self.api
        if not isinstance(expression, REMEMBERED) or not isinstance(api, TypeChecker):
            return api.get_expression_type(expression)
        known, version = api.expr_checker.expr_cache, api.binder.version
        found = known.get((expression, None))
        if (found is not None and found[0] == version) or not _is_settled(api):
            return api.get_expression_type(expression)
        frame = api.binder.frames[-1]
        narrowed, reachable = dict(frame.types), not frame.unreachable
        maps = api.local_type_map  # until mypy 2 it is a method
        with (
            api.msg.filter_errors(filter_errors=True, save_filtered_errors=True) as watcher,
            maps() if callable(maps) else maps as types,
        ):
            typ = api.get_expression_type(expression)
        api.store_types(types)
        api.msg.add_errors(watcher.filtered_errors())
        self.found.append(expression)
        now = api.binder.version
        as_before = frame.types == narrowed and frame.unreachable is not reachable
        if now != version and as_before and _is_settled(api):
            known[expression, None] = now, typ, watcher.filtered_errors(), types
            for other in self.found:
                found = known.get((other, None))
                if found is not None and found[0] == version:
                    known[other, None] = now, *found[1:]
        return typ


def _is_settled(api: TypeChecker) -> bool:
    """Say whether mypy remembers what it finds here."""
    return (
        api.in_checked_function()
        and not api.current_node_deferred
        and not api.expr_checker.in_lambda_expr
        and not api.options.disable_expression_cache
    )


def share_arguments(
    signature: CallableType, context: FunctionSigContext | MethodSigContext
) -> None:
    """Let mypy know the arguments again that were asked for here."""
    if not isinstance(context.api, TypeChecker):
        return
    known = context.api.expr_checker.expr_cache
    pairs = zip(signature.arg_types, context.args, strict=False)  # a misfit has other formals
    for formal, given in pairs:
        for expression in given:
            found = known.get((expression, None))
            if found is not None and (isinstance(formal, AnyType) or formal == found[1]):
                known[expression, formal] = found
