"""Which arguments the overloads of a function take, whatever their types."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from mypy.argmap import map_actuals_to_formals
from mypy.errorcodes import CALL_ARG
from mypy.maptype import map_instance_to_supertype
from mypy.nodes import ARG_POS, ARG_STAR, ARG_STAR2, CallExpr, Decorator, Expression, FuncDef
from mypy.plugin import FunctionSigContext, MethodSigContext
from mypy.types import (
    AnyType,
    CallableType,
    Instance,
    LiteralType,
    Type,
    TypeOfAny,
    UnionType,
    get_proper_type,
    get_proper_types,
)

from typed_resnet.dims.sentences import misfit, unmeant
from typed_resnet.mypy_plugin.asking import type_alone
from typed_resnet.mypy_plugin.codes import SHAPE
from typed_resnet.mypy_plugin.findings import Finding
from typed_resnet.mypy_plugin.literals import literals_of

Arguments = list[list[Expression]]
"""Of each formal, what a call brings for it."""


def brought(
    call: CallExpr,
    item: CallableType,
    type_of: Callable[[Expression], Type],
    *,
    finished: bool = True,
) -> Arguments | None:
    """Say which arguments each formal of an overload takes; None if they do not fit at all.

    To a call that is not finished, arguments may come.
    """
    mapping = map_actuals_to_formals(
        call.arg_kinds,
        call.arg_names,
        item.arg_kinds,
        item.arg_names,
        lambda index: type_of(call.args[index]),
    )
    taken = {actual for actuals in mapping for actual in actuals}
    missing = any(
        kind.is_required() and not actuals
        for kind, actuals in zip(item.arg_kinds, mapping, strict=True)
    )
    misplaced = any(  # mypy's mapping lets a positional argument meet a keyword-only one
        kind.is_named() and call.arg_kinds[actual] == ARG_POS
        for kind, actuals in zip(item.arg_kinds, mapping, strict=True)
        for actual in actuals
    )
    if (missing and finished) or misplaced or len(taken) != len(call.args):
        return None
    return [[call.args[actual] for actual in actuals] for actuals in mapping]


def one_by_one(
    context: FunctionSigContext | MethodSigContext,
) -> FunctionSigContext | MethodSigContext | None:
    """Write a formal out that stands for several; None where the arguments do not fit these."""
    signature = context.default_signature.with_normalized_var_args()
    call = context.context
    if not isinstance(call, CallExpr):
        return None
    args = brought(call, signature, partial(type_alone, context.api))
    return None if args is None else context._replace(default_signature=signature, args=args)


def may_fit(signature: CallableType, args: Sequence[Sequence[Expression]], call: CallExpr) -> bool:
    """Say at a glance whether a signature takes what is brought for it."""
    return sum(map(len, args)) >= len(call.args) and all(
        given or not kind.is_required()
        for kind, given in zip(signature.arg_kinds, args, strict=True)
    )


def rests_on_unknown(signature: CallableType, receiver: Type | None) -> bool:
    """Say whether a method is for receivers of other sizes than are known of this one.

    To mypy Any is every number: of a `Conv2D[C, C, Any, Any, Any]` it would take the overload that
    comes first, and so guess a window and a stride.
    """
    if not isinstance(receiver, Instance) or not any(map(_is_any, receiver.args)):
        return False
    definition = signature.definition
    definition = definition.func if isinstance(definition, Decorator) else definition
    declared = definition.type if isinstance(definition, FuncDef) else None
    if not isinstance(declared, CallableType):  # `forward = __call__` is for who knows whom
        return True
    if not declared.arg_types:
        return False
    formal = get_proper_type(declared.arg_types[0])
    items = get_proper_types(formal.items) if isinstance(formal, UnionType) else [formal]
    return not any(_is_known_as(receiver, item) for item in items)


def _is_known_as(receiver: Instance, formal: Type) -> bool:
    if not isinstance(formal, Instance) or not receiver.type.has_base(formal.type.fullname):
        return True
    known = map_instance_to_supertype(receiver, formal.type).args
    pairs = zip(get_proper_types(formal.args), known, strict=False)
    return all(wanted == own for wanted, own in pairs if isinstance(wanted, LiteralType))


def _is_any(argument: Type) -> bool:
    return isinstance(get_proper_type(argument), AnyType)


def unfitting(who: str, call: CallExpr, overloads: Sequence[CallableType]) -> Finding:
    """Say which arguments there are, or which literal is left out, where no overload fits."""
    for name in filter(None, overloads[0].arg_names):
        asked = [literals_of(item, name) for item in overloads]
        if name not in call.arg_names and all(asked):
            wanted = dict.fromkeys(value for values in asked for value in values)
            return Finding(unmeant(who, name, list(wanted), "none"), call, SHAPE)
    names = [_named(item) for item in overloads]
    longest = max(names, key=len)
    places = [name for name in longest if not name.endswith("=")]
    given = [
        places[place]
        if name is None and place < len(places)
        else f"argument {place + 1}"
        if name is None
        else name
        if name in places
        else f"{name}="
        for place, name in enumerate(call.arg_names)
    ]
    return Finding(misfit(who, names, given), call, CALL_ARG)


def _named(signature: CallableType) -> list[str]:
    """Name the formals of a signature: `x`, and `axis=` where it must be named."""
    pairs = zip(signature.arg_names, signature.arg_kinds, strict=True)
    return [f"{name}=" if kind.is_named() else name or "" for name, kind in pairs]


def of_anything(signature: CallableType, result: Type) -> CallableType:
    """Return a signature that any call meets: what is wrong with this one has been said."""
    anything = AnyType(TypeOfAny.from_error)
    return signature.copy_modified(
        arg_types=[anything, anything],
        arg_kinds=[ARG_STAR, ARG_STAR2],
        arg_names=[None, None],
        ret_type=result,
    )
