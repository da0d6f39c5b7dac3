"""Whether two sizes are equal for all values of their symbols.

Sizes in one normal form are equal. Others are compared at small values, smallest first (see
`pointwise`), so that a difference found is the smallest there is. Where none is found, sums of
floors are mostly seen to be equal by their characters (see `characters`), and sizes with minima
without their regions (see `concave`). Three ways are complete in the fragment, sizes made with +,
-, multiples, floors, ceilings and exact divisions by numbers, min and max of any number of
symbols:

- sizes of one symbol are compared from step to step (see `sweep`);
- sizes that repeat themselves are compared on a box of their residues (see `repetition`);
- a and b differ somewhere if a - b >= 1 or b - a >= 1 has a solution in whole numbers, which is
  decided exactly (see `linear` and `integers`); so is which solution is smallest.

Much takes less: sizes whose symbols do not meet are compared part by part (see `components`),
sizes with exact divisions on each class of residues on which both are whole (see `residues`),
sizes too long for a form as they are written (see `literal`). A difference that is far away is
mostly found sooner by halving boxes of points (see `boxes`).

All stop at a limit of work, and then, as outside the fragment, we say that we do not know.
"""

from functools import cached_property, lru_cache, partial
from typing import Final

from .answers import Decision, Different, Equal, Undecided, by_size
from .boxes import Search, in_fragment
from .characters import is_nought
from .components import parts_of
from .concave import same_minima
from .inequalities import Inequalities
from .integers import Work, WorkLimitError
from .literal import shortened
from .normal_form import Dim
from .pointwise import Pointwise
from .quotients import same_fractions
from .residues import Class, classes
from .squares import without_squares
from .sweep import FEW_STEPS, sweep
from .term import Symbol, Undefined

_MANY_POINTS: Final = 12_000
_LEAST_BOX: Final = 20_000
_SMALL_BOX: Final = 300_000
_LARGE_BOX: Final = 1_200_000
_FEW_ATOMS: Final = 40
_FEW_BOXES: Final = 10_000
_MANY_BOXES: Final = 180_000
"""Bounds of atoms, of all boxes together."""
_MANY_IN_CLASSES: Final = 40_000
_FEW_MINIMA: Final = 4
_MANY_MINIMA: Final = 24
_LEAST_WORK: Final = 500
_LITTLE_WORK: Final = 1_500
_SHORT_WORK: Final = 10_000
_LONG_WORK: Final = 800_000


def decide(a: Dim, b: Dim) -> Decision:
    """Compare two sizes for all values of their symbols.

    Of a fractional size only the points count where it is whole: C/4 at multiples of 4.
    """
    return Equal() if a == b else _decide(a, b)


@lru_cache(maxsize=1 << 12)
def _decide(a: Dim, b: Dim) -> Decision:
    return _Comparison(a, b).decision()


