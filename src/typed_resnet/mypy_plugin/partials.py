"""Give `functools.partial(f, x)` the sizes that f has left, and judge the calls of it.

mypy's own idea of it is that f's variables are Any in what it returns, until it is called; and
that call it matches without our arithmetic.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Final, NamedTuple

from mypy.argmap import map_actuals_to_formals
from mypy.checker import TypeChecker
from mypy.nodes import (
    ARG_NAMED,
    ARG_NAMED_OPT,
    ARG_OPT,
    ARG_POS,
    ArgKind,
    CallExpr,
    Context,
    Expression,
    MemberExpr,
)
from mypy.plugin import FunctionContext, FunctionSigContext, MethodContext, MethodSigContext
from mypy.plugins.functools import handle_partial_with_callee
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
    get_proper_type,
)

from typed_resnet.mypy_plugin.attempts import attempt
from typed_resnet.mypy_plugin.codes import CODES
from typed_resnet.mypy_plugin.fitting import brought, unfitting
from typed_resnet.mypy_plugin.functions import Function, name_of, takes_functions, value_of
from typed_resnet.mypy_plugin.signatures import Callee, declares_sizes, takes_sizes

REST: Final = "__mypy_partial"
"""The attribute in which mypy keeps what is left of a function."""
OWNER: Final = "__typed_resnet_partial_of."
"""How the attribute begins in which we keep the object whose method that is; its name follows."""

_OPTIONAL: Final = {ARG_POS: ARG_OPT, ARG_NAMED: ARG_NAMED_OPT}

CheckOf = Callable[[FunctionSigContext | MethodSigContext, str], CallableType]
"""Checks a call of a function by its name, and returns its signature with all sizes filled in."""


def apply_in_part(context: FunctionContext, check: CheckOf) -> Type | None:
    """Give the type of `partial(f, …)`; None where mypy shall.

    Of a function of several signatures, as a layer may be, it keeps all that can take what is
    brought: which one is meant, the call of the rest will say.
    """
    api = context.api
    if not isinstance(api, TypeChecker) or len(context.args) != 3 or len(context.args[0]) != 1:
        return None
    function = context.args[0][0]
    inner = get_proper_type(api.get_expression_type(function))
    rest, callee = rest_of(inner), _Callee.kept(inner)
    if isinstance(rest, FunctionLike):  # a partial of a partial
        signatures = rest.items
    else:
        signatures, callee = [*Function(api, function).signatures()], _Callee.of(api, function)
    if not any(map(declares_sizes, signatures)) or any(map(takes_functions, signatures)):
        return None
    fitting = _by_those_that_fit(api, signatures, _Part(api, context, check, callee).of)
    made = [typ for typ in fitting if rest_of(typ) is not None] or fitting
    left = [rest for typ in made if isinstance(rest := rest_of(typ), CallableType)]
    return made[0] if len(left) < 2 else _with_rest(made[0], Overloaded(left))


def call_the_rest(context: MethodContext, check: CheckOf) -> Type | None:
    """Give what a call of `partial(f, …)` returns; None where mypy shall."""
    api, owner = context.api, context.type
    rest = rest_of(owner)
    if not isinstance(api, TypeChecker) or not isinstance(rest, FunctionLike):
        return None
    if not any(map(declares_sizes, rest.items)):
        return None
    callee = _Callee.kept(owner)
    call = _Brought(api, context).as_call_of(value_of(owner, context.context))
    taken = [brought(call, item, api.get_expression_type) for item in rest.items]
    if len(taken) > 1 and not any(given is not None for given in taken):
        found = unfitting(callee.who(rest.items[0]), call, rest.items)
        api.fail(found.message, context.context, code=found.code)
        return AnyType(TypeOfAny.from_error)
    fitting = _by_those_that_fit(api, rest.items, _Called(api, context, check, callee).by)
    types = [get_proper_type(typ) for given in context.arg_types for typ in given]
    if any(isinstance(typ, AnyType) for typ in types) and len({*fitting}) > 1:
        return AnyType(TypeOfAny.special_form)  # of several that an Any may mean, none is meant
    return fitting[0]


def _by_those_that_fit(
    api: TypeChecker, signatures: Sequence[CallableType], judge: Callable[[CallableType], Type]
) -> list[Type]:
    """Judge a call by each of several signatures, and return what those say that it fits.

    Where it fits none, report what is wrong by the first of those whose sizes it does not fit.
    """
    if len(signatures) == 1:
        return [judge(signatures[0])]
    tried = [(s, *attempt(api, partial(judge, s))) for s in signatures]
    fitting = [typ for _, typ, wrong in tried if wrong is None]
    about_sizes = [s for s, _, wrong in tried if wrong is not None and wrong[1] in CODES]
    return fitting or [judge([*about_sizes, signatures[-1]][0])]


def rest_of(typ: Type | None) -> ProperType | None:
    """Give what `partial(f, …)` is still to be called with."""
    return get_proper_type(_kept(typ).get(REST))


def _kept(typ: Type | None) -> dict[str, Type]:
    proper = get_proper_type(typ)
    known = proper.extra_attrs if isinstance(proper, Instance) else None
    return {} if known is None else known.attrs


class _Callee(NamedTuple):
    """What is to be called: the method of an object, or a function."""

    owner: Instance | None = None
    method: str = ""

    @classmethod
    def of(cls, api: TypeChecker, function: Expression) -> _Callee:
        called = get_proper_type(api.get_expression_type(function))
        if isinstance(called, Instance):
            return cls(called, "__call__")
        if isinstance(function, MemberExpr):
            owner = get_proper_type(api.get_expression_type(function.expr))
            if isinstance(owner, Instance) and owner.type.get(function.name) is not None:
                return cls(owner, function.name)
        return cls()

    @classmethod
    def kept(cls, typ: Type) -> _Callee:
        for name, held in _kept(typ).items():
            owner = get_proper_type(held)
            if name.startswith(OWNER) and isinstance(owner, Instance):
                return cls(owner, name.removeprefix(OWNER))
        return cls()

    def keep(self, typ: Type) -> Type:
        proper = get_proper_type(typ)
        if self.owner is None or not isinstance(proper, Instance):
            return typ
        return proper.copy_with_extra_attr(f"{OWNER}{self.method}", self.owner)

    def check(
        self,
        check: CheckOf,
        signature: CallableType,
        args: list[list[Expression]],
        where: Context,
        api: TypeChecker,
    ) -> CallableType:
        named = self._name(signature)
        if self.owner is None:
            return check(FunctionSigContext(args, signature, where, api), named)
        return check(MethodSigContext(self.owner, args, signature, where, api), named)

    def who(self, signature: CallableType) -> str:
        return Callee(self._name(signature), self.owner).who(signature)

    def _name(self, signature: CallableType) -> str:
        owner = self.owner
        return name_of(signature) if owner is None else f"{owner.type.fullname}.{self.method}"


class _Part(NamedTuple):
    """A call of `partial`, for one signature of the function that is to be called."""

    api: TypeChecker
    context: FunctionContext
    check: CheckOf
    callee: _Callee

    def of(self, signature: CallableType) -> Type:
        api, context = self.api, self.context
        args = _Brought(api, context).by_formals(signature)
        optional = [_OPTIONAL.get(kind, kind) for kind in signature.arg_kinds]
        asked = signature.copy_modified(arg_kinds=optional)  # what is left may come later
        filled = self.callee.check(self.check, asked, args, context.context, api)
        formals = [
            self._formal(*formal)
            for formal in zip(signature.arg_types, filled.arg_types, args, strict=True)
        ]
        callee = filled.copy_modified(arg_types=formals, arg_kinds=signature.arg_kinds)
        made = handle_partial_with_callee(context, callee)
        return self.callee.keep(made)

    def _formal(self, declared: Type, filled: Type, brought: list[Expression]) -> Type:
        """Say what mypy is to compare: literals it compares itself, also of later calls.

        What was brought by its name may be brought anew: then it must be of the same sizes.
        """
        if not takes_sizes(declared):
            return filled if get_all_type_vars(declared) else declared
        return self.api.get_expression_type(brought[0]) if brought else filled


def _with_rest(typ: Type | None, rest: Overloaded) -> Type:
    proper = get_proper_type(typ)
    assert isinstance(proper, Instance)
    return proper.copy_with_extra_attr(REST, rest)


class _Called(NamedTuple):
    """A call of what `partial` made, for one signature that is left of a function."""

    api: TypeChecker
    context: MethodContext
    check: CheckOf
    callee: _Callee

    def by(self, rest: CallableType) -> Type:
        api, where = self.api, self.context.context
        given = _Brought(api, self.context)
        filled = self.callee.check(self.check, rest, given.by_formals(rest), where, api)
        return api.expr_checker.check_call(
            filled, given.expressions, given.kinds, where, given.names
        )[0]


class _Brought:
    """What a call brings for `*args` and `**kwargs`."""

    def __init__(self, api: TypeChecker, context: FunctionContext | MethodContext) -> None:
        self.api = api
        self.expressions: list[Expression] = []
        self.kinds: list[ArgKind] = []
        self.names: list[str | None] = []
        starred = len(context.args) - 2
        for place in (starred, starred + 1):
            brought = zip(
                context.args[place],
                context.arg_kinds[place],
                context.arg_names[place],
                strict=True,
            )
            for expression, kind, name in brought:
                if expression not in self.expressions:
                    self.expressions.append(expression)
                    self.kinds.append(kind)
                    self.names.append(name)

    def as_call_of(self, callee: Expression) -> CallExpr:
        """Write out the call that brings it."""
        call = CallExpr(callee, self.expressions, self.kinds, self.names)
        call.set_line(callee)
        return call

    def by_formals(self, signature: CallableType) -> list[list[Expression]]:
        """Say what each formal of a signature takes."""
        mapping = map_actuals_to_formals(
            self.kinds,
            self.names,
            signature.arg_kinds,
            signature.arg_names,
            lambda place: self.api.get_expression_type(self.expressions[place]),
        )
        return [[self.expressions[place] for place in places] for places in mapping]
