"""Sizes as they are written: numbers, symbols and the nine operators."""

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from typing import Final, NamedTuple


class Undefined(ValueError):  # noqa: N818 -- a size is undefined, nobody erred
    """Say, as a clause, why a size has no value: `4 does not divide 6`."""


def indivisible(divisor: object, whole: object) -> str:
    """Say why an exact division has no value."""
    return f"{divisor} does not divide {whole}"


class Symbol(NamedTuple):
    """Stand for any integer >= least: 1 for sizes, 0 for paddings.

    `key` tells apart symbols of one name from different scopes.
    """

    name: str
    least: int = 1
    key: Hashable = None

    def __str__(self) -> str:
        return self.name


class Operation(NamedTuple):
    """Apply one of the names in `OPERATORS` to its arguments."""

    operator: str
    arguments: "tuple[Term, ...]"

    def __str__(self) -> str:
        return f"{self.operator}[{', '.join(map(str, self.arguments))}]"


Term = int | Symbol | Operation


def symbols_of(term: Term) -> Iterator[Symbol]:
    """Walk the symbols of a size, as written."""
    if isinstance(term, Symbol):
        yield term
    elif isinstance(term, Operation):
        for argument in term.arguments:
            yield from symbols_of(argument)


def put_into(term: Term, sizes: "Mapping[Symbol, Term]") -> Term:
    """Put sizes in the place of symbols, all at once."""
    if isinstance(term, Symbol):
        return sizes.get(term, term)
    if isinstance(term, Operation):
        arguments = tuple(put_into(argument, sizes) for argument in term.arguments)
        return Operation(term.operator, arguments)
    return term


def _floor(a: int, b: int) -> int:
    if b <= 0:
        raise Undefined(f"division by {b}")
    return a // b


def _ceiling(a: int, b: int) -> int:
    return -_floor(-a, b)


def _exact(a: int, b: int) -> int:
    quotient = _floor(a, b)
    if quotient * b != a:
        raise Undefined(f"{b} does not divide {a}")
    return quotient


def window_count(h: Term, k: Term, s: Term, p: Term) -> Term:
    """Count the places of a window of size k at stride s on a size h padded by p on both sides.

    The one place where (h + 2p - k)//s + 1 is written.
    """
    padded = Operation("Add", (h, Operation("Mul", (2, p))))
    return Operation("Add", (Operation("FloorDiv", (Operation("Sub", (padded, k)), s)), 1))


def spelled_out(term: Term) -> Term:
    """Write each window as the sum that it is, as a printed size reads."""
    if not isinstance(term, Operation):
        return term
    arguments = tuple(map(spelled_out, term.arguments))
    if term.operator == "ConvOut":
        return window_count(*arguments)
    return Operation(term.operator, arguments)


_ON_INTS: Final[dict[str, Callable[[int, int], int]]] = {
    "Add": lambda a, b: a + b,
    "Sub": lambda a, b: a - b,
    "Mul": lambda a, b: a * b,
    "FloorDiv": _floor,
    "CeilDiv": _ceiling,
    "ExactDiv": _exact,
    "Min": min,
    "Max": max,
}

OPERATORS: Final[dict[str, int]] = {**dict.fromkeys(_ON_INTS, 2), "ConvOut": 4}
"""Every operator and the number of its arguments."""


def evaluate(term: Term, values: Mapping[Symbol, int]) -> int:
    """Compute the term where each symbol has the value given.

    Raises:
        Undefined: for a divisor <= 0, or an exact division that leaves a remainder.
    """
    symbols = tuple(values)
    return compile_term(term, symbols)(*(values[symbol] for symbol in symbols))


def compile_term(term: Term, symbols: Sequence[Symbol]) -> Callable[..., int]:
    """Make a function of plain ints, one for each symbol in order, that computes the term.

    Raises:
        KeyError: for a symbol of the term that is not among `symbols`.
    """
    places = {symbol: place for place, symbol in enumerate(symbols)}
    of_tuple = _compiled(term, places)
    return lambda *values: of_tuple(values)


def _compiled(term: Term, places: Mapping[Symbol, int]) -> Callable[[tuple[int, ...]], int]:
    if isinstance(term, int):
        return lambda values: term
    if isinstance(term, Symbol):
        place = places[term]
        return lambda values: values[place]
    if term.operator == "ConvOut":
        return _compiled(window_count(*term.arguments), places)
    left, right = term.arguments
    f, g, apply = _compiled(left, places), _compiled(right, places), _ON_INTS[term.operator]
    if isinstance(right, int):
        return lambda values: apply(f(values), right)
    return lambda values: apply(f(values), g(values))
