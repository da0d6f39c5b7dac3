"""Judge the calls that mypy asks us of too late: `functions[0](x)`, `super().f(x)`, `cls(conv)`.

Only by a name does mypy ask for our part in a signature. Where no name leads to what is called,
it asks when its own inference is done; so these calls are judged then, as all others are, and
what mypy has said of an argument is taken back where we say it.
"""

from __future__ import annotations

from mypy.argmap import map_actuals_to_formals
from mypy.checker import TypeChecker
from mypy.errorcodes import ARG_TYPE, MISC
from mypy.maptype import map_instance_to_supertype
from mypy.nodes import CallExpr, Expression, MemberExpr, RefExpr, SuperExpr
from mypy.plugin import FunctionContext, FunctionSigContext, MethodContext, MethodSigContext
from mypy.types import (
    CallableType,
    FunctionLike,
    Instance,
    Type,
    TypeVarType,
    get_proper_type,
)
from mypy.typevars import fill_typevars

from typed_resnet.mypy_plugin.asking import type_alone
from typed_resnet.mypy_plugin.calls import is_refused
from typed_resnet.mypy_plugin.codes import CODES
from typed_resnet.mypy_plugin.functions import name_of, takes_functions, what_is_called
from typed_resnet.mypy_plugin.partials import CheckOf
from typed_resnet.mypy_plugin.queries import holds_sizes
from typed_resnet.mypy_plugin.signatures import declares_sizes


def call_of_a_value(context: FunctionContext | MethodContext, check: CheckOf) -> Type | None:
    """Give what such a call returns; None where mypy has asked, or shall say it alone."""
    api, call = context.api, context.context
    if not isinstance(api, TypeChecker) or not isinstance(call, CallExpr):
        return None
    receiver = _receiver(call.callee, api)
    inferred = get_proper_type(api.lookup_type_or_none(call.callee))  # what mypy has made of it
    is_class = isinstance(inferred, CallableType) and inferred.from_type_type
    if isinstance(call.callee, RefExpr) and receiver is None and not is_class:
        return None
    if inferred is None or not (is_class or holds_sizes(inferred)):
        return None
    callee = inferred if is_class else what_is_called(call, api)
    if not isinstance(callee, FunctionLike) or (callee.is_type_obj() and not is_class):
        return None
    if not any(declares_sizes(s) or takes_functions(s) for s in callee.items):
        return None
    with api.msg.filter_errors(filter_errors=True, save_filtered_errors=True) as watcher:
        checked = [_check(call, signature, receiver, api, check) for signature in callee.items]
    found = watcher.filtered_errors()
    if any(error.code in CODES for error in found):
        _take_back(api, call)
    api.msg.add_errors(found)
    filled = next((filled.ret_type for filled in checked if not is_refused(filled)), None)
    return None if is_class and not found else filled


def _take_back(api: TypeChecker, call: CallExpr) -> None:
    """Take back what mypy has said of the sized arguments of a call, or keeps to be said."""
    errors = api.errors
    kept = [w.filtered_errors() for w in errors.get_watchers() if w._filtered is not None]
    types = [(argument, api.lookup_type_or_none(argument)) for argument in call.args]
    sized = [argument for argument, typ in types if typ is not None and holds_sizes(typ)]
    places = {(part.line, part.column) for part in (call, *sized)}
    for said in (errors.error_info_map.get(errors.file, []), *kept):
        said[:] = [
            info
            for info in said
            if (info.line, info.column) not in places or info.code not in (ARG_TYPE, MISC)
        ]


def _receiver(callee: Expression, api: TypeChecker) -> Instance | None:
    """Find whose method is called, where mypy has no name for it."""
    if isinstance(callee, SuperExpr) and callee.info is not None:
        owner = get_proper_type(fill_typevars(callee.info))
        bases = (base for base in callee.info.mro[1:] if callee.name in base.names)
        base = next(bases, None)
        if base is None or not isinstance(owner, Instance):
            return None
        return map_instance_to_supertype(owner, base)
    if not isinstance(callee, MemberExpr) or callee.fullname:
        return None
    typ = get_proper_type(api.lookup_type_or_none(callee.expr))
    bound = get_proper_type(typ.upper_bound) if isinstance(typ, TypeVarType) else None
    return bound if isinstance(bound, Instance) else None


def _check(
    call: CallExpr,
    signature: CallableType,
    receiver: Instance | None,
    api: TypeChecker,
    check: CheckOf,
) -> CallableType:
    mapping = map_actuals_to_formals(
        call.arg_kinds,
        call.arg_names,
        signature.arg_kinds,
        signature.arg_names,
        lambda place: type_alone(api, call.args[place]),
    )
    args = [[call.args[place] for place in places] for places in mapping]
    if receiver is None or not isinstance(call.callee, SuperExpr | MemberExpr):
        return check(FunctionSigContext(args, signature, call, api), name_of(signature))
    name = f"{receiver.type.fullname}.{call.callee.name}"
    return check(MethodSigContext(receiver, args, signature, call, api), name)
