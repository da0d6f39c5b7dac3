"""Read annotations: bare numbers as sizes, arithmetic in normal form, sizes below their least."""

from __future__ import annotations

from mypy.plugin import AnalyzeTypeContext
from mypy.types import Instance, LiteralType, RawExpressionType, Type, UnboundType

from typed_resnet.mypy_plugin.codes import SHAPE_RANGE
from typed_resnet.mypy_plugin.translate import Types, normalize
from typed_resnet.mypy_plugin.wellformed import defect


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
    """Put the sizes of an annotation into normal form; refuse a type that no value has."""
    found = defect(analyzed)
    if found is not None:
        context.api.fail(found, context.context, code=SHAPE_RANGE)
    return normalize(analyzed, types)
