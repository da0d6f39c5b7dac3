"""Random sizes, and random rewritings of them that are true by the laws of arithmetic."""

import random
from collections.abc import Callable, Sequence
from typing import Final

from typed_resnet.dims.term import Operation, Symbol, Term

SYMBOLS = (Symbol("C"), Symbol("H"), Symbol("W"))
PADDING = Symbol("P", 0)


def op(operator: str, *arguments: Term) -> Operation:
    return Operation(operator, arguments)


def random_term(
    rng: random.Random, symbols: Sequence[Symbol], depth: int, largest: int = 5, minima: int = 1
) -> Term:
    """Make a size of the fragment, with divisors up to `largest`, minima as frequent as said."""
    if depth == 0 or rng.random() < 0.1:
        return rng.choice(symbols) if rng.random() < 0.8 else rng.randint(0, largest)

    def smaller() -> Term:
        return random_term(rng, symbols, depth - 1, largest, minima)

    divisor = rng.randint(2, largest)
    kind = rng.choices(
        ("Add", "Sub", "Mul", "FloorDiv", "CeilDiv", "ExactDiv", "Min", "Max", "ConvOut"),
        (6, 4, 2, 6, 5, 0.5, minima, minima, 1),
    )[0]
    match kind:
        case "Mul":
            return op("Mul", rng.randint(2, largest), smaller())
        case "FloorDiv" | "CeilDiv":
            return op(kind, smaller(), divisor)
        case "ExactDiv":
            return op(
                kind, op("Mul", divisor, smaller()) if rng.random() < 0.5 else smaller(), divisor
            )
        case "ConvOut":
            return op(kind, smaller(), rng.randint(1, largest), divisor, rng.randint(0, 2))
    return op(kind, smaller(), smaller())


def random_product(
    rng: random.Random, symbols: Sequence[Symbol], depth: int, largest: int = 5
) -> Term:
    """Make a size that multiplies sizes and divides by them, with numbers up to `largest`."""
    if depth == 0 or rng.random() < 0.1:
        return rng.choice(symbols) if rng.random() < 0.85 else rng.randint(0, largest)

    def smaller() -> Term:
        return random_product(rng, symbols, depth - 1, largest)

    kind = rng.choices(
        (
            "Add",
            "Sub",
            "Mul",
            "square",
            "FloorDiv",
            "CeilDiv",
            "ExactDiv",
            "Min",
            "Max",
            "ConvOut",
        ),
        (5, 4, 5, 1, 5, 4, 1, 1, 1, 1),
    )[0]
    match kind:
        case "square":
            side = smaller()
            return op("Mul", side, side)
        case "FloorDiv" | "CeilDiv":
            return op(kind, smaller(), _divisor(rng, symbols, largest))
        case "ExactDiv":
            divisor, size = _divisor(rng, symbols, largest), smaller()
            return op(kind, op("Mul", divisor, size) if rng.random() < 0.6 else size, divisor)
        case "ConvOut":
            window, padding = (rng.choice((*symbols, rng.randint(1, largest))) for _ in range(2))
            return op(kind, smaller(), window, _divisor(rng, symbols, largest), padding)
    return op(kind, smaller(), smaller())


def _divisor(rng: random.Random, symbols: Sequence[Symbol], largest: int) -> Term:
    """Make a number, or a size that is mostly a symbol."""
    number, one, other = rng.randint(2, largest), rng.choice(symbols), rng.choice(symbols)
    divisors = (number, one, op("Mul", one, other), op("Mul", number, one), op("Add", one, number))
    return rng.choices(divisors, (6, 10, 3, 2, 1))[0]


def rewritten(
    rng: random.Random, term: Term, steps: int, laws: "Sequence[Law] | None" = None
) -> Term:
    """Rewrite some places by laws that hold for all integers."""
    for _ in range(steps):
        term = _rewritten_somewhere(rng, term, laws or LAWS)
    return term


def _rewritten_somewhere(rng: random.Random, term: Term, laws: "Sequence[Law]") -> Term:
    if isinstance(term, Operation) and rng.random() < 0.6:
        arguments = list(term.arguments)
        plain = term.operator in _PLAIN or (term.operator == "Mul" and laws is not LAWS)
        place = rng.randrange(len(arguments) if plain else 1)
        arguments[place] = _rewritten_somewhere(rng, arguments[place], laws)
        return Operation(term.operator, tuple(arguments))
    able = [law for law in laws if law(rng, term) is not None]
    new = rng.choice(able)(rng, term)
    assert new is not None
    return new


Law = Callable[[random.Random, Term], Term | None]
_PLAIN = ("Add", "Sub", "Min", "Max")


def _swap(rng: random.Random, term: Term) -> Term | None:
    """A + b = b + a, and so on."""
    if isinstance(term, Operation) and term.operator in ("Add", "Min", "Max", "Mul"):
        return op(term.operator, *reversed(term.arguments))
    return None


def _halve(rng: random.Random, term: Term) -> Term:
    """A = a//2 + ⌈a/2⌉"""
    return op("Add", op("FloorDiv", term, 2), op("CeilDiv", term, 2))


