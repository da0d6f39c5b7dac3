"""Check a call: match the sizes that its signature declares with those of its arguments.

mypy's own inference cannot be left to do it: where one argument's height is 56 and another's a
type variable, it infers `Any` and says nothing. So sizes are matched here, and mypy is given the
signature with every size filled in, to compare all the rest.
"""

from __future__ import annotations

from collections.abc import Sequence

from mypy.argmap import map_actuals_to_formals
from mypy.checker import TypeChecker
from mypy.checkmember import analyze_member_access
from mypy.nodes import ARG_POS, ARG_STAR, CallExpr, Expression
from mypy.plugin import FunctionSigContext, MethodSigContext
from mypy.types import CallableType, FunctionLike, Instance, Overloaded, Type, get_proper_type

from typed_resnet.mypy_plugin.judgement import Actual, Finding, Judge, Judgement
from typed_resnet.mypy_plugin.settings import Settings
from typed_resnet.mypy_plugin.signatures import Callee, declares_sizes
from typed_resnet.mypy_plugin.translate import Types


def check_call(
    context: FunctionSigContext | MethodSigContext,
    fullname: str,
    types: Types,
    settings: Settings,
) -> FunctionLike:
    """Check the sizes of a call, and return its signature with all of them filled in."""
    signature = context.default_signature
    if not declares_sizes(signature):
        return signature
    call = _Call(context, fullname, types, settings)
    judgement = call.judge(signature, context.args)
    if judgement.error is not None:
        rivals = call.rivals()
        if any(rival.error is None for rival in rivals):
            return judgement.refusal()  # another overload fits: mypy shall not take this one
        call.report((rivals or [judgement])[-1].error)
    elif settings.strict:
        call.report(judgement.lost)
    return judgement.signature


class _Call:
    """One call: the expression, and the judge of what it may mean."""

    def __init__(
        self,
        context: FunctionSigContext | MethodSigContext,
        fullname: str,
        types: Types,
        settings: Settings,
    ) -> None:
        self.api = context.api
        self.context = context.context
        self.judge_of_call = Judge(
            types,
            settings,
            self.api.get_expression_type,
            Callee(fullname, context.type if isinstance(context, MethodSigContext) else None),
            self.context,
        )

    def report(self, finding: Finding | None) -> None:
        if finding is not None:
            self.api.fail(finding.message, finding.where, code=finding.code)

    def judge(self, signature: CallableType, args: Sequence[Sequence[Expression]]) -> Judgement:
        # mypy names an unpacked argument once for each item that it brings.
        actuals = [
            [Actual(expression, self._starred(expression)) for expression in dict.fromkeys(given)]
            for given in args
        ]
        return self.judge_of_call.judge(signature, actuals)

    def _starred(self, expression: Expression) -> bool:
        call = self.context
        return isinstance(call, CallExpr) and any(
            argument is expression and kind == ARG_STAR
            for argument, kind in zip(call.args, call.arg_kinds, strict=True)
        )

    def rivals(self) -> list[Judgement]:
        """Judge every overload that this call could mean, if there are several."""
        if not isinstance(self.context, CallExpr):
            return []
        callee = get_proper_type(self.api.get_expression_type(self.context.callee))
        if isinstance(callee, Instance):
            callee = get_proper_type(self._call_method(callee))
        if not isinstance(callee, Overloaded):
            return []
        mapped = [(item, self._arguments(self.context, item)) for item in callee.items]
        return [self.judge(item, args) for item, args in mapped if args is not None]

    def _call_method(self, owner: Instance) -> Type:
        assert isinstance(self.api, TypeChecker)
        return analyze_member_access(
            "__call__",
            owner,
            self.context,
            is_lvalue=False,
            is_super=False,
            is_operator=True,
            original_type=owner,
            chk=self.api,
        )

    def _arguments(self, call: CallExpr, item: CallableType) -> list[list[Expression]] | None:
        """Say which arguments each formal of an overload takes; None if they do not fit at all."""
        mapping = map_actuals_to_formals(
            call.arg_kinds,
            call.arg_names,
            item.arg_kinds,
            item.arg_names,
            lambda index: self.api.get_expression_type(call.args[index]),
        )
        taken = {actual for actuals in mapping for actual in actuals}
        missing = any(
            kind.is_required() and not actuals
            for kind, actuals in zip(item.arg_kinds, mapping, strict=True)
        )
        misplaced = any(  # mypy's mapping lets a positional argument meet a keyword-only one
            kind.is_named() and call.arg_kinds[actual] == ARG_POS
            for kind, actuals in zip(item.arg_kinds, mapping, strict=True)
            for actual in actuals
        )
        if missing or misplaced or len(taken) != len(call.args):
            return None
        return [[call.args[actual] for actual in actuals] for actuals in mapping]
