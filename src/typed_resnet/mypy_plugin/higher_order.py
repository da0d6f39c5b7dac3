"""Follow the functions that a call is given: `map(conv, xs)` is judged as conv of each of xs.

mypy's own inference cannot be left to do it: it knows no arithmetic, and of several variables it
solves now this one first, now that one. So what a function is called with is found from the other
arguments; that call is judged as if it were written out; and what it returns is put where the
signature has the function's result.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from mypy.checker import TypeChecker
from mypy.constraints import SUPERTYPE_OF, infer_constraints
from mypy.errorcodes import ARG_TYPE
from mypy.expandtype import expand_type, freshen_function_type_vars
from mypy.infer import infer_function_type_arguments
from mypy.messages import format_type_distinctly
from mypy.nodes import ARG_NAMED, Expression, LambdaExpr
from mypy.solve import solve_constraints
from mypy.subtypes import is_subtype
from mypy.typeops import freeze_all_type_vars, get_all_type_vars
from mypy.types import (
    AnyType,
    CallableType,
    Parameters,
    ParamSpecType,
    Type,
    TypeOfAny,
    TypeVarId,
    TypeVarLikeType,
    UninhabitedType,
    get_proper_type,
)

from typed_resnet.dims.matching import Star
from typed_resnet.dims.sentences import lost, returned
from typed_resnet.mypy_plugin.asking import type_alone
from typed_resnet.mypy_plugin.codes import SHAPE_UNKNOWN
from typed_resnet.mypy_plugin.findings import Actual, Finding, Judgement
from typed_resnet.mypy_plugin.functions import Function, Passed, called_by, value_of
from typed_resnet.mypy_plugin.items import Actuals, brought_items
from typed_resnet.mypy_plugin.judgement import Judge
from typed_resnet.mypy_plugin.normalizing import without_sizes
from typed_resnet.mypy_plugin.queries import foreign_variables, holds_sizes
from typed_resnet.mypy_plugin.signatures import declares_sizes, takes_sizes


def follow(
    api: TypeChecker, judge: Judge, signature: CallableType, actuals: Actuals
) -> Judgement | None:
    """Judge a call that is given functions with sizes; None where it is given none."""
    functions: dict[int, Function] = {}
    guards = False
    for place, (formal, given) in enumerate(zip(signature.arg_types, actuals, strict=True)):
        called = called_by(formal)
        if called is not None and len(given) == 1 and not given[0].kind.is_star():
            functions[place] = Function(api, given[0].expression)
            guards = guards or called.type_guard is not None or called.type_is is not None
    others = [[] if place in functions else given for place, given in enumerate(actuals)]
    sized = [function for function in functions.values() if function.is_sized()]
    if not sized:
        lambdas = any(isinstance(f.expression, LambdaExpr) for f in functions.values())
        brought = (a.expression for given in others for a in given)
        if not lambdas or not any(holds_sizes(type_alone(api, e)) for e in brought):
            return None
    if guards:
        refused = [UninhabitedType() for _ in signature.arg_types]
        return Judgement(signature.copy_modified(arg_types=refused), None)
    return _Following(api, judge, signature, functions, others).judgement()


class _Following:
    """One call: its signature, of which ever more is known."""

    def __init__(
        self,
        api: TypeChecker,
        judge: Judge,
        signature: CallableType,
        functions: dict[int, Function],
        others: Actuals,
    ) -> None:
        self.api = api
        self.judge = judge
        self.signature = freshen_function_type_vars(signature)
        self.who = judge.callee.who(signature)
        self.functions = functions
        self.others = others
        self.inferred = {p for p in functions if foreign_variables(self._called(p).ret_type)}
        """The functions whose results are inferred, not declared."""
        self.opened: list[TypeVarLikeType] = []
        """Variables of functions that are passed on with them."""
        self.error: Finding | None = None
        self.lost: Finding | None = None

    def judgement(self) -> Judgement:
        """Judge the call: first all that is no function, then each function by what is known."""
        self._read_others()
        waiting = dict(self.functions)
        while waiting and self.error is None and self.lost is None:
            known = {place: b for place in waiting if (b := self._brought(place)) is not None}
            place = next(iter(known or waiting))
            function = waiting.pop(place)
            if known:
                result, wrong = function.call(known[place])
                if wrong is None:
                    self._take(place, self._called(place).ret_type, result)
                elif self._is_of_opened(wrong.message):
                    self._lose(function.expression)
                else:
                    self.error = wrong
            elif not self._open(place, function):
                self._lose(function.expression)
        return self._concluded()

    def _called(self, place: int) -> CallableType:
        called = called_by(self.signature.arg_types[place])
        assert called is not None
        return called

    def _read_others(self) -> None:
        """Match the sizes of what is no function, and infer the types."""
        if declares_sizes(self.signature):
            self._keep(self.judge.judge(self.signature, self.others))
        actuals = {a.expression: a for given in self.others for a in given}
        index = {expression: place for place, expression in enumerate(actuals)}
        found, _ = infer_function_type_arguments(
            self.signature,
            [self._type_of(expression) for expression in actuals],
            [actual.kind for actual in actuals.values()],
            [actual.name for actual in actuals.values()],
            [[index[actual.expression] for actual in given] for given in self.others],
            self.api.expr_checker.argument_infer_context(),
        )
        self._put(found)

    def _type_of(self, expression: Expression) -> Type | None:
        is_lambda = isinstance(expression, LambdaExpr)
        return None if is_lambda else type_alone(self.api, expression)

    def _keep(self, judged: Judgement) -> None:
        self.signature = judged.signature
        self.error = self.error or judged.error
        if self.judge.settings.strict:
            self.lost = self.lost or judged.lost

    def _put(self, found: Sequence[Type | None]) -> None:
        """Put the types that were found in the place of the signature's variables."""
        self._expand(
            {
                variable.id: typ
                for variable, typ in zip(self.signature.variables, found, strict=True)
                if typ is not None
                and not isinstance(variable, ParamSpecType)
                and not isinstance(get_proper_type(typ), UninhabitedType)
            }
        )

    def _expand(self, solved: dict[TypeVarId, Type]) -> None:
        left = [v for v in self.signature.variables if v.id not in solved]
        expanded = expand_type(self.signature.copy_modified(variables=left), solved)
        assert isinstance(expanded, CallableType)
        self.signature = expanded

    def _is_open(self, typ: Type) -> bool:
        """Say whether some variable of the signature is not solved in a type."""
        own = {variable.id for variable in self.signature.variables}
        return any(variable.id in own for variable in get_all_type_vars(typ))

    def _brought(self, place: int) -> list[Actual] | None:
        """List what a function is called with; None where that is not known yet, or never."""
        called = self._called(place)
        if called.is_ellipsis_args:
            return brought_items(self.api, self.judge.callee, self.signature, self.others)
        spec = called.param_spec()
        typed = called.arg_types if spec is None else called.arg_types[:-2]
        if any(map(self._is_open, typed)):
            return None
        kinds = called.arg_kinds[: len(typed)]
        if any(kind.is_star() for kind in kinds):
            return None
        brought = [
            Actual(value_of(typ, self.judge.where), ARG_NAMED, name)
            if kind.is_named()
            else Actual(value_of(typ, self.judge.where))
            for typ, kind, name in zip(typed, kinds, called.arg_names, strict=False)
        ]
        if spec is None:
            return brought
        passed_on = [
            given
            for formal, given in zip(self.signature.arg_types, self.others, strict=True)
            if isinstance(formal, ParamSpecType) and formal.id == spec.id
        ]
        return [*brought, *(a for given in passed_on for a in given)] if passed_on else None

    def _take(self, place: int, declared: Type, brought: Type) -> None:
        """Match a type of a function with the one declared of it, and put what follows."""
        where = self.functions[place].expression
        formals = list(self.signature.arg_types)
        formals[place] = declared
        self.signature = self.signature.copy_modified(arg_types=formals)
        callee = Passed(self.judge.callee.fullname, self.judge.callee.receiver, place)
        if takes_sizes(declared):
            judge = self.judge._replace(callee=callee, say=returned)
            actuals: list[list[Actual]] = [[] for _ in formals]
            actuals[place] = [Actual(value_of(brought, where))]
            judged = judge.judge(self.signature, actuals)
            if judged.error is not None and place in self.inferred:
                self._lose(where)
                return
            self._keep(judged)
        constraints = infer_constraints(self.signature.arg_types[place], brought, SUPERTYPE_OF)
        self._put(solve_constraints(self.signature.variables, constraints)[0])
        wanted = self.signature.arg_types[place]
        if self.error is None and not is_subtype(brought, wanted):
            got, expected = format_type_distinctly(brought, wanted, options=self.api.options)
            who = callee.who(self.signature)
            self.error = Finding(f"{who} returns {got}, declared {expected}", where, ARG_TYPE)

    def _open(self, place: int, function: Function) -> bool:
        """Pass a function's own variables on, where nothing else says what it is called with.

        So `compose(conv, relu)` is a function for all sizes that conv is for.
        """
        called, signatures = self._called(place), function.signatures()
        if not signatures or called.is_ellipsis_args:
            return False
        own = freshen_function_type_vars(signatures[0])
        freeze_all_type_vars(own)
        spec = called.param_spec()
        typed = called.arg_types if spec is None else called.arg_types[:-2]
        kinds = own.arg_kinds
        required = sum(kind.is_required() for kind in kinds)
        positional = [kind for kind in kinds[: len(typed)] if kind.is_positional()]
        if len(positional) < len(typed) or not all(map(self._is_open, typed)):
            return False
        if spec is not None:
            rest = slice(len(typed), None)
            self._expand(
                {spec.id: Parameters(own.arg_types[rest], kinds[rest], own.arg_names[rest])}
            )
        elif required > len(typed):
            return False
        self.opened += own.variables
        for formal, actual in zip(typed, own.arg_types, strict=False):
            self._take(place, formal, actual)
        self._take(place, called.ret_type, own.ret_type)
        if self.error is not None:  # it may be for some sizes what is asked for, as relu is
            self.error = None
            return False
        return True

    def _is_of_opened(self, message: str) -> bool:
        """Say whether a mistake may be one for some of the sizes only that a function is for."""
        return not {v.name for v in self.opened}.isdisjoint(re.findall(r"\w+", message))

    def _lose(self, where: Expression) -> None:
        """Say that what the call returns is not known, as it cannot be followed."""
        if holds_sizes(self.signature.ret_type) or self._is_open(self.signature.ret_type):
            finding = Finding(lost(self.who, [Star(None)]), where, SHAPE_UNKNOWN)
            self.lost = self.lost or finding

    def _concluded(self) -> Judgement:
        """Leave nothing of the functions for mypy to compare: all has been."""
        anything = AnyType(TypeOfAny.special_form)
        formals = [
            anything if isinstance(typ, ParamSpecType) else typ for typ in self.signature.arg_types
        ]
        for place, function in self.functions.items():
            formals[place] = function.wanted or anything
        if self.error is not None or self.lost is not None:
            unknown = AnyType(TypeOfAny.from_error)
            self._expand({variable.id: unknown for variable in self.signature.variables})
        result = self.signature.ret_type
        if self.error is not None or self.lost is not None:
            result = without_sizes(result, self.judge.types)
        elif isinstance(proper := get_proper_type(result), CallableType):
            own = {variable.id for variable in get_all_type_vars(proper)}
            opened = [variable for variable in self.opened if variable.id in own]
            # By its name mypy asks for our part in the calls of it.
            name = proper.name or self.judge.callee.name
            result = proper.copy_modified(variables=[*proper.variables, *opened], name=name)
        signature = self.signature.copy_modified(arg_types=formals, ret_type=result)
        return Judgement(signature, self.error, self.lost)
