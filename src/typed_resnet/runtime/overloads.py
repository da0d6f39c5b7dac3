"""`typed_overloads`: a function of several signatures, checked against the one that is meant."""

from __future__ import annotations

import functools
import inspect
import typing
from collections.abc import Callable
from itertools import combinations
from types import FunctionType
from typing import Any, Literal, TypeVar, cast

from typed_resnet.dims.sentences import misfit, unmeant
from typed_resnet.errors import ConfigError
from typed_resnet.runtime.checked import MARK, typed
from typed_resnet.runtime.switch import enabled

T = TypeVar("T")

_CHOOSING = ("axis", "chunks")
"""How the names of parameters begin that take literals alone."""


def typed_overloads(implementation: T) -> T:
    """Check each call against the overload whose literals, and whose arguments, it brings.

        @overload
        def total(x: Tensor[*B, W], axis: L[-1]) -> Tensor[*B]: ...
        @overload
        def total(x: Tensor[*B, H, W], axis: L[-2]) -> Tensor[*B, W]: ...
        @typed_overloads
        def total(x: AnyTensor, axis: int) -> AnyTensor:

    `typed` reads the signature of the implementation alone, which says nothing of sizes. Literals
    choose, in the parameters that are called `axis…` or `chunks`; where others may be left out, so
    does which of them are there.

    Where TYPED_RESNET_CHECKS is 0, and under `python -O`, it returns what it is given.
    """
    if not enabled():
        return implementation
    function = cast(FunctionType, implementation)
    made = _Overloaded(function).dispatcher()
    setattr(made, MARK, True)
    return cast(T, made)


class _Overloaded:
    """The checked form of each overload, under the literals and arguments that choose it."""

    def __init__(self, function: FunctionType) -> None:
        self.function = function
        parameters = inspect.signature(function).parameters.values()
        self.names = tuple(p.name for p in parameters)
        self.optional = any(
            p.default is not p.empty for p in parameters if not p.name.startswith(_CHOOSING)
        )
        self.choosing = [
            (p.name, place, p.default)
            for place, p in enumerate(parameters)
            if p.name.startswith(_CHOOSING)
        ]
        self.checked: dict[tuple[Any, ...], Callable[..., Any]] = {}
        for stub in typing.get_overloads(function):
            form = typed(_with_signature(function, cast(FunctionType, stub)))
            for key in self._keys(cast(FunctionType, stub)):
                self.checked[key] = form

    def _keys(self, stub: FunctionType) -> list[tuple[Any, ...]]:
        """List what a call may bring to mean this overload."""
        hints = typing.get_type_hints(stub)
        keys: list[tuple[Any, ...]] = [()]
        for name, _, _ in self.choosing:
            keys = [(*key, value) for key in keys for value in _values(hints[name])]
        if not self.optional:
            return keys
        parameters = inspect.signature(stub).parameters.values()
        needed = frozenset(p.name for p in parameters if p.default is p.empty)
        rest = [p.name for p in parameters if p.name not in needed]
        chosen = [
            combination for n in range(len(rest) + 1) for combination in combinations(rest, n)
        ]
        return [(*key, needed.union(names)) for key in keys for names in chosen]

    def dispatcher(self) -> Callable[..., Any]:
        checked, choosing, optional = self.checked, self.choosing, self.optional
        names = self.names

        @functools.wraps(self.function)
        def dispatch(*args: Any, **options: Any) -> Any:
            key: tuple[Any, ...] = tuple(
                options.get(name, args[place] if place < len(args) else default)
                for name, place, default in choosing
            )
            if optional:
                key = (*key, frozenset((*names[: len(args)], *options)))
            try:
                form = checked[key]
            except (KeyError, TypeError):  # a list cannot be looked up
                raise self._unmeant(key) from None
            return form(*args, **options)

        return dispatch

    def _unmeant(self, key: tuple[Any, ...]) -> Exception:
        """Say that no overload is for these literals, or for these arguments."""
        who = self.function.__name__
        for place, (name, _, _) in enumerate(self.choosing):
            known = list(dict.fromkeys(meant[place] for meant in self.checked))
            if key[place] not in known:
                given = "none" if key[place] is inspect.Parameter.empty else repr(key[place])
                return ConfigError(unmeant(who, name, known, given))
        if self.optional:
            wanted = [_named(stub) for stub in typing.get_overloads(self.function)]
            named = {each.rstrip("="): each for names in wanted for each in names}
            brought = sorted(key[-1], key=[*named, *key[-1]].index)
            return TypeError(misfit(who, wanted, [named.get(n, f"{n}=") for n in brought]))
        return ConfigError(unmeant(who, "axes", [*self.checked], str(key)))


def _named(stub: Callable[..., Any]) -> list[str]:
    """Name the parameters of an overload: `x`, and `axis=` where it must be named."""
    parameters = inspect.signature(stub).parameters.values()
    return [f"{p.name}=" if p.kind is p.KEYWORD_ONLY else p.name for p in parameters]


def _with_signature(function: FunctionType, stub: FunctionType) -> FunctionType:
    """Give a function the signature of one of its overloads."""

    def call(*args: Any, **options: Any) -> Any:
        return function(*args, **options)

    made = FunctionType(call.__code__, stub.__globals__, stub.__name__, None, call.__closure__)
    functools.update_wrapper(made, stub)
    return made


def _values(hint: Any) -> list[Any]:
    """List the values of `L[-1]`, and of `tuple[L[-2], L[-1]]` the one pair."""
    if typing.get_origin(hint) is Literal:
        return list(typing.get_args(hint))
    if hint is type(None):
        return [None]
    arguments = typing.get_args(hint)
    return [tuple(value for argument in arguments for value in _values(argument))]
