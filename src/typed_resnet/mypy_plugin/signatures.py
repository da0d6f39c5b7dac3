"""What a signature declares: its own size variables, the names of its axes, who is called."""

from __future__ import annotations

from typing import Final

from mypy.nodes import Decorator, FuncDef
from mypy.types import (
    CallableType,
    Instance,
    ProperType,
    Type,
    TypeVarLikeType,
    TypeVarTupleType,
    get_proper_type,
)

from typed_resnet.dims.matching import Star, symbols_of
from typed_resnet.mypy_plugin.translate import (
    Reader,
    axis_runs,
    holds_sizes,
    print_instance,
    symbol_of,
)

SIGNS: Final = {"__add__": "+", "__sub__": "-", "__mul__": "*", "__truediv__": "/"}


def declares_sizes(signature: CallableType) -> bool:
    """Say whether a signature is about sizes at all; most are not, and are left alone."""
    return bool(size_variables(signature)) or any(
        holds_sizes(typ) for typ in (*signature.arg_types, signature.ret_type)
    )


def size_variables(signature: CallableType) -> list[TypeVarLikeType]:
    """List a signature's own variables that stand for sizes, or for the axes of some Tensor."""
    if not signature.variables:
        return []
    runs = {i for typ in (*signature.arg_types, signature.ret_type) for i in axis_runs(typ)}
    return [
        variable
        for variable in signature.variables
        if symbol_of(variable) is not None
        and (variable.id in runs or not isinstance(variable, TypeVarTupleType))
    ]


def is_overload(signature: CallableType) -> bool:
    """Say whether a signature is one of several that its function has."""
    definition = _function(signature)
    return definition is not None and definition.is_overload


def declared_arguments(signature: CallableType) -> list[Type | None]:
    """Return the types of the arguments as the author wrote them, where they are known."""
    written = _declaration(signature)
    unknown: list[Type | None] = [None] * len(signature.arg_types)
    if written is None:
        return unknown
    bound = len(written.arg_types) - len(signature.arg_types)  # `self` is gone once bound
    return [*written.arg_types[bound:]] if bound >= 0 else unknown


def result_names(signature: CallableType) -> list[str | None]:
    """Name each axis of the result by the first symbol that it is declared to come from."""
    written = _declaration(signature)
    proper = get_proper_type(signature.ret_type if written is None else written.ret_type)
    axes = Reader().axes(proper.args) if isinstance(proper, Instance) else ()
    return [
        None
        if axis is None or isinstance(axis, Star)
        else next((symbol.name for symbol in symbols_of(axis)), None)
        for axis in axes
    ]


def who(signature: CallableType, receiver: ProperType | None) -> str:
    """Name what is called, as the run names it: `relu`, `Conv2D[3, 64, 7, 2, 3]`, `+`."""
    if signature.is_type_obj():
        return signature.type_object().name
    name = signature.definition.name if signature.definition is not None else "the function"
    if name in SIGNS:
        return SIGNS[name]
    if isinstance(receiver, CallableType) and receiver.is_type_obj():
        return f"{receiver.type_object().name}.{name}"
    if isinstance(receiver, Instance):
        owner = print_instance(receiver)
        return owner if name in ("__call__", "forward") else f"{owner}.{name}"
    return name


def _declaration(signature: CallableType) -> CallableType | None:
    function = _function(signature)
    typ = get_proper_type(function.type) if function is not None else None
    return typ if isinstance(typ, CallableType) else None


def _function(signature: CallableType) -> FuncDef | None:
    definition = signature.definition
    if isinstance(definition, Decorator):
        definition = definition.func
    return definition if isinstance(definition, FuncDef) else None
