"""What a call must bring literally: `axis: L[-3]` chooses an overload."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from mypy.nodes import Expression
from mypy.subtypes import is_subtype
from mypy.typeops import coerce_to_literal
from mypy.types import (
    AnyType,
    CallableType,
    Instance,
    LiteralType,
    NoneType,
    TupleType,
    Type,
    TypeOfAny,
    UnionType,
    get_proper_type,
)

from typed_resnet.dims.sentences import unmeant
from typed_resnet.mypy_plugin.codes import SHAPE, SHAPE_UNKNOWN
from typed_resnet.mypy_plugin.findings import Finding

Arguments = Sequence[Sequence[Expression]]
"""Of each formal, what a call brings for it."""

TypeOf = Callable[[Expression], Type]
"""Gives the type of an argument, a literal where its value is known."""


def takes_literals(signature: CallableType) -> bool:
    """Say whether a call may be refused for what is no size, as the number of an axis is."""
    return any(map(_is_literal, signature.arg_types))


def meets_literals(signature: CallableType, args: Arguments, type_of: TypeOf) -> bool:
    """Say whether each literal that is asked for is brought."""
    return all(is_subtype(type_of(given), formal) for _, formal, given in _asked(signature, args))


def without_literals(signature: CallableType) -> CallableType:
    """Ask no more for literals that have been brought.

    Where another argument is wrong, mypy looks for the overload that was meant by types without
    literals, and `L[-3]` suits no int then: it would say, besides, that none matches.
    """
    if not takes_literals(signature):
        return signature
    anything = AnyType(TypeOfAny.special_form)
    asked = [anything if _is_literal(formal) else formal for formal in signature.arg_types]
    return signature.copy_modified(arg_types=asked)


def unmet_literal(
    who: str, overloads: Iterable[tuple[CallableType, Arguments]], type_of: TypeOf
) -> Finding | None:
    """Say which literals an argument may be, where no overload is for the one it is."""
    choices: dict[tuple[str, Expression], list[Type]] = {}
    for signature, args in overloads:
        for name, formal, given in _asked(signature, args):
            choices.setdefault((name, given), []).append(formal)
    for (name, given), formals in choices.items():
        brought = type_of(given)
        if not any(is_subtype(brought, formal) for formal in formals):
            wanted = dict.fromkeys(value for formal in formals for value in _values(formal))
            known = _values(brought)
            got = " or ".join(known) if known else "one of unknown value"
            code = SHAPE if known else SHAPE_UNKNOWN
            return Finding(unmeant(who, name, list(wanted), got), given, code)
    return None


def literals_of(signature: CallableType, name: str) -> list[str]:
    """List the literals that must be brought for a formal; none where it may be left out."""
    for known, formal, kind in zip(
        signature.arg_names, signature.arg_types, signature.arg_kinds, strict=True
    ):
        if known == name and kind.is_required() and _is_literal(formal):
            return _values(formal)
    return []


def _asked(signature: CallableType, args: Arguments) -> Iterator[tuple[str, Type, Expression]]:
    """Walk the formals that take literals: name, type, and what is brought."""
    for name, formal, given in zip(signature.arg_names, signature.arg_types, args, strict=True):
        if _is_literal(formal):
            for expression in given:
                yield name or "", formal, expression


def _is_literal(formal: Type) -> bool:
    """Say whether a formal takes literals alone, such as the number of an axis, or of two."""
    proper = get_proper_type(formal)
    if isinstance(proper, UnionType | TupleType):
        return all(map(_is_literal, proper.items))
    return isinstance(proper, LiteralType | NoneType)


def _values(typ: Type) -> list[str]:
    """Write the literals of a type as Python does: `-3`, `(-2, -1)`; none of any other type."""
    proper = get_proper_type(typ)
    if isinstance(proper, UnionType):
        return [value for item in proper.items for value in _values(item)]
    if isinstance(proper, Instance) and proper.last_known_value is not None:
        proper = proper.last_known_value
    if isinstance(proper, LiteralType):
        return [repr(proper.value)]
    if isinstance(proper, NoneType):
        return ["None"]
    if isinstance(proper, TupleType):
        items = [_values(coerce_to_literal(item)) for item in proper.items]
        if all(len(item) == 1 for item in items):
            comma = "," if len(items) == 1 else ""
            return [f"({', '.join(item[0] for item in items)}{comma})"]
    return []
