"""What the classes of a program are to us: sizes, Tensors, conditions, holders of sizes."""

from __future__ import annotations

from typing import Final

from mypy.nodes import TypeInfo
from mypy.types import (
    Instance,
    LiteralType,
    ProperType,
    TupleType,
    Type,
    TypeVarType,
    UnionType,
    get_proper_type,
)

from typed_resnet.dims.conditions import CONDITIONS
from typed_resnet.dims.term import OPERATORS
from typed_resnet.mypy_plugin import TENSOR_MODULE

PREFIX: Final = "typed_resnet.dims.operators."
PRODUCT: Final = "Product"
TENSOR: Final = f"{TENSOR_MODULE}.Tensor"
CAST: Final = "typed_resnet.runtime.scope.cast"


_OPERATORS: Final = frozenset({*OPERATORS, PRODUCT})


def is_operator(info: TypeInfo) -> bool:
    return info.name in _OPERATORS and info.fullname.startswith(PREFIX)


def condition_of(typ: Type) -> Instance | None:
    """Take a type for the condition that it states, if it states one."""
    proper = get_proper_type(typ)
    if isinstance(proper, Instance) and proper.type.name in CONDITIONS:
        return proper if proper.type.fullname.startswith(PREFIX) else None
    return None


def is_tensor(info: TypeInfo) -> bool:
    return info.has_base(TENSOR)


def least(variable: TypeVarType) -> int | None:
    """Say how small a size variable may be: 1, or 0 if OrZero; None for any other variable."""
    bound: Type = variable.upper_bound
    if type(bound) is Instance:  # as nearly all are; this is asked more often than anything else
        return 1 if bound.type.fullname == "builtins.int" else None
    bound = get_proper_type(bound)
    if isinstance(bound, Instance):
        return 1 if bound.type.fullname == "builtins.int" else None
    if isinstance(bound, UnionType):
        items = [get_proper_type(item) for item in bound.items]
        if all(_is_int(item) for item in items):
            return 0
    return None


def _is_int(item: ProperType) -> bool:
    if isinstance(item, LiteralType):
        item = item.fallback
    return isinstance(item, Instance) and item.type.fullname == "builtins.int"


def has_sizes(info: TypeInfo) -> bool:
    """Say whether a class has a type parameter that is a size."""
    for variable in info.defn.type_vars:
        if type(variable) is TypeVarType and least(variable) is not None:
            return True
    return False


def size_parameters(info: TypeInfo) -> list[tuple[int, TypeVarType]]:
    """List the type parameters of a class that are sizes, with their places."""
    return [
        (place, variable)
        for place, variable in enumerate(info.defn.type_vars)
        if isinstance(variable, TypeVarType) and least(variable) is not None
    ]


def is_no_int(typ: Type) -> bool:
    """Say whether a type is sure to be of no int."""
    proper = get_proper_type(typ)
    if isinstance(proper, Instance):
        return not proper.type.has_base("builtins.int")
    return isinstance(proper, TupleType)


def is_int(typ: Type) -> bool:
    """Say whether a type is sure to be of ints: one, a size, or a number."""
    proper = get_proper_type(typ)
    if isinstance(proper, TypeVarType):
        return least(proper) is not None
    if isinstance(proper, LiteralType):
        proper = proper.fallback
    return isinstance(proper, Instance) and proper.type.has_base("builtins.int")
