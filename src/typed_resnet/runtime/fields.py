"""The sizes that an object holds: a `Conv2D[Cin, Cout, K, S, P]` knows its own from its fields."""

from __future__ import annotations

import contextlib
import functools
from collections.abc import Callable
from typing import Any, Final

from typed_resnet.errors import ShapeError
from typed_resnet.runtime import demands, verdict
from typed_resnet.runtime.axes import is_size, read_axis
from typed_resnet.runtime.forms import Form
from typed_resnet.runtime.reading import forms_of_fields
from typed_resnet.runtime.substitution import base_arguments

Own = tuple[int | None, ...]

KEPT: Final = "__sizes__"
"""Where an instance that cannot change keeps its sizes once they are known."""


def layer_sizes(layer: object) -> dict[str, int]:
    """Say what an object's fields make of its class's type parameters: `{"Cin": 3, "Cout": 64}`.

    Raises: ShapeError, where they contradict one another.
    """
    cls: Any = type(layer)
    named = zip(size_parameters(cls), own_sizes(layer), strict=True)
    return {name: size for name, size in named if size is not None}


def own_sizes(layer: object) -> Own:
    """The same without the names, in the order of the parameters; None for what is not known."""
    kept: Own | None = getattr(layer, "__dict__", {}).get(KEPT)
    if kept is not None:
        return kept
    cls: Any = type(layer)
    found = _bind(layer, cls)
    sizes = tuple(map(found.get, size_parameters(cls)))
    if is_frozen(cls) and hasattr(layer, "__dict__"):
        layer.__dict__[KEPT] = sizes
    return sizes


def sizes_as(value: object, owner: type) -> Own | None:
    """The sizes of a value as an instance of `owner`, in its parameters; None if it is none."""
    if value.__class__ is owner:
        try:
            return value.__dict__[KEPT]  # type: ignore[no-any-return]  # only we write it
        except (AttributeError, KeyError):
            return own_sizes(value)
    if not isinstance(value, owner):
        return None
    own = layer_sizes(value)
    given = base_arguments(type(value), owner) or {}
    axes = (read_axis(hint) for parameter, hint in given.items() if is_size(parameter))
    return tuple(demands.value_of(axis, own) for axis in axes)


def printed_type(layer: object) -> str:
    """Write the type of an object with its sizes: `Conv2D[3, 64, 7, 2, 3]`."""
    name = type(layer).__name__
    sizes = own_sizes(layer)
    return f"{name}[{', '.join('?' if s is None else str(s) for s in sizes)}]" if sizes else name


@functools.cache
def size_parameters(cls: Any) -> tuple[str, ...]:
    """Name the type parameters of a class that are sizes."""
    return tuple(p.__name__ for p in getattr(cls, "__parameters__", ()) if is_size(p))


@functools.cache
def is_frozen(cls: Any) -> bool:
    parameters = getattr(cls, "__dataclass_params__", None)
    return bool(parameters is not None and parameters.frozen)


def is_factory(default: object) -> bool:
    """Say whether a default is the dataclass's mark of a default factory."""
    return type(default).__qualname__ == "_HAS_DEFAULT_FACTORY_CLASS"


@functools.cache
def annotated_forms(cls: type) -> dict[str, Form]:
    """Read what a class and its bases annotate, each in the parameters of this class."""
    return forms_of_fields(cls, {})


@functools.cache
def _sized_forms(cls: type) -> dict[str, Form]:
    return {name: form for name, form in annotated_forms(cls).items() if form.sized}


@functools.cache
def _verdicts(cls: type) -> dict[str, Callable[[Any, dict[str, Any]], bool]]:
    """The same forms' quick verdicts: a form takes longer to look up than to judge by."""
    return {name: verdict.verdict(form) for name, form in _sized_forms(cls).items()}


def _bind(layer: object, cls: type) -> dict[str, Any]:
    sizes: dict[str, Any] = {}
    try:
        for name, fits in _verdicts(cls).items():
            if not fits(getattr(layer, name), sizes):
                break
        else:
            return sizes
    except Exception:  # not computed, so not decided
        pass
    found: list[demands.Demand] = []
    forms = _sized_forms(cls)
    present = [
        (form, getattr(layer, name), name) for name, form in forms.items() if hasattr(layer, name)
    ]
    for form, value, name in present:
        with contextlib.suppress(demands.MisfitError):  # construction has its own say
            found += demands.demands(form, value, name)
    try:
        return demands.settle(found, {})
    except demands.RefusalError as refused:
        raise ShapeError(refused.sentence(cls.__name__)) from None
