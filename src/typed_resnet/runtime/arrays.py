"""Hints of raw arrays, as jaxtyping writes them: `Float[np.ndarray, "*B C H W"]`."""

from __future__ import annotations

import functools
from typing import Any

import jaxtyping

from typed_resnet.dims.matching import Axis, Star
from typed_resnet.dims.term import Symbol
from typed_resnet.runtime.axes import Axes


def is_array_hint(hint: object) -> bool:
    return isinstance(hint, type) and issubclass(hint, jaxtyping.AbstractArray)


def array_axes(hint: Any) -> Axes:
    """Read the names of axes; one that jaxtyping computes or stretches is left to jaxtyping."""
    axes = tuple(_axis(word) for word in hint.dim_str.split())
    return Axes(axes, tuple(a.name if isinstance(a, Symbol) else None for a in axes))


def _axis(word: str) -> Axis:
    if word == "..." or word.startswith("*"):
        name = word[1:]
        return Star(Symbol(name, least=0) if name.isidentifier() and name[0] != "_" else None)
    name = word.rpartition("=")[2]
    if name.isdecimal():
        return int(name)
    return Symbol(name, least=0) if name.isidentifier() and name[0] != "_" else None


@functools.cache
def without_axes(hint: Any) -> Any:
    """The same hint for any shape: the class of the array and its scalars only."""
    return hint.dtype[hint.array_type, "..."]
