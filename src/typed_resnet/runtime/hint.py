"""The class that a hint such as `Tensor[*B, Cin, H, W]` is while the program runs.

It is a class, so that whatever reads hints (beartype, `|`, `list[...]`, `isinstance`) can hold it,
and it stands apart from `Tensor` itself, so that no instance is ever of it: a tensor is pickled,
copied and printed as a `Tensor`.
"""

from __future__ import annotations

import copyreg
import functools
from types import new_class
from typing import Any, TypeVar, TypeVarTuple

from typed_resnet import runtime
from typed_resnet.dims.operators import literal_hint
from typed_resnet.runtime import substitution


class ShapeHint(type):
    """The metaclass: one hint is one instance."""

    origin: type = object
    """What was subscripted: `Tensor`, or a subclass of it."""
    axes: tuple[object, ...] = ()

    def __new__(
        mcs, name: str, bases: tuple[type, ...], namespace: dict[str, Any], **options: Any
    ) -> Any:
        """Make a hint; or, where a hint is the base of a class, a subclass of its `origin`."""
        hints = [base for base in bases if isinstance(base, ShapeHint)]
        if not hints:
            return super().__new__(mcs, name, bases, namespace)
        namespace.setdefault("__orig_bases__", bases)
        plain = tuple(b.origin if isinstance(b, ShapeHint) else b for b in bases)
        made: Any = new_class(name, plain, options, lambda body: body.update(namespace))
        if not made.__parameters__:
            made.__parameters__ = substitution.parameters(hints)
        return made

    def __instancecheck__(cls, value: object) -> bool:
        return runtime.scope.fits(cls, value)

    def __instancecheck_str__(cls, value: object) -> str:
        """Say, for beartype, why `value` is none of these."""
        return runtime.scope.misfit(cls, value)

    def __call__(cls, *arguments: Any, **options: Any) -> Any:
        made = cls.origin(*arguments, **options)
        runtime.scope.check(cls.__qualname__, cls, made)
        return made

    def __getattr__(cls, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return getattr(cls.origin, name)

    def __getitem__(cls, arguments: object) -> ShapeHint:
        """Give the parameters of `Image = Tensor[C, H, W]` their sizes: `Image[L[3], H, W]`."""
        given = substitution.assign(cls.__qualname__, cls.__parameters__, arguments)
        return tensor_hint(cls.origin, substitution.replace_all(cls.axes, given))

    @property
    def __parameters__(cls) -> tuple[TypeVar | TypeVarTuple, ...]:
        return substitution.parameters(cls.axes)

    def __eq__(cls, other: object) -> bool:
        if not isinstance(other, ShapeHint):
            return NotImplemented
        return cls.origin is other.origin and cls.axes == other.axes

    def __hash__(cls) -> int:
        return hash((cls.origin, cls.axes))

    def __repr__(cls) -> str:
        return f"{cls.__module__}.{cls.__qualname__}"  # as in `hint | None`, which beartype asks


def tensor_hint(cls: type, axes: object) -> ShapeHint:
    """Make the hint `cls[axes]`; equal axes make the same one."""
    listed = axes if isinstance(axes, tuple) else (axes,)
    listed = tuple(map(literal_hint, listed))
    parameters = getattr(cls, "__parameters__", ())
    if not any(isinstance(p, TypeVarTuple) for p in parameters):
        # A subclass with parameters of its own: its arguments must suit them.
        substitution.assign(cls.__qualname__, parameters, listed)
    try:
        return _made(cls, listed)
    except TypeError:  # an axis that cannot be hashed
        return _make(cls, listed)


def _make(cls: type, axes: tuple[object, ...]) -> ShapeHint:
    name = f"{cls.__qualname__}[{', '.join(map(written, axes)) or '()'}]"
    hint: ShapeHint = type.__new__(ShapeHint, name, (), {"__module__": cls.__module__})
    hint.origin = cls
    hint.axes = axes
    return hint


_made = functools.lru_cache(4096)(_make)


def written(hint: object) -> str:
    """Write a hint as its author did: `H`, `3`, `*B`, `CeilDiv[H, 2]`."""
    arguments = getattr(hint, "__args__", ())
    if substitution.unpacked(hint) is not None:
        return f"*{written(substitution.unpacked(hint))}"
    if substitution.is_literal(hint):
        return ", ".join(map(repr, arguments))
    if arguments:
        name = getattr(hint, "__name__", None) or repr(getattr(hint, "__origin__", hint))
        return f"{name}[{', '.join(map(written, arguments))}]"
    if hint is ...:
        return "..."
    return getattr(hint, "__name__", None) or repr(hint)


def _reduce(hint: ShapeHint) -> tuple[Any, ...]:
    return tensor_hint, (hint.origin, hint.axes)


copyreg.pickle(ShapeHint, _reduce)
