"""Let layers follow one another: `Composed[X, *Layers]` is what they make of X, one by one.

Whatever returns it is judged so: mypy checks the call of each layer on what the one before it
returns, as if these calls were written out. A class whose `__call__` returns it is judged where
an instance is made, too, by what no input can mend.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from mypy.checker import TypeChecker
from mypy.errorcodes import ErrorCode
from mypy.expandtype import expand_type
from mypy.nodes import ARG_POS, ARG_STAR, Context, Expression, FuncDef, TempNode
from mypy.subtypes import find_member
from mypy.types import (
    AnyType,
    CallableType,
    FunctionLike,
    Instance,
    Overloaded,
    ProperType,
    TupleType,
    Type,
    TypeOfAny,
    TypeVarTupleType,
    TypeVarType,
    UnpackType,
    get_proper_type,
)

from typed_resnet.dims.composition import Clash, Composed, Rule, compose
from typed_resnet.dims.matching import Part
from typed_resnet.dims.sentences import flow, in_layer, sentence
from typed_resnet.mypy_plugin.attempts import attempt
from typed_resnet.mypy_plugin.classes import is_tensor
from typed_resnet.mypy_plugin.codes import CODES, SHAPE
from typed_resnet.mypy_plugin.findings import Finding
from typed_resnet.mypy_plugin.functions import name_of
from typed_resnet.mypy_plugin.normalizing import without_sizes
from typed_resnet.mypy_plugin.signatures import Callee, size_variables
from typed_resnet.mypy_plugin.translate import Reader, Types

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
    who: str,
    api: TypeChecker,
    where: Context,
    types: Types,
) -> tuple[CallableType, Finding | None]:
    """Put the type that the layers of `who` make of an input into a signature."""
    composed = composed_of(signature.ret_type)
    assert composed is not None
    typ, found = given, None
    for name, layer in _steps(_layers(composed)):
        typ, wrong = _called(api, layer, typ, where)
        if wrong is not None:
            message, code = wrong
            found = Finding(in_layer(who, name, message), where, code)
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


def _steps(layers: Sequence[Type], before: str = "") -> Iterator[tuple[str, Type]]:
    """List all layers by their names, those of a composition in its place."""
    for place, layer in enumerate(layers):
        call = _call_of(layer)
        composed = None if call is None else composed_of(call.ret_type)
        if composed is not None:
            yield from _steps(_layers(composed), f"{before}{place}.")
        else:
            yield f"{before}{place}", layer


def _called(
    api: TypeChecker, layer: Type, given: Type, where: Context
) -> tuple[Type, tuple[str, ErrorCode] | None]:
    """Check the call of a layer on a value of a type; of overloads the first that takes it."""
    callee = get_proper_type(layer)
    owner = callee if isinstance(callee, Instance) else None
    call = _member_call(owner) if owner is not None else callee
    if not isinstance(call, CallableType | Overloaded):
        return _attempt(api, callee, None, None, given, where)
    name = f"{owner.type.fullname}.__call__" if owner is not None else name_of(call)
    wrong: list[tuple[Type, tuple[str, ErrorCode]]] = []
    for signature in call.items:
        result, error = _attempt(api, signature, name, owner, given, where)
        if error is None:
            return result, None
        wrong.append((result, error))
    about_sizes = [(result, error) for result, error in wrong if error[1] in CODES]
    return (about_sizes or wrong)[-1]


def _attempt(
    api: TypeChecker,
    callee: Type,
    name: str | None,
    owner: Instance | None,
    given: Type,
    where: Context,
) -> tuple[Type, tuple[str, ErrorCode] | None]:
    """Check a call of one signature; return its result, and its error instead of raising it."""
    checker = api.expr_checker
    arguments: list[Expression] = [TempNode(given, context=where)]

    def call() -> Type:
        proper = get_proper_type(callee)
        called = callee
        if name is not None and isinstance(proper, FunctionLike):
            called = checker.transform_callee_type(
                name, proper, arguments, [ARG_POS], where, object_type=owner
            )
        return checker.check_call(
            called, arguments, [ARG_POS], where, callable_name=name, object_type=owner
        )[0]

    return attempt(api, call)


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


def clash_of(who: str, layers: Sequence[Type], where: Context) -> Finding | None:
    """Find a layer that can never take what those before it return."""
    steps = list(_steps(layers))
    clash = compose([rule_of(layer) for _, layer in steps])
    if not isinstance(clash, Clash):
        return None
    message = sentence(clash.who, clash.failure)
    return Finding(in_layer(who, steps[clash.place][0], message), where, SHAPE)


def layers_of(typ: Type) -> list[tuple[str, Type]] | None:
    """List the layers that a composition applies, by their names; None for what is none."""
    call = _call_of(typ)
    composed = None if call is None else composed_of(call.ret_type)
    return None if composed is None else [*_steps(_layers(composed))]


def flow_of(typ: Instance) -> str | None:
    """Say what a composition makes of which shape; None where that depends on the input."""
    layers = layers_of(typ)
    found = None if layers is None else compose([rule_of(layer) for _, layer in layers])
    return flow(found.taken, found.returned) if isinstance(found, Composed) else None


def _member_call(owner: Instance) -> ProperType | None:
    """Find the signature of an object's call."""
    found = find_member("__call__", owner, owner, is_operator=True)
    return None if found is None else get_proper_type(found)


def _call_of(layer: Type) -> CallableType | None:
    """Find the general signature of a layer's call."""
    proper: ProperType | None = get_proper_type(layer)
    if isinstance(proper, Instance):
        proper = _member_call(proper)
    if not isinstance(proper, FunctionLike):
        return None
    items = proper.items[::-1]
    return next(filter(_takes_one, items), items[0])


def _takes_one(call: CallableType) -> bool:
    required = [kind.is_required() for kind in call.arg_kinds]
    return required[:1] == [True] and not any(required[1:]) and not call.is_var_arg


def rule_of(layer: Type) -> Rule | None:
    """Read what a layer makes of a shape; None where that is no plain rule."""
    call = _call_of(layer)
    if call is None or not _takes_one(call):
        return None
    taken, result = get_proper_type(call.arg_types[0]), get_proper_type(call.ret_type)
    if not isinstance(taken, Instance) or not isinstance(result, Instance):
        return None
    if not is_tensor(taken.type) or not is_tensor(result.type):
        return None
    reader = Reader(size_variables(call))
    proper = get_proper_type(layer)
    receiver = proper if isinstance(proper, Instance) else None
    callee = Callee(f"{receiver.type.fullname}.__call__" if receiver else name_of(call), receiver)
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
