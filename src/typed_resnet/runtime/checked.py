"""`typed`: a function, method or class, checked at run time against its own signature."""

from __future__ import annotations

from collections.abc import Callable
from types import FunctionType
from typing import Any, TypeVar, cast

from typed_resnet.runtime import resolve
from typed_resnet.runtime.signature import Kind
from typed_resnet.runtime.switch import enabled
from typed_resnet.runtime.wrapper import Find, wrap

T = TypeVar("T")

MARK = "__typed_resnet__"
"""The attribute that tells a checked function, which is not checked again."""

_UNCHECKED = frozenset({"__new__", "__post_init__", "__init_subclass__", "__class_getitem__"})


def typed(checked: T) -> T:
    """Check each call against the signature: sizes by `dims`, all else by beartype.

        @typed
        def concat(x: Tensor[C1, H, W], y: Tensor[C2, H, W]) -> Tensor[Add[C1, C2], H, W]: ...

    One symbol stands for one size throughout a call: in the type parameters of `self`, in every
    argument, in the result. What is wrong is said before the function runs. Of a class, each
    method is checked, and its construction; of a dataclass, thus, its fields.

    Where TYPED_RESNET_CHECKS is 0, and under `python -O`, it returns what it is given.

    Raises: TypeError, for what is none of these.
    """
    if not enabled():
        return checked
    if isinstance(checked, type):
        _check_class(checked)
        return checked
    made = _checked(checked, _find_owner, {})
    if made is None:
        raise TypeError(f"typed takes a function or a class, got {checked!r}")
    return cast(T, made)


def instrument(checked: T) -> T:
    """Check what the import hook finds; what cannot be checked stays as it is."""
    return typed(checked) if isinstance(checked, type | FunctionType) else checked


def _check_class(cls: type) -> None:
    """Check the methods that a class itself defines; an alias stays an alias."""
    resolve.remember(cls)
    done: dict[int, Any] = {}
    for name, value in list(vars(cls).items()):
        if name in _UNCHECKED:
            continue
        if isinstance(value, type) and value.__qualname__ == f"{cls.__qualname__}.{name}":
            _check_class(value)
            continue
        if id(value) not in done:
            done[id(value)] = _checked(value, _owned_by(cls, value), {})
        if done[id(value)] not in (None, value):
            setattr(cls, name, done[id(value)])


def _checked(value: Any, find: Find, done: dict[int, Any]) -> Any:
    """Check a function, or what a class holds in place of one; None of anything else."""
    if isinstance(value, FunctionType):
        if getattr(value, MARK, False) or not value.__annotations__:
            return value
        made = wrap(value, find, resolve.local_names(value.__qualname__))
        setattr(made, MARK, True)
        return made
    if isinstance(value, staticmethod | classmethod):
        inner = _checked(value.__func__, find, done)
        return value if inner is value.__func__ else type(value)(inner)
    if isinstance(value, property):
        parts = [f and _checked(f, find, done) for f in (value.fget, value.fset, value.fdel)]
        fget, fset, fdel = parts
        return property(fget, fset, fdel, value.__doc__)
    return None


def _owned_by(cls: type, value: object) -> Find:
    found = _kind(value, "")

    def find(function: FunctionType, first: object) -> tuple[Kind, type | None]:
        return (Kind.CONSTRUCTOR if function.__name__ == "__init__" else found), cls

    return find


def _kind(value: object, name: str) -> Kind:
    if isinstance(value, staticmethod):
        return Kind.FUNCTION
    return Kind.CLASS_METHOD if isinstance(value, classmethod) else Kind.METHOD


def _find_owner(function: FunctionType, first: object) -> tuple[Kind, type | None]:
    """Find the class that a function checked by itself is a method of, if it is of one."""
    cls = first if isinstance(first, type) else type(first)
    for base in cls.__mro__:
        for value in vars(base).values():
            if function in _functions(value):
                return _owned_by(base, value)(function, first)
    return Kind.FUNCTION, None


def _functions(value: Any) -> list[Callable[..., Any]]:
    if isinstance(value, staticmethod | classmethod):
        value = value.__func__
    if isinstance(value, property):
        return [f for f in (value.fget, value.fset, value.fdel) if f is not None]
    chain: list[Callable[..., Any]] = []
    while value is not None and isinstance(value, FunctionType):
        chain.append(value)
        value = getattr(value, "__wrapped__", None)
    return chain
