"""Every sentence about sizes, once: mypy, the run and the editor all print these.

Those about conditions and indices stand in `condition_sentences` and `indexing_sentences`.

A sentence is a clause: who expects what, what it got instead, and, where symbols leave room for
doubt, the smallest sizes that show the difference.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from typed_resnet.dims.condition_sentences import unmet
from typed_resnet.dims.failures import (
    DivideFailure,
    StretchFailure,
    StretchRankFailure,
    UnequalFailure,
)
from typed_resnet.dims.matching import (
    Axis,
    BrokenFailure,
    Failure,
    Part,
    RangeFailure,
    RankFailure,
    SizeFailure,
    SolveFailure,
    Star,
)
from typed_resnet.dims.normal_form import Dim, normal_form
from typed_resnet.dims.nouns import amount, axis_name, noun
from typed_resnet.dims.printer import show
from typed_resnet.dims.ranges import Always, Sometimes, at_least
from typed_resnet.dims.reasons import because
from typed_resnet.dims.term import Operation, Symbol, Term, Undefined

NOTHING_TO_DIFFERENTIATE_BY = "vjp expects a tensor or a layer to differentiate by, got none"


def no_result_to_pull_back(who: str, got: str) -> str:
    """Say that what a function returns holds no tensor that could have a cotangent."""
    return f"vjp of {who} expects tensors of floats, got {got}"


_SIGNS = frozenset("+-*/")
_STRETCH = " (only broadcast_to stretches)"


def _name(part: Part, axis: int) -> str | None:
    """Find what the signature calls an axis; a symbol that stands there alone is a name too."""
    formal = part.formal[axis] if axis < len(part.formal) else None
    if part.name(axis) is not None or formal is None or isinstance(formal, Star):
        return part.name(axis)
    return formal.name if isinstance(formal, Symbol) else axis_name(formal)


def sentence(who: str, failure: Failure) -> str:
    """Say what a call expects and what it got instead."""
    part = failure.part
    match failure:
        case RankFailure(expected=declared):
            hint = _STRETCH if who in _SIGNS and _could_stretch(declared, part.actual) else ""
            return f"{who} expects {shape(declared)}, got {shape(part.actual)}{hint}"
        case SizeFailure(axis=axis, expected=expected, got=got):
            origin = f" as in {failure.origin}" if failure.origin else ""
            name = _name(part, axis) or axis_name(expected, got)
            wanted = amount(name, part.place_of(axis), expected)
            return f"{who} expects {wanted}{origin}, got {show(got)}{reason(failure)}"
        case RangeFailure(axis=axis, got=got, least=least):
            name = part.place if part.is_int else _name(part, axis)
            return too_small(who, name, least, got, part.place_of(axis))
        case SolveFailure(axis=axis, declared=size, symbol=symbol, got=got):
            wanted = amount(_name(part, axis), part.place_of(axis), size)
            return (
                f"{who} expects {wanted}, got {show(got)}:"
                f" no {symbol.name} ≥ {symbol.least} gives it"
            )
        case BrokenFailure(why=why):
            return f"{who}: {why}"
        case UnequalFailure() | DivideFailure():
            return unmet(who, failure)
        case StretchFailure(axis=axis, wanted=size, got=got, verdict=verdict):
            wanted = f"{'' if size.constant == 1 else '1 or '}{amount(None, axis, size)}"
            return f"{who} expects {wanted}, got {show(got)}{because(size, got, verdict)}"
        case StretchRankFailure(wanted=axes, got=brought):
            return f"{who} expects a shape that stretches to {shape(axes)}, got {shape(brought)}"
    raise AssertionError(failure)


def _could_stretch(*shapes: Sequence[Axis]) -> bool:
    """Say whether the sizes of one shape, but for 1, stand in the other, in their order."""
    few, many = sorted(([_axis(axis) for axis in axes] for axes in shapes), key=len)
    left = iter(many)
    return all(axis in left for axis in few if axis != "1")


def in_layer(who: str, place: int | str, message: str) -> str:
    """Say which of several layers it is about, by the name it has among them."""
    return f"layer {place} of {who}: {message}"


def too_small(who: str, name: str | None, least: int, got: Dim | int, axis: int = 0) -> str:
    """Say that a size is less than it may ever be."""
    return f"{who} expects {noun(name, axis)} ≥ {least}, got {show(got)}"


def unmeant(who: str, name: str, wanted: Sequence[object], got: str) -> str:
    """Say that there is no such choice: of the overloads, none is for this axis."""
    return f"{who} expects {name} {' or '.join(map(str, wanted))}, got {got}"


def of_another_kind(who: str, place: str, wanted: str, got: str) -> str:
    """Say that what is brought is no tensor, or no int, at all."""
    return f"{who} expects {place}: {wanted}, got {got}"


def misfit(who: str, wanted: Iterable[Sequence[str]], got: Sequence[str]) -> str:
    """Say which arguments there are: of the overloads, none is for those that are brought.

    One that must be named is written `axis=`.
    """
    choices = " or ".join(f"({', '.join(names)})" for names in dict.fromkeys(map(tuple, wanted)))
    return f"{who} expects {choices}, got ({', '.join(got)})"


def unknown(who: str, part: Part, axis: int) -> str:
    """Say that a size that is declared is not known where it comes from."""
    formal = part.formal[axis]
    place = part.place_of(axis)
    if formal is None or isinstance(formal, Star):
        wanted = "a shape"
    elif isinstance(formal, Symbol):
        wanted = noun(part.name(axis) or formal.name, place)
    else:
        wanted = amount(part.name(axis) or axis_name(formal), place, formal)
    brought = "an int" if part.is_int else shape(part.actual)
    return f"{who} expects {wanted} in {part.place}, got {brought} of unknown size"


def of_unknown_size(who: str, part: Part) -> str:
    """Say that what is called has itself lost the size that it would take."""
    return f"{who} expects {shape(part.formal)} of unknown size, got {shape(part.actual)}"


def incomparable(who: str, name: str) -> str:
    """Say that a size stands several times where nobody compares it."""
    return f"{who} expects one {name} in several places, which cannot be compared here"


def lost(who: str, axes: Sequence[Axis]) -> str:
    """Say that a call loses sizes that its arguments have."""
    return f"{who} returns {shape(axes)}, and so loses a size; call the function itself"


def any_returned(declared: str) -> str:
    """Say that a function returns nobody knows what where it declares sizes."""
    return f"returns Any, and so loses the sizes of {declared}"


def without_parameters(name: str, what: str) -> str:
    """Say what a size, a Tensor or a layer is that is written by its name alone."""
    return f"{name} without its parameters is {what}: write {name}[…]"


def unnamed_attribute(owner: str) -> str:
    """Say that nobody can tell which attribute is meant."""
    return f"getattr of {owner} is of unknown sizes, for its name is not known here"


def unchecked(what: str, error: Exception) -> str:
    """Say that our own judgement failed, so that nothing is taken for checked that is not."""
    return (
        f"the sizes of this {what} are not checked, for typed_resnet failed on it:"
        f" {type(error).__name__}: {error}; please report it"
    )


def returned(who: str, failure: Failure, verb: str = "returns") -> str:
    """Say what a function returns and what it declares instead; `who` may be empty.

    A generator `yields`, too, and `is sent`.
    """
    return _contradicts(f"{who} {verb}" if who else verb, failure)


def given(name: str, failure: Failure) -> str:
    """Say what a variable is given and what it declares instead; `name` may be empty."""
    return _contradicts(f"{name} is given" if name else "is given", failure)


def _contradicts(verb: str, failure: Failure) -> str:
    part = failure.part
    if isinstance(failure, SizeFailure):
        axis = failure.axis
        name = _name(part, axis) or axis_name(failure.expected, failure.got)
        brought = amount(name, part.place_of(axis), failure.got)
        return f"{verb} {brought}, declared {show(failure.expected)}{reason(failure, True)}"
    return f"{verb} {shape(part.actual)}, declared {shape(part.formal)}"


def reason(failure: SizeFailure, got_first: bool = False) -> str:
    """Say why two sizes differ: by the smallest sizes at which they do; of numbers, nothing."""
    return because(failure.expected, failure.got, failure.verdict, got_first)


def out_of_range(
    who: str,
    declared: Term,
    known: Mapping[Symbol, Dim],
    name: str | None,
    axis: int,
    *,
    prove: bool = False,
    least: int | None = 1,
) -> str | None:
    """Say that a size of a result can never be one or more; None where it can.

    Where it need not be as large as anything, `least` is None: it must have a value at all.

    Of a window, say which one does not fit what. With `prove`, say it also of a size that is one
    or more only for some values of its symbols, and for which.
    """
    try:
        size = normal_form(declared).substitute(known)
    except Undefined as undefined:
        return f"{who}: {undefined}"
    if least is None:
        return None
    range_of_size = at_least(size, least)
    if isinstance(range_of_size, Always):
        return None
    needs = ""
    if isinstance(range_of_size, Sometimes):
        if not prove:
            return None
        needs = f" unless {range_of_size.needs}"
    if isinstance(declared, Operation) and declared.operator == "ConvOut":
        extent, window, _, padding = (
            normal_form(argument).substitute(known) for argument in declared.arguments
        )
        return (
            f"window {show(window)} does not fit"
            f" {amount(name, axis, extent)} padded by {show(padding)}{needs}"
        )
    return f"{who} returns {amount(name, axis, size)}, which is less than {least}{needs}"


def shape(axes: Sequence[Axis]) -> str:
    """Write a shape: `[*B, 3, H, W]`, with `?` for what is unknown."""
    return f"[{', '.join(map(_axis, axes))}]"


def flow(taken: Sequence[Axis], returned: Sequence[Axis]) -> str:
    """Write what layers make of a shape: `Tensor[*B, 3, H, W] -> Tensor[*B, 8, ⌈H/2⌉, ⌈W/2⌉]`."""
    return f"Tensor{shape(taken)} -> Tensor{shape(returned)}"


def _axis(axis: Axis) -> str:
    match axis:
        case None:
            return "?"
        case Star(symbol=None):
            return "*?"
        case Star(symbol=symbol):
            return f"*{symbol}"
    try:
        return show(normal_form(axis))
    except Undefined:
        return show(axis)
