"""Which sizes a call needs that nobody knows: lost to an int or Any, or left to mypy to infer."""

from __future__ import annotations

from collections.abc import Sequence

from mypy.constraints import SUPERTYPE_OF, infer_constraints
from mypy.nodes import Context
from mypy.solve import solve_constraints
from mypy.types import CallableType, Instance, Type, TypeVarLikeType

from typed_resnet.dims.matching import Match
from typed_resnet.dims.sentences import incomparable, of_unknown_size, unknown
from typed_resnet.mypy_plugin.codes import SHAPE_UNKNOWN
from typed_resnet.mypy_plugin.findings import Finding
from typed_resnet.mypy_plugin.parts import Walker
from typed_resnet.mypy_plugin.queries import free_variables, is_bare_int
from typed_resnet.mypy_plugin.signatures import Callee
from typed_resnet.mypy_plugin.translate import Reader


def find_lost(
    callee: Callee,
    signature: CallableType,
    walker: Walker,
    matched: Match,
    places: Sequence[Context],
    where: Context,
) -> Finding | None:
    """Find a size that is declared, but unknown where it comes from.

    `places` are those of the parts that were walked, `where` is the call.
    """
    receiver = callee.receiver
    of_unknown = isinstance(receiver, Instance) and any(map(is_bare_int, receiver.args))
    for part, place in zip(walker.parts, places, strict=True):
        axis = part.unknown_axis()
        if axis is not None:
            message = unknown(callee.who(signature), part, axis)
            return Finding(message, place, SHAPE_UNKNOWN)
        if of_unknown and None in part.formal:
            message = of_unknown_size(callee.who(signature), part)
            return Finding(message, place, SHAPE_UNKNOWN)
    name = _told_in_pieces(walker, matched) if walker.left else None
    if name is not None:
        return Finding(incomparable(callee.who(signature), name), where, SHAPE_UNKNOWN)
    return None


def _told_in_pieces(walker: Walker, matched: Match) -> str | None:
    """Name a size that stands only where mypy infers it, in several places that do not agree.

    Of two that differ mypy would make Any, and say nothing.
    """
    variables = [variable for wanted, _ in walker.left for variable in free_variables(wanted)]
    for variable in variables:
        symbol = walker.formals.flexible.get(variable.id)
        if symbol is None or symbol in matched.sizes or symbol in matched.stars:
            continue
        several = sum(other.id == variable.id for other in variables) > 1
        if several and not _is_inferred(variable, walker.left):
            return variable.name
    return None


def _is_inferred(variable: TypeVarLikeType, left: Sequence[tuple[Type, Type]]) -> bool:
    """Say whether mypy finds one size for a variable."""
    constraints = [
        constraint
        for wanted, brought in left
        for constraint in infer_constraints(wanted, brought, SUPERTYPE_OF)
        if constraint.type_var == variable.id
    ]
    (found,), _ = solve_constraints([variable], constraints)
    return found is not None and Reader().term(found) is not None
