"""The form of what is written: read until reading it again changes nothing.

What would be longer than `LONGEST` stays as it is written (see `normal_form`).
"""

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from math import lcm
from typing import Final

from .division import ceiling_divide, floor_divide, never_whole, settle
from .extremes import maximum, minimum
from .one_symbol import only_symbol
from .polynomial import (
    AsWritten,
    Atom,
    Coefficient,
    Floor,
    Least,
    Monomial,
    Polynomial,
    number_of,
    polynomial_of,
    total,
    weighted,
)
from .printer import show_term
from .quotients import exact_divide, multiply
from .staircase import readable
from .term import (
    Operation,
    Symbol,
    Term,
    Undefined,
    indivisible,
    put_into,
    spelled_out,
    window_count,
)
from .waves import ALWAYS_UNIQUE, by_hermites_law, is_wave, merged
from .written import term_of

LONGEST: Final = 4_000
MOST_AT_ONCE: Final = 16_000
"""How long all summands of a sum may be, of which much cancels."""
_MOST_PRODUCTS: Final = 20_000
_MOST_ROUNDS: Final = 8
_TWO: Final = 2

_ON_POLYNOMIALS: Final[dict[str, Callable[[Polynomial, Polynomial], Polynomial]]] = {
    "Add": Polynomial.__add__,
    "Sub": Polynomial.__sub__,
    "Mul": multiply,
    "FloorDiv": floor_divide,
    "CeilDiv": ceiling_divide,
    "ExactDiv": exact_divide,
    "Min": lambda a, b: minimum([a, b]),
    "Max": lambda a, b: maximum([a, b]),
}


def applied(operator: str, a: Polynomial, b: Polynomial) -> Polynomial | None:
    """Make the form of an operation; None where it would be too long."""
    if a.length + b.length > LONGEST:
        return None
    if operator == "Mul" and len(a.parts) * len(b.parts) > _MOST_PRODUCTS:
        return None
    size = _ON_POLYNOMIALS[operator](a, b)
    return None if size.length > LONGEST else size


@lru_cache(maxsize=1 << 14)
def read(term: Term) -> Polynomial:
    if isinstance(term, int):
        return number_of(int(term))
    if isinstance(term, Symbol):
        return polynomial_of(term)
    if term.operator == "ConvOut":
        return read(window_count(*term.arguments))
    left, right = term.arguments
    size = _sum_at_once(term) if _is_sum(term) and _is_sum(left) else None
    size = size or applied(term.operator, read(left), read(right))
    return polynomial_of(AsWritten(spelled_out(term))) if size is None else whole(merged(size))


def _is_sum(term: Term) -> bool:
    return isinstance(term, Operation) and term.operator in ("Add", "Sub")


def _sum_at_once(term: Operation) -> Polynomial | None:
    """Read all summands and add them up; None where there are fractions, or it would be long.

    One after another, a sum of a hundred floors would be made anew a hundred times.
    """
    terms: list[tuple[int, Term]] = []
    left: Term = term
    while isinstance(left, Operation) and left.operator in ("Add", "Sub"):
        sign = 1 if left.operator == "Add" else -1
        left, right = left.arguments
        terms.append((sign, right))
    terms.append((1, left))
    summands = _read_summands(terms[::-1])
    whole = all(summand.denominator == 1 for _, summand in summands)
    return _total(summands) if whole else None


def _read_summands(
    terms: Sequence[tuple[int, Term]],
) -> Sequence[tuple[Coefficient, Polynomial]]:
    """Read what is added up, floors that Hermite's law makes one as that one.

    Each of them may be very long: of H//3 + (H + 1)//3 + (H + 2)//3 only H is read.
    """
    floors = [(sign, floor) for sign, term in terms if (floor := _floor(term)) is not None]
    if len(floors) > 1:
        apart = weighted((sign, polynomial_of(floor)) for sign, floor in floors)
        together = by_hermites_law(apart, lambda floor: True, _written)
        if together != apart:
            others = [(sign, read(term)) for sign, term in terms if _floor(term) is None]
            return [*others, (1, settle(together))]
    return [(sign, read(term)) for sign, term in terms]


