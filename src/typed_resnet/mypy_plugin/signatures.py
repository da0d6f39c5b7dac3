"""What a signature declares: its own size variables, the names of its axes, who is called."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from mypy.nodes import Decorator, FuncDef, Var
from mypy.types import (
    CallableType,
    Instance,
    LiteralType,
    NoneType,
    Overloaded,
    ProperType,
    TupleType,
    Type,
    TypeVarLikeType,
    TypeVarTupleType,
    TypeVarType,
    UnpackType,
    get_proper_type,
)

from typed_resnet.dims.matching import Star, symbols_of
from typed_resnet.dims.nouns import axis_name
from typed_resnet.mypy_plugin.classes import is_no_int, is_tensor, least
from typed_resnet.mypy_plugin.queries import axis_runs, holds_sizes
from typed_resnet.mypy_plugin.translate import Reader, print_instance, symbol_of

SIGNS: Final = {
    **{"__add__": "+", "__sub__": "-", "__mul__": "*", "__truediv__": "/"},
    "__matmul__": "@",
}


def declares_sizes(signature: CallableType) -> bool:
    """Say whether a signature is about sizes at all; most are not, and are left alone.

    Of a run of axes a Tensor tells.
    """
    if any(isinstance(v, TypeVarType) and least(v) is not None for v in signature.variables):
        return True
    return any(map(holds_sizes, signature.arg_types)) or holds_sizes(signature.ret_type)


def takes_sizes(formal: Type) -> bool:
    """Say whether a formal takes sizes, so that the type of its argument is worth asking for."""
    proper = get_proper_type(formal)
    if isinstance(proper, UnpackType):
        return isinstance(get_proper_type(proper.type), TypeVarTupleType)
    if isinstance(proper, TypeVarType):
        return symbol_of(proper) is not None
    if isinstance(proper, TupleType):
        return any(map(takes_sizes, proper.items))
    return holds_sizes(proper)


def takes_one_by_one(signature: CallableType) -> bool:
    """Say whether its `*args` stands for formals of their own: `*xs: *tuple[Tensor[C], N]`."""
    star = signature.var_arg() if signature.is_var_arg else None
    typ = get_proper_type(star.typ) if star is not None else None
    return isinstance(typ, UnpackType) and isinstance(get_proper_type(typ.type), TupleType)


def is_of_another_kind(formal: Type, actual: Type) -> bool:
    """Say whether what is brought is sure to have none of the sizes that a formal takes."""
    wanted, brought = get_proper_type(formal), get_proper_type(actual)
    if isinstance(brought, TypeVarType):
        brought = get_proper_type(brought.upper_bound)
    if isinstance(wanted, UnpackType | TypeVarType):
        return is_no_int(brought)
    if not isinstance(wanted, Instance) or wanted.type.is_protocol:
        return False
    if isinstance(brought, Instance):
        return not brought.type.has_base(wanted.type.fullname)
    return is_tensor(wanted.type) and isinstance(brought, LiteralType | NoneType | TupleType)


def kind(typ: Type) -> str:
    """Name what a value is, but for its sizes: `int`, `Tensor`, `Conv2D`."""
    proper = get_proper_type(typ)
    if isinstance(proper, UnpackType):
        return "int"
    if isinstance(proper, TypeVarType):
        proper = get_proper_type(proper.upper_bound)
    if isinstance(proper, LiteralType | TupleType):
        proper = proper.fallback if isinstance(proper, LiteralType) else proper.partial_fallback
    return proper.type.name if isinstance(proper, Instance) else str(proper)


def size_variables(signature: CallableType) -> list[TypeVarLikeType]:
    """List a signature's own variables that stand for sizes, or for the axes of some Tensor."""
    variables = [variable for variable in signature.variables if symbol_of(variable) is not None]
    if not any(isinstance(variable, TypeVarTupleType) for variable in variables):
        return variables
    runs = {i for typ in (*signature.arg_types, signature.ret_type) for i in axis_runs(typ)}
    return [
        variable
        for variable in variables
        if variable.id in runs or not isinstance(variable, TypeVarTupleType)
    ]


def axis_names(written: Sequence[Type], count: int) -> tuple[str | None, ...]:
    """Name each of `count` axes as its author did: where `*B` was written, more may stand now."""
    names: list[str | None] = []
    for typ in map(get_proper_type, written):
        if isinstance(typ, TypeVarType):
            names.append(typ.name)
        elif isinstance(typ, UnpackType):
            names += [None] * (count - len(written) + 1)
        else:
            term = Reader().term(typ)
            names.append(None if term is None else axis_name(term))
    return tuple(names)


@dataclass(frozen=True)
class Callee:
    """Who is called: a function, a class, or a method of `receiver`."""

    fullname: str
    receiver: ProperType | None

    @property
    def name(self) -> str:
        return self.fullname.rpartition(".")[2]

    def who(self, signature: CallableType) -> str:
        """Name the callee as the run does: `relu`, `Conv2D[3, 64, 7, 2, 3]`, `+`."""
        if signature.is_type_obj():
            return signature.type_object().name
        if self.name in SIGNS:
            return SIGNS[self.name]
        if isinstance(self.receiver, CallableType) and self.receiver.is_type_obj():
            return f"{self.receiver.type_object().name}.{self.name}"
        if isinstance(self.receiver, Instance):
            owner = print_instance(self.receiver)
            return owner if self.name in ("__call__", "forward") else f"{owner}.{self.name}"
        return self.name

    def declared_arguments(self, signature: CallableType) -> list[Type | None]:
        """Return the types of the arguments as the author wrote them, where they are known."""
        written = self._declaration(signature)
        unknown: list[Type | None] = [None] * len(signature.arg_types)
        if written is None:
            return unknown
        bound = len(written.arg_types) - len(signature.arg_types)  # `self` is gone once bound
        return [*written.arg_types[bound:]] if bound >= 0 else unknown

    def result_names(self, signature: CallableType, place: int) -> list[str | None]:
        """Name each axis of the result by a symbol that it is declared to come from.

        Of a result that is a tuple, of the item at `place`.
        """
        proper = self.declared_result(signature, place)
        axes = Reader().axes(proper.args) if isinstance(proper, Instance) else ()
        return [
            None
            if axis is None or isinstance(axis, Star)
            else axis_name(axis) or next((symbol.name for symbol in symbols_of(axis)), None)
            for axis in axes
        ]

    def declared_result(self, signature: CallableType, place: int) -> ProperType:
        """Return the type of the result as the author wrote it; of a tuple, of the item there."""
        written = self._declaration(signature)
        proper = get_proper_type(signature.ret_type if written is None else written.ret_type)
        return get_proper_type(proper.items[place]) if isinstance(proper, TupleType) else proper

    def _declaration(self, signature: CallableType) -> CallableType | None:
        """Return the signature as its author wrote it, before any type was put for another."""
        definition = signature.definition
        if isinstance(definition, Decorator):
            definition = definition.func
        if isinstance(definition, FuncDef):
            typ = get_proper_type(definition.type) if definition.type is not None else None
        else:
            typ = self._alias()
        return typ if isinstance(typ, CallableType) else None

    def _alias(self) -> ProperType | None:
        """Find what `forward = __call__` stands for: mypy's cache keeps no link to it."""
        symbol = self.receiver.type.get(self.name) if isinstance(self.receiver, Instance) else None
        if symbol is None or not isinstance(symbol.node, Var) or symbol.node.type is None:
            return None
        typ = get_proper_type(symbol.node.type)
        return typ.items[-1] if isinstance(typ, Overloaded) else typ
