"""Which item of a declared tuple each item that is brought meets."""

from __future__ import annotations

from mypy.types import (
    Instance,
    ProperType,
    TupleType,
    Type,
    UnpackType,
    find_unpack_in_list,
    get_proper_type,
)


def declared_for(wanted: TupleType, count: int) -> list[Type] | None:
    """List what is declared of each of `count` items; None where that depends on more.

    Of `tuple[X, *tuple[Y, ...]]` with three items it is X, Y, Y.
    """
    place = find_unpack_in_list(wanted.items)
    if place is None:
        return list(wanted.items) if len(wanted.items) == count else None
    repeated = repeated_item(wanted.items[place])
    more = count - len(wanted.items) + 1
    if repeated is None or more < 0:
        return None
    return [*wanted.items[:place], *[repeated] * more, *wanted.items[place + 1 :]]


def items_of(brought: TupleType) -> list[Type] | None:
    """List the items of a tuple, one for all of a `*tuple[X, ...]`; None where it is unknown."""
    items = [repeated_item(i) if _is_unpacked(i) else i for i in brought.items]
    known = [item for item in items if item is not None]
    return known if len(known) == len(items) else None


def is_one_by_one(brought: TupleType) -> bool:
    """Say whether a tuple has one item for each that its type has."""
    return not any(map(_is_unpacked, brought.items))


def repeated_item(unpacked: Type) -> Type | None:
    """Give X of `*tuple[X, ...]`."""
    proper = get_proper_type(unpacked)
    inner: ProperType | None = None
    if isinstance(proper, UnpackType):
        inner = get_proper_type(proper.type)
    return inner.args[0] if isinstance(inner, Instance) and len(inner.args) == 1 else None


def _is_unpacked(item: Type) -> bool:
    return isinstance(get_proper_type(item), UnpackType)
