"""Types as people read them, sizes by the one printer: `tuple[Tensor[C, ⌈H/2⌉], int]`."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from mypy.messages import format_type_bare
from mypy.nodes import ARG_STAR, ARG_STAR2, ArgKind
from mypy.options import Options
from mypy.types import (
    AnyType,
    CallableType,
    Instance,
    NoneType,
    Overloaded,
    TupleType,
    Type,
    TypeAliasType,
    TypeType,
    UnionType,
    UnpackType,
    get_proper_type,
)

from typed_resnet.check.messages import readable_type
from typed_resnet.dims.matching import Axis
from typed_resnet.dims.sentences import shape
from typed_resnet.mypy_plugin.classes import is_operator, is_tensor, size_parameters
from typed_resnet.mypy_plugin.composing import flow_of
from typed_resnet.mypy_plugin.queries import holds_sizes
from typed_resnet.mypy_plugin.translate import Reader

_STARS: Final[dict[ArgKind, str]] = {ARG_STAR: "*", ARG_STAR2: "**"}


def written(typ: Type, options: Options) -> str:
    """Write a type; an alias that means itself again, or no sizes, by its name."""
    proper = get_proper_type(typ)
    if (
        isinstance(typ, TypeAliasType)
        and typ.alias is not None
        and (typ.is_recursive or not (typ.args or holds_sizes(proper)))
    ):
        return typ.alias.name
    match proper:
        case Instance():
            return _instance(proper, options)
        case TupleType() if proper.partial_fallback.type.fullname == "builtins.tuple":
            return f"tuple[{_list(proper.items, options) or '()'}]"
        case UnionType():
            return " | ".join(written(item, options) for item in proper.items)
        case CallableType() if not proper.is_type_obj():
            taken = ", ".join(parameters(proper, options))
            return f"({taken}) -> {written(proper.ret_type, options)}"
        case Overloaded() if not proper.is_type_obj():
            return written(proper.items[-1], options)  # the general rule
        case TypeType():
            return f"type[{written(proper.item, options)}]"
        case UnpackType():
            return f"*{written(proper.type, options)}"
        case NoneType():
            return "None"
        case AnyType():
            return "Any"
    return readable_type(format_type_bare(proper, options))


def parameters(typ: CallableType, options: Options) -> list[str]:
    """Write each parameter of a function: `x: Tensor[C]`, `*sizes: *New`, `bias: bool = …`."""
    return [
        _STARS.get(kind, "")
        + (f"{name}: " if name else "")
        + written(declared, options)
        + (" = …" if kind.is_optional() else "")
        for kind, name, declared in zip(typ.arg_kinds, typ.arg_names, typ.arg_types, strict=True)
    ]


def size(typ: Type) -> str:
    """Write a size, or a run of axes: `⌈H/2⌉`, `*B`."""
    return _shape(Reader().axes([typ])).removeprefix("[").removesuffix("]")


@lru_cache(maxsize=4096)
def _shape(axes: tuple[Axis, ...]) -> str:
    return shape(axes)  # a file has many types and few shapes


def _instance(typ: Instance, options: Options) -> str:
    if is_tensor(typ.type):
        return typ.type.name + (_shape(Reader().axes(typ.args)) if typ.args else "[()]")
    if is_operator(typ.type):
        return size(typ)
    flow = flow_of(typ) if typ.args else None
    if flow is not None:
        return f"{typ.type.name}[{flow}]"
    if not typ.args:
        return readable_type(format_type_bare(typ, options))
    sizes = {place for place, _ in size_parameters(typ.type)}
    arguments = [
        size(argument) if place in sizes else written(argument, options)
        for place, argument in enumerate(typ.args)
    ]
    if typ.type.fullname == "builtins.tuple":  # of no known length
        arguments.append("...")
    return f"{typ.type.name}[{', '.join(arguments)}]"


def _list(types: list[Type], options: Options) -> str:
    return ", ".join(written(item, options) for item in types)
