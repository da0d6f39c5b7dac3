"""Sizes too long for a form, word for word: floors of floors, minima of differences.

Nothing is reduced but by Hermite's law, so that takes no time, and what is shared with another
size may not be seen. But it is a size of the fragment if that which is written is, and so it can
be decided. Where that law makes it shorter, it may have a form.
"""

from collections.abc import Callable
from fractions import Fraction
from functools import lru_cache, reduce
from math import gcd, lcm
from typing import Final

from .normal_form import Dim, normal_form
from .polynomial import (
    AsWritten,
    Atom,
    Floor,
    Least,
    Polynomial,
    Quotient,
    number_of,
    polynomial_of,
    weighted,
)
from .staircase import readable
from .term import Operation, Symbol, Term, window_count
from .waves import by_hermites_law

_LONGEST: Final = 2_000
"""Symbols, numbers and operators; what is longer stays closed."""


def literal(size: Polynomial) -> Polynomial:
    """Put what is written for each size that stays so, where that is in the fragment."""
    if not any(map(_has_written, size.atoms())):
        return size
    closed = {m for m in size.parts if len(m) != 1 or not _has_written(m[0])}
    opened = weighted((c, _literal_atom(m[0])) for m, c in size.parts.items() if m not in closed)
    return Polynomial({m: c for m, c in size.parts.items() if m in closed}) + _merged(opened)


def shortened(size: Dim) -> Dim:
    """Read a size again where it is shorter, word for word, than it was written."""
    word_for_word = literal(size.polynomial)
    if word_for_word is size.polynomial or word_for_word.length > _LONGEST:
        return size
    term = _term(word_for_word)
    return normal_form(term) if _length(term) < _length(size.term) else size


@lru_cache(maxsize=1 << 12)
def _has_written(atom: Atom) -> bool:
    if isinstance(atom, Floor):
        return any(map(_has_written, atom.numerator.atoms()))
    if isinstance(atom, Least):
        return any(_has_written(inner) for size in atom.sizes for inner in size.atoms())
    return isinstance(atom, AsWritten)


def _literal_atom(atom: Atom) -> Polynomial:
    if isinstance(atom, AsWritten):
        written = _read(atom.term) if _length(atom.term) <= _LONGEST else None
        return polynomial_of(atom) if written is None else written
    if isinstance(atom, Floor) and (d := atom.divisor.constant) is not None:
        return _floor(literal(atom.numerator), int(d))
    if isinstance(atom, Least):
        smallest, *others = map(literal, atom.sizes)
        for size in others:
            smallest = _smaller(smallest, size)
        return smallest
    return polynomial_of(atom)


def _length(term: Term) -> int:
    """Count what is written."""
    if isinstance(term, int | Symbol):
        return 1
    return 1 + sum(map(_length, term.arguments))


@lru_cache(maxsize=1 << 10)
def _read(term: Term) -> Polynomial | None:
    """Read a size word for word; None where it multiplies or divides by a size."""
    if isinstance(term, int):
        return number_of(int(term))
    if isinstance(term, Symbol):
        return polynomial_of(term)
    if term.operator == "ConvOut":
        return _read(window_count(*term.arguments))
    a, b = map(_read, term.arguments)
    if a is None or b is None:
        return None
    match term.operator:
        case "Add":
            return a + b
        case "Sub":
            return a - b
    a, b = _merged(a), _merged(b)
    match term.operator:
        case "Min":
            return _smaller(a, b)
        case "Max":
            return -_smaller(-a, -b)
        case "Mul":
            number = a.constant if b.constant is None else b.constant
            size = b if b.constant is None else a
            return None if number is None else size.times(number)
    d = b.constant
    if d is None or d < 1 or d.denominator > 1:
        return None
    match term.operator:
        case "FloorDiv":
            return _floor(a, int(d))
        case "CeilDiv":
            return -_floor(-a, int(d))
    return a.times(Fraction(1, int(d)))


def _floor(a: Polynomial, d: int) -> Polynomial:
    """Write a//d, the coefficients reduced: all who meet a floor take that for granted."""
    q = a.denominator
    a, d = a.times(q), d * q
    whole = Polynomial({m: c // d for m, c in a.parts.items()})
    rest = {m: int(c) % d for m, c in a.parts.items() if m and c % d}
    common = gcd(d, *rest.values())
    if common == d:
        return whole
    form = Polynomial({m: c // common for m, c in rest.items()})
    shift = int(a.offset) % d // common
    return whole + polynomial_of(Floor(form.plus(shift), number_of(d // common)))


def _smaller(a: Polynomial, b: Polynomial) -> Polynomial:
    """Write min(a, b) as a + min(0, b - a)."""
    more = b - a
    if (number := more.constant) is not None:
        return a if number >= 0 else b
    q = lcm(a.denominator, b.denominator)
    return a + polynomial_of(Least((number_of(0), more.times(q)))).times(Fraction(1, q))


def _merged(size: Polynomial) -> Polynomial:
    return by_hermites_law(size, lambda floor: True, _floor)


def _term(size: Polynomial) -> Term:
    """Write a size as it is, sums of waves in short."""
    q = size.denominator
    if q > 1:
        return Operation("ExactDiv", (_term(size.times(q)), q))
    result: Term = int(size.offset)
    for monomial, c in readable(size).parts.items():
        if monomial:
            term = reduce(_operation("Mul"), map(_term_of_atom, monomial))
            summand = term if abs(c) == 1 else Operation("Mul", (abs(int(c)), term))
            result = Operation("Add" if c > 0 else "Sub", (result, summand))
    return result


def _operation(operator: str) -> Callable[[Term, Term], Term]:
    return lambda a, b: Operation(operator, (a, b))


def _term_of_atom(atom: Atom) -> Term:
    match atom:
        case AsWritten(term):
            return term
        case Least(sizes):
            return reduce(_operation("Min"), map(_term, sizes))
        case Floor(numerator, divisor):
            return Operation("FloorDiv", (_term(numerator), _term(divisor)))
        case Quotient(numerator, divisor):
            return Operation("ExactDiv", (_term(numerator), _term(divisor)))
    return atom
