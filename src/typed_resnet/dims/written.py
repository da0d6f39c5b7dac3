"""Normal forms as terms: the tree that stands for each, and nothing but one tree for each."""

from collections.abc import Iterable, Iterator
from fractions import Fraction
from functools import lru_cache
from math import lcm
from typing import Final

from .lines import content
from .polynomial import (
    AsWritten,
    Atom,
    Coefficient,
    Floor,
    Least,
    Monomial,
    Order,
    Polynomial,
    Quotient,
    monomial_order,
    number_of,
    over,
    polynomial_of,
    simplest,
    symbols_of,
    without,
)
from .spelling import take_minima
from .staircase import readable
from .term import Operation, Symbol, Term

_TWO: Final = 2
_LONGEST_SUM: Final = 64
_Summand = tuple[Term, Coefficient, Order]


@lru_cache(maxsize=1 << 12)
def term_of(polynomial: Polynomial) -> Term:
    """Write a normal form as a tree."""
    polynomial, products = _take_products(polynomial)
    rest, minima = take_minima(polynomial, _leaves)
    outside = rest.constant
    if not products and len(minima) == 1 and outside is not None and minima[0].times == 1:
        (only,) = minima
        return _extreme(only.operator, [size.plus(outside) for size in only.sizes])
    parts: list[_Summand] = [
        (_extreme(one.operator, one.sizes), one.times, (9, one.operator)) for one in minima
    ]
    return _sum(readable(rest), products + parts)


def _take_products(polynomial: Polynomial) -> tuple[Polynomial, list[_Summand]]:
    """Take out W·max(H, 3) and the like, which are several summands."""
    found: list[_Summand] = []
    for monomial in sorted(polynomial.parts, key=monomial_order):
        minima = [atom for atom in monomial if isinstance(atom, Least)]
        if len(minima) != 1 or len(monomial) == 1 or monomial not in polynomial.parts:
            continue
        factor, symbols = over(monomial, minima[0]), symbols_of(minima[0])
        lefts = {m: left for m in polynomial.parts if (left := without(m, factor)) is not None}
        inside = {m: left for m, left in lefts.items() if symbols >= _symbols_in(left)}
        size = Polynomial({left: polynomial.parts[m] for m, left in inside.items()})
        for times in (content((size,)), -content((size,))):
            term = term_of(size.times(1 / times))
            if isinstance(term, Operation) and term.operator in ("Min", "Max"):
                product = Operation("Mul", (_product(factor), term))
                found.append((product, simplest(times), _summand_order(monomial)))
                polynomial = Polynomial(
                    {m: c for m, c in polynomial.parts.items() if m not in inside}
                )
                break
    return polynomial, found


def _symbols_in(monomial: Monomial) -> frozenset[Symbol]:
    return frozenset().union(*map(symbols_of, monomial))


def _leaves(polynomial: Polynomial) -> int:
    """Count the symbols and numbers that are written."""
    return sum(1 for _ in _walk(term_of(polynomial)))


def _walk(term: Term) -> Iterator[int | Symbol]:
    if isinstance(term, Operation):
        for argument in term.arguments:
            yield from _walk(argument)
    else:
        yield term


def _extreme(operator: str, sizes: Iterable[Polynomial]) -> Term:
    first, *others = sorted((size for size in sizes), key=_reading_order)
    result = term_of(first)
    for size in others:
        result = Operation(operator, (result, term_of(size)))
    return result


def _reading_order(polynomial: Polynomial) -> Order:
    """Sort as monomials do, numbers last."""
    monomials = sorted(monomial_order(m) for m in polynomial.parts if m)
    return (not monomials, monomials, polynomial.order)


def _sum(polynomial: Polynomial, more: Iterable[_Summand] = ()) -> Term:
    """Write a readable polynomial as a sum: first what is added, then what is taken away."""
    window = _window(polynomial) if not more else None
    if window is not None:
        return window
    polynomial = _constant_inside(polynomial)
    constant = polynomial.offset
    summands: list[_Summand] = []
    for monomial, coefficient in polynomial.parts.items():
        if monomial:
            summands.append((_product(monomial), coefficient, _summand_order(monomial)))
    summands += more
    whole = [summand for summand in summands if summand[1].denominator == 1]
    broken = [summand for summand in summands if summand[1].denominator > 1]
    if broken or constant.denominator > 1:
        q = lcm(constant.denominator, *(c.denominator for _, c, _ in broken))
        sign = -1 if all(c < 0 for _, c, _ in broken) else 1
        fraction = sign * constant % 1
        top = _added([(t, sign * c * q, order) for t, c, order in broken], fraction * q)
        constant = constant - sign * fraction
        whole.append((Operation("ExactDiv", (top, q)), sign, (0,)))
    return _added(whole, constant)


