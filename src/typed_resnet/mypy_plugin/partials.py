"""Give `functools.partial(f, x)` the sizes that f has left, and judge the calls of it.

mypy's own idea of it is that f's variables are Any in what it returns, until it is called; and
that call it matches without our arithmetic.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from mypy.argmap import map_actuals_to_formals
from mypy.checker import TypeChecker
from mypy.nodes import ArgKind, Expression
from mypy.plugin import FunctionContext, FunctionSigContext, MethodContext, MethodSigContext
from mypy.plugins.functools import handle_partial_with_callee
from mypy.types import CallableType, Instance, ProperType, Type, get_proper_type

from typed_resnet.mypy_plugin.functions import Function, name_of, takes_functions
from typed_resnet.mypy_plugin.signatures import declares_sizes

REST: Final = "__mypy_partial"
"""The attribute in which mypy keeps what is left of a function."""

CheckOf = Callable[[FunctionSigContext | MethodSigContext, str], CallableType]
"""Checks a call of a function by its name, and returns its signature with all sizes filled in."""


def apply_in_part(context: FunctionContext, check: CheckOf) -> Type | None:
    """Give the type of `partial(f, …)`; None where mypy shall."""
    api = context.api
    if not isinstance(api, TypeChecker) or len(context.args) != 3 or len(context.args[0]) != 1:
        return None
    function = Function(api, context.args[0][0])
    signatures = function.signatures()
    if len(signatures) != 1 or not declares_sizes(signatures[0]) or takes_functions(signatures[0]):
        return None
    signature = signatures[0]
    brought = _Brought(api, context)
    args = brought.by_formals(signature)
    filled = check(FunctionSigContext(args, signature, context.context, api), name_of(signature))
    # mypy lets what was brought by its name be brought anew: then it must be of the same sizes.
    formals = [
        api.get_expression_type(given[0]) if given else formal
        for formal, given in zip(filled.arg_types, args, strict=True)
    ]
    return handle_partial_with_callee(context, filled.copy_modified(arg_types=formals))


def call_the_rest(context: MethodContext, check: CheckOf) -> Type | None:
    """Give what a call of `partial(f, …)` returns; None where mypy shall."""
    api, owner = context.api, context.type
    if not isinstance(api, TypeChecker) or not isinstance(owner, Instance):
        return None
    rest = rest_of(owner)
    if not isinstance(rest, CallableType) or not declares_sizes(rest):
        return None
    brought = _Brought(api, context)
    filled = check(
        FunctionSigContext(brought.by_formals(rest), rest, context.context, api), name_of(rest)
    )
    return api.expr_checker.check_call(
        filled, brought.expressions, brought.kinds, context.context, brought.names
    )[0]


def rest_of(typ: ProperType) -> ProperType | None:
    """Give what `partial(f, …)` is still to be called with."""
    known = typ.extra_attrs if isinstance(typ, Instance) else None
    return get_proper_type(known.attrs.get(REST)) if known is not None else None


class _Brought:
    """What a call brings for `*args` and `**kwargs`."""

    def __init__(self, api: TypeChecker, context: FunctionContext | MethodContext) -> None:
        self.api = api
        self.expressions: list[Expression] = []
        self.kinds: list[ArgKind] = []
        self.names: list[str | None] = []
        starred = len(context.args) - 2
        for place in (starred, starred + 1):
            brought = zip(
                context.args[place],
                context.arg_kinds[place],
                context.arg_names[place],
                strict=True,
            )
            for expression, kind, name in brought:
                if expression not in self.expressions:
                    self.expressions.append(expression)
                    self.kinds.append(kind)
                    self.names.append(name)

    def by_formals(self, signature: CallableType) -> list[list[Expression]]:
        """Say what each formal of a signature takes."""
        mapping = map_actuals_to_formals(
            self.kinds,
            self.names,
            signature.arg_kinds,
            signature.arg_names,
            lambda place: self.api.get_expression_type(self.expressions[place]),
        )
        return [[self.expressions[place] for place in places] for places in mapping]
