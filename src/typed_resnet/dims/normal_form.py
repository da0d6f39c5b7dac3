"""Sizes in normal form: what every other module computes with.

A form is a polynomial with rational coefficients over symbols, floors and minima:

- numbers, +, -, x make polynomials, which are unique;
- // by numbers makes waves in a basis, unique for one level of floors in any number of symbols
  (the argument is in `waves`), and for all sizes of one symbol up to a length (`one_symbol`);
- min and max make minima (`extremes`), floors by a size have its multiples taken out
  (`division`): one form for what people write, not for all that is equal;
- what would be longer than `LONGEST` stays as it is written, one whole number to all that is made
  of it: how long a form is depends on the size alone, not on what was done before, and so does
  which sizes stay so.

So different forms may be equal sizes, and `decision` says so; equal forms always are.
"""

from collections.abc import Callable, Mapping
from functools import lru_cache, total_ordering
from math import lcm
from typing import Final

from .division import ceiling_divide, floor_divide, never_whole
from .extremes import maximum, minimum
from .one_symbol import only_symbol
from .polynomial import (
    AsWritten,
    Atom,
    Floor,
    Least,
    Polynomial,
    number_of,
    polynomial_of,
    total,
    weighted,
)
from .printer import show_term
from .quotients import exact_divide, multiply
from .term import (
    Operation,
    Symbol,
    Term,
    Undefined,
    evaluate,
    indivisible,
    put_into,
    spelled_out,
    window_count,
)
from .waves import ALWAYS_UNIQUE, merged
from .written import term_of


@total_ordering
class Dim:
    """Hold a size in normal form: equal forms have equal values wherever both are defined.

    Immutable. An exact division is a rational coefficient, so a form is defined where it is
    whole: C/4 at the multiples of 4. What cancels leaves no trace: 4*(C/4) is C.
    """

    __slots__ = ("_term", "polynomial")

    polynomial: Polynomial

    def __init__(self, polynomial: Polynomial) -> None:
        self.polynomial = polynomial
        self._term: Term | None = None

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Dim) and self.polynomial == other.polynomial

    def __hash__(self) -> int:
        return hash(self.polynomial)

    def __lt__(self, other: "Dim") -> bool:
        return self.polynomial.order < other.polynomial.order

    def __repr__(self) -> str:
        return f"<Dim {self}>"

    def __str__(self) -> str:
        return show_term(self.term)

    @property
    def constant(self) -> int | None:
        """The number this is, if it is one."""
        constant = self.polynomial.constant
        return None if constant is None else int(constant)

    @property
    def symbols(self) -> frozenset[Symbol]:
        return self.polynomial.symbols()

    @property
    def term(self) -> Term:
        """The one tree that stands for this form: normal_form(d.term) == d."""
        if self._term is None:
            self._term = term_of(self.polynomial)
        return self._term

    def __add__(self, other: "Dim | int") -> "Dim":
        return _made("Add", self, other)

    def __sub__(self, other: "Dim | int") -> "Dim":
        return _made("Sub", self, other)

    def __mul__(self, other: "Dim | int") -> "Dim":
        return _made("Mul", self, other)

    def substitute(self, values: "Mapping[Symbol, Dim | int]") -> "Dim":
        """Put sizes in the place of symbols, all at once.

        Raises:
            Undefined: where a division cannot be made.
        """
        if self.symbols.isdisjoint(values):
            return self
        inside = self.symbols
        return _with(self, tuple(item for item in values.items() if item[0] in inside))

    def evaluate(self, values: Mapping[Symbol, int]) -> int:
        """Compute the size where each symbol has the value given.

        Raises:
            Undefined: where a division cannot be made.
        """
        return evaluate(self.term, values)


def normal_form(term: Term | Dim) -> Dim:
    """Write a size in normal form: equal to it wherever it is defined.

    Raises:
        Undefined: for a size that has no value whatever its symbols are.
    """
    if isinstance(term, Dim):
        return term
    return _normal_form(term)


@lru_cache(maxsize=1 << 12)
def _with(size: Dim, values: tuple[tuple[Symbol, Dim | int], ...]) -> Dim:
    put = {symbol: _polynomial(value) for symbol, value in values}
    polynomial = size.polynomial
    if polynomial.length + sum(value.length for value in put.values()) > _SHORT:
        terms = {symbol: _term(value) for symbol, value in values}
        return normal_form(put_into(size.term, terms))
    return Dim(_settled(_whole(_substituted(polynomial, put), polynomial.denominator)))


