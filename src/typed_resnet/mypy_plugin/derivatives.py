"""Give `vjp(f, x)` its type: that of `f(x)`, and of a pullback to what can have a gradient.

No annotation says it: `f` may be any layer or function, whose own rule makes y of x; so the
call `f(x)` is checked as if it stood there, with every rule and every error of such a call.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from mypy.checker import TypeChecker
from mypy.errorcodes import ARG_TYPE
from mypy.maptype import map_instance_to_supertype
from mypy.messages import format_type_bare
from mypy.nodes import (
    ARG_POS,
    ArgKind,
    CallExpr,
    Decorator,
    Expression,
    FuncDef,
    LambdaExpr,
    OverloadedFuncDef,
    RefExpr,
)
from mypy.plugin import FunctionSigContext
from mypy.types import (
    AnyType,
    CallableType,
    FunctionLike,
    Instance,
    TupleType,
    Type,
    TypeVarType,
    UninhabitedType,
    UnionType,
    get_proper_type,
)

from typed_resnet.dims.sentences import NOTHING_TO_DIFFERENTIATE_BY, no_result_to_pull_back
from typed_resnet.mypy_plugin.classes import TENSOR, is_tensor
from typed_resnet.mypy_plugin.translate import Types

VJP: Final = "typed_resnet.reverse.gradients.vjp"
LABELS: Final = "typed_resnet.ops.labels.Labels"
RECORD: Final = "typed_resnet.layer.Record"
STATE: Final = "typed_resnet.layer.State"


def differentiate(context: FunctionSigContext, types: Types) -> FunctionLike:
    """Return the signature of one call of `vjp`, every type filled in."""
    signature, call = context.default_signature, context.context
    if not isinstance(call, CallExpr) or not isinstance(context.api, TypeChecker):
        return signature
    given = [a for a, kind in zip(call.args, call.arg_kinds, strict=True) if kind is ARG_POS]
    if not given or any(kind.is_star() for kind in call.arg_kinds):
        return signature
    differentiation = _Differentiation(context.api, types, call, given[0], given[1:])
    return differentiation.signature(signature)


class _Differentiation:
    """One call of `vjp`: what is differentiated, and on which arguments."""

    def __init__(
        self,
        api: TypeChecker,
        types: Types,
        call: CallExpr,
        function: Expression,
        arguments: Sequence[Expression],
    ) -> None:
        self.api = api
        self.types = types
        self.call = call
        self.function = function
        self.arguments = arguments
        self.given = [api.get_expression_type(argument) for argument in arguments]

    def signature(self, default: CallableType) -> CallableType:
        of_function = self._function()
        y = self._result(of_function)
        if self._gradient(y) is None and not isinstance(get_proper_type(y), UninhabitedType):
            who, got = self._name(of_function), format_type_bare(y, self.api.options)
            self.api.fail(no_result_to_pull_back(who, got), self.call, code=ARG_TYPE)
        gradients = [found for typ in self.given if (found := self._gradient(typ)) is not None]
        own = self._gradient(of_function)
        if own is None and not gradients:
            self.api.fail(NOTHING_TO_DIFFERENTIATE_BY, self.call, code=ARG_TYPE)
        if own is not None:
            pulled: Type = self._tuple([own, *gradients])
        else:
            pulled = gradients[0] if len(gradients) == 1 else self._tuple(gradients)
        pullback = self._callable([y], pulled)
        positional = [of_function, *self.given]
        options = slice(2, None)  # `by_hand` and `keep`
        return default.copy_modified(
            arg_types=[*positional, *default.arg_types[options]],
            arg_kinds=[*(ARG_POS for _ in positional), *default.arg_kinds[options]],
            arg_names=[*(None for _ in positional), *default.arg_names[options]],
            ret_type=self._tuple([y, pullback]),
        )

    def _function(self) -> Type:
        """Read the type of what is differentiated; a lambda's arguments are those of the call."""
        if not isinstance(self.function, LambdaExpr):
            return self.api.get_expression_type(self.function)
        anything = self.types.instance("builtins.object", [])  # of Any, a list would be of Any
        return self.api.expr_checker.accept(self.function, self._callable(self.given, anything))

    def _result(self, of_function: Type) -> Type:
        """Check the call of the function on its arguments, as if it were written so."""
        proper = get_proper_type(of_function)
        if isinstance(self.function, LambdaExpr) and isinstance(proper, CallableType):
            return proper.ret_type
        kinds = [ARG_POS] * len(self.arguments)
        called = CallExpr(self.function, [*self.arguments], kinds, [None] * len(kinds))
        called.set_line(self.call)
        return self.api.expr_checker.accept(called)

    def _name(self, of_function: Type) -> str:
        """Name what is differentiated as the run does."""
        if isinstance(self.function, RefExpr):
            node = self.function.node
            if isinstance(node, FuncDef | OverloadedFuncDef | Decorator):
                return node.name
        proper = get_proper_type(of_function)
        return proper.type.name if isinstance(proper, Instance) else "<lambda>"

    def _gradient(self, typ: Type) -> Type | None:
        """Say of what type the gradient of an argument is; None of what can have none."""
        proper = get_proper_type(typ)
        if isinstance(proper, AnyType):
            return typ
        if isinstance(proper, TypeVarType):
            return typ if self._gradient(proper.upper_bound) is not None else None
        if isinstance(proper, UnionType):
            return typ if any(map(self._gradient, proper.items)) else None
        if isinstance(proper, TupleType):
            return typ if any(map(self._gradient, proper.items)) else None
        if not isinstance(proper, Instance):
            return None
        if is_tensor(proper.type):
            return None if proper.type.has_base(LABELS) else self._as_tensor(proper)
        if proper.type.has_base(RECORD):
            return None if proper.type.has_base(STATE) else typ
        if proper.type.fullname in ("builtins.tuple", "builtins.list", "builtins.dict"):
            return typ if any(map(self._gradient, proper.args)) else None
        return None

    def _as_tensor(self, instance: Instance) -> Instance:
        tensor = self.types.instance(TENSOR, []).type
        return map_instance_to_supertype(instance, tensor)

    def _callable(self, arguments: Sequence[Type], result: Type) -> CallableType:
        kinds: list[ArgKind] = [ARG_POS] * len(arguments)
        names: list[str | None] = [None] * len(arguments)
        function = self.types.instance("builtins.function", [])
        return CallableType([*arguments], kinds, names, result, function)

    def _tuple(self, items: Sequence[Type]) -> TupleType:
        fallback = self.types.instance(
            "builtins.tuple", [self.types.instance("builtins.object", [])]
        )
        return TupleType([*items], fallback)