def _floor(term: Term) -> Floor | None:
    """Read what is divided by a number, and the number, if that is what the term is."""
    if not isinstance(term, Operation) or term.operator != "FloorDiv":
        return None
    above, d = term.arguments
    if not isinstance(d, int) or d < _TWO or (numerator := read(above)).denominator > 1:
        return None
    return Floor(numerator, number_of(d))


def _written(form: Polynomial, d: int) -> Polynomial:
    return polynomial_of(Floor(form, number_of(d))) if d > 1 else form


def _total(summands: Sequence[tuple[Coefficient, Polynomial]]) -> Polynomial | None:
    """Add up summands, each as many times as said; None where that is long, or takes long."""
    if sum(summand.length for _, summand in summands) > MOST_AT_ONCE:
        return None
    size = weighted(summands)
    return None if size.length > LONGEST else size


def whole(polynomial: Polynomial, q: int = 1) -> Polynomial:
    """Refuse what is never whole, q being its denominator so far."""
    if never_whole(polynomial):
        q = lcm(q, polynomial.denominator)
        raise Undefined(indivisible(q, show_term(term_of(polynomial.times(q)))))
    return polynomial


def settled(polynomial: Polynomial) -> Polynomial:
    """Write and read what may have other forms until nothing changes: that is the form.

    Where the readings go round in a circle, the first of them in order is the form.
    """
    seen: list[Polynomial] = []
    polynomial = merged(polynomial)
    while not _is_unique(polynomial) and polynomial not in seen and len(seen) < _MOST_ROUNDS:
        seen.append(polynomial)
        polynomial = _read_again(polynomial)
    circle = seen[seen.index(polynomial) :] if polynomial in seen else [polynomial]
    return min(circle, key=lambda form: form.order)


def _read_again(polynomial: Polynomial) -> Polynomial:
    """Read what is written: of a sum of floors of symbols, only those that are no waves.

    The waves of the form are read as they are; others stand where several are written as one.
    """
    if polynomial.denominator > 1 or not all(map(_is_plain, polynomial.parts)):
        return read(term_of(polynomial))
    same: dict[Monomial, Coefficient] = {}
    summands: list[tuple[Coefficient, Polynomial]] = []
    for monomial, c in readable(polynomial).parts.items():
        floor = monomial[0] if monomial else None
        if isinstance(floor, Floor) and not (monomial in polynomial.parts and is_wave(floor)):
            summands.append((c, floor_divide(floor.numerator, floor.divisor)))
        else:
            same[monomial] = c
    summands.append((1, Polynomial(same)))
    size = _total(summands)
    return read(term_of(polynomial)) if size is None else merged(size)


def _is_plain(monomial: Monomial) -> bool:
    """Say whether it is a symbol, a floor of symbols by a number, or one."""
    if len(monomial) != 1:
        return not monomial
    (atom,) = monomial
    if isinstance(atom, Floor):
        return atom.divisor.constant is not None and atom.numerator.is_plain()
    return isinstance(atom, Symbol)


def _is_unique(polynomial: Polynomial) -> bool:
    """Say whether it is a sum of symbols and of waves that have no other form.

    With one symbol, minima too (see `one_symbol`). What is long may be longer when it is read.
    """
    if polynomial.length > LONGEST // 4:
        return False
    divisors = (atom.divisor for atom in polynomial.atoms() if isinstance(atom, Floor))
    return (polynomial.is_flat() or only_symbol(polynomial) is not None) and all(
        d.constant is None or d.constant <= ALWAYS_UNIQUE for d in divisors
    )


def substituted(polynomial: Polynomial, put: Mapping[Symbol, Polynomial]) -> Polynomial:
    sums = []
    for monomial, coefficient in polynomial.parts.items():
        term = number_of(coefficient)
        for atom in monomial:
            term = multiply(term, _substituted_atom(atom, put))
        sums.append(term)
    return total(sums)


def _substituted_atom(atom: Atom, put: Mapping[Symbol, Polynomial]) -> Polynomial:
    if isinstance(atom, Symbol):
        return put[atom] if atom in put else polynomial_of(atom)
    if isinstance(atom, AsWritten):
        return read(put_into(atom.term, {s: term_of(size) for s, size in put.items()}))
    if isinstance(atom, Least):
        return minimum([substituted(size, put) for size in atom.sizes])
    divide = floor_divide if isinstance(atom, Floor) else exact_divide
    return divide(substituted(atom.numerator, put), substituted(atom.divisor, put))
