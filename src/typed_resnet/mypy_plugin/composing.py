"""Let layers follow one another: `Composed[X, *Layers]` is what they make of X, one by one.

Whatever returns it is judged so: mypy checks the call of each layer on what the one before it
returns, as if these calls were written out. A class whose `__call__` returns it is judged where
an instance is made, too, by what no input can mend.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from mypy.checker import TypeChecker
from mypy.checkmember import analyze_member_access
from mypy.errorcodes import ErrorCode
from mypy.expandtype import expand_type
from mypy.nodes import ARG_POS, ARG_STAR, Context, Expression, FuncDef, TempNode
from mypy.types import (
    AnyType,
    CallableType,
    Instance,
    Overloaded,
    TupleType,
    Type,
    TypeOfAny,
    TypeVarTupleType,
    TypeVarType,
    UnpackType,
    get_proper_type,
)

from typed_resnet.dims.composition import Clash, Rule, compose
from typed_resnet.dims.matching import Part
from typed_resnet.dims.sentences import in_layer, sentence
from typed_resnet.mypy_plugin.classes import is_tensor
from typed_resnet.mypy_plugin.codes import SHAPE
from typed_resnet.mypy_plugin.judgement import Finding
from typed_resnet.mypy_plugin.signatures import Callee, size_variables
from typed_resnet.mypy_plugin.translate import Reader, Types, without_sizes

COMPOSED: Final = "typed_resnet.layers.sequential.Composed"


def composed_of(typ: Type) -> Instance | None:
    """Take a type for a composition that it stands for, if it is one."""
    proper = get_proper_type(typ)
    return proper if isinstance(proper, Instance) and proper.type.fullname == COMPOSED else None


def input_place(signature: CallableType) -> int | None:
    """Say which argument the layers of a signature are applied to, where there are such."""
    composed = composed_of(signature.ret_type)
    first = None if composed is None else get_proper_type(composed.args[0])
    if isinstance(first, TypeVarType):
        for place, formal in enumerate(map(get_proper_type, signature.arg_types)):
            if formal == first:
                return place
    return None


def with_input(
    signature: CallableType,
    place: int,
    given: Type,
    api: TypeChecker,
    where: Context,
    types: Types,
) -> tuple[CallableType, Finding | None]:
    """Put the type that layers make of an input into a signature."""
    composed = composed_of(signature.ret_type)
    assert composed is not None
    typ, found = given, None
    for layer in _layers(composed):
        typ, wrong = _called(api, layer, typ, where)
        if wrong is not None:
            message, code = wrong
            found = Finding(message, where, code)
            typ = without_sizes(typ, types)
            break
    formals = list(signature.arg_types)
    formals[place] = given
    variable = get_proper_type(composed.args[0])
    left = [v for v in signature.variables if v != variable]
    return signature.copy_modified(arg_types=formals, ret_type=typ, variables=left), found


def _layers(composed: Instance) -> list[Type]:
    """List the layers; one of unknown number is Any."""
    found: list[Type] = []
    for argument in map(get_proper_type, composed.args[1:]):
        inner = get_proper_type(argument.type) if isinstance(argument, UnpackType) else None
        if isinstance(inner, TupleType):
            found += inner.items
        else:
            found.append(AnyType(TypeOfAny.special_form) if inner is not None else argument)
    return found


def _called(
    api: TypeChecker, layer: Type, given: Type, where: Context
) -> tuple[Type, tuple[str, ErrorCode] | None]:
    """Check the call of a layer on a value of a type."""
    checker = api.expr_checker
    callee = get_proper_type(layer)
    arguments: list[Expression] = [TempNode(given, context=where)]
    name = None
    with api.msg.filter_errors(filter_errors=True, save_filtered_errors=True) as watcher:
        if isinstance(callee, CallableType) and isinstance(callee.definition, FuncDef):
            name = callee.definition.fullname
            callee = get_proper_type(
                checker.transform_callee_type(name, callee, arguments, [ARG_POS], where)
            )
        result, _ = checker.check_call(callee, arguments, [ARG_POS], where, callable_name=name)
    errors = [error for error in watcher.filtered_errors() if error.severity == "error"]
    if not errors:
        return result, None
    return result, (errors[0].message, errors[0].code or SHAPE)


def with_layers(signature: CallableType, given: Sequence[Type]) -> CallableType:
    """Let a constructor `__init__(self, *layers: *Layers)` keep the types of its arguments."""
    result = get_proper_type(signature.ret_type)
    assert isinstance(result, Instance)
    fallback = signature.fallback
    found: dict[object, Type] = {}
    for variable in signature.variables:
        if isinstance(variable, TypeVarTupleType):
            found[variable.id] = TupleType([*given], variable.tuple_fallback)
    made = expand_type(result, found)  # type: ignore[arg-type]  # ids of variables
    anything = AnyType(TypeOfAny.special_form)
    return signature.copy_modified(
        arg_types=[anything for _ in signature.arg_types],
        ret_type=made,
        variables=[],
        fallback=fallback,
    )


def joins_layers(signature: CallableType) -> bool:
    """Say whether a signature is a constructor's of what applies its arguments in turn."""
    if not signature.is_type_obj() or signature.arg_kinds != [ARG_STAR]:
        return False
    symbol = signature.type_object().get("__call__")
    call = symbol.node if symbol is not None else None
    typ = get_proper_type(call.type) if isinstance(call, FuncDef) and call.type else None
    return isinstance(typ, CallableType) and composed_of(typ.ret_type) is not None