class _Comparison(Pointwise):
    """Two sizes in different forms, and what is known of them."""

    def __init__(self, a: Dim, b: Dim) -> None:
        super().__init__(a, b)
        self._known: list[Different] = []
        """Differences that need not be nearest."""

    def decision(self) -> Decision:
        """Try one way after another, those that take long last."""
        ways = (
            lambda: self.at_few_points,
            self._as_it_is_shorter,
            self._part_by_part,
            self._from_step_to_step,
            self._by_the_law_of_fractions,
            self._by_squares,
            self._by_characters,
            partial(self._on_the_box, _LEAST_BOX),
            partial(self._by_minima, _FEW_MINIMA, _LEAST_WORK),
            partial(self._in_whole_numbers, _LITTLE_WORK),
            partial(self._on_the_box, _SMALL_BOX),
            self._class_by_class,
            partial(self._among_boxes, _FEW_BOXES),
            self._from_a_difference,
            partial(self._in_whole_numbers, _SHORT_WORK),
            partial(self._on_the_box, _LARGE_BOX),
            partial(self._among_boxes, _MANY_BOXES),
            partial(self._in_whole_numbers, self._long_work),
            partial(self._by_minima, _MANY_MINIMA, _SHORT_WORK),
            partial(self._at_points, _MANY_POINTS),
        )
        for way in ways:
            try:
                decision = way()
            except Undefined:
                continue  # what both share, and cancels, has no value there: 2/(P + 2) at P = 5
            if decision is not None:
                return decision
        return Undecided("the limit of work is reached")

    @property
    def _long_work(self) -> int:
        """Rows are many and long where atoms are many, and not all that is done is counted."""
        return _LONG_WORK // max(1, self._atoms // 50)

    def _as_it_is_shorter(self) -> Decision | None:
        """Compare sizes that were too long for a form by what is shorter, and may have one."""
        a, b = map(shortened, (self._a, self._b))
        if (a, b) == (self._a, self._b):
            return None
        decision = decide(a, b)
        if isinstance(decision, Different):
            return self._at({s: decision.at.get(s, s.least) for s in self._symbols})
        return decision if isinstance(decision, Equal) else None

    def _part_by_part(self) -> Decision | None:
        parts = [
            (Dim(part.f), Dim(part.g)) for part in parts_of(self._a.polynomial, self._b.polynomial)
        ]
        found_first = [_Comparison(f, g).first_values() for f, g in parts]
        least = dict.fromkeys(self._symbols, 0)
        for first in found_first:
            if first is None:
                return None
            least |= first
        if not parts:
            return None
        if (first_of_all := self._at(least)).left != first_of_all.right:
            return first_of_all
        apart = [
            _Comparison(f, moved)
            for f, g in parts
            if f != (moved := g + (f.evaluate(least) - g.evaluate(least)))
        ]
        found = [self._at(least | near.at) for part in apart if (near := part.at_few_points)]
        for part in (part for part in apart if part.at_few_points is None):
            decision = part.nearer_than(min(found, key=by_size), least) if found else None
            if isinstance(decision := decision or part.decision(), Undecided):
                return None
            if isinstance(decision, Different):
                found.append(self._at(least | decision.at))
        return min(found, key=by_size, default=Equal())

    def _from_step_to_step(self) -> Decision | None:
        swept = sweep(self._a.polynomial, self._b.polynomial)
        if swept is None:
            return None
        return Equal() if swept.difference is None else self._at({swept.symbol: swept.difference})

    def _class_by_class(self) -> Equal | None:
        """Compare sizes with exact divisions; remember a difference, which need not be nearest."""
        number = 0
        for number, values in enumerate(classes((self._a, self._b)), 1):
            if number * self._atoms > _MANY_IN_CLASSES:
                return None
            decision = decide(self._a.substitute(values), self._b.substitute(values))
            if isinstance(decision, Different):
                self._known.append(self._out_of(values, decision.at))
            if not isinstance(decision, Equal):
                return None
        return Equal() if number else None

    def _out_of(self, values: Class, at: dict[Symbol, int]) -> Different:
        """Say which point of all points one of a class is."""
        steps = {symbol: symbol.least for size in values.values() for symbol in size.symbols}
        inside = {symbol: size.evaluate(steps | at) for symbol, size in values.items()}
        return self._at({s: inside.get(s, at.get(s, s.least)) for s in self._symbols})

    def _by_the_law_of_fractions(self) -> Equal | None:
        return Equal() if same_fractions(self._a.polynomial, self._b.polynomial) else None

    def _by_squares(self) -> Equal | None:
        difference = self._a.polynomial - self._b.polynomial
        return None if without_squares(difference).parts else Equal()

    def _by_characters(self) -> Equal | None:
        return Equal() if is_nought(self._f - self._g) else None

    def _by_minima(self, most: int, work: int) -> Equal | None:
        return Equal() if same_minima(self._f, self._g, most, Work(work)) else None

    @cached_property
    def _search(self) -> Search | None:
        sizes = self._f, self._g
        return Search(*sizes, self._symbols) if all(map(in_fragment, sizes)) else None

    def _among_boxes(self, most: int) -> Different | None:
        if self._search is None or (point := self._search.nearest(most // self._atoms)) is None:
            return None
        return self._at(dict(self._named(point)))

    @cached_property
    def _along_a_symbol(self) -> list[Different]:
        """The nearest differences where all symbols but one are smallest."""
        found = []
        least = {symbol: symbol.least for symbol in self._symbols}
        for symbol in self._symbols if len(self._symbols) > 1 else ():
            others = {other: value for other, value in least.items() if other != symbol}
            try:
                a, b = (size.substitute(others).polynomial for size in (self._a, self._b))
                swept = sweep(a, b, FEW_STEPS)
                if swept is not None and swept.difference is not None:
                    found.append(self._at(least | {symbol: swept.difference}))
            except Undefined:
                continue
        return found

    def _from_a_difference(self) -> Decision | None:
        """Look for one that comes before a difference that is far away, but easily found."""
        if self._atoms > _FEW_ATOMS or not (all_known := self._known + self._along_a_symbol):
            return None
        known = min(all_known, key=by_size)
        if (points := self._points_within(sum(known.at.values()), _SMALL_BOX)) is not None:
            return self._at_points(points)
        return self._in_whole_numbers(_SHORT_WORK, known.at)

    @cached_property
    def _inequalities(self) -> Inequalities:
        return Inequalities(self._f, self._g, self._symbols)

    def _in_whole_numbers(
        self, work: int, known: dict[Symbol, int] | None = None
    ) -> Decision | None:
        """Solve inequalities; where the sizes differ at a known point, for those before it."""
        try:
            soon = self._sides or known is not None or work < _SHORT_WORK
            apart, ways = self._inequalities, self._inequalities.ways
            if known is None:
                ways = apart.solvable(Work(work if soon else self._long_work))
            if not ways:
                return Equal()
            if apart.beyond is not None:
                return self._at_points(_MANY_POINTS) or Undecided(apart.beyond)
            return min(map(self._at, apart.nearest(ways, Work(work), known)), key=by_size)
        except WorkLimitError:
            return None
