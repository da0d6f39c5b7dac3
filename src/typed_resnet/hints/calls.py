"""A call, as its author declared it: the rule, and what each symbol of the rule is here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from mypy.expandtype import expand_type_by_instance
from mypy.maptype import map_instance_to_supertype
from mypy.nodes import (
    ARG_STAR,
    CallExpr,
    Decorator,
    Expression,
    FuncDef,
    MemberExpr,
    NameExpr,
    OverloadedFuncDef,
    RefExpr,
    SymbolNode,
    TypeInfo,
    Var,
)
from mypy.options import Options
from mypy.types import (
    AnyType,
    CallableType,
    FunctionLike,
    Instance,
    ProperType,
    Type,
    TypeOfAny,
    TypeVarType,
    UnpackType,
    get_proper_type,
)

from typed_resnet.dims.matching import Match, match
from typed_resnet.dims.normal_form import Dim, normal_form
from typed_resnet.dims.printer import show
from typed_resnet.dims.sentences import shape
from typed_resnet.dims.term import Symbol, Undefined
from typed_resnet.hints.printing import parameters as parameters_of
from typed_resnet.hints.printing import written
from typed_resnet.mypy_plugin.arithmetic import Arithmetic
from typed_resnet.mypy_plugin.bindings import Bindings
from typed_resnet.mypy_plugin.classes import size_parameters
from typed_resnet.mypy_plugin.fitting import brought
from typed_resnet.mypy_plugin.literals import meets_literals
from typed_resnet.mypy_plugin.parts import Walker
from typed_resnet.mypy_plugin.translate import Reader, print_instance, symbol_of

Typed = Mapping[Expression, Type]


@dataclass(frozen=True)
class Rule:
    """One signature that a call may mean."""

    who: str
    """Who is called: `relu`, `Conv2D[3, 64, 7, 2, 3]`."""
    fullname: str
    """Where that is written: `typed_resnet.layers.conv.Conv2D.__call__`."""
    signature: CallableType
    """As declared, without `self`."""
    owner: Instance | None = None
    """Of a method, the class that it is written in, with the sizes of the object."""

    def parameters(self, options: Options, *, required: bool = False) -> list[str]:
        """Write the parameters as declared, or with the sizes that this object requires."""
        typ = self.signature
        if required and self.owner is not None:
            typ = expand_type_by_instance(typ, self.owner)
        return parameters_of(typ, options)

    def parameter(self, call: CallExpr, place: int) -> int | None:
        """Say which parameter takes the argument at a place of a call, also one yet to come."""
        names, kinds = self.signature.arg_names, self.signature.arg_kinds
        if place < len(call.args) and call.arg_names[place] in names:
            return names.index(call.arg_names[place])
        run = kinds.index(ARG_STAR) if ARG_STAR in kinds else len(names)
        return min(place, run, len(names) - 1) if names else None

    def written(self, options: Options) -> str:
        result = written(self.signature.ret_type, options)
        return f"({', '.join(self.parameters(options))}) -> {result}"

    def known(self) -> dict[Symbol, Dim]:
        """Say what the type parameters of the class are."""
        if self.owner is None:
            return {}
        sizes: dict[Symbol, Dim] = {}
        for place, variable in size_parameters(self.owner.type):
            symbol, term = symbol_of(variable), Reader().term(self.owner.args[place])
            try:
                if symbol is not None and term is not None:
                    sizes[symbol] = normal_form(term)
            except Undefined:
                continue
        return sizes


def rules(call: CallExpr, types: Typed) -> list[Rule]:
    """List the signatures that a call may mean; several where they are overloads."""
    callee = call.callee
    typ = _type(callee, types)
    if isinstance(typ, Instance):
        return _methods(typ, "__call__", print_instance(typ))
    if isinstance(callee, MemberExpr):
        receiver = _type(callee.expr, types)
        if isinstance(receiver, Instance):
            return _methods(receiver, callee.name, f"{print_instance(receiver)}.{callee.name}")
        owner = callee.expr.node if isinstance(callee.expr, RefExpr) else None
        if isinstance(owner, TypeInfo):
            symbol = owner.get(callee.name)
            return _rules(symbol.node if symbol else None, f"{owner.name}.{callee.name}")
    if isinstance(callee, NameExpr | MemberExpr):
        found = _rules(callee.node, callee.name)
        if found or not isinstance(callee.node, TypeInfo):
            return found
        items = typ.items if isinstance(typ, FunctionLike) else []
        return [Rule(callee.name, callee.node.fullname, item) for item in items]
    return []


def chosen(call: CallExpr, types: Typed) -> tuple[Rule, Match] | None:
    """Say which signature a call means, and what its symbols are.

    The first that fits; where none does, the call may be one that is still being written.
    """
    known = rules(call, types)
    for finished in (True, False):
        judged = [(rule, _match(call, rule, types, finished)) for rule in known]
        fitting = [(rule, found) for rule, found in judged if found is not None]
        right = [(rule, found) for rule, found in fitting if found.failure is None]
        if fitting:
            return (right or fitting)[0]
    return None


def sizes(rule: Rule, found: Match) -> tuple[tuple[str, str], ...]:
    """Write what each symbol of a rule is in a call."""
    known = [(symbol.name, show(size)) for symbol, size in rule.known().items()]
    bound = [
        (symbol.name, show(size))
        for symbol, size in found.sizes.items()
        if size is not None and symbol.name not in dict(known) and symbol.name.isidentifier()
    ]
    runs = [(f"*{symbol.name}", shape(axes)) for symbol, axes in found.stars.items()]
    return (*runs, *known, *bound)


def _match(call: CallExpr, rule: Rule, types: Typed, finished: bool) -> Match | None:
    """Match the arguments of a call; None where they do not go to this signature at all."""
    signature = rule.signature

    def type_of(expression: Expression) -> Type:
        return types.get(expression, AnyType(TypeOfAny.special_form))

    arguments = brought(call, signature, type_of, finished=finished)
    literal_of = Arithmetic(Reader(), type_of, Bindings()).literal
    if arguments is None or not meets_literals(signature, arguments, literal_of):
        return None
    walker = Walker(type_of, Reader(), Reader())
    names = signature.arg_names
    for formal, given, name in zip(signature.arg_types, arguments, names, strict=True):
        declared = get_proper_type(formal)
        for argument in given:
            if isinstance(declared, TypeVarType):
                walker.size(declared, type_of(argument), argument, name or "")
            elif not isinstance(declared, UnpackType):
                walker.walk(declared, type_of(argument), None, name or "")
    symbols = [s for v in signature.variables if (s := symbol_of(v)) is not None]
    return match(walker.parts, symbols, rule.known())


def _methods(receiver: Instance, name: str, who: str) -> list[Rule]:
    symbol = receiver.type.get(name)
    node = symbol.node if symbol is not None else None
    return _rules(node, who, receiver)


def _rules(node: SymbolNode | None, who: str, receiver: Instance | None = None) -> list[Rule]:
    if isinstance(node, Decorator):
        node = node.func
    if isinstance(node, FuncDef | OverloadedFuncDef):
        info, of_class, is_bound = node.info, node.is_class, not node.is_static
    elif isinstance(node, Var):  # `forward = __call__`
        info, of_class, is_bound = node.info, False, True
    else:
        return []
    typ = get_proper_type(node.type) if node.type is not None else None
    owner = None
    if receiver is not None and info and receiver.type.has_base(info.fullname):
        owner = map_instance_to_supertype(receiver, info)
    items = typ.items if isinstance(typ, FunctionLike) else []
    bound = int(of_class or (is_bound and receiver is not None))
    if bound and len({item.arg_types[0] for item in items if item.arg_types}) > 1:
        items = items[::-1]  # overloads by the type of `self` are narrower cases of the last
    return [Rule(who, node.fullname, _without(item, bound), owner) for item in items]


def _without(typ: CallableType, first: int) -> CallableType:
    return typ.copy_modified(
        arg_types=typ.arg_types[first:],
        arg_kinds=typ.arg_kinds[first:],
        arg_names=typ.arg_names[first:],
    )


def _type(expression: Expression, types: Typed) -> ProperType | None:
    typ = types.get(expression)
    return None if typ is None else get_proper_type(typ)
