"""Read annotations: bare numbers as sizes, arithmetic in normal form, sizes below their least."""

from __future__ import annotations

from mypy.plugin import AnalyzeTypeContext
from mypy.types import (
    Instance,
    LiteralType,
    ProperType,
    RawExpressionType,
    Type,
    TypeVarType,
    UnboundType,
    get_proper_type,
)

from typed_resnet.dims.sentences import too_small
from typed_resnet.mypy_plugin.codes import SHAPE_RANGE
from typed_resnet.mypy_plugin.translate import (
    Types,
    is_operator,
    is_tensor,
    least,
    normalize,
    size_parameters,
)


def read_numbers(context: AnalyzeTypeContext, types: Types) -> UnboundType:
    """Take `Tensor[3, H, W]` for `Tensor[Literal[3], H, W]`."""
    unbound = context.type
    if not any(isinstance(argument, RawExpressionType) for argument in unbound.args):
        return unbound
    fallback = types.instance("builtins.int", [])
    return unbound.copy_modified(args=[_read(argument, fallback) for argument in unbound.args])


def _read(argument: Type, fallback: Instance) -> Type:
    if isinstance(argument, RawExpressionType) and type(argument.literal_value) is int:
        return LiteralType(argument.literal_value, fallback, argument.line, argument.column)
    return argument


def check_annotation(analyzed: Type, context: AnalyzeTypeContext, types: Types) -> Type:
    """Put the sizes of an annotation into normal form, and refuse a number that is too small."""
    proper = get_proper_type(analyzed)
    if isinstance(proper, Instance) and not is_operator(proper.type):
        for name, smallest, size in _numbers(proper):
            if size < smallest:
                message = too_small(proper.type.name, name, smallest, size)
                context.api.fail(message, context.context, code=SHAPE_RANGE)
    return normalize(analyzed, types)


def _numbers(instance: Instance) -> list[tuple[str | None, int, int]]:
    """List the numbers a type holds as sizes: the name of the place, its least, the number."""
    if is_tensor(instance.type):
        return [(None, 1, n) for argument in instance.args if (n := _number(argument)) is not None]
    return [
        (variable.name, least(variable) or 0, number)
        for place, variable in size_parameters(instance.type)
        if place < len(instance.args) and (number := _number(instance.args[place])) is not None
    ]


def _number(typ: Type) -> int | None:
    proper: ProperType | TypeVarType = get_proper_type(typ)
    return proper.value if isinstance(proper, LiteralType) and type(proper.value) is int else None
