"""Judge one signature by the arguments of one call, and fill in the sizes that it finds."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from itertools import product
from math import prod
from typing import Final, NamedTuple

from mypy.errorcodes import ARG_TYPE
from mypy.expandtype import expand_type, freshen_function_type_vars
from mypy.nodes import Context, Expression, TempNode
from mypy.typeops import make_simplified_union
from mypy.types import (
    AnyType,
    CallableType,
    Instance,
    Type,
    TypeOfAny,
    TypeVarId,
    TypeVarTupleType,
    TypeVarType,
    UnionType,
    UnpackType,
    get_proper_type,
)

from typed_resnet.dims.matching import Failure, Match, RangeFailure, match
from typed_resnet.dims.sentences import of_another_kind, sentence
from typed_resnet.mypy_plugin.bindings import Bindings
from typed_resnet.mypy_plugin.classes import condition_of, is_tensor, size_parameters
from typed_resnet.mypy_plugin.codes import SHAPE, SHAPE_RANGE
from typed_resnet.mypy_plugin.findings import Actual, Finding, Judgement
from typed_resnet.mypy_plugin.impossible import Impossible
from typed_resnet.mypy_plugin.losses import find_lost
from typed_resnet.mypy_plugin.normalizing import normalize, without_sizes
from typed_resnet.mypy_plugin.parts import Walker
from typed_resnet.mypy_plugin.queries import holds_error, holds_sizes
from typed_resnet.mypy_plugin.settings import Settings
from typed_resnet.mypy_plugin.signatures import (
    Callee,
    is_of_another_kind,
    kind,
    size_variables,
    takes_sizes,
)
from typed_resnet.mypy_plugin.translate import Reader, SymbolOf, Types, Writer, by_names
from typed_resnet.mypy_plugin.wellformed import WellFormed

MOST_CASES: Final = 16
"""Of an argument whose type is a union each case is judged; of more than these, none."""


class Judge(NamedTuple):
    """Judges signatures for one call."""

    types: Types
    settings: Settings
    well_formed: WellFormed
    type_of: Callable[[Expression], Type]
    callee: Callee
    where: Context
    bindings: Bindings
    say: Callable[[str, Failure], str] = sentence
    """Says what of a signature is not met."""

    def judge(
        self,
        signature: CallableType,
        actuals: Sequence[Sequence[Actual]],
        sized: Sequence[bool] | None = None,
    ) -> Judgement:
        """Match the sizes of the arguments with those of the signature, and fill them in.

        An argument that may be one of several shapes is judged as each of them. Which formals
        take sizes, `sized`, may be known already.
        """
        # A recursive call brings the function's own variables as sizes of its arguments.
        signature = freshen_function_type_vars(signature)
        cases = self._cases(actuals, sized or list(map(takes_sizes, signature.arg_types)))
        judgements = [self._judge_case(signature, case) for case in cases]
        if len(judgements) == 1:
            return judgements[0]
        first = judgements[0].signature
        formals = zip(*(judgement.signature.arg_types for judgement in judgements), strict=True)
        return Judgement(
            first.copy_modified(
                arg_types=[make_simplified_union(list(types)) for types in formals],
                ret_type=make_simplified_union([j.signature.ret_type for j in judgements]),
            ),
            next((j.error for j in judgements if j.error is not None), None),
            next((j.lost for j in judgements if j.lost is not None), None),
            all(judgement.from_types for judgement in judgements),
            next((j.another_kind for j in judgements if j.another_kind is not None), None),
        )

    def _cases(
        self, actuals: Sequence[Sequence[Actual]], sized: Sequence[bool]
    ) -> list[list[list[Actual]]]:
        """Write out the cases of arguments whose types are unions of sized types."""
        choices = [
            [self._choices(actual) if wanted else [actual] for actual in given]
            for wanted, given in zip(sized, actuals, strict=True)
        ]
        if prod(len(choice) for given in choices for choice in given) > MOST_CASES:
            choices = [[choice[:1] for choice in given] for given in choices]
        return [
            [list(given) for given in case]
            for case in product(*(list(product(*given)) for given in choices))
        ]

    def _choices(self, actual: Actual) -> list[Actual]:
        """List the cases of an argument: those of a union that holds sizes, or else itself."""
        typ = self.type_of(actual.expression)
        proper = get_proper_type(typ)
        cases = [typ]
        if isinstance(proper, UnionType) and sum(map(holds_sizes, proper.items)) > 1:
            cases = list(proper.items)
        return [actual._replace(type=case) for case in cases]

    def _judge_case(
        self, signature: CallableType, actuals: Sequence[Sequence[Actual]]
    ) -> Judgement:
        return by_names(partial(self._judge_read, signature, actuals))

    def _judge_read(
        self,
        signature: CallableType,
        actuals: Sequence[Sequence[Actual]],
        naming: SymbolOf,
    ) -> Judgement:
        formals = Reader(size_variables(signature), naming)
        walker = Walker(self.type_of, formals, Reader((), naming), self.bindings)
        left, places = self._walk(walker, signature, actuals)
        matched = match(walker.parts, walker.formals.flexible.values())
        wrong_before = any(
            holds_error(actual.type)
            for given in actuals
            for actual in given
            if actual.type is not None
        )
        another_kind = self._another_kind(signature, actuals)
        lost = None
        if not wrong_before:
            lost = find_lost(self.callee, signature, walker, matched, places, self.where)
        told = wrong_before or another_kind is not None or matched.failure is not None
        told = told or (self.settings.strict and lost is not None)
        writer = Writer(self.types, walker.formals, walker.actuals, after_error=told)
        filled = self._fill(signature, left, matched, writer, formals)
        if another_kind is not None:  # and nothing more is to be said
            result = without_sizes(filled.ret_type, self.types)
            return Judgement(
                filled.copy_modified(ret_type=result), None, None, False, another_kind
            )
        error = self._failure(signature, matched, walker, places)
        impossible = Impossible(
            self.callee, self.where, self.well_formed, self.settings.prove_ranges
        )
        error = error or impossible.found(signature, filled, matched, walker)
        if error is not None:
            # What comes out is not judged again: one mistake is reported once.
            result = without_sizes(filled.ret_type, self.types)
            return Judgement(filled.copy_modified(ret_type=result), error)
        settled = not walker.read_arithmetic and self.well_formed.is_settled(filled.ret_type)
        return Judgement(filled, None, lost, settled)

    def _failure(
        self, signature: CallableType, matched: Match, walker: Walker, places: Sequence[Context]
    ) -> Finding | None:
        """Say which argument does not fit."""
        if matched.failure is None:
            return None
        where = places[walker.parts.index(matched.failure.part)]
        code = SHAPE_RANGE if isinstance(matched.failure, RangeFailure) else SHAPE
        return Finding(self.say(self.callee.who(signature), matched.failure), where, code)

    def _another_kind(
        self, signature: CallableType, actuals: Sequence[Sequence[Actual]]
    ) -> Finding | None:
        """Find an argument that has no sizes of the kind declared: an int for x, a text for c."""
        for place, formal, given in zip(
            signature.arg_names, signature.arg_types, actuals, strict=True
        ):
            for actual in given:
                if actual.type is None or actual.unpacked:
                    continue
                if is_of_another_kind(formal, actual.type):
                    who = self.callee.who(signature)
                    message = of_another_kind(who, place or "", kind(formal), kind(actual.type))
                    return Finding(message, actual.expression, ARG_TYPE)
        return None

    def _walk(
        self, walker: Walker, signature: CallableType, actuals: Sequence[Sequence[Actual]]
    ) -> tuple[list[Type], list[Context]]:
        """Collect the parts of all arguments; return the formals left, and where each part is."""
        declared = self.callee.declared_arguments(signature)
        formals = list(signature.arg_types)
        places: list[Context] = []
        for index, given in enumerate(actuals):
            formal = get_proper_type(formals[index])
            condition = condition_of(formal)
            place = signature.arg_names[index] or f"argument {index + 1}"
            if condition is not None:
                walker.condition(condition, place)
                places += [self.where] * (len(walker.parts) - len(places))
                continue
            brought = [(a.expression, a.type, a.unpacked) for a in given if a.type is not None]
            if isinstance(formal, UnpackType):
                run = get_proper_type(formal.type)
                if isinstance(run, TypeVarTupleType) and run.id in walker.formals.flexible:
                    walker.sizes(formal, brought, place)
                    places.append(given[0].expression if given else self.where)
                    unpacked = any(actual.unpacked for actual in given)
                    # What is unpacked may be `*tuple[*B]`, whose items mypy takes for objects,
                    # and of `max(c, 8)` it has another idea.
                    known = unpacked or None not in walker.parts[-1].actual
                    integer = self.types.instance("builtins.int", [])
                    formals[index] = AnyType(TypeOfAny.special_form) if known else integer
                continue
            walked: list[Type] = []
            for expression, typ, _ in brought:
                if isinstance(formal, TypeVarType):
                    walker.size(formal, typ, expression, place)
                    # An item of what is unpacked is an int to mypy, whatever we know of it.
                    other = is_of_another_kind(formal, typ) or isinstance(expression, TempNode)
                    walked.append(formal.upper_bound if other else typ)
                else:
                    left = walker.walk(formal, typ, declared[index], place)
                    walked.append(left_to_compare(left, typ))
                places += [expression] * (len(walker.parts) - len(places))
            if walked:
                formals[index] = make_simplified_union(walked)
        return formals, places

    def _fill(
        self,
        signature: CallableType,
        formals: list[Type],
        matched: Match,
        writer: Writer,
        reader: Reader,
    ) -> CallableType:
        """Put the sizes found in the place of the signature's own variables."""
        found: dict[TypeVarId, Type] = {}
        for variable_id, symbol in reader.flexible.items():
            if symbol in matched.sizes:
                found[variable_id] = writer.size(matched.sizes[symbol])
            elif symbol in matched.stars:
                found[variable_id] = writer.shape(matched.stars[symbol])
            elif writer.after_error:
                found[variable_id] = AnyType(TypeOfAny.from_error)
        left = [variable for variable in signature.variables if variable.id not in found]
        filled = expand_type(signature.copy_modified(arg_types=formals, variables=left), found)
        assert isinstance(filled, CallableType)
        return filled.copy_modified(
            arg_types=[normalize(formal, self.types) for formal in filled.arg_types],
            ret_type=normalize(filled.ret_type, self.types),
        )


def left_to_compare(left: Type, brought: Type) -> Type:
    """Choose what mypy has to compare of an argument, once its sizes have been matched.

    Of a Tensor nothing: what is left would guide mypy's inference inside the argument, where sizes
    have other forms. Of a class that names the sizes of its base by arithmetic, the class itself.
    """
    formal, actual = get_proper_type(left), get_proper_type(brought)
    if not isinstance(formal, Instance) or not isinstance(actual, Instance):
        return left
    if not actual.type.has_base(formal.type.fullname):
        return left
    if is_tensor(formal.type):
        return AnyType(TypeOfAny.special_form)
    inherits = actual.type is not formal.type
    return actual if inherits and len(size_parameters(formal.type)) == len(formal.args) else left
