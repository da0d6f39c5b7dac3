"""Say what is wrong with a call, in the sentence that mypy prints for it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from typed_resnet.dims.matching import Axis, Part, RangeFailure, Star, symbols_of
from typed_resnet.dims.normal_form import normal_form
from typed_resnet.dims.nouns import axis_name
from typed_resnet.dims.sentences import of_another_kind, out_of_range
from typed_resnet.dims.term import Operation, Undefined
from typed_resnet.errors import ConfigError, ShapeError, TypedResNetError
from typed_resnet.runtime import fields
from typed_resnet.runtime.demands import (
    Demand,
    MisfitError,
    RefusalError,
    Sizes,
    demands,
    settle,
    size_of,
    value_of,
)
from typed_resnet.runtime.forms import Form, TensorForm
from typed_resnet.runtime.notes import explained
from typed_resnet.runtime.others import HintError, violation
from typed_resnet.runtime.signature import Signature


def judge_arguments(signature: Signature, values: Mapping[str, Any]) -> Sizes | Exception:
    """Bind the sizes of a call, whose quick verdict was not yes; or say what is wrong with it."""
    known = _known_before(signature, values)
    asked = []
    for name, form in signature.forms.items():
        if not form.sized or fields.is_factory(values[name]):
            continue
        try:
            asked += demands(form, values[name], name)
        except MisfitError as misfit:
            return _misfit(misfit, signature.who(values), name, values[name])
    try:
        sizes = settle(asked, known)
    except RefusalError as refused:
        error = _error(refused, values)(refused.sentence(signature.who(values)))
        return explained(error, signature, values, refused)
    for form in _tensors(signature.result):
        message = _impossible(signature.who(values), form, sizes)
        if message is not None:
            return explained(ShapeError(message), signature, values)
    return sizes


def _misfit(misfit: MisfitError, who: str, name: str, argument: object) -> Exception:
    """Say that an argument, or what is in it, is not even of the class that is declared."""
    value, wanted = misfit.value, misfit.form.plain
    if value is not argument or not isinstance(wanted, type):
        return violation(value, wanted, f"call of {who}, argument {name}: ")
    got = "None" if value is None else type(value).__name__
    return HintError(of_another_kind(who, name, wanted.__name__, got), (value,))


def judge_result(
    signature: Signature, values: Mapping[str, Any], result: Any, sizes: Sizes
) -> Exception | None:
    """Say what is wrong with a result, if anything is."""
    return judge_passing(signature, values, signature.result, result, sizes, "returns")


def judge_passing(
    signature: Signature,
    values: Mapping[str, Any],
    form: Form,
    value: Any,
    sizes: Sizes,
    verb: str,
) -> Exception | None:
    """Say what is wrong with what a call returns, yields or is sent; bind the sizes it has."""
    who = signature.who(values)
    try:
        sizes.update(settle(_results(form, value, _NOUNS[verb]), sizes))
    except MisfitError as misfit:
        return violation(misfit.value, misfit.form.plain, f"{_PREFIXES[verb]} {who}: ")
    except RefusalError as refused:
        error = ShapeError(refused.returned(who, verb))
        return explained(error, signature, values, refused)
    return None


_PREFIXES = {"returns": "result of", "yields": "item of", "is sent": "sent to"}
_NOUNS = {"returns": "the result", "yields": "the item", "is sent": "what is sent"}


def _results(form: Form, result: Any, noun: str) -> list[Demand]:
    """List the demands on a result, each axis named, where it can be."""
    return [
        [[replace(part, names=_names(part)) for part in way] for way in ways]
        for ways in demands(form, result, "return", noun)
    ]


def _names(part: Part) -> tuple[str | None, ...]:
    return tuple(part.name(place) or _name(axis) for place, axis in enumerate(part.formal))


def _name(axis: Axis) -> str | None:
    return None if axis is None or isinstance(axis, Star) else axis_name(axis)


def _known_before(signature: Signature, values: Mapping[str, Any]) -> Sizes:
    """The sizes that the call around the definition brings, and `self`."""
    if not signature.own_sizes or signature.owner is None:
        return signature.around
    own = fields.sizes_as(values[signature.parameters[0].name], signature.owner) or ()
    named = zip(signature.own_sizes, own, strict=False)
    return signature.around | {name: size for name, size in named if size is not None}


def _tensors(form: Form) -> Iterator[Form]:
    if isinstance(form, TensorForm):
        yield form
    for inner in form.inner:
        yield from _tensors(inner)


def _impossible(who: str, form: Form, sizes: Sizes) -> str | None:
    """Say which size of a result cannot be, before it is computed."""
    for place, axis in enumerate(form.axes.declared):
        if not isinstance(axis, Operation):
            continue
        found = {s: size_of(s, sizes) for s in symbols_of(axis)}
        symbols = {s: normal_form(size) for s, size in found.items() if size is not None}
        if len(symbols) < len(found):
            continue
        name = _name(axis)
        try:
            if (value_of(axis, sizes) or 0) >= 1:
                continue
        except Undefined as error:
            return f"{who}: {error}"
        return out_of_range(who, axis, symbols, name, place)
    return None


def _error(refused: RefusalError, values: Mapping[str, Any]) -> type[TypedResNetError]:
    """Say which error it is: of a number below its least, the one of hyper-parameters."""
    failure = refused.failure
    if isinstance(failure, RangeFailure) and isinstance(values.get(failure.part.place), int):
        return ConfigError
    return ShapeError
