"""Read the axes of a hint as `dims` writes them."""

from __future__ import annotations

import typing
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, TypeVar, TypeVarTuple

from typed_resnet.dims.conditions import CONDITIONS, Condition
from typed_resnet.dims.matching import Axis, Star
from typed_resnet.dims.products import product
from typed_resnet.dims.term import OPERATORS, Operation, Symbol
from typed_resnet.runtime.substitution import is_literal, unpacked

_OPERATORS = "typed_resnet.dims.operators"


@dataclass(frozen=True)
class Axes:
    """A declared shape: each axis, and what the signature calls it."""

    declared: tuple[Axis, ...]
    names: tuple[str | None, ...]


def read_axes(hints: Iterable[object]) -> Axes:
    """Read `(*B, Cin, H, W)`."""
    declared: list[Axis] = []
    names: list[str | None] = []
    for hint in _flat(hints):
        axis = read_axis(hint)
        declared.append(axis)
        names.append(axis.name if isinstance(axis, Symbol) else None)
    return Axes(tuple(declared), tuple(names))


def _flat(hints: Iterable[object]) -> Iterable[object]:
    """Spell out `*tuple[C, H, W]`."""
    for hint in hints:
        inner = unpacked(hint)
        arguments = typing.get_args(inner) if typing.get_origin(inner) is tuple else None
        if arguments is None or ... in arguments:
            yield hint
        else:
            yield from _flat(arguments)


def read_axis(hint: Any) -> Axis:
    """Read one axis; None where the hint leaves the size open.

    Raises: TypeError, where it is no size at all.
    """
    inner = unpacked(hint)
    if inner is not None:
        return Star(star_symbol(inner) if isinstance(inner, TypeVarTuple) else None)
    if isinstance(hint, TypeVar):
        return symbol(hint)
    if is_literal(hint):
        values = typing.get_args(hint)
        return values[0] if len(values) == 1 and type(values[0]) is int else None
    if type(hint) is int:
        return hint
    origin = typing.get_origin(hint)
    if getattr(origin, "__module__", None) == _OPERATORS and origin.__name__ == "Product":
        return product(read_axes(typing.get_args(hint)).declared)
    if getattr(origin, "__module__", None) == _OPERATORS and origin.__name__ in OPERATORS:
        arguments = tuple(map(read_axis, typing.get_args(hint)))
        known = tuple(a for a in arguments if isinstance(a, int | Symbol | Operation))
        return Operation(origin.__name__, known) if len(known) == len(arguments) else None
    if hasattr(hint, "__value__"):  # `type Half = ...`
        return read_axis(hint.__value__)
    if hint is Any or hint is int or origin is not None:
        return None
    raise TypeError(f"{hint!r} is no size")


def read_condition(hint: Any, place: str) -> Condition | None:
    """Read `Equal[Product[*Old], N]`; None of any other hint."""
    origin = typing.get_origin(hint)
    if getattr(origin, "__module__", None) != _OPERATORS or origin.__name__ not in CONDITIONS:
        return None
    left, right = map(_side, typing.get_args(hint))
    return Condition(place, left, right, kind=origin.__name__)


def _side(hint: Any) -> tuple[Axis, ...]:
    if typing.get_origin(hint) is tuple:
        return read_axes(typing.get_args(hint)).declared
    return (read_axis(hint),)


def symbol(variable: TypeVar) -> Symbol:
    return Symbol(variable.__name__, least=0 if _may_be_zero(variable) else 1)


def star_symbol(variable: TypeVarTuple) -> Symbol:
    return Symbol(variable.__name__, least=0)


def is_size(variable: object) -> bool:
    """Say whether a type variable stands for a size: it is bounded by int, or by OrZero."""
    if not isinstance(variable, TypeVar):
        return False
    return variable.__bound__ is int or _may_be_zero(variable)


def _may_be_zero(variable: TypeVar) -> bool:
    arguments = typing.get_args(variable.__bound__)
    return int in arguments and any(
        is_literal(a) and typing.get_args(a) == (0,) for a in arguments
    )
