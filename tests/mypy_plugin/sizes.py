"""Sizes and their arithmetic, on numbers and on hints, without what `dims` knows of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal, TypeVar, get_args, get_origin

from typed_resnet import dims

from ..static.making import ARITHMETIC

Size = Any
"""A number, or a hint: `H`, `Literal[3]`, `CeilDiv[H, Literal[2]]`."""

Shape = tuple[Size, ...]

BATCH = dims.B
"""Stands for any number of axes in a shape of hints."""

INFIX = {"Add": "+", "Sub": "-", "Mul": "*", "FloorDiv": "//"}


class WrongError(Exception):
    """Sizes that must be equal differ."""


class TooSmallError(Exception):
    """A size is out of its range, which signatures do not exclude: the run may refuse it."""


class RefusedError(Exception):
    """A layer takes no such numbers, which its signature does not say."""


class Numbers:
    """Arithmetic on numbers."""

    def op(self, name: str, *sizes: int) -> int:
        if name == "ExactDiv" and sizes[0] % sizes[1]:
            raise TooSmallError
        return ARITHMETIC[name](*sizes)

    def number(self, value: int) -> int:
        return value

    def same(self, left: int, right: int) -> None:
        if left != right:
            raise WrongError

    def at_most(self, least: int, most: int) -> None:
        if least > most:
            raise TooSmallError

    def take(self, least: int, most: int) -> None:
        if least > most:
            raise RefusedError


class Hints:
    """Arithmetic that is only written down."""

    def op(self, name: str, *sizes: Size) -> Size:
        return getattr(dims, name)[sizes]

    def number(self, value: int) -> Size:
        return Literal[value]

    def same(self, left: Size, right: Size) -> None:
        pass

    def at_most(self, least: Size, most: Size) -> None:
        pass

    take = at_most


Arithmetic = Numbers | Hints


def axes(shape: Sequence[Size], count: int) -> tuple[Shape, Shape]:
    """Part a shape into the leading axes and the last `count`."""
    if len(shape) < count:
        raise WrongError
    return tuple(shape[: len(shape) - count]), tuple(shape[len(shape) - count :])


def text(size: Size) -> str:
    """Write a hint: `CeilDiv[H, L[2]]`."""
    if size is BATCH:
        return "*B"
    if isinstance(size, TypeVar):
        return size.__name__
    if get_origin(size) is Literal:
        return f"L[{get_args(size)[0]}]"
    return f"{get_origin(size).__name__}[{', '.join(map(text, get_args(size)))}]"


def expression(size: Size) -> str:
    """Write a size as an int: `2 * cin`, where `cin: Cin` is a parameter."""
    if isinstance(size, TypeVar):
        return size.__name__.lower()
    if get_origin(size) is Literal:
        return str(get_args(size)[0])
    left, right = map(expression, get_args(size))
    return f"({left} {INFIX[get_origin(size).__name__]} {right})"


def symbols(size: Size) -> set[TypeVar]:
    """Collect the symbols of a size."""
    if isinstance(size, TypeVar):
        return {size}
    if size is BATCH or get_origin(size) is Literal:
        return set()
    return set().union(*map(symbols, get_args(size)))


def substituted(arithmetic: Arithmetic, size: Size, at: Mapping[str, Size]) -> Size:
    """Put sizes for the symbols of a hint; with numbers for all of them, work it out."""
    if isinstance(size, TypeVar):
        return at[size.__name__]
    if get_origin(size) is Literal:
        return arithmetic.number(get_args(size)[0])
    inner = (substituted(arithmetic, argument, at) for argument in get_args(size))
    return arithmetic.op(get_origin(size).__name__, *inner)


def value(size: Size, at: Mapping[str, int]) -> int:
    """Work out a size; every number on the way to it may be any, negative ones included."""
    if isinstance(size, TypeVar):
        return at[size.__name__]
    if get_origin(size) is Literal:
        return int(get_args(size)[0])
    return Numbers().op(get_origin(size).__name__, *(value(a, at) for a in get_args(size)))


def positive(numbers: tuple[int, ...], least: int = 1) -> tuple[int, ...]:
    if min(numbers, default=least) < least:
        raise TooSmallError
    return numbers


def values(shape: Shape, at: Mapping[str, int], batch: tuple[int, ...]) -> tuple[int, ...]:
    """Work out a shape."""
    worked: list[int] = []
    for size in shape:
        worked += batch if size is BATCH else [value(size, at)]
    return positive(tuple(worked))
