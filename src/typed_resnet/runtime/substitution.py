"""Parameters of hints, and what stands in their place: `typing`'s rules, for our hints too.

`typing` looks for parameters in its own aliases only, and never in a class, which a shape hint is.
"""

from __future__ import annotations

import functools
import operator
import types
import typing
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Generic, Literal, TypeVar, TypeVarTuple, Unpack

Parameter = TypeVar | TypeVarTuple
Given = Mapping[Parameter, Any]
"""What stands for each parameter; for a `TypeVarTuple`, a tuple of hints."""


def is_literal(hint: object) -> bool:
    return typing.get_origin(hint) is Literal


def unpacked(hint: Any) -> Any:
    """The `X` of `*X`, however it is written; None of any other hint."""
    if typing.get_origin(hint) is Unpack:
        return hint.__args__[0]
    if isinstance(hint, types.GenericAlias) and hint.__unpacked__:
        origin: Any = hint.__origin__
        return types.GenericAlias(origin, hint.__args__)
    return None


def parameters(hints: Iterable[object]) -> tuple[Parameter, ...]:
    """List the parameters of hints in the order of their first appearance."""
    return tuple(dict.fromkeys(found for hint in hints for found in _walk(hint)))


def _walk(hint: Any) -> Iterator[Parameter]:
    if isinstance(hint, Parameter):
        yield hint
    elif not is_literal(hint):
        for inner in _arguments(hint):
            yield from _walk(inner)


def _arguments(hint: Any) -> tuple[Any, ...]:
    if isinstance(hint, list | tuple):
        return tuple(hint)
    if _is_shape_hint(hint):
        return typing.cast(tuple[Any, ...], hint.axes)
    if isinstance(hint, type) and not isinstance(hint, types.GenericAlias):
        return ()
    found = getattr(hint, "__args__", ())
    return found if isinstance(found, tuple) else ()


def _is_shape_hint(hint: object) -> bool:
    return hasattr(type(hint), "axes")


def assign(who: str, wanted: tuple[Parameter, ...], arguments: object) -> dict[Parameter, Any]:
    """Give each parameter its argument.

    Raises: TypeError, where their numbers differ.
    """
    given = arguments if isinstance(arguments, tuple) else (arguments,)
    star = next((i for i, p in enumerate(wanted) if isinstance(p, TypeVarTuple)), None)
    if star is None:
        given += tuple(_defaults(wanted[len(given) :]))
        if len(given) != len(wanted) and not any(map(_open_ended, given)):
            raise TypeError(f"{who} takes {len(wanted)} parameters, got {len(given)}")
        return dict(zip(wanted, given, strict=False))
    after = len(wanted) - star - 1
    end = len(given) - after
    if end < star:
        raise TypeError(f"{who} takes at least {len(wanted) - 1} parameters, got {len(given)}")
    return {
        **dict(zip(wanted[:star], given[:star], strict=True)),
        wanted[star]: given[star:end],
        **dict(zip(wanted[star + 1 :], given[end:], strict=True)),
    }


def _defaults(wanted: Iterable[Parameter]) -> Iterator[Any]:
    for parameter in wanted:
        if not getattr(parameter, "has_default", bool)():  # from 3.13
            return
        yield parameter.__default__  # type: ignore[union-attr]  # likewise


def _left_out(parameter: Parameter) -> Any:
    """Give what a base that is written without its arguments has: a default, or anything."""
    default = next(_defaults([parameter]), typing.Any)
    star = isinstance(parameter, TypeVarTuple) and default is typing.Any
    return Unpack[tuple[typing.Any, ...]] if star else default


def _open_ended(hint: object) -> bool:
    return unpacked(hint) is not None


def replace(hint: Any, given: Given) -> Any:
    """Put the given hints in the place of parameters, at any depth."""
    if not given or is_literal(hint):
        return hint
    if isinstance(hint, TypeVar):
        return given.get(hint, hint)
    arguments = _arguments(hint)
    if not any(found in given for inner in arguments for found in _walk(inner)):
        return hint
    new = replace_all(arguments, given)
    if isinstance(hint, list):
        return list(new)
    if isinstance(hint, types.UnionType):
        return functools.reduce(operator.or_, new)
    origin = hint.origin if _is_shape_hint(hint) else hint.__origin__
    if typing.get_origin(hint) in (typing.Annotated, Unpack):
        return hint
    if isinstance(hint, types.GenericAlias):
        made = types.GenericAlias(origin, new)
        return next(iter(made)) if hint.__unpacked__ else made
    if hasattr(hint, "copy_with"):
        return hint.copy_with(new)
    return origin[new]


def replace_all(hints: Iterable[Any], given: Given) -> tuple[Any, ...]:
    """Replace in each of several hints; what stands for `*B` may be any number of them."""
    replaced: list[Any] = []
    for hint in hints:
        inner = unpacked(hint)
        if isinstance(inner, TypeVarTuple) and inner in given:
            replaced += given[inner]
        else:
            replaced.append(replace(hint, given))
    return tuple(replaced)


def base_arguments(cls: type, base: type) -> Given | None:
    """What `cls` gives the parameters of its base class; None where it is no base of it."""
    if cls is base:
        wanted = getattr(cls, "__parameters__", ())
        return {p: (Unpack[p],) if isinstance(p, TypeVarTuple) else p for p in wanted}
    for alias in cls.__dict__.get("__orig_bases__", cls.__bases__):
        origin = getattr(alias, "origin", None) or typing.get_origin(alias) or alias
        if origin is Generic or not isinstance(origin, type) or not issubclass(origin, base):
            continue
        inner = base_arguments(origin, base)
        wanted = getattr(origin, "__parameters__", ())
        arguments = _arguments(alias)
        if inner is None:
            return None
        if wanted and not arguments:
            arguments = tuple(map(_left_out, wanted))
        outer = assign(origin.__qualname__, wanted, arguments) if wanted else {}
        return {
            p: replace_all(h, outer) if isinstance(h, tuple) else replace(h, outer)
            for p, h in inner.items()
        }
    return None
