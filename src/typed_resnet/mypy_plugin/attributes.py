"""Follow `getattr(self, "conv1")` as `self.conv1`; of a name that is made up, say so.

To mypy it is Any, of which all that is made would be trusted.
"""

from __future__ import annotations

from typing import Final

from mypy.checker import TypeChecker
from mypy.nodes import (
    CallExpr,
    Context,
    Decorator,
    FuncDef,
    OverloadedFuncDef,
    SymbolNode,
    TypeInfo,
    Var,
)
from mypy.plugin import FunctionContext
from mypy.typeops import bind_self, coerce_to_literal, make_simplified_union
from mypy.types import (
    AnyType,
    FunctionLike,
    Instance,
    LiteralType,
    Type,
    TypeOfAny,
    TypeVarType,
    UnionType,
    get_proper_type,
)

from typed_resnet.dims.sentences import unnamed_attribute
from typed_resnet.mypy_plugin.codes import SHAPE_UNKNOWN
from typed_resnet.mypy_plugin.functions import is_trial, member_of
from typed_resnet.mypy_plugin.queries import holds_sizes

GETATTR: Final = "builtins.getattr"


def attribute_by_name(context: FunctionContext, strict: bool) -> Type | None:
    """Give the type of an attribute that holds sizes; None where mypy's own word will do."""
    api, call = context.api, context.context
    if not isinstance(api, TypeChecker) or not isinstance(call, CallExpr):
        return None
    given = [typ for place in context.arg_types for typ in place]
    if len(given) < 2 or len(given) != len(call.args):
        return None
    owners = _owners(given[0])
    sized = next((owner for owner in owners if _has_sizes(owner.type)), None)
    if sized is None:
        return None
    names = _names(given[1])
    known = [_attribute(api, owner, name, call) for owner in owners for name in names]
    if not names or None in known:
        expected = api.expr_checker.type_context[-1]  # an object may be anything
        may_be_sized = expected is None or holds_sizes(expected)
        if not names and strict and may_be_sized and not is_trial(api):
            api.fail(unnamed_attribute(sized.type.name), call, code=SHAPE_UNKNOWN)
            return AnyType(TypeOfAny.from_error)
        return None
    found = [typ for typ in known if typ is not None]
    return make_simplified_union([*found, *given[2:]]) if any(map(holds_sizes, found)) else None


def _owners(typ: Type) -> list[Instance]:
    """List the objects that an argument may be; None has no attribute to be found here."""
    proper = get_proper_type(typ)
    if isinstance(proper, TypeVarType):
        proper = get_proper_type(proper.upper_bound)
    if isinstance(proper, UnionType):
        return [owner for item in proper.items for owner in _owners(item)]
    return [proper] if isinstance(proper, Instance) else []


def _has_sizes(info: TypeInfo) -> bool:
    """Say whether some attribute of a class holds sizes, or some method takes or gives them."""
    nodes = (symbol.node for base in info.mro for symbol in base.names.values())
    return any(map(holds_sizes, filter(None, map(_type_of, nodes))))


def _type_of(node: SymbolNode | None) -> Type | None:
    """Give the type of an attribute; of a method, without the object that it is of."""
    if isinstance(node, Var):
        return node.type
    if isinstance(node, Decorator):
        node = node.func
    if not isinstance(node, FuncDef | OverloadedFuncDef):
        return None
    typ = get_proper_type(node.type)
    if isinstance(typ, FunctionLike) and not node.is_static:
        return bind_self(typ)
    return typ


def _names(typ: Type) -> list[str]:
    """List the texts that an argument may be; none where that is not known."""
    proper = get_proper_type(coerce_to_literal(typ))
    items = proper.items if isinstance(proper, UnionType) else [proper]
    literals = [item for item in map(get_proper_type, items) if isinstance(item, LiteralType)]
    texts = [literal.value for literal in literals if isinstance(literal.value, str)]
    return texts if len(texts) == len(items) else []


def _attribute(api: TypeChecker, owner: Instance, name: str, where: Context) -> Type | None:
    return None if owner.type.get(name) is None else member_of(api, name, owner, where)
