"""Questions about mypy's types: which hold sizes, shapes, arithmetic, or a reported error."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, cast

from mypy.checkexpr import has_any_type
from mypy.nodes import TypeInfo
from mypy.type_visitor import TypeQuery
from mypy.typeops import get_all_type_vars
from mypy.types import (
    AnyType,
    CallableType,
    Instance,
    LiteralType,
    NoneType,
    TupleType,
    Type,
    TypeAliasType,
    TypeOfAny,
    TypeVarId,
    TypeVarLikeType,
    TypeVarTupleType,
    TypeVarType,
    UninhabitedType,
    UnionType,
    UnpackType,
    get_proper_type,
)

from typed_resnet.mypy_plugin.classes import has_sizes, is_operator, is_tensor, least


class _Asks(TypeQuery[bool]):
    """Says whether some class in a type has a property."""

    def __init__(self, ask: Callable[[TypeInfo], bool]) -> None:
        super().__init__()
        self.ask = ask

    def strategy(self, items: list[bool], /) -> bool:
        return any(items)

    def visit_instance(self, t: Instance, /) -> bool:
        return self.ask(t.type) or (bool(t.args) and super().visit_instance(t))

    def visit_type_var(self, t: TypeVarType, /) -> bool:
        return False

    def visit_type_var_tuple(self, t: TypeVarTupleType, /) -> bool:
        return False


WITHOUT_CLASSES: Final = frozenset(
    {AnyType, LiteralType, NoneType, TypeVarType, TypeVarTupleType, UninhabitedType}
)


def _asks(typ: Type, ask: Callable[[TypeInfo], bool]) -> bool:
    """Ask of every class in a type; of what nearly all types are made, without a visitor."""
    kind = type(typ)
    if kind is UnpackType:
        typ = cast(UnpackType, typ).type
        kind = type(typ)
    if kind is Instance:
        instance = cast(Instance, typ)
        if ask(instance.type):
            return True
        for argument in instance.args:  # noqa: SIM110 -- `any` would take twice as long
            if _asks(argument, ask):
                return True
        return False
    if kind in WITHOUT_CLASSES:
        return False
    if kind is UnionType:
        return any(_asks(item, ask) for item in cast(UnionType, typ).items)
    if kind is CallableType and not cast(CallableType, typ).is_type_obj():
        function = cast(CallableType, typ)
        inside = function.arg_types
        return _asks(function.ret_type, ask) or any(_asks(item, ask) for item in inside)
    if kind is TypeAliasType and not cast(TypeAliasType, typ).is_recursive:
        named = cast(TypeAliasType, typ)  # NumPy's are long: nothing is written out to be asked
        assert named.alias is not None
        return _asks(named.alias.target, ask) or any(_asks(item, ask) for item in named.args)
    return typ.accept(_Asks(ask))


def is_sized(info: TypeInfo) -> bool:
    """Say whether a class is a Tensor, or has a size among its type parameters."""
    return is_tensor(info) or has_sizes(info)


def holds_sizes(typ: Type) -> bool:
    """Say whether a type holds any size; most do not, and are left alone."""
    return _asks(typ, is_sized)


def is_bare_int(size: Type) -> bool:
    """Say whether a size was lost to an int of which no more is known."""
    proper = get_proper_type(size)
    return (
        isinstance(proper, Instance)
        and proper.type.fullname == "builtins.int"
        and proper.last_known_value is None
    )


def is_unsized(typ: Type) -> bool:
    """Say at a glance that a type holds neither sizes nor shapes, if it is of a common kind."""
    kind = type(typ)
    if kind is Instance:
        instance = cast(Instance, typ)
        if is_sized(instance.type) or is_operator(instance.type):
            return False
        return not instance.args or all(map(is_unsized, instance.args))
    if kind is CallableType and not cast(CallableType, typ).is_type_obj():
        function = cast(CallableType, typ)
        return is_unsized(function.ret_type) and all(map(is_unsized, function.arg_types))
    if kind is TupleType or kind is UnionType:
        return all(map(is_unsized, cast("TupleType | UnionType", typ).items))
    if kind is TypeAliasType and not cast(TypeAliasType, typ).is_recursive:
        named = cast(TypeAliasType, typ)
        assert named.alias is not None
        return is_unsized(named.alias.target) and all(map(is_unsized, named.args))
    if kind is TypeVarType:
        return least(cast(TypeVarType, typ)) is None
    return kind is AnyType or kind is NoneType or kind is LiteralType


def mentions_operator(typ: Type) -> bool:
    """Say whether a type holds arithmetic; one that does not is in normal form."""
    return _asks(typ, is_operator)


class _Foreign(TypeQuery[tuple[str, ...]]):
    def strategy(self, items: list[tuple[str, ...]], /) -> tuple[str, ...]:
        return tuple(name for found in items for name in found)

    def visit_instance(self, t: Instance, /) -> tuple[str, ...]:
        return self.query_types(_without_run(t) if is_tensor(t.type) else t.args)

    def visit_type_var(self, t: TypeVarType, /) -> tuple[str, ...]:
        return (t.name,) if least(t) is None else ()

    def visit_type_var_tuple(self, t: TypeVarTupleType, /) -> tuple[str, ...]:
        return (t.name,)


def _without_run(tensor: Instance) -> list[Type]:
    return [
        argument
        for argument in tensor.args
        if not isinstance(argument, UnpackType) or not isinstance(argument.type, TypeVarTupleType)
    ]


def foreign_variables(typ: Type) -> tuple[str, ...]:
    """Name the variables in a type that are neither a size nor a run of axes."""
    return typ.accept(_Foreign()) if get_all_type_vars(typ) else ()


class _HoldsError(TypeQuery[bool]):
    def strategy(self, items: list[bool], /) -> bool:
        return any(items)

    def visit_any(self, t: AnyType, /) -> bool:
        source = t if t.source_any is None else t.source_any  # of `f(x)`, where f is wrong
        return source.type_of_any == TypeOfAny.from_error

    def visit_unpack_type(self, t: UnpackType, /) -> bool:
        return _is_met(t) or super().visit_unpack_type(t)


def _is_met(typ: Type) -> bool:
    """Say whether it is the axes of a name that had others before it was given something wrong.

    mypy narrows `Tensor[*B, C]` by a Tensor of any axes to one of impossible ones.
    """
    run = typ.type if isinstance(typ, UnpackType) else None
    return isinstance(run, Instance) and any(isinstance(a, UninhabitedType) for a in run.args)


def holds_error(typ: Type) -> bool:
    """Say whether a type comes from something that has been reported as wrong."""
    if isinstance(typ, Instance) and any(map(_is_met, typ.args)):
        return True
    return has_any_type(typ) and typ.accept(_HoldsError())


class _Instances(TypeQuery[tuple[Instance, ...]]):
    def strategy(self, items: list[tuple[Instance, ...]], /) -> tuple[Instance, ...]:
        return tuple(instance for found in items for instance in found)

    def visit_instance(self, t: Instance, /) -> tuple[Instance, ...]:
        return (t, *super().visit_instance(t)) if t.args else ()

    def visit_type_var(self, t: TypeVarType, /) -> tuple[Instance, ...]:
        return ()

    def visit_type_var_tuple(self, t: TypeVarTupleType, /) -> tuple[Instance, ...]:
        return ()


def instances(typ: Type) -> tuple[Instance, ...]:
    """List the generic classes in a type, outer ones first."""
    if type(typ) is Instance and all(type(a) in WITHOUT_CLASSES for a in typ.args):
        return (typ,) if typ.args else ()  # as nearly always
    return typ.accept(_Instances())


class _AxisRuns(TypeQuery[frozenset[TypeVarId]]):
    def strategy(self, items: list[frozenset[TypeVarId]], /) -> frozenset[TypeVarId]:
        return frozenset[TypeVarId]().union(*items)

    def visit_instance(self, t: Instance, /) -> frozenset[TypeVarId]:
        if not is_tensor(t.type):
            return super().visit_instance(t) if t.args else frozenset()
        unpacked = [get_proper_type(a.type) for a in t.args if isinstance(a, UnpackType)]
        return frozenset(run.id for run in unpacked if isinstance(run, TypeVarTupleType))

    def visit_type_var(self, t: TypeVarType, /) -> frozenset[TypeVarId]:
        return frozenset()


def axis_runs(typ: Type) -> frozenset[TypeVarId]:
    """Find the variables such as `*B` that stand for axes of the Tensors in a type."""
    return typ.accept(_AxisRuns())


class _FreeVariables(TypeQuery[tuple[TypeVarLikeType, ...]]):
    def strategy(self, items: list[tuple[TypeVarLikeType, ...]], /) -> tuple[TypeVarLikeType, ...]:
        return tuple(variable for found in items for variable in found)

    def visit_type_var(self, t: TypeVarType, /) -> tuple[TypeVarLikeType, ...]:
        return (t,)

    def visit_type_var_tuple(self, t: TypeVarTupleType, /) -> tuple[TypeVarLikeType, ...]:
        return (t,)

    def visit_callable_type(self, t: CallableType, /) -> tuple[TypeVarLikeType, ...]:
        bound = {variable.id for variable in t.variables}
        return tuple(v for v in super().visit_callable_type(t) if v.id not in bound)


def free_variables(typ: Type) -> tuple[TypeVarLikeType, ...]:
    """List the variables in a type that no function in it binds."""
    return typ.accept(_FreeVariables())
