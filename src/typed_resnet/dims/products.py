"""The product of a run of sizes, of how many nobody knows: ∏B, of the axes that `*B` stands for.

It is a symbol of its own, which its name gives away, so that all that is known of symbols holds
of it: ∏B·C·(H·W) is ∏B·(C·H)·W. Where `*B` is bound to sizes, its product is bound to theirs.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from typed_resnet.dims.normal_form import Dim, normal_form
from typed_resnet.dims.parts import Axis, Star
from typed_resnet.dims.term import Operation, Symbol, Term, Undefined

_SIGN: Final = "∏"


def product_symbol(run: Symbol) -> Symbol:
    """Give the symbol of the product of all sizes of a run."""
    return Symbol(f"{_SIGN}{run.name}", 1, (_SIGN, run))


def run_of(symbol: Symbol) -> Symbol | None:
    """Give the run that a symbol is the product of, if it is one."""
    match symbol.key:
        case (sign, Symbol() as run) if sign == _SIGN:
            return run
    return None


def product(axes: Sequence[Axis]) -> Term | None:
    """Multiply sizes, as written; None where one is unknown."""
    result: Term = 1
    for axis in axes:
        factor = _factor(axis)
        if factor is None:
            return None
        result = factor if result == 1 else Operation("Mul", (result, factor))
    return result


def product_size(axes: Sequence[Axis]) -> Dim | None:
    """Multiply sizes; None where one is unknown, or has no value."""
    term = product(axes)
    try:
        return None if term is None else normal_form(term)
    except Undefined:
        return None


def _factor(axis: Axis) -> Term | None:
    if isinstance(axis, Star):
        return None if axis.symbol is None else product_symbol(axis.symbol)
    return axis
