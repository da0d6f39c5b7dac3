"""Sizes of the fragment as linear inequalities over whole numbers.

The fragment: symbols, numbers, +, -, multiples, // and ceiling and exact division by numbers, min
and max. q = n // d is the whole number with 0 <= n - d q <= d - 1; q = n / d, exact, that with
d q = n; m = min(a, b, ..) is <= all of them and >= one of them, tried in turn.
"""

from collections.abc import Iterator
from itertools import product

from .integers import Row, Work, solvable
from .polynomial import Atom, Coefficient, Floor, Least, Polynomial
from .staircase import readable
from .term import Symbol


class NotLinearError(Exception):
    """Say, as a clause, why a size is outside the fragment."""


class System:
    """Collect what holds of some sizes: sizes >= something, and all their floors."""

    def __init__(self) -> None:
        self.zero: list[Row] = []
        self.positive: list[Row] = []
        self._choices: list[list[list[Row]]] = []
        self._bends: dict[Polynomial, list[tuple[Coefficient, tuple[Row, Row]]]] = {}
        self._places: dict[Atom, int] = {}
        self._count = 0

    def row(self, size: Polynomial) -> Row:
        """Write a size as a row, stating what it needs to be whole.

        Raises:
            NotLinearError: for a size outside the fragment.
        """
        # A ceiling is one floor when read, and many in the basis.
        size = readable(size)
        q = size.denominator
        coefficients: dict[int, int] = {}
        number = 0
        for monomial, c in size.parts.items():
            if not monomial:
                number = int(c * q)
            elif len(monomial) > 1:
                raise NotLinearError("sizes are multiplied")
            else:
                coefficients[self._place(monomial[0])] = int(c * q)
        if q == 1:
            return coefficients, number
        whole = self._variable()
        self.zero.append(({**coefficients, whole: -q}, number))
        return {whole: 1}, 0

    def symbol(self, symbol: Symbol) -> Row:
        return {self._place(symbol): 1}, 0

    def at_least(self, size: Row, bound: int) -> None:
        self.positive.append((size[0], size[1] - bound))

    def solvable(
        self, work: Work, *, zero: Row | None = None, positive: Row | None = None
    ) -> bool:
        """Say whether symbols can have values so that all this holds.

        Raises:
            WorkLimitError: beyond the work allowed.
        """
        zeros = [*self.zero, *((zero,) if zero else ())]
        rows = [*self.positive, *((positive,) if positive else ())]
        return any(solvable(zeros, [*rows, *case], work) for case in self._cases())

    def _variable(self) -> int:
        self._count += 1
        return self._count

    def _place(self, atom: Atom) -> int:
        if atom in self._places:
            return self._places[atom]
        if isinstance(atom, Symbol):
            place = self._variable()
            self.positive.append(({place: 1}, -atom.least))
        elif isinstance(atom, Floor):
            d = atom.divisor.constant
            if d is None:
                raise NotLinearError("a size is divided by a size")
            numerator, number = self.row(atom.numerator)
            place = self._variable()
            rest = {**numerator, place: -int(d)}
            self.positive.append((rest, number))
            self.positive.append(({v: -c for v, c in rest.items()}, int(d) - 1 - number))
        else:
            place = self._least(atom)
        self._places[atom] = place
        return place

    def _least(self, atom: Least) -> int:
        sizes = [self.row(size) for size in atom.sizes]
        place = self._variable()
        for coefficients, number in sizes:
            self.positive.append(({**coefficients, place: -1}, number))
        reached = [
            ({place: 1, **{v: -c for v, c in coefficients.items()}}, -number)
            for coefficients, number in sizes
        ]
        zero, last = atom.sizes[0], atom.sizes[-1]
        if len(reached) == 2 and not zero.parts:
            form = last.plus(-last.offset)
            self._bends.setdefault(form, []).append((-last.offset, (reached[0], reached[1])))
        else:
            self._choices.append([[row] for row in reached])
        return place

    def _cases(self) -> Iterator[list[Row]]:
        """List which size each minimum is; min(0, x - k) is 0 for all k up to some one."""
        choices = list(self._choices)
        for bends in self._bends.values():
            bends.sort(key=lambda bend: bend[0])
            choices.append(
                [
                    [rows[0 if place < count else 1] for place, (_, rows) in enumerate(bends)]
                    for count in range(len(bends) + 1)
                ]
            )
        for case in product(*choices):
            yield [row for rows in case for row in rows]


def smallest(system: System, symbols: list[Symbol], work: Work) -> dict[Symbol, int]:
    """Find the solution with the least sum of symbols, of several the first in their order.

    There must be one.

    Raises:
        WorkLimitError: beyond the work allowed.
    """
    found: dict[Symbol, int] = {}
    rows = [system.symbol(symbol) for symbol in symbols]
    both: dict[int, int] = {}
    for coefficients, _ in rows:
        both |= coefficients
    least = sum(symbol.least for symbol in symbols)
    sum_ = _lowest(system, (both, 0), least, work)
    system.zero.append((both, -sum_))
    for symbol, row in zip(symbols, rows, strict=True):
        found[symbol] = _lowest(system, row, symbol.least, work)
        system.zero.append((row[0], -found[symbol]))
    return found


def _lowest(system: System, row: Row, least: int, work: Work) -> int:
    """Find the smallest value of a row, which is at least `least`: upwards, then by halving."""
    negative = {v: -c for v, c in row[0].items()}
    low = least
    for high in _doubling(least):
        if system.solvable(work, positive=(negative, high)):
            break
        low = high + 1
    while low < high:
        middle = (low + high) // 2
        if system.solvable(work, positive=(negative, middle)):
            high = middle
        else:
            low = middle + 1
    return low


def _doubling(start: int) -> Iterator[int]:
    step = 0
    while True:
        yield start + step
        step = 2 * step + 1
