"""Sizes that nobody writes: to be told apart soundly all the same.

Divisions by sums and differences of sizes, floors in floors of these, numbers of twenty digits and
negative ones, and what cancels but for a little; of two sizes the other is often nearly the same.
"""

import random
from collections.abc import Sequence
from typing import Final

from typed_resnet.dims.term import Operation, Symbol, Term

from .random_terms import PADDING, SYMBOLS, op

TANGLED: Final = (*SYMBOLS, Symbol("S"), PADDING)
_NUMBERS: Final = (0, 0, 1, 1, 2, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 16, -1, -2, -3, -5)
_LARGE: Final = (10**6, 10**9 + 7, 1 << 31, 1 << 63, (1 << 64) - 1, 4096, 4097, 97, 360, 511, 513)
_DIVISORS: Final = (2, 2, 3, 3, 4, 5, 6, 7, 8, 9, 10, 12, 15, 16)
_KINDS: Final = {
    "Add": 5.0,
    "Sub": 6.0,
    "Mul": 5.0,
    "FloorDiv": 6.0,
    "CeilDiv": 4.0,
    "ExactDiv": 1.5,
    "Min": 3.0,
    "Max": 3.0,
    "ConvOut": 1.0,
    "twice": 3.0,
    "cancels": 2.0,
    "compared": 2.0,
}
_OTHERS: Final = {
    "Min": "Max",
    "Max": "Min",
    "FloorDiv": "CeilDiv",
    "CeilDiv": "FloorDiv",
    "Add": "Sub",
    "Sub": "Add",
    "Mul": "Mul",
    "ExactDiv": "FloorDiv",
}


def tangle(rng: random.Random, symbols: Sequence[Symbol], depth: int) -> Term:
    """Make a size of which hardly anything is known."""
    if depth == 0 or rng.random() < 0.08:
        return _leaf(rng, symbols)

    def smaller() -> Term:
        return tangle(rng, symbols, depth - 1)

    def divisor() -> Term:
        return _divisor(rng, symbols, depth - 1)

    rounded = rng.choice(("FloorDiv", "CeilDiv"))
    kind = rng.choices(list(_KINDS), list(_KINDS.values()))[0]
    match kind:
        case "FloorDiv" | "CeilDiv" | "ExactDiv":
            return op(kind, smaller(), divisor())
        case "ConvOut":
            return op(kind, smaller(), _leaf(rng, symbols), divisor(), _leaf(rng, symbols))
        case "twice":
            inside = op(rng.choice(("FloorDiv", "CeilDiv")), smaller(), divisor())
            return op(rounded, op("Add", inside, _number(rng)), divisor())
        case "cancels":
            by = divisor()
            multiple = op("Add", op("Mul", by, smaller()), _leaf(rng, symbols))
            return op(rng.choice((rounded, "ExactDiv")), multiple, by)
        case "compared":
            size = smaller()
            return op("Sub", *(op(rounded, size, divisor()) for _ in range(2)))
    return op(kind, smaller(), smaller())


def nearly(rng: random.Random, term: Term, symbols: Sequence[Symbol]) -> Term:
    """Change a size in one place."""
    if isinstance(term, Operation) and rng.random() < 0.8:
        arguments = list(term.arguments)
        place = rng.randrange(len(arguments))
        arguments[place] = nearly(rng, arguments[place], symbols)
        return Operation(term.operator, tuple(arguments))
    way = rng.random()
    if isinstance(term, Operation) and term.operator in _OTHERS and way < 0.4:
        return Operation(_OTHERS[term.operator], term.arguments)
    if way < 0.7:
        return op(rng.choice(("Add", "Sub")), term, rng.choice((0, 1, rng.choice(symbols))))
    return _leaf(rng, symbols)


def _number(rng: random.Random) -> int:
    return rng.choice(_LARGE) if rng.random() < 0.04 else rng.choice(_NUMBERS)


def _leaf(rng: random.Random, symbols: Sequence[Symbol]) -> Term:
    return rng.choice(symbols) if rng.random() < 0.75 else _number(rng)


def _divisor(rng: random.Random, symbols: Sequence[Symbol], depth: int) -> Term:
    one, other = rng.choice(symbols), rng.choice(symbols)
    return rng.choices(
        (
            rng.choice(_DIVISORS),
            one,
            op("Mul", one, other),
            op("Sub", one, other),
            op("Add", one, rng.choice((-2, -1, 1, 2))),
            tangle(rng, symbols, min(depth, 1)),
        ),
        (35, 35, 10, 7, 7, 6),
    )[0]
