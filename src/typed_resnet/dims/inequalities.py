"""Two sizes of the fragment compared in whole numbers (see `linear` and `integers`).

They differ somewhere if a - b >= 1 or b - a >= 1 has a solution, and first at the smallest one.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from .bounds import bounds_of
from .integers import Row, Work, combined
from .linear import System
from .polynomial import Polynomial
from .solutions import smallest
from .term import Symbol


class Inequalities:
    """State what holds of both sizes; where they differ, a - b - 1 or b - a - 1 is >= 0.

    What cancels needs no floor and no minimum, unless it must be whole.
    """

    def __init__(self, a: Polynomial, b: Polynomial, symbols: Sequence[Symbol]) -> None:
        self._symbols = [*symbols]
        self._system = System(bounds_of)
        if a.denominator == b.denominator == 1:
            difference = self._system.row(a - b)
        else:
            difference = combined(self._system.row(a), 1, self._system.row(b), -1)
        self.ways = [combined(({}, -1), 1, difference, sign) for sign in (1, -1)]

    @property
    def beyond(self) -> str | None:
        """Why the sizes are outside the fragment, as a clause: they need not differ then."""
        return self._system.beyond

    def solvable(self, work: Work) -> list[Row]:
        """List the ways in which they may differ; none where they are equal.

        Raises:
            WorkLimitError: beyond the work allowed.
        """
        return [way for way in self.ways if self._system.solvable(work, positive=[way])]

    def nearest(
        self, ways: Iterable[Row], work: Work, known: Mapping[Symbol, int] | None
    ) -> Iterator[dict[Symbol, int]]:
        """Find where they first differ in each way, or that the point known is before that.

        Raises:
            WorkLimitError: beyond the work allowed.
        """
        for way in ways:
            yield smallest(self._system, self._symbols, work, way, known)
