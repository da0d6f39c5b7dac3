"""The names in generated text: what stands for a constant, where a size is kept, how sizes add up.

A size is kept in a dict that is passed about, `__sizes['H']`, or, where one text does all, in a
local variable of its own, `__size_H`, at half the time.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any, Final

from typed_resnet.dims.matching import Axis, Star
from typed_resnet.dims.products import run_of
from typed_resnet.dims.term import Operation, Symbol, Term, compile_term, window_count

SIZES: Final = "__sizes"
"""The name of the dict of sizes in generated text."""
SIZE: Final = "__size_"
STAR: Final = "__star_"
"""How the names of locals begin that keep a size, or the axes of a star."""

_INFIX: Final = {"Add": "+", "Sub": "-", "Mul": "*"}
_LEFT, _RIGHT = Symbol("left"), Symbol("right")
_OPERATIONS: Final = {
    name: compile_term(Operation(name, (_LEFT, _RIGHT)), (_LEFT, _RIGHT))
    for name in ("FloorDiv", "CeilDiv", "ExactDiv", "Min", "Max")
}


class Names:
    """Names of constants; and of sizes, kept in a dict."""

    def __init__(self) -> None:
        self.namespace: dict[str, Any] = {}

    def constant(self, value: object) -> str:
        """Name a value."""
        for name, known in self.namespace.items():
            if known is value:
                return name
        name = f"__{len(self.namespace)}"
        self.namespace[name] = value
        return name

    def size(self, name: str) -> str:
        """Write where a size is kept."""
        return f"{SIZES}['{name}']"

    def star(self, name: str) -> str:
        """Write where the axes are kept that a star takes."""
        return f"{SIZES}['*{name}']"

    def meet(self, symbol: Symbol, value: str) -> str:
        """Write the condition that a value is the size of a symbol, or is made so."""
        in_range = f"(__size := {value}) >= {symbol.least}"
        return f"{in_range} and {SIZES}.setdefault('{symbol.name}', __size) == __size"

    def meet_star(self, name: str, axes: str) -> str:
        """Write the condition that these are the axes of a star, or are made so."""
        return f"{SIZES}.setdefault('*{name}', (__axes := {axes})) == __axes"

    def arithmetic(self, term: Term) -> str:
        """Write a term as Python."""
        if isinstance(term, int):
            return f"({term})" if term < 0 else str(term)
        if isinstance(term, Symbol):
            run = run_of(term)
            if run is not None:
                return f"{self.constant(math.prod)}({self.star(run.name)})"
            return self.size(term.name)
        if term.operator == "ConvOut":
            return self.arithmetic(window_count(*term.arguments))
        left, right = map(self.arithmetic, term.arguments)
        if term.operator in _INFIX:
            return f"({left} {_INFIX[term.operator]} {right})"
        if _is_positive(term.arguments[1]):
            if term.operator == "FloorDiv":
                return f"({left} // {right})"
            if term.operator == "CeilDiv":
                return f"-(-{left} // {right})"
        return f"{self.constant(_OPERATIONS[term.operator])}({left}, {right})"

    def shape(self, axes: Iterable[Axis]) -> str:
        """Write a shape as a tuple; each of its axes must be known."""
        written = (
            f"*{self.star(str(axis.symbol))}, "
            if isinstance(axis, Star)
            else f"{self.arithmetic(axis or 0)}, "
            for axis in axes
        )
        return f"({''.join(written)})"


class LocalNames(Names):
    """Names of sizes, kept in local variables."""

    def __init__(self) -> None:
        super().__init__()
        self.met: set[str] = set()

    def size(self, name: str) -> str:
        """Write where a size is kept."""
        return f"{SIZE}{name}"

    def star(self, name: str) -> str:
        """Write where the axes are kept that a star takes."""
        return f"{STAR}{name}"

    def meet(self, symbol: Symbol, value: str) -> str:
        """Write the condition that a value is the size of a symbol, or is made so."""
        place = self.size(symbol.name)
        if place in self.met:
            return f"{value} == {place}"
        self.met.add(place)
        return f"({place} := {value}) >= {symbol.least}"

    def meet_star(self, name: str, axes: str) -> str:
        """Write the condition that these are the axes of a star, or are made so."""
        place = self.star(name)
        if place in self.met:
            return f"{axes} == {place}"
        self.met.add(place)
        return f"({place} := {axes}) is not None"


def sizes_among(variables: Mapping[str, Any]) -> dict[str, Any]:
    """Read all that a checked call has bound from its local variables, into its dict of sizes."""
    sizes: dict[str, Any] = variables.get(SIZES, {})
    for name, value in variables.items():
        if name.startswith(SIZE):
            sizes.setdefault(name.removeprefix(SIZE), value)
        elif name.startswith(STAR):
            sizes.setdefault(f"*{name.removeprefix(STAR)}", value)
    return sizes


def _is_positive(term: Term) -> bool:
    return term > 0 if isinstance(term, int) else isinstance(term, Symbol) and term.least > 0
