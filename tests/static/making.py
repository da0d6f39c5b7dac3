"""Make arguments for a function from its signature, with numbers put for the symbols.

This reads hints on its own, without `dims` or the hook, so that a mistake there cannot hide.
"""

from __future__ import annotations

import collections.abc
import dataclasses
import inspect
import types
import typing
from collections.abc import Callable, Mapping
from typing import Any, Literal, TypeVar, Union, get_args, get_origin

import numpy as np

from typed_resnet import Tensor, dims
from typed_resnet.layer import Record
from typed_resnet.ops import Labels

Sizes = Mapping[str, int]

ARITHMETIC: dict[str, Callable[..., int]] = {
    "Add": lambda a, b: a + b,
    "Sub": lambda a, b: a - b,
    "Mul": lambda a, b: a * b,
    "FloorDiv": lambda a, b: a // b,
    "CeilDiv": lambda a, b: (a + b - 1) // b,
    "ExactDiv": lambda a, b: a // b,
    "Min": min,
    "Max": max,
    "ConvOut": lambda h, k, s, p: (h + 2 * p - k) // s + 1,
}


def size(hint: Any, sizes: Sizes) -> int:
    """Work out a size: `CeilDiv[H, L[2]]` at H = 9 is 5."""
    if isinstance(hint, int):
        return hint
    if isinstance(hint, TypeVar):
        return sizes[hint.__name__]
    if get_origin(hint) is Literal:
        return int(get_args(hint)[0])
    operation = ARITHMETIC[get_origin(hint).__name__]
    return operation(*(size(argument, sizes) for argument in get_args(hint)))


def make(hint: Any, sizes: Sizes, batch: tuple[int, ...] = ()) -> Any:
    """Make a value of a hint: a random tensor, labels, a layer with random weights, an int."""
    rng = np.random.default_rng(0)
    origin, arguments = get_origin(hint), get_args(hint)
    if hasattr(hint, "axes") and issubclass(hint.origin, Tensor):
        shape: list[int] = []
        for axis in hint.axes:
            is_run = get_origin(axis) is typing.Unpack or isinstance(axis, typing.TypeVarTuple)
            shape += batch if is_run else [size(axis, sizes)]
        if hint.origin is Labels:
            return Labels(rng.integers(0, 2, shape))
        return Tensor(rng.standard_normal(shape).astype(np.float32))
    if origin in (Union, types.UnionType):
        return make(next(a for a in arguments if a is not type(None)), sizes, batch)
    if origin is tuple and arguments[-1] is ...:
        return tuple(make(arguments[0], sizes, batch) for _ in range(2))
    if origin is collections.abc.Sequence:
        return [make(arguments[0], sizes, batch) for _ in range(2)]
    if hint in (bool, int):
        return hint(2)
    if origin in (list, tuple):
        return origin(make(a, sizes, batch) for a in arguments)
    if hint is np.random.Generator:
        return rng
    if isinstance(hint, TypeVar) or origin is Literal or is_operator(origin):
        return size(hint, sizes)
    cls = origin or hint
    if isinstance(cls, type) and issubclass(cls, Record):
        return make_record(cls, arguments, sizes, batch)
    raise TypeError(f"no value can be made for {hint}")


def make_record(
    cls: type[Record], arguments: tuple[Any, ...], sizes: Sizes, batch: tuple[int, ...]
) -> Record:
    """Make a layer, or a record of gradients, of each of its fields; `arguments` are its class's type arguments."""
    parameters = getattr(cls, "__parameters__", ())
    inner = dict(sizes)
    if arguments:
        given = {p.__name__: size(a, sizes) for p, a in zip(parameters, arguments, strict=True)}
        inner.update(given)
    hints = field_hints(cls, inner)
    values = {}
    for field in dataclasses.fields(cls):  # type: ignore[arg-type]  # every Record is a dataclass
        if field.default is dataclasses.MISSING:
            values[field.name] = make(*hints[field.name], batch)
    return cls(**values)


def field_hints(cls: type, sizes: Sizes) -> dict[str, tuple[Any, Sizes]]:
    """Give each field its hint and the sizes it is to be read with, inherited ones included."""
    hints: dict[str, tuple[Any, Sizes]] = {}
    for base in getattr(cls, "__orig_bases__", ()):
        origin = get_origin(base)
        if isinstance(origin, type) and issubclass(origin, Record):
            parameters = origin.__parameters__  # type: ignore[attr-defined]  # a generic class
            given = zip(parameters, get_args(base), strict=True)
            hints |= field_hints(origin, {p.__name__: size(a, sizes) for p, a in given})
    own = typing.get_type_hints(cls)
    return hints | {name: (own[name], sizes) for name in inspect.get_annotations(cls)}


def is_operator(origin: Any) -> bool:
    return isinstance(origin, type) and getattr(dims, origin.__name__, None) is origin


def arguments_of(function: Callable[..., Any], sizes: Sizes, batch: tuple[int, ...]) -> list[Any]:
    """Make the arguments of a function, without `self`."""
    hints = typing.get_type_hints(function)
    hints.pop("return", None)
    return [make(hint, sizes, batch) for hint in hints.values()]
