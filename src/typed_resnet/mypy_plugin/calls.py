"""Check a call: match the sizes that its signature declares with those of its arguments.

mypy's own inference cannot be left to do it: where one argument's height is 56 and another's a
type variable, it infers `Any` and says nothing. So sizes are matched here, and mypy is given the
signature with every size filled in, to compare all the rest.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from mypy.argmap import map_actuals_to_formals
from mypy.checker import TypeChecker
from mypy.checkmember import analyze_member_access
from mypy.errorcodes import ErrorCode
from mypy.expandtype import expand_type
from mypy.nodes import ARG_STAR, CallExpr, Context, Decorator, Expression, FuncDef
from mypy.plugin import CheckerPluginInterface, FunctionSigContext, MethodSigContext
from mypy.typeops import make_simplified_union
from mypy.types import (
    AnyType,
    CallableType,
    FunctionLike,
    Instance,
    Overloaded,
    Type,
    TypeOfAny,
    TypeVarId,
    TypeVarLikeType,
    TypeVarTupleType,
    TypeVarType,
    UninhabitedType,
    UnpackType,
    get_proper_type,
)

from typed_resnet.dims.matching import Match, RangeFailure, Star, match, symbols_of
from typed_resnet.dims.sentences import out_of_range, sentence
from typed_resnet.dims.term import Operation
from typed_resnet.mypy_plugin.codes import SHAPE, SHAPE_RANGE
from typed_resnet.mypy_plugin.parts import Walker
from typed_resnet.mypy_plugin.translate import (
    Reader,
    Types,
    Writer,
    axis_runs,
    holds_sizes,
    is_tensor,
    normalize,
    print_instance,
    symbol_of,
)

SIGNS = {"__add__": "+", "__sub__": "-", "__mul__": "*", "__truediv__": "/", "__matmul__": "@"}


def check_call(
    context: FunctionSigContext | MethodSigContext, receiver: Type | None, types: Types
) -> FunctionLike:
    """Check the sizes of a call, and return its signature with all of them filled in."""
    signature = context.default_signature
    if not _declares_sizes(signature):
        return signature
    call = _Call(context.api, context.context, receiver, types)
    judgement = call.judge(signature, context.args)
    if judgement.error is None:
        return judgement.signature
    rivals = call.rivals(signature)
    if any(rival.error is None for rival in rivals):
        return judgement.refusal()  # another overload fits: mypy shall not take this one
    (rivals or [judgement])[-1].report(context.api)
    return judgement.signature


def _declares_sizes(signature: CallableType) -> bool:
    return bool(_size_variables(signature)) or any(
        holds_sizes(typ) for typ in (*signature.arg_types, signature.ret_type)
    )


def _size_variables(signature: CallableType) -> list[TypeVarLikeType]:
    """List a signature's own variables that stand for sizes, or for the axes of some Tensor."""
    if not signature.variables:
        return []
    runs = {i for typ in (*signature.arg_types, signature.ret_type) for i in axis_runs(typ)}
    return [
        variable
        for variable in signature.variables
        if symbol_of(variable) is not None
        and (variable.id in runs or not isinstance(variable, TypeVarTupleType))
    ]


@dataclass(frozen=True)
class _Error:
    """What is wrong with a call, and where."""

    message: str
    where: Context
    code: ErrorCode
    formal: int | None = None


@dataclass(frozen=True)
class _Judgement:
    """A signature with the sizes of a call filled in, and what is wrong with the call."""

    signature: CallableType
    error: _Error | None

    def refusal(self) -> CallableType:
        """Return a signature that no call meets."""
        refused = [UninhabitedType() for _ in self.signature.arg_types]
        return self.signature.copy_modified(arg_types=refused)

    def report(self, api: CheckerPluginInterface) -> None:
        if self.error is not None:
            api.fail(self.error.message, self.error.where, code=self.error.code)


