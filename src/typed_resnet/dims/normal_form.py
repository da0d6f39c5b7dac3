"""Sizes in normal form: what every other module computes with.

A form is a polynomial with rational coefficients over symbols, floors and minima:

- numbers, +, -, x make polynomials, which are unique;
- // by numbers makes waves in a basis, unique for one level of floors in any number of symbols
  (the argument is in `waves`), and for all sizes of one symbol up to a length (`one_symbol`);
- min and max make minima (`extremes`), floors by a size have its multiples taken out
  (`division`): one form for what people write, not for all that is equal;
- what would be longer than `reading.LONGEST` stays as it is written, one whole number to all that
  is made of it: how long a form is depends on the size alone, not on what was done before, and so
  does which sizes stay so.

So different forms may be equal sizes, and `decision` says so; equal forms always are.
"""

from collections.abc import Mapping
from functools import lru_cache, total_ordering
from typing import Final

from .polynomial import Polynomial, number_of
from .printer import show_term
from .reading import applied, read, settled, substituted, whole
from .term import Operation, Symbol, Term, evaluate, put_into
from .written import term_of

_SHORT: Final = 100


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
    return Dim(settled(whole(substituted(polynomial, put), polynomial.denominator)))


@lru_cache(maxsize=1 << 14)
def _normal_form(term: Term) -> Dim:
    return Dim(settled(read(term)))


def _polynomial(size: Dim | int) -> Polynomial:
    return number_of(size) if isinstance(size, int) else size.polynomial


def _term(size: Dim | int) -> Term:
    return size if isinstance(size, int) else size.term


def _made(operator: str, a: Dim, b: Dim | int) -> Dim:
    size = applied(operator, a.polynomial, _polynomial(b))
    if size is None:
        return normal_form(Operation(operator, (a.term, _term(b))))
    return Dim(settled(size))