def _constant_inside(polynomial: Polynomial) -> Polynomial:
    """Write (min(a, b) - 225)//2 + 112 as (min(a, b) - 1)//2."""
    for monomial, c in polynomial.parts.items():
        for atom in monomial:
            if isinstance(atom, Floor) and (d := atom.divisor.constant) and len(monomial) == 1:
                minima = any(isinstance(inner, Least) for inner in atom.numerator.atoms())
                number = polynomial.offset / Fraction(c)
                if minima and number and number.denominator == 1:
                    moved = Floor(atom.numerator.plus(number * d), atom.divisor)
                    taken = Polynomial({monomial: c}).plus(polynomial.offset)
                    return polynomial - taken + polynomial_of(moved).times(c)
    return polynomial


def _summand_order(monomial: Monomial) -> Order:
    return (1, -len(monomial), monomial_order(monomial))


def _added(summands: list[_Summand], constant: Coefficient) -> Term:
    summands = sorted(summands, key=lambda summand: (summand[1] < 0, summand[2]))
    if len(summands) > _LONGEST_SUM:
        # Trees deeper than this are too deep for those who walk them.
        half = len(summands) // 2
        halves = _added(summands[:half], 0), _added(summands[half:], constant)
        return Operation("Add", halves)
    number = int(constant)
    result: Term | None = None
    if number > 0 and all(c < 0 for _, c, _ in summands):
        result, number = number, 0
    for term, coefficient, _ in summands:
        c = int(coefficient)
        if result is None:
            result = term if c == 1 else _times(c, term)
        else:
            size = term if abs(c) == 1 else _times(abs(c), term)
            result = Operation("Add" if c > 0 else "Sub", (result, size))
    if result is None:
        return number
    if number:
        result = Operation("Add" if number > 0 else "Sub", (result, abs(number)))
    return result


def _times(c: int, term: Term) -> Term:
    """Write c·term, products to the left: ((c·H)·W)."""
    if isinstance(term, Operation) and term.operator == "Mul":
        left, right = term.arguments
        return Operation("Mul", (_times(c, left), right))
    return Operation("Mul", (c, term))


def _product(monomial: Monomial) -> Term:
    factors = [_atom(atom) for atom in monomial]
    result = factors[0]
    for factor in factors[1:]:
        result = Operation("Mul", (result, factor))
    return result


def _atom(atom: Atom) -> Term:
    if isinstance(atom, Symbol):
        return atom
    if isinstance(atom, AsWritten):
        return atom.term
    if isinstance(atom, Least):
        return term_of(polynomial_of(atom))
    if isinstance(atom, Quotient):
        return Operation("ExactDiv", (term_of(atom.numerator), term_of(atom.divisor)))
    numerator, d = _merged(atom)
    above = numerator - d.plus(-1)
    if not above.offset and (d.constant is not None or set(d.parts) <= set(numerator.parts)):
        return Operation("CeilDiv", (term_of(above), term_of(d)))
    return Operation("FloorDiv", (term_of(numerator), term_of(d)))


def _merged(floor: Floor) -> tuple[Polynomial, Polynomial]:
    """Write (n//s + k)//d as (n + k s)//(d s), where s is a size."""
    numerator, d = readable(floor.numerator), floor.divisor
    for monomial in numerator.parts:
        if len(monomial) == 1 and isinstance(inner := monomial[0], Floor):
            k = numerator - polynomial_of(inner)
            if inner.divisor.constant is None and k.constant is not None:
                return inner.numerator + k * inner.divisor, d * inner.divisor
    return floor.numerator, d


def _window(polynomial: Polynomial) -> Term | None:
    """Write (h + 2p - k)//s + 1 as a window, where k is a symbol and p is one or 0."""
    floors = [m for m in polynomial.parts if any(isinstance(atom, Floor) for atom in m)]
    if len(floors) != 1 or len(floors[0]) != 1 or polynomial.parts[floors[0]] != 1:
        return None
    (floor,) = floors[0]
    assert isinstance(floor, Floor)
    kernels = _symbols_times(-1, floor.numerator)
    if not kernels:
        return None
    h, s = floor.numerator + polynomial_of(kernels[0]), floor.divisor
    outside = (polynomial - polynomial_of(floor)).plus(-1)
    p = number_of(0)
    if outside.parts:
        # By two, a padding has left the floor: (h + 2p - k)//2 = (h - k)//2 + p.
        p = outside
        if s.constant != _TWO or outside not in map(polynomial_of, _symbols_times(1, outside)):
            return None
    elif paddings := _symbols_times(2, h):
        p = polynomial_of(paddings[0])
        h -= p.times(2)
    kernel = polynomial_of(kernels[0])
    return Operation("ConvOut", (term_of(h), term_of(kernel), term_of(s), term_of(p)))


def _symbols_times(c: int, polynomial: Polynomial) -> list[Symbol]:
    """List the symbols that have the coefficient c."""
    return [
        monomial[0]
        for monomial in sorted(polynomial.parts, key=monomial_order)
        if len(monomial) == 1
        and isinstance(monomial[0], Symbol)
        and polynomial.parts[monomial] == c
    ]