def clash_of(who: str, layers: Sequence[Type], api: TypeChecker, where: Context) -> Finding | None:
    """Find a layer that can never take what those before it return."""
    listed = list(_listed(layers, api, where))
    clash = compose([rule for _, rule in listed])
    if not isinstance(clash, Clash):
        return None
    message = sentence(clash.who, clash.failure)
    return Finding(in_layer(who, listed[clash.place][0], message), where, SHAPE)


def _listed(
    layers: Sequence[Type], api: TypeChecker, where: Context, before: str = ""
) -> Iterator[tuple[str, Rule | None]]:
    """List the rules of all layers by their names, those of a composition in its place."""
    for place, layer in enumerate(layers):
        call = _call_of(layer, api, where)
        composed = None if call is None else composed_of(call.ret_type)
        if composed is not None:
            yield from _listed(_layers(composed), api, where, f"{before}{place}.")
        else:
            yield f"{before}{place}", None if call is None else _rule(layer, call)


def _call_of(layer: Type, api: TypeChecker, where: Context) -> CallableType | None:
    """Find the general signature of a layer's call."""
    proper = get_proper_type(layer)
    if isinstance(proper, Instance):
        if proper.type.get("__call__") is None:
            return None
        proper = get_proper_type(
            analyze_member_access(
                "__call__",
                proper,
                where,
                is_lvalue=False,
                is_super=False,
                is_operator=True,
                original_type=proper,
                chk=api,
            )
        )
    if isinstance(proper, Overloaded):
        return proper.items[-1]
    return proper if isinstance(proper, CallableType) else None


def _rule(layer: Type, call: CallableType) -> Rule | None:
    """Read what a layer makes of a shape; None where that is no plain rule."""
    required = [kind.is_required() for kind in call.arg_kinds]
    if required[:1] != [True] or any(required[1:]) or call.is_var_arg:
        return None
    taken, result = get_proper_type(call.arg_types[0]), get_proper_type(call.ret_type)
    if not all(isinstance(typ, Instance) and is_tensor(typ.type) for typ in (taken, result)):
        return None
    assert isinstance(taken, Instance)
    assert isinstance(result, Instance)
    reader = Reader(size_variables(call))
    proper = get_proper_type(layer)
    receiver = proper if isinstance(proper, Instance) else None
    definition = call.definition
    name = definition.fullname if isinstance(definition, FuncDef) else "a function"
    callee = Callee(f"{name.rpartition('.')[0]}.__call__" if receiver else name, receiver)
    names = tuple(
        None if isinstance(a, UnpackType) else getattr(a, "name", None)
        for a in map(get_proper_type, _written(callee, call))
    )
    formal = reader.axes(taken.args)
    part = Part("x", formal, (), names if len(names) == len(formal) else ())
    return Rule(callee.who(call), part, reader.axes(result.args), tuple(reader.flexible.values()))


def _written(callee: Callee, call: CallableType) -> Sequence[Type]:
    declared = callee.declared_arguments(call)[:1]
    written = get_proper_type(declared[0]) if declared and declared[0] is not None else None
    return written.args if isinstance(written, Instance) else ()
