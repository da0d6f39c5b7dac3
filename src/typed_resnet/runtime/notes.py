"""What stands below a sentence: the whole shape, where each size comes from, the layer's name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from typed_resnet.dims.matching import Axis, Star
from typed_resnet.dims.sentences import shape
from typed_resnet.dims.term import Symbol
from typed_resnet.errors import TypedResNetError
from typed_resnet.runtime import scope
from typed_resnet.runtime.demands import (
    PlacedPart,
    RefusalError,
    Sizes,
    symbols_named,
    written,
)
from typed_resnet.runtime.forms import ChoiceForm, Form, ManyForm, MappingForm, axes_inside
from typed_resnet.runtime.signature import Kind, Signature


def explained(
    error: TypedResNetError,
    signature: Signature,
    values: Mapping[str, Any],
    refused: RefusalError | None = None,
) -> TypedResNetError:
    """Add what a reader would ask next, a note each."""
    if refused is not None:
        for note in _notes(refused, signature):
            error.add_note(note)
    if signature.kind is Kind.METHOD:
        path = scope.path_in_model(values[signature.parameters[0].name])
        if path is not None:
            error.add_note(f"in {path}")
    return error


def _notes(refused: RefusalError, signature: Signature) -> Iterator[str]:
    part, sizes = refused.failure.part, refused.sizes
    if isinstance(part, PlacedPart):
        brought, declared = (_written(part, axes) for axes in (part.actual, part.formal))
        yield f"{part.path} is {brought}, declared {declared}"
    own = [name for name in signature.own_sizes if name in sizes]
    if own:
        yield f"where {_bound(own, sizes)}"
    asked = [name for name in symbols_named(written(part)) if name in sizes and name not in own]
    by_origin: dict[str, list[str]] = {}
    origins = {**_origins(signature), **refused.origins}
    for name in asked:
        by_origin.setdefault(origins.get(name, part.place), []).append(name)
    for origin, names in by_origin.items():
        if origin != part.place:
            yield f"where {_bound(names, sizes)} as in {origin}"


def _written(part: PlacedPart, axes: tuple[Axis, ...]) -> str:
    return shape(axes)[1:-1] if part.is_int else f"{part.kind}{shape(axes)}"


def _bound(names: Iterable[str], sizes: Sizes) -> str:
    """Write `Cin = 3, Cout = 64`, and of a run `*B = [8]`."""
    return ", ".join(
        f"{name} = {shape(sizes[name]) if name[0] == '*' else sizes[name]}" for name in names
    )


def _origins(signature: Signature) -> dict[str, str]:
    """Say which argument binds each symbol where all fit: one where it stands alone, if any."""
    origins: dict[str, str] = {}
    forms = sorted(signature.forms.items(), key=lambda item: _may_be_without(item[1]))
    for place, form in forms:
        for axis in axes_inside(form):
            if isinstance(axis, Symbol | Star):
                _set_defaults(origins, axis, place)
    for place, form in forms:
        for axis in axes_inside(form):
            _set_defaults(origins, axis, place)
    around = signature.function.__qualname__.rpartition(".<locals>.")[0]
    return origins | dict.fromkeys(signature.around, around.rpartition(".")[2])


def _set_defaults(origins: dict[str, str], axis: Axis, place: str) -> None:
    for name in symbols_named([axis]):
        origins.setdefault(name, place)


def _may_be_without(form: Form) -> bool:
    """Say whether a value may have none of the sizes of its form: None, or no items."""
    return isinstance(form, ChoiceForm | ManyForm | MappingForm) or any(
        map(_may_be_without, form.inner)
    )
