"""What else the algebra says of two sizes, before the same judge."""

import random
from collections.abc import Iterator

import numpy as np

from typed_resnet.dims.answers import Different
from typed_resnet.dims.attainable import unattainable
from typed_resnet.dims.decision import decide
from typed_resnet.dims.normal_form import Dim, normal_form
from typed_resnet.dims.ranges import Always, Never, Sometimes, at_least, contradiction, solve
from typed_resnet.dims.term import Symbol, Term, Undefined

from .judge import Marks, Numbers, Points, at_one, point, points_for, symbols_in, unlike, values

_BOUNDS = (-3, -1, 0, 1, 2, 3, 5, 7)
_SHORT = 12
"""Letters of a size that is put in the place of a symbol: what it makes gets long quickly."""


def wrong_answers(a: Term, b: Term, seed: int) -> Iterator[str]:
    """Ask of two sizes what may be asked, and list what is answered wrongly."""
    try:
        forms = normal_form(a), normal_form(b)
    except Undefined:
        return
    yield from _Questions(a, b, *forms).wrong_answers(random.Random(seed))


class _Questions:
    """Two sizes as written and in normal form, and points for both."""

    def __init__(self, a: Term, b: Term, p: Dim, q: Dim) -> None:
        self._a, self._b, self._p, self._q = a, b, p, q
        chosen = points_for(a, b, p.term, q.term)
        self._at: Points = {name: column.astype(object) for name, column in chosen.items()}
        self._left, self._right = values(a, self._at), values(b, self._at)
        self._both: Marks = self._left.defined & self._right.defined

    def wrong_answers(self, rng: random.Random) -> Iterator[str]:
        """List what is not so of ranges, contradictions, solutions and substitutions."""
        for size, side in ((self._p, self._left), (self._q, self._right)):
            yield from self._of_range(size, side.value, side.defined, rng.choice(_BOUNDS))
        if contradiction([self._p, self._q]) is not None:
            sizes = np.greater_equal(self._left.value, 1) & np.greater_equal(self._right.value, 1)
            yield from self._found("a contradiction, but both are sizes", self._both & sizes)
        for symbol in symbols_in(self._a, self._b):
            if symbol not in self._q.symbols:
                yield from self._of_solution(symbol)
            if len(str(self._q)) <= _SHORT:
                yield from self._of_substitution(symbol)

    def _found(self, what: str, where: Marks) -> Iterator[str]:
        if (at := point(self._at, where)) is not None:
            yield f"wrong: {what} at {at}"

    def _of_range(self, size: Dim, value: Numbers, defined: Marks, bound: int) -> Iterator[str]:
        match at_least(size, bound):
            case Always():
                yield from self._found(
                    f"{size} is less than {bound}", defined & np.less(value, bound)
                )
            case Never():
                yield from self._found(
                    f"{size} is {bound}", defined & np.greater_equal(value, bound)
                )
            case Sometimes() as depends if depends.at is not None:
                here = values(size.term, at_one(size.symbols, depends.at))
                if not np.all(here.defined & np.less(here.value, bound)):
                    yield f"wrong: {size} is not less than {bound} at {depends.at}"

    def _of_solution(self, symbol: Symbol) -> Iterator[str]:
        equal = self._both & np.equal(self._left.value, self._right.value)
        if unattainable(self._p, symbol, self._q):
            yield from self._found(
                f"{symbol} is no size that makes them equal, but they are", equal
            )
        solution = solve(self._p, symbol, self._q)
        if solution is None:
            return
        solved = values(solution.term, self._at)
        other = np.logical_not(solved.defined & np.equal(solved.value, self._at[symbol.name]))
        yield from self._found(f"{symbol} is not {solution}", equal & other)
        try:
            put = self._p.substitute({symbol: solution})
        except Undefined:
            return
        if isinstance(decide(put, self._q), Different):
            yield f"wrong: {solution} for {symbol} makes {put} of {self._p}, not {self._q}"

    def _of_substitution(self, symbol: Symbol) -> Iterator[str]:
        """Put the second size in the place of a symbol of the first."""
        value = np.broadcast_to(self._right.value, self._at[symbol.name].shape)
        able = self._right.defined & np.greater_equal(value, symbol.least)
        inside = {**self._at, symbol.name: np.where(able, value, symbol.least)}
        written = values(self._a, inside)
        able = able & written.defined
        try:
            put = values(self._p.substitute({symbol: self._q}).term, self._at)
        except Undefined:
            yield from self._found(f"{self._q} cannot be put for {symbol}", able)
            return
        yield from self._found(
            f"{self._q} is put for {symbol} in {self._p}",
            able & (unlike(put, written) | np.logical_not(put.defined)),
        )
