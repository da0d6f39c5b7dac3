"""Which condition of a signature is not met, in words; see `sentences`."""

from __future__ import annotations

from typed_resnet.dims.failures import DivideFailure, UnequalFailure
from typed_resnet.dims.matching import Axis, Part, Star, symbols_of
from typed_resnet.dims.normal_form import Dim
from typed_resnet.dims.nouns import amount, axis_name, noun
from typed_resnet.dims.printer import show
from typed_resnet.dims.products import run_of
from typed_resnet.dims.reasons import because, left_over
from typed_resnet.dims.term import Operation, Symbol, Term


def unmet(who: str, failure: UnequalFailure | DivideFailure) -> str:
    """Say which sizes are not equal, or which one does not divide which."""
    part = failure.part
    match failure:
        case UnequalFailure(left=left, right=right, verdict=verdict):
            return f"{who} expects {_equality(part, left, right)}{because(left, right, verdict)}"
        case DivideFailure(divisor=divisor, size=size, verdict=verdict):
            divisors, multiple = (_noun(axes[0]) for axes in (part.formal, part.actual))
            wanted = f"{noun(divisors, 0)} to divide {amount(multiple, 0, size)}"
            return (
                f"{who} expects {wanted}, got {show(divisor)}{left_over(divisor, size, verdict)}"
            )


def _noun(axis: Axis) -> str | None:
    """Find what a size of a condition is called."""
    if axis is None or isinstance(axis, Star):
        return None
    return axis.name if isinstance(axis, Symbol) else axis_name(axis)


def _equality(part: Part, left: Dim, right: Dim) -> str:
    """Write what a signature says is equal, and what both sides are."""
    declared = [axis for axis in (*part.formal, *part.actual) if isinstance(axis, Term)]
    if all(run_of(symbol) is not None for term in declared for symbol in symbols_of(term)):
        return f"{show(left)} element{'s' if str(left) != '1' else ''}, got {show(right)}"
    wanted = " = ".join(show(_public(term)) for term in declared)
    return f"{wanted}, got {show(left)} and {show(right)}"


def _public(term: Term) -> Term:
    """Leave out the underscore of the names that a signature keeps to itself: `_G` is G."""
    if isinstance(term, Symbol):
        return Symbol(term.name.lstrip("_"), term.least)
    if isinstance(term, Operation):
        return Operation(term.operator, tuple(map(_public, term.arguments)))
    return term
