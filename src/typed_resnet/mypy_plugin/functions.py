"""Functions that a call is given as values: by which signature each is called, and what it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from mypy.checker import TypeChecker
from mypy.checkmember import analyze_member_access
from mypy.nodes import (
    ARG_POS,
    CallExpr,
    Context,
    Decorator,
    Expression,
    FuncDef,
    FuncItem,
    LambdaExpr,
    MypyFile,
    TempNode,
)
from mypy.plugin import CheckerPluginInterface
from mypy.subtypes import find_member
from mypy.typeops import get_all_type_vars
from mypy.types import (
    AnyType,
    CallableType,
    FunctionLike,
    Instance,
    Overloaded,
    ProperType,
    Type,
    TypeOfAny,
    TypeVarType,
    UnionType,
    get_proper_type,
)

from typed_resnet.mypy_plugin.asking import type_alone
from typed_resnet.mypy_plugin.attempts import attempt
from typed_resnet.mypy_plugin.bindings import walk
from typed_resnet.mypy_plugin.findings import Actual, Finding
from typed_resnet.mypy_plugin.queries import holds_sizes
from typed_resnet.mypy_plugin.signatures import Callee, declares_sizes

PARTIAL: Final = "functools.partial"
"""What keeps a function instead of calling it."""

A_FUNCTION: Final = "a function"
"""What is said for the name of one that has none."""


def takes_functions(signature: CallableType) -> bool:
    """Say whether some formal is called, and is not the same for all calls."""
    return any(
        any(get_all_type_vars(typ) or holds_sizes(typ) for typ in (*c.arg_types, c.ret_type))
        for formal in signature.arg_types
        if (c := called_by(formal)) is not None
    )


def called_by(formal: Type) -> CallableType | None:
    """Give the signature by which a formal is called, if that is all it is for."""
    if isinstance(formal, TypeVarType):
        return None
    proper: ProperType | None = get_proper_type(formal)
    if isinstance(proper, UnionType):
        found = [item for item in map(called_by, proper.items) if item is not None]
        return found[0] if len(found) == 1 else None
    if isinstance(proper, Instance):
        if not proper.type.is_protocol or proper.type.protocol_members != ["__call__"]:
            return None
        member = find_member("__call__", proper, proper, is_operator=True)
        proper = None if member is None else get_proper_type(member)
    return proper if isinstance(proper, CallableType) and not proper.is_type_obj() else None


class Function:
    """A function that a call is given."""

    def __init__(self, api: TypeChecker, expression: Expression) -> None:
        self.api = api
        self.expression = expression
        self.wanted: CallableType | None = None
        """Of a lambda, what it is called with."""

    def signatures(self) -> Sequence[CallableType]:
        """List its own signatures, as far as these are known before it is called."""
        if isinstance(self.expression, LambdaExpr):
            return ()
        proper = get_proper_type(type_alone(self.api, self.expression))
        if isinstance(proper, TypeVarType):
            proper = get_proper_type(proper.upper_bound)
        if isinstance(proper, Instance) and proper.type.get("__call__") is not None:
            proper = get_proper_type(call_of(self.api, proper, self.expression))
        return proper.items if isinstance(proper, FunctionLike) else ()

    def is_sized(self) -> bool:
        """Say whether it has a signature with sizes."""
        return any(map(declares_sizes, self.signatures()))

    def call(self, brought: Sequence[Actual]) -> tuple[Type, Finding | None]:
        """Judge the call of it, as if it were written out; return the result and what is wrong."""
        api, where = self.api, self.expression
        if isinstance(where, LambdaExpr):
            self.wanted = self._wanted(where, brought)
            typ, wrong = attempt(api, lambda: api.expr_checker.accept(where, self.wanted))
            proper = get_proper_type(typ)
            typ = proper.ret_type if isinstance(proper, CallableType) else typ
        else:
            expressions = [actual.expression for actual in brought]
            kinds = [actual.kind for actual in brought]
            call = CallExpr(where, expressions, kinds, [actual.name for actual in brought])
            call.set_line(where)
            typ, wrong = attempt(api, lambda: api.expr_checker.accept(call))
        return typ, None if wrong is None else Finding(wrong[0], where, wrong[1])

    def _wanted(self, where: LambdaExpr, brought: Sequence[Actual]) -> CallableType:
        types = [type_alone(self.api, actual.expression) for actual in brought]
        function = self.api.named_type("builtins.function")
        unknown = AnyType(TypeOfAny.special_form)
        kinds = where.arg_kinds if len(where.arg_kinds) == len(types) else [ARG_POS] * len(types)
        return CallableType(types, [*kinds], [None] * len(types), unknown, function)


@dataclass(frozen=True)
class Passed(Callee):
    """A function that is passed for the formal at a place: f of `apply(f, x)`."""

    place: int

    def who(self, signature: CallableType) -> str:
        name = signature.arg_names[self.place] or f"argument {self.place + 1}"
        return f"{name} of {super().who(signature)}"

    def declared_arguments(self, signature: CallableType) -> list[Type | None]:
        """Of what is passed only the result stands in the place of an argument."""
        declared = super().declared_arguments(signature)
        of_place = declared[self.place]
        called = None if of_place is None else called_by(of_place)
        declared[self.place] = None if called is None else called.ret_type
        return declared


def what_is_called(call: CallExpr, api: TypeChecker) -> ProperType:
    """Give the type of a callee, in which mypy allows Any whatever its options say."""
    return get_proper_type(api.expr_checker.accept(call.callee, always_allow_any=True))


def call_of(api: TypeChecker, owner: Instance, where: Context) -> Type:
    """Give the call of an object: of overloads, those for its own type."""
    return member_of(api, "__call__", owner, where, is_operator=True)


def member_of(
    api: TypeChecker, name: str, owner: Instance, where: Context, *, is_operator: bool = False
) -> Type:
    """Give the type of an attribute as it is of this very object."""
    return analyze_member_access(
        name,
        owner,
        where,
        is_lvalue=False,
        is_super=False,
        is_operator=is_operator,
        original_type=owner,
        chk=api,
    )


def is_trial(api: CheckerPluginInterface) -> bool:
    """Say whether what is read is read again, when more types are known.

    A function is, that uses a name whose type mypy has not inferred yet: of one that the module
    defines further down, say. So is a lambda whose arguments have no types yet: of an overloaded
    function mypy reads the arguments first with nothing expected of them.
    """
    if not isinstance(api, TypeChecker):
        return False
    # The last pass but one may be the last: the daemon leaves a module after two.
    is_put_off = api.current_node_deferred and api.pass_num + 1 < api.last_pass
    return is_put_off or _is_lambda_without_types(api)


def _is_lambda_without_types(api: TypeChecker) -> bool:
    if not api.expr_checker.in_lambda_expr:
        return False
    scopes = [scope for scope in api.scope.stack if isinstance(scope, FuncItem | MypyFile)]
    for around, scope in pairwise(scopes):
        if not isinstance(scope, LambdaExpr) or all(a.variable.type for a in scope.arguments):
            continue
        for node in walk(around):
            if isinstance(node, CallExpr) and scope in node.args:
                callee = get_proper_type(api.lookup_type_or_none(node.callee))
                items = callee.items if isinstance(callee, Overloaded) else []
                return any(called_by(formal) for item in items for formal in item.arg_types)
    return False


def name_of(function: FunctionLike) -> str:
    """Name a function: a cached type has no link to where that was defined."""
    first = function.items[0]
    definition = first.definition
    definition = definition.func if isinstance(definition, Decorator) else definition
    return definition.fullname if isinstance(definition, FuncDef) else first.name or A_FUNCTION


def value_of(typ: Type, where: Context) -> Expression:
    """Stand for a value of a type that is written nowhere."""
    value = TempNode(typ, context=where)
    value.set_line(where)
    return value
