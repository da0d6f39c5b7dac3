"""Put the results of calls into normal form; say where a call that is given functions loses sizes.

Such a call is followed where it can be (`higher_order`). Elsewhere, as in what a decorator makes
of a function, mypy matches the sizes on its own, and where it cannot, it puts Any for them, or
leaves a variable that nothing binds, and says nothing.
"""

from __future__ import annotations

from collections.abc import Callable

from mypy.checker import TypeChecker
from mypy.expandtype import expand_type
from mypy.nodes import CallExpr, FuncItem, MemberExpr, NameExpr, TypeInfo
from mypy.plugin import CheckerPluginInterface, FunctionContext, FunctionSigContext, MethodContext
from mypy.types import (
    AnyType,
    CallableType,
    FunctionLike,
    Instance,
    ProperType,
    Type,
    TypeOfAny,
    TypeVarId,
    get_proper_type,
)

from typed_resnet.dims.matching import Axis, Part, RankFailure, Star, match
from typed_resnet.dims.sentences import lost, sentence
from typed_resnet.mypy_plugin.classes import is_tensor
from typed_resnet.mypy_plugin.codes import SHAPE, SHAPE_UNKNOWN
from typed_resnet.mypy_plugin.functions import is_trial
from typed_resnet.mypy_plugin.partials import rest_of
from typed_resnet.mypy_plugin.queries import (
    free_variables,
    holds_error,
    instances,
    is_unsized,
)
from typed_resnet.mypy_plugin.signatures import declares_sizes
from typed_resnet.mypy_plugin.translate import Reader, Types, symbol_of

Hook = Callable[[FunctionContext], Type] | Callable[[MethodContext], Type]


def finish(
    fullname: str,
    context: FunctionContext | MethodContext,
    result: Type,
    normalize: Callable[[Type], Type],
    forget: Callable[[Type], Type],
    strict: bool,
) -> Type:
    """Normalize the sizes in the result of a call; in strict mode report one that it lost.

    Of what is reported no size is known thereafter: it is said once.
    """
    given = [typ for argument in context.arg_types for typ in argument]
    for typ in given:
        if typ is result:  # as most decorators of classes and functions return it
            return result
    if is_unsized(result):
        return result
    functions = any(map(_is_callable, given))
    if functions and not holds_error(result):
        stray = _stray(result, context.api)
        if stray:
            unknown = AnyType(TypeOfAny.from_error if strict else TypeOfAny.special_form)
            result = expand_type(result, dict.fromkeys(stray, unknown))
        shape = _unknown_shape(result)
        is_lost = stray or (shape is not None and not any(map(_unknown_shape, given)))
        if strict and is_lost and not is_trial(context.api):
            name = fullname.rpartition(".")[2]
            message = lost(name, shape or [Star(None)])
            context.api.fail(message, context.context, code=SHAPE_UNKNOWN)
            return forget(result)
    elif strict and not any(map(_unknown_shape, given)) and not is_trial(context.api):
        shape = _shape_inferred(result)
        if shape is not None:
            message = lost(_name(fullname, context), shape)
            context.api.fail(message, context.context, code=SHAPE_UNKNOWN)
            return forget(result)
    normal = normalize(result)
    if normal is result or functions:
        # mypy compares the result with what a function among the arguments is declared to return.
        return result
    return normal


def _shape_inferred(result: Type) -> tuple[Axis, ...] | None:
    """Find a shape whose sizes were lost before: by `@lru_cache(maxsize=None)`.

    Of what a call returns, that has no name, mypy asks nobody. What it puts there when it infers
    is another Any than one that somebody wrote.
    """
    shape = _unknown_shape(result)
    if shape is None or holds_error(result):
        return None
    sizes = [get_proper_type(a) for t in instances(result) if is_tensor(t.type) for a in t.args]
    kinds = {size.type_of_any for size in sizes if isinstance(size, AnyType)}
    return shape if kinds & {TypeOfAny.special_form, TypeOfAny.from_another_any} else None


