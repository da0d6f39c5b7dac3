"""Read annotations: bare numbers as sizes, arithmetic in normal form, sizes below their least."""

from __future__ import annotations

from mypy.nodes import TypeAlias
from mypy.plugin import AnalyzeTypeContext
from mypy.semanal import SemanticAnalyzer
from mypy.typeanal import TypeAnalyser
from mypy.types import (
    AnyType,
    Instance,
    LiteralType,
    RawExpressionType,
    Type,
    TypeAliasType,
    TypeOfAny,
    UnboundType,
    UnpackType,
    get_proper_type,
)

from typed_resnet.dims.sentences import without_parameters
from typed_resnet.mypy_plugin.classes import is_operator
from typed_resnet.mypy_plugin.codes import SHAPE_RANGE, SHAPE_UNKNOWN
from typed_resnet.mypy_plugin.memory import Memory
from typed_resnet.mypy_plugin.normalizing import without_sizes
from typed_resnet.mypy_plugin.translate import Types


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


def check_parameters(analyzed: Type, context: AnalyzeTypeContext, types: Types) -> Type:
    """Refuse `Tensor`, and `Half` where Half = FloorDiv[H, L[2]]: to mypy that H is Any."""
    typ = get_proper_type(analyzed)
    if context.type.args or not isinstance(typ, Instance) or not any(map(_is_omitted, typ.args)):
        return analyzed
    what = "no size" if is_operator(typ.type) else "of unknown sizes"
    message = without_parameters(context.type.name, what)
    context.api.fail(message, context.context, code=SHAPE_UNKNOWN)
    return without_sizes(typ, types)


def _is_omitted(typ: Type) -> bool:
    proper = get_proper_type(typ)
    if isinstance(proper, UnpackType):
        run = get_proper_type(proper.type)
        return isinstance(run, Instance) and any(map(_is_omitted, run.args))
    return isinstance(proper, AnyType) and proper.type_of_any == TypeOfAny.from_omitted_generics


def check_annotation(
    analyzed: Type, context: AnalyzeTypeContext, types: Types, memory: Memory
) -> Type:
    """Put the sizes of an annotation into normal form; refuse a type that no value has."""
    analyzer = _analyzer(context)
    well_formed = memory.well_formed
    memory.reliance.note(analyzed, analyzer.cur_mod_node, analyzer.scope, well_formed)
    if _is_endless(analyzed) or well_formed.is_plain(get_proper_type(analyzed)):
        return analyzed
    around = analyzer.type.fullname if analyzer.type is not None else ""
    found = well_formed.defect(analyzed, around)
    if found is not None:
        context.api.fail(found, context.context, code=SHAPE_RANGE)
    return memory.normalize(analyzed, types)


def defines(context: AnalyzeTypeContext, alias: TypeAlias) -> bool:
    """Say whether a name stands within what it is defined by, where it has no target yet."""
    analyzer = _analyzer(context)
    module = alias.fullname.rpartition(".")[0]
    while module and module not in analyzer.modules:  # a name within classes
        module = module.rpartition(".")[0]
    return context.context.line == alias.line and module == analyzer.cur_mod_id


def _is_endless(analyzed: Type) -> bool:
    """Say whether it is an alias that stands within itself; while it is read, it has no target."""
    if not isinstance(analyzed, TypeAliasType):
        return False
    return analyzed.alias is None or analyzed.is_recursive


def _analyzer(context: AnalyzeTypeContext) -> SemanticAnalyzer:
    """Find out who reads the annotation: it knows in which class and function that stands."""
    assert isinstance(context.api, TypeAnalyser)
    analyzer = context.api.api
    assert isinstance(analyzer, SemanticAnalyzer)
    return analyzer
