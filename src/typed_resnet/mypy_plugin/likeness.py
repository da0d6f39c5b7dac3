"""Types that differ in nothing but the variables that stand for sizes."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from typing import cast

from mypy.types import (
    Instance,
    LiteralType,
    NoneType,
    TupleType,
    Type,
    TypeVarId,
    TypeVarLikeType,
    TypeVarTupleType,
    TypeVarType,
    UnionType,
    UnpackType,
)

from typed_resnet.mypy_plugin.classes import least

Given = Type | None | tuple[Type, ...]


class _Unlike(Exception):  # noqa: N818 -- nobody erred
    """A type is of a kind that is not compared."""


class Likeness:
    """Some types, as a key that is equal for all that are like them.

    For a variable stand its name, by which sizes are put in order, the least that it may be, and
    its number among those met. Any is like nothing: there are several kinds of it.
    """

    __slots__ = ("_numbers", "key", "variables")

    def __init__(self) -> None:
        self._numbers: dict[TypeVarId, int] = {}
        self.key: Hashable = None
        self.variables: dict[str, TypeVarLikeType] = {}

    @classmethod
    def of(cls, types: Iterable[Given]) -> Likeness | None:
        """Compare these types; None where one of them is not compared."""
        likeness = cls()
        try:
            likeness.key = tuple([likeness._write(typ) for typ in types])
        except _Unlike:
            return None
        return likeness

    def put_for(self, other: Likeness) -> dict[TypeVarId, Type]:
        """Say which variables of ours stand where those of the other do."""
        theirs, ours = other.variables.values(), self.variables.values()
        return {old.id: new for old, new in zip(theirs, ours, strict=True)}

    def _write(self, typ: Given) -> Hashable:
        kind = type(typ)
        if kind is TypeVarType or kind is TypeVarTupleType:
            return self._number(cast(TypeVarLikeType, typ))
        if typ is None or kind is LiteralType or kind is NoneType:
            return typ
        if kind is Instance:
            instance = cast(Instance, typ)
            arguments = instance.args
            return (instance.type, *map(self._write, arguments)) if arguments else instance
        if kind is UnpackType:
            return UnpackType, self._write(cast(UnpackType, typ).type)
        if kind is UnionType:
            return UnionType, *map(self._write, cast(UnionType, typ).items)
        if kind is TupleType:
            of_tuple = cast(TupleType, typ)
            return TupleType, of_tuple.partial_fallback.type, *map(self._write, of_tuple.items)
        if kind is tuple:
            return tuple, *map(self._write, cast(tuple[Type, ...], typ))
        raise _Unlike

    def _number(self, variable: TypeVarLikeType) -> Hashable:
        number = self._numbers.get(variable.id)
        if number is not None:
            return number
        smallest = least(variable) if isinstance(variable, TypeVarType) else -1
        if smallest is None or variable.name in self.variables:
            raise _Unlike  # which of two of one name comes first in a sum, their scopes decide
        self._numbers[variable.id] = number = len(self.variables)
        self.variables[variable.name] = variable
        return number, variable.name, smallest