def _name(fullname: str, context: FunctionContext | MethodContext) -> str:
    """Name what is called as it is written; by our names for it where that is no name."""
    callee = context.context.callee if isinstance(context.context, CallExpr) else None
    return (
        callee.name if isinstance(callee, NameExpr | MemberExpr) else fullname.rpartition(".")[2]
    )


def _is_callable(typ: Type) -> bool:
    proper = get_proper_type(typ)
    if isinstance(proper, Instance):
        return proper.type.get("__call__") is not None
    return isinstance(proper, FunctionLike) and not proper.is_type_obj()


def named_type(context: FunctionContext) -> Type:
    """Give `cast` the very type it names: mypy's inference puts Any for its symbols."""
    for hint in context.arg_types[0]:
        named = get_proper_type(hint)
        if isinstance(named, CallableType) and named.is_type_obj():
            for value in context.arg_types[1]:
                message = _contradiction(get_proper_type(named.ret_type), get_proper_type(value))
                if message is not None:
                    context.api.fail(message, context.context, code=SHAPE)
            return named.ret_type
    return context.default_return_type


def of_cast(context: FunctionSigContext, types: Types) -> CallableType:
    """Let `cast` return the type it names, not what its place declares: mypy says that once."""
    signature = context.default_signature
    for hint in context.args[0]:
        named = get_proper_type(context.api.get_expression_type(hint))
        if isinstance(named, CallableType) and named.is_type_obj():
            formals = [named, *signature.arg_types[1:]]
            return signature.copy_modified(formals, ret_type=named.ret_type, variables=[])
    return signature


def _contradiction(named: ProperType, value: ProperType) -> str | None:
    """Say that a cast is to another shape, whatever the symbols are; all else is for the run."""
    if not isinstance(named, Instance) or not isinstance(value, Instance):
        return None
    if not is_tensor(named.type) or not is_tensor(value.type):
        return None
    formal, actual = Reader().axes(named.args), Reader().axes(value.args)
    numbers = Part("", tuple(map(_number, formal)), tuple(map(_number, actual)))
    failure = match([numbers], ()).failure
    if failure is None:
        return None
    part = Part("", formal, actual)
    is_rank = isinstance(failure, RankFailure)
    return sentence("cast", RankFailure(part, formal) if is_rank else failure._replace(part=part))


def _number(axis: Axis) -> Axis:
    return axis if isinstance(axis, int) else Star(None) if isinstance(axis, Star) else None


def _stray(result: Type, api: CheckerPluginInterface) -> set[TypeVarId]:
    """Find the sizes in a type that nothing around it binds."""
    if not isinstance(api, TypeChecker):
        return set()
    found = {v.id: v for v in free_variables(result) if symbol_of(v) is not None}
    for scope in api.scope.stack:
        known = scope.defn.type_vars if isinstance(scope, TypeInfo) else ()
        typ = get_proper_type(scope.type) if isinstance(scope, FuncItem) else None
        for variable in typ.variables if isinstance(typ, CallableType) else known:
            found.pop(variable.id, None)
    trying = api.expr_checker.in_lambda_expr
    return {variable for variable in found if not (trying and variable.is_meta_var())}


def _unknown_shape(typ: Type) -> tuple[Axis, ...] | None:
    """Find a shape in a type that has an unknown size."""
    if isinstance(get_proper_type(typ), CallableType):
        return None  # its own axes are matched when it is called
    found = instances(typ)
    of_partials = {id(one) for p in found if _is_partial(p) for one in instances(p)}
    for instance in found:
        if is_tensor(instance.type) and id(instance) not in of_partials:
            axes = Reader().axes(instance.args)
            if None in axes or Star(None) in axes:
                return axes
    return None


def _is_partial(typ: Instance) -> bool:
    """Say whether it is a function of which we know what axes are left to be matched."""
    rest = rest_of(typ)
    return isinstance(rest, FunctionLike) and any(map(declares_sizes, rest.items))
