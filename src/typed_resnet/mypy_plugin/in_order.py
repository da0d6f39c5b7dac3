"""Say of the sizes that stand in a type whether each of them can be one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from mypy.types import (
    AnyType,
    Instance,
    LiteralType,
    NoneType,
    Type,
    TypeVarTupleType,
    TypeVarType,
    UnionType,
    UnpackType,
)

from typed_resnet.dims.matching import Axis, Star
from typed_resnet.dims.normal_form import Dim, normal_form
from typed_resnet.dims.nouns import axis_name
from typed_resnet.dims.ranges import Never, at_least, contradiction
from typed_resnet.dims.sentences import too_small
from typed_resnet.dims.term import Undefined
from typed_resnet.mypy_plugin.classes import is_operator, is_tensor, least, size_parameters
from typed_resnet.mypy_plugin.translate import Reader, by_names


def is_in_order(argument: Type) -> bool:
    """Say at a glance that there is no size below one in a type argument, and no class."""
    kind = type(argument)
    if kind is TypeVarType or kind is AnyType or kind is NoneType:
        return True
    if kind is LiteralType:
        number = cast(LiteralType, argument).value
        return type(number) is not int or number >= 1
    if kind is UnpackType:
        return type(cast(UnpackType, argument).type) is TypeVarTupleType
    return kind is UnionType and all(map(is_in_order, cast(UnionType, argument).items))


def defect_of_arguments(instance: Instance) -> str | None:
    """Say which size stands in a type that none can be: below its least, a broken quotient."""
    name = instance.type.name
    if is_operator(instance.type):
        return None
    if is_tensor(instance.type):
        return _of_shape(name, _axes(instance.args))
    for place, variable in size_parameters(instance.type):
        if place < len(instance.args) and not is_in_order(instance.args[place]):
            (size,) = _axes([instance.args[place]])
            found = _of_size(name, variable.name, least(variable) or 0, size)
            if found is not None:
                return found
    return None


def _axes(arguments: Sequence[Type]) -> tuple[Axis, ...]:
    return by_names(lambda naming: Reader((), naming).axes(arguments))


def _of_shape(name: str, axes: tuple[Axis, ...]) -> str | None:
    sizes: list[Dim] = []
    for place, axis in enumerate(axes):
        if axis is None or isinstance(axis, Star):
            continue
        found = _of_size(name, axis_name(axis), 1, axis, place)
        if found is not None:
            return found
        sizes.append(normal_form(axis))
    return contradiction(size for size in sizes if size.constant is None)


def _of_size(name: str, noun: str | None, smallest: int, axis: Axis, place: int = 0) -> str | None:
    if axis is None or isinstance(axis, Star):
        return None
    try:
        size = normal_form(axis)
    except Undefined as undefined:
        return f"{name}: {undefined}"
    if isinstance(at_least(size, smallest), Never):
        return too_small(name, noun, smallest, size, place)
    return None
