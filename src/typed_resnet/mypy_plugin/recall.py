"""Check a call, or know from a call like it what comes of it."""

from __future__ import annotations

from collections.abc import Sequence

from mypy.nodes import ARG_STAR, CallExpr, Expression
from mypy.plugin import FunctionSigContext, MethodSigContext
from mypy.types import CallableType, FunctionLike, Type

from typed_resnet.dims.sentences import unchecked
from typed_resnet.mypy_plugin.calls import check_call
from typed_resnet.mypy_plugin.codes import SHAPE_UNKNOWN
from typed_resnet.mypy_plugin.likeness import Given
from typed_resnet.mypy_plugin.literals import takes_literals
from typed_resnet.mypy_plugin.memory import Arguments, Memory
from typed_resnet.mypy_plugin.settings import Settings
from typed_resnet.mypy_plugin.translate import Types


class CheckCall:
    """The hook of one call; mypy calls it for each overload that the call may mean."""

    def __init__(self, fullname: str, types: Types, settings: Settings, memory: Memory) -> None:
        self.fullname = fullname
        self.types = types
        self.settings = settings
        self.memory = memory
        self._brought: dict[Expression, Type] = {}

    def __call__(self, context: FunctionSigContext | MethodSigContext) -> FunctionLike:
        """Check the sizes of the call, and return its signature with all of them filled in."""
        try:
            return self._check(context)
        except Exception as error:  # mypy must not stop because we are wrong
            context.api.fail(unchecked("call", error), context.context, code=SHAPE_UNKNOWN)
            return context.default_signature

    def _check(self, context: FunctionSigContext | MethodSigContext) -> CallableType:
        signature = context.default_signature
        receiver = context.type if isinstance(context, MethodSigContext) else None
        use = self.memory.use(self.fullname, receiver, signature)
        if use is None or takes_literals(signature):
            return self._judge(context)[0]
        if use.sized is None:
            return signature
        arguments = self._arguments(context, use.sized)
        verdict = use.recall(arguments) if arguments is not None else None
        if verdict is not None:
            return verdict.fill(signature)
        checked, is_lasting = self._judge(context)
        if arguments is not None and is_lasting:
            use.remember(arguments, checked)
        return checked

    def _judge(self, context: FunctionSigContext | MethodSigContext) -> tuple[CallableType, bool]:
        well_formed = self.memory.well_formed
        return check_call(context, self.fullname, self.types, self.settings, well_formed)

    def _arguments(
        self, context: FunctionSigContext | MethodSigContext, sized: Sequence[bool]
    ) -> Arguments | None:
        """List the types brought for what takes sizes; None where an argument is unpacked."""
        call = context.context
        if isinstance(call, CallExpr) and ARG_STAR in call.arg_kinds:
            return None
        arguments: list[Given] = []
        for wanted, given in zip(sized, context.args, strict=True):
            if not wanted:
                continue
            if len(given) == 1:
                arguments.append(self._type_of(given[0], context))
            elif given:
                arguments.append(tuple([self._type_of(one, context) for one in given]))
            else:
                arguments.append(None)
        return tuple(arguments)

    def _type_of(
        self, expression: Expression, context: FunctionSigContext | MethodSigContext
    ) -> Type:
        typ = self._brought.get(expression)
        if typ is None:
            typ = self._brought[expression] = context.api.get_expression_type(expression)
        return typ