class _Call:
    """One call: who is called, by which expression, and what that makes of a signature."""

    def __init__(
        self,
        api: CheckerPluginInterface,
        context: Context,
        receiver: Type | None,
        types: Types,
    ) -> None:
        self.api = api
        self.context = context
        self.receiver = get_proper_type(receiver) if receiver is not None else None
        self.types = types

    def judge(self, signature: CallableType, args: Sequence[Sequence[Expression]]) -> _Judgement:
        """Match the sizes of the arguments with those of the signature, and fill them in."""
        walker = Walker(self.api.get_expression_type, Reader(_size_variables(signature)), Reader())
        formals, places = self._walk(walker, signature, args)
        matched = match(walker.parts, walker.formals.flexible.values())
        filled = self._fill(signature, formals, matched, walker)
        if matched.failure is not None:
            formal, where = places[walker.parts.index(matched.failure.part)]
            code = SHAPE_RANGE if isinstance(matched.failure, RangeFailure) else SHAPE
            message = sentence(self.who(signature), matched.failure)
            return _Judgement(filled, _Error(message, where, code, formal))
        return _Judgement(filled, self._out_of_range(signature, matched, walker))

    def _walk(
        self, walker: Walker, signature: CallableType, args: Sequence[Sequence[Expression]]
    ) -> tuple[list[Type], list[tuple[int, Context]]]:
        """Collect the parts of all arguments; return the formals left, and where each part is."""
        declared = _declared(signature)
        formals = list(signature.arg_types)
        places: list[tuple[int, Context]] = []
        for index, given in enumerate(args):
            formal = get_proper_type(formals[index])
            place = signature.arg_names[index] or f"argument {index + 1}"
            if isinstance(formal, UnpackType):
                if self._walk_run(walker, formal, given, place):
                    places.append((index, given[0] if given else self.context))
                    if not any(map(self._is_starred, given)):
                        formals[index] = self.types.instance("builtins.int", [])
                continue
            is_size = isinstance(formal, TypeVarType) and symbol_of(formal) is not None
            if not (is_size or holds_sizes(formal)):
                continue
            walked: list[Type] = []
            for expression in given:
                actual = self.api.get_expression_type(expression)
                if isinstance(formal, TypeVarType):
                    walker.size(formal, actual, expression, place)
                    walked.append(actual)
                else:
                    walked.append(walker.walk(formal, actual, declared[index], place))
                places += [(index, expression)] * (len(walker.parts) - len(places))
            if walked:
                formals[index] = make_simplified_union(walked)
        return formals, places

    def _walk_run(
        self, walker: Walker, formal: UnpackType, given: Sequence[Expression], place: str
    ) -> bool:
        """Collect the sizes that `*shape: *Sizes` takes; say whether it takes sizes at all."""
        run = get_proper_type(formal.type)
        if not (isinstance(run, TypeVarTupleType) and run.id in walker.formals.flexible):
            return False
        brought = [
            (self.api.get_expression_type(expression), expression, self._is_starred(expression))
            for expression in given
        ]
        walker.sizes(formal, brought, place)
        return True

    def _is_starred(self, expression: Expression) -> bool:
        """Say whether an argument is unpacked: `zeros(*shape)`."""
        call = self.context
        return isinstance(call, CallExpr) and any(
            argument is expression and kind == ARG_STAR
            for argument, kind in zip(call.args, call.arg_kinds, strict=True)
        )

    def _fill(
        self, signature: CallableType, formals: list[Type], matched: Match, walker: Walker
    ) -> CallableType:
        """Put the sizes found in the place of the signature's own variables."""
        writer = Writer(self.types, walker.formals, walker.actuals)
        found: dict[TypeVarId, Type] = {}
        for variable_id, symbol in walker.formals.flexible.items():
            if symbol in matched.sizes:
                found[variable_id] = writer.size(matched.sizes[symbol])
            elif symbol in matched.stars:
                found[variable_id] = writer.shape(matched.stars[symbol])
            elif matched.failure is not None:
                found[variable_id] = AnyType(TypeOfAny.from_error)
        filled = expand_type(
            signature.copy_modified(
                arg_types=formals, variables=[v for v in signature.variables if v.id not in found]
            ),
            found,
        )
        assert isinstance(filled, CallableType)
        return filled.copy_modified(
            arg_types=[normalize(formal, self.types) for formal in filled.arg_types],
            ret_type=normalize(filled.ret_type, self.types),
        )

    def _out_of_range(
        self, signature: CallableType, matched: Match, walker: Walker
    ) -> _Error | None:
        """Find a size of the result that can never be one or more."""
        result = get_proper_type(signature.ret_type)
        if not isinstance(result, Instance) or not is_tensor(result.type):
            return None
        known = {symbol: size for symbol, size in matched.sizes.items() if size is not None}
        names = _axis_names(_declared_result(signature))
        for axis, term in enumerate(walker.formals.axes(result.args)):
            if isinstance(term, Operation):
                name = names[axis] if axis < len(names) else None
                message = out_of_range(self.who(signature), term, known, name, axis)
                if message is not None:
                    return _Error(message, self.context, SHAPE_RANGE)
        return None

    def rivals(self, signature: CallableType) -> list[_Judgement]:
        """Judge every overload that this call could mean, if there are several."""
        if not isinstance(self.context, CallExpr) or not _is_overload(signature):
            return []
        callee = self.api.get_expression_type(self.context.callee)
        proper = get_proper_type(callee)
        if isinstance(proper, Instance):
            proper = get_proper_type(self._member("__call__", proper))
        if not isinstance(proper, Overloaded):
            return []
        mapped = [(item, self._arguments(self.context, item)) for item in proper.items]
        return [self.judge(item, args) for item, args in mapped if args is not None]

    def _member(self, name: str, owner: Instance) -> Type:
        assert isinstance(self.api, TypeChecker)
        return analyze_member_access(
            name,
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
        if missing or len(taken) != len(call.args):
            return None
        return [[call.args[actual] for actual in actuals] for actuals in mapping]

    def who(self, signature: CallableType) -> str:
        """Name what is called, as the run names it: `relu`, `Conv2D[3, 64, 7, 2, 3]`, `+`."""
        if signature.is_type_obj():
            return signature.type_object().name
        name = signature.definition.name if signature.definition is not None else "call"
        if name in SIGNS:
            return SIGNS[name]
        receiver = self.receiver
        if isinstance(receiver, CallableType) and receiver.is_type_obj():
            return f"{receiver.type_object().name}.{name}"
        if isinstance(receiver, Instance):
            owner = print_instance(receiver)
            return owner if name in ("__call__", "forward") else f"{owner}.{name}"
        return name


def _is_overload(signature: CallableType) -> bool:
    definition = signature.definition
    if isinstance(definition, Decorator):
        definition = definition.func
    return isinstance(definition, FuncDef) and definition.is_overload


def _declaration(signature: CallableType) -> CallableType | None:
    """Return the signature as its author wrote it, before any type was put for another."""
    definition = signature.definition
    if isinstance(definition, Decorator):
        definition = definition.func
    typ = definition.type if isinstance(definition, FuncDef) else None
    return typ if isinstance(typ, CallableType) else None


def _declared(signature: CallableType) -> list[Type | None]:
    written = _declaration(signature)
    if written is None:
        return [None] * len(signature.arg_types)
    bound = len(written.arg_types) - len(signature.arg_types)  # `self` is gone once bound
    return [*written.arg_types[bound:]] if bound >= 0 else [None] * len(signature.arg_types)


def _declared_result(signature: CallableType) -> Type:
    written = _declaration(signature)
    return signature.ret_type if written is None else written.ret_type


def _axis_names(typ: Type) -> list[str | None]:
    """Name each axis of a declared result by the first symbol it is computed from."""
    proper = get_proper_type(typ)
    if not isinstance(proper, Instance):
        return []
    axes = Reader().axes(proper.args)
    return [
        None
        if axis is None or isinstance(axis, Star)
        else next((symbol.name for symbol in symbols_of(axis)), None)
        for axis in axes
    ]
