"""Index a shape: `Indexed[Index, *Shape]` in a signature is what the index of a call leaves.

The index is read from the expression itself, for mypy forgets the sizes of most ints: `x[:h//2]`.
"""

from __future__ import annotations

from typing import Final

from mypy.nodes import EllipsisExpr, Expression, SliceExpr, TupleExpr
from mypy.types import (
    CallableType,
    Instance,
    NoneType,
    TupleType,
    Type,
    TypeVarTupleType,
    TypeVarType,
    get_proper_type,
)

from typed_resnet.dims.indexing_sentences import misindexed
from typed_resnet.dims.matching import Star
from typed_resnet.dims.slicing import Bound, IndexingError, Item, Open, Slice, indexed
from typed_resnet.dims.term import Term
from typed_resnet.mypy_plugin import TENSOR_MODULE
from typed_resnet.mypy_plugin.classes import TENSOR, is_tensor
from typed_resnet.mypy_plugin.codes import SHAPE_RANGE
from typed_resnet.mypy_plugin.findings import Finding
from typed_resnet.mypy_plugin.parts import Walker
from typed_resnet.mypy_plugin.translate import Reader, Types, Writer

INDEXED: Final = f"{TENSOR_MODULE}.Indexed"
ELLIPSES: Final = ("builtins.ellipsis", "types.EllipsisType")


def index_place(signature: CallableType) -> int | None:
    """Say which argument is the index, where a signature returns what an index leaves."""
    result = get_proper_type(signature.ret_type)
    if not isinstance(result, Instance) or result.type.fullname != INDEXED:
        return None
    index = get_proper_type(result.args[0])
    for place, formal in enumerate(map(get_proper_type, signature.arg_types)):
        if isinstance(index, TypeVarType) and formal == index:
            return place
    return None


def with_index(
    signature: CallableType,
    index: Expression,
    walker: Walker,
    types: Types,
    prove: bool,
    receiver: Type | None,
) -> tuple[CallableType, Finding | None]:
    """Put the shape that an index leaves into a signature whose shapes are known."""
    result = get_proper_type(signature.ret_type)
    assert isinstance(result, Instance)
    reader = walker.actuals
    axes = reader.axes(result.args[1:])
    found = None
    try:
        left = indexed(axes, _items(index, walker), prove=prove)
    except IndexingError as error:
        found = Finding(misindexed(error.failure), index, SHAPE_RANGE)
        left = (Star(None),)
    writer = Writer(types, reader, after_error=found is not None)
    tensor = types.instance(_class_of(receiver), [writer.axis(axis) for axis in left])
    return signature.copy_modified(ret_type=tensor), found


def _class_of(receiver: Type | None) -> str:
    """Name the class of a part: what is indexed, if that leaves its shape open, as Labels does."""
    proper = None if receiver is None else get_proper_type(receiver)
    if isinstance(proper, Instance) and is_tensor(proper.type):
        variables = proper.type.defn.type_vars
        if len(variables) == 1 and isinstance(variables[0], TypeVarTupleType):
            return proper.type.fullname
    return TENSOR


def _items(index: Expression, walker: Walker) -> list[Item]:
    if isinstance(index, TupleExpr):
        return [_item(item, walker) for item in index.items]
    typ = get_proper_type(walker.type_of(index))
    if isinstance(typ, TupleType):
        return [_item_of_type(item, walker.actuals) for item in typ.items]
    return [_item(index, walker)]


def _item(item: Expression, walker: Walker) -> Item:
    if isinstance(item, SliceExpr):
        bounds = (item.begin_index, item.end_index, item.stride)
        return Slice(*(None if bound is None else _bound(bound, walker) for bound in bounds))
    if isinstance(item, EllipsisExpr):
        return ...
    found = _item_of_type(walker.type_of(item), walker.actuals)
    return _size(item, walker) if found is Open.UNKNOWN else found


def _item_of_type(typ: Type, reader: Reader) -> Item:
    proper = get_proper_type(typ)
    if isinstance(proper, NoneType):
        return Open.NEW_AXIS
    if isinstance(proper, Instance) and proper.type.fullname in ELLIPSES:
        return ...
    if isinstance(proper, Instance) and proper.type.fullname == "builtins.slice":
        return Slice(*(_bound_of_type(bound, reader) for bound in proper.args))
    return _known(reader.term(proper))


def _bound(bound: Expression, walker: Walker) -> Bound:
    if isinstance(get_proper_type(walker.type_of(bound)), NoneType):
        return None
    return _size(bound, walker)


def _bound_of_type(typ: Type, reader: Reader) -> Bound:
    return None if isinstance(get_proper_type(typ), NoneType) else _known(reader.term(typ))


def _size(expression: Expression, walker: Walker) -> Term | Open:
    return _known(walker.arithmetic(expression))


def _known(term: Term | None) -> Term | Open:
    return Open.UNKNOWN if term is None else term
