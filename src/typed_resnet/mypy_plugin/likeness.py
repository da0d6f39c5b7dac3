"""Types that differ in nothing but the variables that stand for sizes."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
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
        self.key: tuple[Hashable, ...] = ()
        self.variables: dict[str, TypeVarLikeType] = {}

    @classmethod
    def of(cls, types: Iterable[Given]) -> Likeness | None:
        """Compare these types; None where one of them is not compared."""
        likeness = cls()
        row: list[Hashable] = []
        try:
            for typ in types:
                likeness._write(typ, row)
        except _Unlike:
            return None
        likeness.key = tuple(row)
        return likeness

    def put_for(self, other: Likeness) -> dict[TypeVarId, Type]:
        """Say which variables of ours stand where those of the other do."""
        theirs, ours = other.variables.values(), self.variables.values()
        return {old.id: new for old, new in zip(theirs, ours, strict=True)}

    def _write(self, typ: Given, row: list[Hashable]) -> None:
        """Write a type: its kind, how many types are in it, and these.

        A kind says what follows, so that no two types are written alike.
        """
        kind = type(typ)
        if kind is TypeVarType or kind is TypeVarTupleType:
            variable = cast(TypeVarLikeType, typ)
            number = self._numbers.get(variable.id)
            row.append(self._met(variable) if number is None else number)
        elif typ is None or kind is LiteralType or kind is NoneType:
            row.append(typ)
        elif kind is Instance:
            instance = cast(Instance, typ)
            if instance.args:
                self._write_all(instance.type, instance.args, row)
            else:
                row.append(instance)
        elif kind is UnpackType:
            row.append(UnpackType)
            self._write(cast(UnpackType, typ).type, row)
        elif kind is UnionType:
            self._write_all(UnionType, cast(UnionType, typ).items, row)
        elif kind is TupleType:
            of_tuple = cast(TupleType, typ)
            row.append(of_tuple.partial_fallback.type)
            self._write_all(TupleType, of_tuple.items, row)
        elif kind is tuple:
            self._write_all(tuple, cast(tuple[Type, ...], typ), row)
        else:
            raise _Unlike

    def _write_all(self, kind: Hashable, types: Sequence[Type], row: list[Hashable]) -> None:
        row.append(kind)
        row.append(len(types))
        for typ in types:
            self._write(typ, row)

    def _met(self, variable: TypeVarLikeType) -> Hashable:
        """Number a variable that is met for the first time."""
        smallest = least(variable) if isinstance(variable, TypeVarType) else -1
        if smallest is None or variable.name in self.variables:
            raise _Unlike  # which of two of one name comes first in a sum, their scopes decide
        self._numbers[variable.id] = number = len(self.variables)
        self.variables[variable.name] = variable
        return number, variable.name, smallest
