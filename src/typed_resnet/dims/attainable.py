"""Whether a size such as H//4 can be the one that was brought, where no one H is certain."""

from .normal_form import Dim, normal_form
from .ranges import Always, at_least
from .term import Operation, Symbol, Undefined

TRIED = 2_000


def unattainable(size: Dim, unknown: Symbol, target: Dim) -> bool:
    """Say whether it is certain that no value of the unknown makes `size` the target.

    H + 2 is never 1, 2*H never 7. Where several values do, as for H//2 = 3, or none is known to,
    as for H*H = 7*C, it is not certain.
    """
    if _always_apart(size, target):
        return True
    apart = size - target
    if apart.symbols != {unknown}:
        return False
    beyond = unknown.least + TRIED
    if any(_vanishes(apart, unknown, value) for value in range(unknown.least, beyond)):
        return False
    later = {unknown: normal_form(Operation("Add", (unknown, beyond)))}
    try:
        return _always_apart(size.substitute(later), target.substitute(later))
    except Undefined:
        return True  # 2 - C divided by 2//C has no value from C = 3 on


def _always_apart(one: Dim, other: Dim) -> bool:
    return isinstance(at_least(one - other, 1), Always) or isinstance(
        at_least(other - one, 1), Always
    )


def _vanishes(size: Dim, symbol: Symbol, value: int) -> bool:
    try:
        return size.evaluate({symbol: value}) == 0
    except Undefined:
        return False