@lru_cache(maxsize=1 << 14)
def _normal_form(term: Term) -> Dim:
    return Dim(_settled(_read(term)))


LONGEST: Final = 4_000
_MOST_PRODUCTS: Final = 20_000
_SHORT: Final = 100
_MOST_ROUNDS: Final = 8

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


def _polynomial(size: Dim | int) -> Polynomial:
    return number_of(size) if isinstance(size, int) else size.polynomial


def _term(size: Dim | int) -> Term:
    return size if isinstance(size, int) else size.term


def _made(operator: str, a: Dim, b: Dim | int) -> Dim:
    size = _applied(operator, a.polynomial, _polynomial(b))
    if size is None:
        return normal_form(Operation(operator, (a.term, _term(b))))
    return Dim(_settled(size))


def _applied(operator: str, a: Polynomial, b: Polynomial) -> Polynomial | None:
    """Make the form of an operation; None where it would be too long."""
    if a.length + b.length > LONGEST:
        return None
    if operator == "Mul" and len(a.parts) * len(b.parts) > _MOST_PRODUCTS:
        return None
    size = _ON_POLYNOMIALS[operator](a, b)
    return None if size.length > LONGEST else size


@lru_cache(maxsize=1 << 14)
def _read(term: Term) -> Polynomial:
    if isinstance(term, int):
        return number_of(int(term))
    if isinstance(term, Symbol):
        return polynomial_of(term)
    if term.operator == "ConvOut":
        return _read(window_count(*term.arguments))
    left, right = term.arguments
    size = _sum_at_once(term) if _is_sum(term) and _is_sum(left) else None
    size = size or _applied(term.operator, _read(left), _read(right))
    return polynomial_of(AsWritten(spelled_out(term))) if size is None else _whole(merged(size))


def _is_sum(term: Term) -> bool:
    return isinstance(term, Operation) and term.operator in ("Add", "Sub")


def _sum_at_once(term: Operation) -> Polynomial | None:
    """Read all summands and add them up; None where there are fractions, or it would be long.

    One after another, a sum of a hundred floors would be made anew a hundred times.
    """
    summands: list[tuple[int, Polynomial]] = []
    left: Term = term
    while isinstance(left, Operation) and left.operator in ("Add", "Sub"):
        sign = 1 if left.operator == "Add" else -1
        left, right = left.arguments
        summands.append((sign, _read(right)))
    summands.append((1, _read(left)))
    whole = all(summand.denominator == 1 for _, summand in summands)
    if not whole or sum(summand.length for _, summand in summands) > LONGEST:
        return None
    return weighted(reversed(summands))


def _whole(polynomial: Polynomial, q: int = 1) -> Polynomial:
    """Refuse what is never whole, q being its denominator so far."""
    if never_whole(polynomial):
        q = lcm(q, polynomial.denominator)
        raise Undefined(indivisible(q, show_term(term_of(polynomial.times(q)))))
    return polynomial


def _settled(polynomial: Polynomial) -> Polynomial:
    """Write and read what may have other forms until nothing changes: that is the form.

    Where the readings go round in a circle, the first of them in order is the form.
    """
    seen: list[Polynomial] = []
    polynomial = merged(polynomial)
    while not _is_unique(polynomial) and polynomial not in seen and len(seen) < _MOST_ROUNDS:
        seen.append(polynomial)
        polynomial = _read(term_of(polynomial))
    circle = seen[seen.index(polynomial) :] if polynomial in seen else [polynomial]
    return min(circle, key=lambda form: form.order)


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


def _substituted(polynomial: Polynomial, put: Mapping[Symbol, Polynomial]) -> Polynomial:
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
        return _read(put_into(atom.term, {s: term_of(size) for s, size in put.items()}))
    if isinstance(atom, Least):
        return minimum([_substituted(size, put) for size in atom.sizes])
    divide = floor_divide if isinstance(atom, Floor) else exact_divide
    return divide(_substituted(atom.numerator, put), _substituted(atom.divisor, put))
