"""`typed`: a function, method or class, checked at run time against its own signature."""

from __future__ import annotations

from collections.abc import Iterator
from functools import _lru_cache_wrapper, cached_property, lru_cache, partialmethod
from types import FunctionType
from typing import Any, Final, TypeVar, cast

from typed_resnet.runtime import resolve
from typed_resnet.runtime.signature import Kind
from typed_resnet.runtime.switch import enabled
from typed_resnet.runtime.wrapper import Find, wrap

T = TypeVar("T")

MARK = "__typed_resnet__"
"""The attribute that tells a checked function, which is not checked again."""

_CONSTRUCTORS = ("__init__", "__new__")

_UNCHECKED = frozenset({"__post_init__", "__init_subclass__", "__class_getitem__"})


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
    made = _checked(checked, _find_owner)
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
        if name in _UNCHECKED or (name == "__new__" and not hasattr(cls, "_fields")):
            continue  # of a NamedTuple, __new__ is what a dataclass's __init__ is
        if isinstance(value, type) and value.__qualname__ == f"{cls.__qualname__}.{name}":
            _check_class(value)
            continue
        if id(value) not in done:
            done[id(value)] = _checked(value, _owned_by(cls, value))
        if done[id(value)] not in (None, value):
            setattr(cls, name, done[id(value)])


def _checked(value: Any, find: Find) -> Any:
    """Check a function, or what a class holds in place of one; None of anything else."""
    if isinstance(value, FunctionType):
        if getattr(value, MARK, False) or not value.__annotations__:
            return value
        made = wrap(value, find, resolve.local_names(value.__qualname__))
        setattr(made, MARK, True)
        return made
    if isinstance(value, staticmethod | classmethod):
        inner = _checked(value.__func__, find)
        return value if inner is value.__func__ else type(value)(inner)
    if isinstance(value, property):
        parts = [f and _checked(f, find) for f in (value.fget, value.fset, value.fdel)]
        fget, fset, fdel = parts
        return property(fget, fset, fdel, value.__doc__)
    return _checked_inside(value, find)


def _checked_inside(value: Any, find: Find) -> Any:
    """Check the function that a decorator of `functools` holds, and put it in again."""
    if isinstance(value, cached_property | partialmethod):
        value.func = _checked(value.func, find) or value.func
        return value
    if isinstance(value, _lru_cache_wrapper):
        inner = _checked(value.__wrapped__, find)
        cached = inner not in (None, value.__wrapped__)
        return lru_cache(**value.cache_parameters())(inner) if cached else value
    return None


def _owned_by(cls: type, value: object) -> Find:
    found = _kind(value, "")

    def find(function: FunctionType, first: object) -> tuple[Kind, type | None]:
        return (Kind.CONSTRUCTOR if function.__name__ in _CONSTRUCTORS else found), cls

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
            if any(inside is function for inside in _inside(value)):
                return _owned_by(base, value)(function, first)
    return Kind.FUNCTION, None


def _inside(value: Any) -> Iterator[object]:
    """Walk what a class holds down to the function that was written, through all decorators."""
    if isinstance(value, property):
        for function in (value.fget, value.fset, value.fdel):
            yield from _inside(function)
    if isinstance(value, cached_property):
        value = value.func
    for _ in range(_DEEPEST):
        yield value
        value = getattr(value, "__wrapped__", None)
        if value is None:
            return


_DEEPEST: Final = 32
"""How many decorators there may be; some objects claim to wrap another without end."""
