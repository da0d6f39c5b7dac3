"""Normal forms as terms: the tree that stands for each, and nothing but one tree for each."""

from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import Final

from .division import settle
from .polynomial import (
    ONE,
    Coefficient,
    Floor,
    Least,
    Monomial,
    Order,
    Polynomial,
    monomial_order,
    number_of,
)
from .staircase import readable
from .term import Operation, Symbol, Term

_ONE_HALF: Final = 2


def term_of(polynomial: Polynomial) -> Term:
    """Write a normal form as a tree."""
    polynomial, minima = _take_minima(polynomial)
    outside = polynomial.constant
    if len(minima) == 1 and outside is not None and minima[0][0] == 1:
        ((_, operator, sizes),) = minima
        return _extreme(operator, [size.plus(outside) for size in sizes])
    parts = [
        (_extreme(operator, sizes), coefficient, (9, operator))
        for coefficient, operator, sizes in minima
    ]
    return _sum(readable(polynomial), parts)


def _take_minima(
    polynomial: Polynomial,
) -> tuple[Polynomial, list[tuple[Coefficient, str, list[Polynomial]]]]:
    """Take out the minima, and with each as much as its sizes need to be free of minus signs."""
    found = []
    for monomial in sorted(polynomial.parts, key=monomial_order):
        if len(monomial) != 1 or not isinstance(monomial[0], Least):
            continue
        coefficient = polynomial.parts[monomial]
        sign = 1 if coefficient > 0 else -1
        shared, sizes = _spread([size.times(sign) for size in monomial[0].sizes])
        polynomial += Polynomial({monomial: -coefficient}) + shared.times(abs(coefficient))
        found.append((abs(coefficient), "Min" if sign > 0 else "Max", sizes))
    return polynomial, found


def _spread(sizes: Sequence[Polynomial]) -> tuple[Polynomial, list[Polynomial]]:
    """Write sizes as what they share plus others, the others without minus signs."""
    written = [readable(size) for size in sizes]
    shared = Polynomial(
        {
            monomial: least
            for monomial in set().union(*(size.parts for size in written))
            if (least := min(size.parts.get(monomial, 0) for size in written))
        }
    )
    base = settle(shared)
    return base, [size - base for size in sizes]


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


def _sum(polynomial: Polynomial, more: Iterable[tuple[Term, Coefficient, Order]] = ()) -> Term:
    """Write a readable polynomial as a sum: first what is added, then what is taken away."""
    window = _window(polynomial) if not more else None
    if window is not None:
        return window
    constant = polynomial.offset
    summands: list[tuple[Term, Coefficient, Order]] = []
    for monomial, coefficient in polynomial.parts.items():
        if monomial:
            term, shift = _factors(monomial)
            constant -= shift * coefficient
            summands.append((term, coefficient, _summand_order(monomial)))
    summands += more
    whole = [summand for summand in summands if summand[1].denominator == 1]
    broken = [summand for summand in summands if summand[1].denominator > 1]
    if broken or constant.denominator > 1:
        q = (
            Polynomial(
                dict(
                    zip(
                        [(Symbol(str(i)),) for i in range(len(broken))],
                        (c for _, c, _ in broken),
                        strict=True,
                    )
                )
            )
            .plus(constant % 1)
            .denominator
        )
        top = _added([(t, c * q, order) for t, c, order in broken], constant % 1 * q)
        constant = constant // 1
        whole.append((Operation("ExactDiv", (top, q)), 1, (0,)))
    return _added(whole, constant)


def _summand_order(monomial: Monomial) -> Order:
    return (1, -len(monomial), monomial_order(monomial))


def _added(summands: list[tuple[Term, Coefficient, Order]], constant: Coefficient) -> Term:
    summands = sorted(summands, key=lambda summand: (summand[1] < 0, summand[2]))
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


def _factors(monomial: Monomial) -> tuple[Term, int]:
    """Write a product; alone, a floor may be one less than what is written: ⌈H/S⌉ - 1."""
    if len(monomial) == 1 and isinstance(monomial[0], Floor):
        return _floor(monomial[0])
    result: Term | None = None
    for atom in monomial:
        factor = _atom(atom)
        result = factor if result is None else Operation("Mul", (result, factor))
    assert result is not None
    return result, 0


def _atom(atom: Symbol | Floor | Least) -> Term:
    if isinstance(atom, Symbol):
        return atom
    if isinstance(atom, Floor):
        term, shift = _floor(atom)
        return Operation("Sub", (term, shift)) if shift else term
    return term_of(Polynomial({(atom,): 1}))


def _floor(atom: Floor) -> tuple[Term, int]:
    """Write a floor, or the ceiling that is `shift` more."""
    numerator, d = atom.numerator, atom.divisor
    number = d.constant
    if number is not None and numerator.offset == number - 1:
        return Operation("CeilDiv", (term_of(numerator.plus(1 - number)), term_of(d))), 0
    if number is None and numerator.offset == -1:
        return Operation("CeilDiv", (term_of(numerator.plus(1)), term_of(d))), 1
    return Operation("FloorDiv", (term_of(numerator), term_of(d))), 0


def _window(polynomial: Polynomial) -> Term | None:
    """Write (h + 2p - k)//s + 1 as a window, where k is a symbol and p is one or 0."""
    floors = [m for m in polynomial.parts if m and isinstance(m[0], Floor)]
    if len(floors) != 1 or len(floors[0]) != 1 or polynomial.parts[floors[0]] != 1:
        return None
    ((floor,),) = floors
    assert isinstance(floor, Floor)
    taken = [m for m, c in floor.numerator.parts.items() if c == -1 and _is_symbol(m)]
    outside = polynomial - Polynomial({(floor,): 1}).plus(1)
    if not taken:
        return None
    number = floor.divisor.constant
    padding: Monomial | None = None
    if number is None:
        twice = [m for m, c in floor.numerator.parts.items() if c == 2 and _is_symbol(m)]
        padding = min(twice, key=monomial_order, default=None)
    elif len(outside.parts) == 1 and number == _ONE_HALF:
        (padding,) = outside.parts
        if outside.parts[padding] != 1 or not _is_symbol(padding):
            return None
        outside = number_of(0)
    if outside.parts:
        return None
    kernel = min(taken, key=monomial_order)
    rest = floor.numerator + Polynomial({kernel: 1})
    if padding is not None and number is None:
        rest -= Polynomial({padding: Fraction(2)})
    arguments = (rest, Polynomial({kernel: 1}), floor.divisor, Polynomial({padding: 1}))
    if padding is None:
        arguments = (*arguments[:3], number_of(0))
    return Operation("ConvOut", tuple(map(term_of, arguments)))


def _is_symbol(monomial: Monomial) -> bool:
    return len(monomial) == 1 and isinstance(monomial[0], Symbol) and monomial != ONE