def _thirds(rng: random.Random, term: Term) -> Term:
    """A = a//3 + (a + 1)//3 + (a + 2)//3"""
    third = [op("FloorDiv", op("Add", term, i), 3) for i in range(3)]
    return op("Add", op("Add", third[0], third[1]), third[2])


def _add_and_subtract(rng: random.Random, term: Term) -> Term:
    """A = (a + x) - x"""
    other = rng.choice((*SYMBOLS, rng.randint(1, 4)))
    return op("Sub", op("Add", term, other), other)


def _multiply_and_divide(rng: random.Random, term: Term) -> Term:
    """A = (k a + i)//k for 0 <= i < k"""
    k = rng.randint(2, 4)
    return op("FloorDiv", op("Add", op("Mul", k, term), rng.randrange(k)), k)


def _ceiling(rng: random.Random, term: Term) -> Term | None:
    """⌈a/k⌉ = (a + k - 1)//k = a - (k - 1)a//k"""
    if isinstance(term, Operation) and term.operator == "CeilDiv":
        a, k = term.arguments
        less = k - 1 if isinstance(k, int) else op("Sub", k, 1)
        if rng.random() < 0.5:
            return op("FloorDiv", op("Add", a, less), k)
        return op("Sub", a, op("FloorDiv", op("Mul", less, a), k))
    return None


def _floor(rng: random.Random, term: Term) -> Term | None:
    """a//k = ⌈(a - k + 1)/k⌉, and (a//2)//3 = a//6 the other way round."""
    if isinstance(term, Operation) and term.operator == "FloorDiv":
        a, k = term.arguments
        if not isinstance(k, int):
            return op("CeilDiv", op("Sub", a, op("Sub", k, 1)), k)
        if k % 2 == 0 and rng.random() < 0.5:
            return op("FloorDiv", op("FloorDiv", a, 2), k // 2)
        return op("CeilDiv", op("Sub", a, k - 1), k)
    return None


def _distribute(rng: random.Random, term: Term) -> Term | None:
    """K (a + b) = k a + k b, min(a, b) = a + b - max(a, b), and a window spelled out."""
    if not isinstance(term, Operation):
        return None
    if term.operator == "ConvOut":
        h, k, s, p = term.arguments
        padded = op("Sub", op("Add", h, op("Mul", 2, p)), k)
        return op("Add", op("FloorDiv", padded, s), 1)
    if term.operator in ("Min", "Max"):
        a, b = term.arguments
        other = "Max" if term.operator == "Min" else "Min"
        return op("Sub", op("Add", a, b), op(other, a, b))
    if term.operator == "Mul" and isinstance(term.arguments[0], int):
        k, a = term.arguments
        if isinstance(a, Operation) and a.operator in ("Add", "Min", "Max"):
            return op(a.operator, *(op("Mul", k, side) for side in a.arguments))
    return None


def _multiply_and_divide_by_a_size(rng: random.Random, term: Term) -> Term:
    """A = (S a + i)//S for i = 0 and i = S - 1, and so with S T."""
    size: Term = rng.choice(SYMBOLS)
    if rng.random() < 0.3:
        size = op("Mul", size, rng.choice(SYMBOLS))
    product = op("Mul", size, term) if rng.random() < 0.5 else op("Mul", term, size)
    if rng.random() < 0.5:
        product = op("Add", product, op("Sub", size, 1))
    return op("FloorDiv", product, size)


def _multiply_out(rng: random.Random, term: Term) -> Term | None:
    """A (b + c) = a b + a c, A (b - c) = a b - a c, and (a b) c = a (b c)."""
    if isinstance(term, Operation) and term.operator == "Mul":
        a, b = term.arguments
        if isinstance(b, Operation) and b.operator in ("Add", "Sub"):
            return op(b.operator, *(op("Mul", a, side) for side in b.arguments))
        if isinstance(a, Operation) and a.operator == "Mul":
            return op("Mul", a.arguments[0], op("Mul", a.arguments[1], b))
    return None


def _divide_twice(rng: random.Random, term: Term) -> Term | None:
    """A//(s t) = (a//s)//t, and so of ceilings."""
    if isinstance(term, Operation) and term.operator in ("FloorDiv", "CeilDiv"):
        a, k = term.arguments
        if isinstance(k, Operation) and k.operator == "Mul":
            s, t = k.arguments
            return op(term.operator, op(term.operator, a, s), t)
    return None


def _add_multiples(rng: random.Random, term: Term) -> Term | None:
    """A//s = (a + s x)//s - x, and so of ceilings."""
    if isinstance(term, Operation) and term.operator in ("FloorDiv", "CeilDiv"):
        a, k = term.arguments
        other = rng.choice((*SYMBOLS, rng.randint(1, 4)))
        return op("Sub", op(term.operator, op("Add", a, op("Mul", k, other)), k), other)
    return None


LAWS: Final[tuple[Law, ...]] = (
    _swap,
    _halve,
    _thirds,
    _add_and_subtract,
    _multiply_and_divide,
    _ceiling,
    _floor,
    _distribute,
)
NESTING_LAWS: Final[tuple[Law, ...]] = (_halve, _thirds, _multiply_and_divide)
LAWS_OF_PRODUCTS: Final[tuple[Law, ...]] = (
    *LAWS,
    _multiply_and_divide_by_a_size,
    _multiply_out,
    _divide_twice,
    _add_multiples,
)
