"""Check a call, or know from a call like it what comes of it."""

from __future__ import annotations

from collections.abc import Sequence

from mypy.checker import TypeChecker
from mypy.nodes import CallExpr, Expression
from mypy.plugin import FunctionSigContext, MethodSigContext
from mypy.types import CallableType, FunctionLike, Instance, ProperType, Type

from typed_resnet.dims.sentences import unchecked
from typed_resnet.mypy_plugin.asking import Arguments, share_arguments
from typed_resnet.mypy_plugin.calls import check_call
from typed_resnet.mypy_plugin.codes import SHAPE_UNKNOWN
from typed_resnet.mypy_plugin.likeness import Given, Likeness
from typed_resnet.mypy_plugin.memory import Memory
from typed_resnet.mypy_plugin.rules import Formals, Rule
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
        self._is_decided = False
        """mypy is going to take an overload that it has asked of before."""

    def __call__(self, context: FunctionSigContext | MethodSigContext) -> FunctionLike:
        """Check the sizes of the call, and return its signature with all of them filled in."""
        memory, signature = self.memory, context.default_signature
        if self._is_decided:
            return signature
        try:
            receiver = context.type if isinstance(context, MethodSigContext) else None
            rule = memory.rule(self.fullname, receiver, signature)
            formals = Formals(signature) if rule is None else rule.formals_of(signature)
            if formals.are_sizeless:
                return signature
            checked = self._check(context, rule, formals)
            api = context.api
            if isinstance(api, TypeChecker):
                memory.reliance.note(checked.ret_type, api.tree, api.tscope, memory.well_formed)
            share_arguments(checked, context)
            return checked
        except Exception as error:  # mypy must not stop because we are wrong
            context.api.fail(unchecked("call", error), context.context, code=SHAPE_UNKNOWN)
            return context.default_signature

    def _check(
        self,
        context: FunctionSigContext | MethodSigContext,
        rule: Rule | None,
        formals: Formals,
    ) -> CallableType:
        signature = context.default_signature
        likeness = None
        if formals.follow_from_types and (rule is not None or not signature.variables):
            declared = (*signature.arg_types, signature.ret_type) if rule is None else ()
            likeness = self._likeness(context, formals.takes_sizes, declared)
        if likeness is None:
            return self._judge(context, formals)[0]
        verdict = (self.memory.values if rule is None else rule.verdicts).of(likeness)
        if verdict is not None:
            checked = verdict.fill(signature, likeness)
        else:
            checked, is_lasting = self._judge(context, formals)
            if is_lasting:
                verdict = self.memory.remember(rule, likeness, checked)
        if verdict is not None and verdict.leaves_nothing and all(formals.takes_sizes):
            self._is_decided = _takes_all(context)
        return checked

    def _judge(
        self, context: FunctionSigContext | MethodSigContext, formals: Formals
    ) -> tuple[CallableType, bool]:
        well_formed = self.memory.well_formed
        return check_call(context, self.fullname, formals, self.types, self.settings, well_formed)

    def _likeness(
        self,
        context: FunctionSigContext | MethodSigContext,
        sized: Sequence[bool],
        declared: Sequence[Type],
    ) -> Likeness | None:
        """Compare the call by its receiver and what it brings for the formals that take sizes.

        What is called may be declared nowhere: then by what that takes and gives, too. None where
        an argument is unpacked, or of a type that is not compared.
        """
        call = context.context
        receiver = context.type if isinstance(context, MethodSigContext) else None
        if isinstance(call, CallExpr) and any(kind.is_star() for kind in call.arg_kinds):
            return None
        arguments = Arguments(context.api)
        types: list[Given] = [_as_given(receiver), *declared]
        for wanted, given in zip(sized, context.args, strict=True):
            if not wanted:
                continue
            if len(given) == 1:
                types.append(self._type_of(given[0], arguments))
            elif given:
                types.append(tuple([self._type_of(one, arguments) for one in given]))
            else:
                types.append(None)
        return Likeness.of(types)

    def _type_of(self, expression: Expression, arguments: Arguments) -> Type:
        typ = self._brought.get(expression)
        if typ is None:
            typ = self._brought[expression] = arguments.type_of(expression)
        return typ


def _takes_all(context: FunctionSigContext | MethodSigContext) -> bool:
    """Say whether the formals take each argument of a call, none of which is unpacked."""
    call = context.context
    if not isinstance(call, CallExpr) or any(kind.is_star() for kind in call.arg_kinds):
        return False
    return sum(map(len, context.args)) == len(call.args)


def _as_given(receiver: ProperType | None) -> Given:
    """Give a receiver to be compared: a class that is called through, by what it makes."""
    if not isinstance(receiver, FunctionLike) or not receiver.is_type_obj():
        return receiver
    made = receiver.items[0]
    return (Instance(made.type_object(), []) if made.variables else made.ret_type,)
