"""Check a call: match the sizes that its signature declares with those of its arguments.

mypy's own inference cannot be left to do it: where one argument's height is 56 and another's a
type variable, it infers `Any` and says nothing. So sizes are matched here, and mypy is given the
signature with every size filled in, to compare all the rest.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

from mypy.checker import TypeChecker
from mypy.nodes import ArgKind, CallExpr, Expression
from mypy.plugin import FunctionSigContext, MethodSigContext
from mypy.types import (
    AnyType,
    CallableType,
    Instance,
    Overloaded,
    Type,
    TypeOfAny,
    UninhabitedType,
    get_proper_type,
)

from typed_resnet.mypy_plugin.arithmetic import Arithmetic
from typed_resnet.mypy_plugin.asking import Arguments, type_alone
from typed_resnet.mypy_plugin.bindings import Bindings
from typed_resnet.mypy_plugin.composing import (
    clash_of,
    input_place,
    with_input,
    with_layers,
)
from typed_resnet.mypy_plugin.findings import Actual, Finding, Judgement
from typed_resnet.mypy_plugin.fitting import (
    brought,
    may_fit,
    of_anything,
    one_by_one,
    rests_on_unknown,
    unfitting,
)
from typed_resnet.mypy_plugin.functions import (
    PARTIAL,
    call_of,
    is_trial,
    what_is_called,
)
from typed_resnet.mypy_plugin.higher_order import follow
from typed_resnet.mypy_plugin.indexing import index_place, with_index
from typed_resnet.mypy_plugin.judgement import Judge
from typed_resnet.mypy_plugin.literals import meets_literals, unmet_literal, without_literals
from typed_resnet.mypy_plugin.normalizing import without_sizes
from typed_resnet.mypy_plugin.parts import Walker
from typed_resnet.mypy_plugin.rules import Formals
from typed_resnet.mypy_plugin.settings import Settings
from typed_resnet.mypy_plugin.signatures import Callee
from typed_resnet.mypy_plugin.translate import Reader, Types
from typed_resnet.mypy_plugin.unpacking import Unpacking
from typed_resnet.mypy_plugin.wellformed import WellFormed


def check_call(
    context: FunctionSigContext | MethodSigContext,
    fullname: str,
    formals: Formals,
    types: Types,
    settings: Settings,
    well_formed: WellFormed,
) -> tuple[CallableType, bool]:
    """Check the sizes of a call, and return its signature with all of them filled in.

    Say too whether it follows from the types alone: then calls of the same types are as right.
    """
    if formals.take_one_by_one:
        written_out = one_by_one(context)
        if written_out is None:  # which mypy says
            return context.default_signature, False
        context, formals = written_out, Formals(written_out.default_signature)
    signature = context.default_signature
    api = context.api
    if isinstance(api, TypeChecker) and formals.take_layers:
        given = [api.get_expression_type(argument) for argument in context.args[0]]
        if not any(kind.is_star() for kind in getattr(context.context, "arg_kinds", ())):
            clash = clash_of(signature.type_object().name, given, context.context)
            _report(api, clash)
            if clash is not None:
                given = [without_sizes(layer, types) for layer in given]
            return with_layers(signature, given), False
    follows = formals.take_functions and fullname != PARTIAL
    if not follows and not formals.declare_sizes:
        return signature, False
    receiver = context.type if isinstance(context, MethodSigContext) else None
    callee = Callee(fullname, receiver)
    applied = input_place(signature)
    if applied is not None and isinstance(api, TypeChecker) and context.args[applied]:
        typ = api.get_expression_type(context.args[applied][0])
        who = receiver.type.name if isinstance(receiver, Instance) else callee.name
        composed, found = with_input(signature, applied, typ, who, api, context.context, types)
        _report(api, found)
        return composed, False
    call = _Call(context, callee, types, settings, well_formed)
    if call.misses_overload(signature, context.args):
        fits = any(True for _ in call.fitting())  # then mypy takes one of those
        return signature if fits else call.without_fitting(signature), False
    if rests_on_unknown(signature, receiver) and call.has_another_after(signature):
        return refused(signature), False  # the last overload is for all sizes
    if not meets_literals(signature, context.args, call.literal_of):
        if any(True for _ in call.overloads()):
            return refused(signature), False  # another overload is for this axis
        return call.without_overload(signature), False
    signature = without_literals(signature)
    judgement = call.follow(signature, context.args) if follows else None
    if judgement is None and not formals.declare_sizes:
        return signature, False
    judgement = judgement or call.judge(signature, context.args, formals.takes_sizes)
    if judgement.another_kind is not None and (rivals := call.rivals()):
        if any(rival.another_kind is None for rival in rivals):
            return refused(signature), False
        call.report(judgement.another_kind)
        return of_anything(signature, judgement.signature.ret_type), False
    if judgement.error is not None:
        rivals = call.rivals()
        if any(rival.error is None for rival in rivals):
            return refused(signature), False  # another overload fits: mypy shall take that one
        call.report((rivals or [judgement])[-1].error)
    elif settings.strict and judgement.lost is not None and not is_trial(api):
        call.report(judgement.lost)
    if _lacks_argument(signature, context.args):  # which mypy says, and that alone
        result = without_sizes(judgement.signature.ret_type, types)
        return judgement.signature.copy_modified(ret_type=result), False
    place = index_place(signature)
    if place is not None and context.args[place]:
        return call.index(judgement.signature, context.args[place][0]), False
    return judgement.signature, judgement.is_lasting


def _lacks_argument(signature: CallableType, args: Sequence[Sequence[Expression]]) -> bool:
    required = map(ArgKind.is_required, signature.arg_kinds)
    return any(needed and not given for needed, given in zip(required, args, strict=True))


def _report(api: TypeChecker, finding: Finding | None) -> None:
    if finding is not None:
        api.fail(finding.message, finding.where, code=finding.code)


class _Call:
    """One call: the expression, and the judge of what it may mean."""

    def __init__(
        self,
        context: FunctionSigContext | MethodSigContext,
        callee: Callee,
        types: Types,
        settings: Settings,
        well_formed: WellFormed,
    ) -> None:
        self.api = context.api
        self.context = context.context
        self.judge_of_call = Judge(
            types,
            settings,
            well_formed,
            Arguments(self.api).type_of,
            callee,
            self.context,
            Bindings.around(self.api),
        )

    def report(self, finding: Finding | None) -> None:
        if finding is not None:
            self.api.fail(finding.message, finding.where, code=finding.code)

    def judge(
        self,
        signature: CallableType,
        args: Sequence[Sequence[Expression]],
        sized: Sequence[bool] | None = None,
    ) -> Judgement:
        return self.judge_of_call.judge(signature, self._actuals(signature, args), sized)

    def follow(
        self, signature: CallableType, args: Sequence[Sequence[Expression]]
    ) -> Judgement | None:
        """Judge a call that is given functions; None where these have no sizes."""
        if not isinstance(self.api, TypeChecker):
            return None
        call, type_of = self.context, partial(type_alone, self.api)
        if isinstance(call, CallExpr) and brought(call, signature, type_of) is None:
            return None
        return follow(self.api, self.judge_of_call, signature, self._actuals(signature, args))

    def _actuals(
        self, signature: CallableType, args: Sequence[Sequence[Expression]]
    ) -> list[list[Actual]]:
        actuals = [[self._actual(expression) for expression in given] for given in args]
        if not any(actual.kind.is_star() for given in actuals for actual in given):
            return actuals
        judge = self.judge_of_call
        unpacking = Unpacking(self.api, judge.types, judge.type_of, judge.bindings)
        return unpacking.by_formals(signature, actuals)

    def _actual(self, expression: Expression) -> Actual:
        call = self.context
        if isinstance(call, CallExpr):
            brought = zip(call.args, call.arg_kinds, call.arg_names, strict=True)
            for argument, kind, name in brought:
                if argument is expression:
                    return Actual(expression, kind, name)
        return Actual(expression)

    def index(self, signature: CallableType, index: Expression) -> CallableType:
        judge = self.judge_of_call
        prove = judge.settings.prove_ranges
        receiver = judge.callee.receiver
        walker = Walker(judge.type_of, Reader(), Reader(), judge.bindings)
        indexed, found = with_index(signature, index, walker, judge.types, prove, receiver)
        self.report(found)
        return indexed

    def rivals(self) -> list[Judgement]:
        """Judge every overload that this call could mean, if there are several."""
        fitting = list(self.overloads())
        return [self.follow(item, args) or self.judge(item, args) for item, args in fitting]

    def literal_of(self, expression: Expression) -> Type:
        """Give the type of an argument, a literal where its value is known."""
        judge = self.judge_of_call
        return Arithmetic(Reader(), judge.type_of, judge.bindings).literal(expression)

    def without_overload(self, signature: CallableType) -> CallableType:
        """Report that no overload is for the literals brought; mypy, too, where we cannot."""
        who = self.judge_of_call.callee.who(signature)
        found = unmet_literal(who, self.fitting(), self.literal_of)
        if found is None:
            return signature
        self.report(found)
        result = without_sizes(signature.ret_type, self.judge_of_call.types)
        anything = AnyType(TypeOfAny.from_error)
        formals = [anything for _ in signature.arg_types]
        return signature.copy_modified(arg_types=formals, ret_type=result)

    def overloads(self) -> Iterator[tuple[CallableType, list[list[Expression]]]]:
        """Walk the overloads that this call could mean, each with what its formals take."""
        for item, args in self.fitting():
            if meets_literals(item, args, self.literal_of):
                yield item, args

    def misses_overload(
        self, signature: CallableType, args: Sequence[Sequence[Expression]]
    ) -> bool:
        """Say whether this is one of several overloads, and takes other arguments than these."""
        call = self.context
        if not isinstance(call, CallExpr) or may_fit(signature, args, call):
            return False
        return bool(self._items())

    def has_another_after(self, signature: CallableType) -> bool:
        """Say whether this is one of several overloads, and not the last."""
        items = self._items()  # anew, with other variables; an alias's may have no definition
        return bool(items) and _identity(items[-1]) != _identity(signature)

    def without_fitting(self, signature: CallableType) -> CallableType:
        """Report that no overload takes these arguments: mypy would write them all."""
        assert isinstance(self.context, CallExpr)
        judge = self.judge_of_call
        self.report(unfitting(judge.callee.who(signature), self.context, self._items()))
        return of_anything(signature, without_sizes(signature.ret_type, judge.types))

    def fitting(self) -> Iterator[tuple[CallableType, list[list[Expression]]]]:
        """Walk the overloads whose formals take all arguments, whatever their types."""
        for item in self._items():
            assert isinstance(self.context, CallExpr)
            args = brought(self.context, item, partial(type_alone, self.api))
            if args is not None:
                yield item, args

    def _items(self) -> Sequence[CallableType]:
        """List the overloads of what is called, if there are several."""
        if not isinstance(self.context, CallExpr) or not isinstance(self.api, TypeChecker):
            return []
        callee = what_is_called(self.context, self.api)
        if isinstance(callee, Instance):
            callee = get_proper_type(call_of(self.api, callee, self.context))
        return callee.items if isinstance(callee, Overloaded) else []


def _identity(overload: CallableType) -> object:
    return overload.definition or str(overload)


def is_refused(signature: CallableType) -> bool:
    """Say whether a signature was refused, as another overload fits."""
    formals = [get_proper_type(formal) for formal in signature.arg_types]
    return bool(formals) and all(isinstance(formal, UninhabitedType) for formal in formals)


def refused(signature: CallableType) -> CallableType:
    """Return a signature that no call meets."""
    refused = [UninhabitedType() for _ in signature.arg_types]
    return signature.copy_modified(arg_types=refused)
