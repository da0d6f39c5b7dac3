"""Sizes as people read them; `printer.show` is the one printer."""

from typing import TYPE_CHECKING, Final

from .term import Operation, Term, window_count

if TYPE_CHECKING:
    from .normal_form import Dim

_SUM, _DIVISION, _PRODUCT, _CLOSED = range(4)
"""How tightly what is written holds together: a product may begin a product, a division not."""

_SIGNS: Final = {
    "Add": (" + ", _SUM, _SUM, _DIVISION),
    "Sub": (" - ", _SUM, _SUM, _DIVISION),
    "Mul": ("*", _PRODUCT, _PRODUCT, _CLOSED),
    "FloorDiv": ("//", _DIVISION, _CLOSED, _CLOSED),
    "ExactDiv": ("/", _DIVISION, _CLOSED, _CLOSED),
}
"""The sign, how tightly it holds, and how tightly its left and right sides must."""


def show(size: "Term | Dim") -> str:
    """Write a size: `⌈H/2⌉`, `(H - 2)//S + 1`, `4*C`, `min(H, W)`, `C/4` where 4 divides C."""
    return show_term(size) if isinstance(size, Term) else str(size)


def show_term(term: Term) -> str:
    return _written(term)[0]


def _written(term: Term) -> tuple[str, int]:
    if isinstance(term, int):
        return str(int(term)), _CLOSED if term >= 0 else _SUM
    if not isinstance(term, Operation):
        return str(term), _CLOSED
    if term.operator == "ConvOut":
        h, k, s, p = term.arguments
        if p == 0:
            padded: Term = Operation("Sub", (h, k))
            return _written(Operation("Add", (Operation("FloorDiv", (padded, s)), 1)))
        return _written(window_count(h, k, s, p))
    if term.operator in ("Min", "Max"):
        return f"{term.operator.lower()}({', '.join(_sizes(term.operator, term))})", _CLOSED
    left, right = term.arguments
    if term.operator == "CeilDiv":
        return f"⌈{_inside(left, _CLOSED)}/{_inside(right, _CLOSED)}⌉", _CLOSED
    if term.operator == "Mul" and isinstance(left, int) and left < 0:
        times = Operation("Mul", (-left, right)) if left < -1 else right
        return f"-{_inside(times, _PRODUCT)}", _SUM
    sign, strength, of_left, of_right = _SIGNS[term.operator]
    return f"{_inside(left, of_left)}{sign}{_inside(right, of_right)}", strength


def _sizes(operator: str, term: Term) -> list[str]:
    """List the sizes of min(min(a, b), c): a, b, c."""
    if isinstance(term, Operation) and term.operator == operator:
        left, right = term.arguments
        return [*_sizes(operator, left), show_term(right)]
    return [show_term(term)]


def _inside(term: Term, least: int) -> str:
    text, strength = _written(term)
    return text if strength >= least else f"({text})"
