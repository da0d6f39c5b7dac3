"""Match the shapes that a signature declares with the shapes that a call brings.

A signature is a list of parts, one for each place that holds sizes: an argument's shape, a
layer's type parameters, a size passed as an int. Its own symbols, here called flexible, are bound
by the first place where they stand alone; every other place must then agree, and a place such as
`H + 2` is solved for the symbol it holds. Both judges, mypy's plugin and the run-time hook, read
signatures this way and no other.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from typed_resnet.dims.answers import Equal
from typed_resnet.dims.attainable import unattainable
from typed_resnet.dims.conditions import Condition, broken
from typed_resnet.dims.decision import decide
from typed_resnet.dims.failures import BrokenFailure as BrokenFailure
from typed_resnet.dims.failures import Failure as Failure
from typed_resnet.dims.failures import RangeFailure as RangeFailure
from typed_resnet.dims.failures import RankFailure as RankFailure
from typed_resnet.dims.failures import SizeFailure as SizeFailure
from typed_resnet.dims.failures import SolveFailure as SolveFailure
from typed_resnet.dims.normal_form import Dim, normal_form
from typed_resnet.dims.parts import Axis as Axis
from typed_resnet.dims.parts import Part as Part
from typed_resnet.dims.parts import Star as Star
from typed_resnet.dims.parts import align as align
from typed_resnet.dims.products import product_size, product_symbol, run_of
from typed_resnet.dims.ranges import Never, at_least, solve
from typed_resnet.dims.term import Symbol, Undefined
from typed_resnet.dims.term import symbols_of as symbols_of


@dataclass(slots=True)
class Match:
    """What a call makes of a signature: the sizes bound, and the first thing that does not fit."""

    sizes: dict[Symbol, Dim | None] = field(default_factory=dict)
    stars: dict[Symbol, tuple[Axis, ...]] = field(default_factory=dict)
    origins: dict[Symbol, str] = field(default_factory=dict)
    star_origins: dict[Symbol, str] = field(default_factory=dict)
    """The places that bound them, where they were not known before."""
    failure: Failure | None = None


def match(
    parts: Sequence[Part],
    flexible: Collection[Symbol],
    known: Mapping[Symbol, Dim | int] | None = None,
    stars: Mapping[Symbol, tuple[Axis, ...]] | None = None,
) -> Match:
    """Bind the flexible symbols, given those already known, and check every size against them."""
    matching = _Matching(frozenset(flexible), known or {}, stars or {})
    matching.run(parts)
    return matching.result


class _Matching:
    """One run of `match`."""

    def __init__(
        self,
        flexible: frozenset[Symbol],
        known: Mapping[Symbol, Dim | int],
        stars: Mapping[Symbol, tuple[Axis, ...]],
    ) -> None:
        self.flexible = flexible
        self.result = Match({s: normal_form(d) for s, d in known.items()})
        for run, axes in stars.items():
            self._bind_star(run, axes)
        self.origins = self.result.origins
        self.star_origins = self.result.star_origins
        self.unsolved: dict[Dim, tuple[Dim, str]] = {}

    def run(self, parts: Sequence[Part]) -> None:
        meetings = []
        conditions = [part for part in parts if isinstance(part, Condition)]
        for part in parts:
            if isinstance(part, Condition):
                continue
            aligned = align(part.formal, part.actual)
            if aligned is None:
                self.result.failure = self.result.failure or self._wrong_rank(part)
                continue
            meetings += [(part, axis, part.formal[axis], met) for axis, met in aligned]
        waiting = []
        for part, axis, formal, met in meetings:
            if isinstance(formal, Star):
                self._fail(self._meet_star(part, axis, formal, met))
            elif isinstance(formal, Symbol) and self._free(formal) and run_of(formal) is None:
                self._fail(self._bind(part, axis, formal, met[0]))
            else:
                waiting.append((part, axis, formal, met[0]))
        while waiting:
            left = [w for w in waiting if not self._settle(*w)]
            if len(left) == len(waiting):
                break
            waiting = left
        for condition in conditions:
            self._fail(self._hold(condition))

    def _wrong_rank(self, part: Part) -> RankFailure:
        """Say so with all that is known of what was declared: `[2, C, 4]` for `[*B, C, H]`."""
        known = {s: size for s, size in self.result.sizes.items() if size is not None}
        expected: list[Axis] = []
        for axis in part.formal:
            if isinstance(axis, Star) and axis.symbol is not None:
                expected += self.result.stars.get(axis.symbol, (axis,))
            else:
                expected.append(_known(axis, known))
        return RankFailure(part, tuple(expected))

    def _fail(self, failures: Iterator[Failure]) -> None:
        if self.result.failure is None:
            self.result.failure = next(failures, None)
        else:
            for _ in failures:  # later parts still bind their symbols
                pass

    def _free(self, symbol: Symbol) -> bool:
        own = symbol in self.flexible or run_of(symbol) in self.flexible
        return own and symbol not in self.result.sizes

    def _bind(self, part: Part, axis: int, symbol: Symbol, actual: Axis) -> Iterator[Failure]:
        self.origins[symbol] = part.place
        size = _dim(actual)
        self.result.sizes[symbol] = size
        if size is not None and isinstance(at_least(size, symbol.least), Never):
            self.result.sizes[symbol] = None
            yield RangeFailure(part, axis, size, symbol.least)

    def _bind_star(self, run: Symbol, axes: tuple[Axis, ...]) -> None:
        self.result.stars[run] = axes
        self.result.sizes[product_symbol(run)] = product_size(axes)

    def _meet_star(
        self, part: Part, axis: int, formal: Star, met: Sequence[Axis]
    ) -> Iterator[Failure]:
        symbol = formal.symbol
        if symbol is None:
            return
        if symbol not in self.flexible:
            if list(met) != [formal] and Star(None) not in met:
                yield self._wrong_rank(part)
        elif symbol not in self.result.stars:
            self._bind_star(symbol, tuple(met))
            self.star_origins[symbol] = part.place
            for place, met_axis in enumerate(met):
                size = _dim(met_axis)
                if size is not None and isinstance(at_least(size, 0), Never):
                    yield RangeFailure(part, axis + place, size, 0)
        else:
            aligned = align(self.result.stars[symbol], met)
            if aligned is None:
                yield self._wrong_rank(part)
                return
            for index, axes in aligned:
                declared = self.result.stars[symbol][index]
                if isinstance(declared, Star):
                    if axes != [declared] and Star(None) not in (declared, *axes):
                        yield self._wrong_rank(part)
                else:
                    origin = self.star_origins.get(symbol)
                    yield from self._compare(part, axis, _dim(declared), axes[0], origin)

    def _settle(self, part: Part, axis: int, formal: Axis, actual: Axis) -> bool:
        """Check or solve one place; say whether that could be done with what is bound so far."""
        if formal is None or isinstance(formal, Star):
            return True
        symbols = frozenset(symbols_of(formal))
        free = [symbol for symbol in symbols if self._free(symbol)]
        bound = {s: d for s in symbols if (d := self.result.sizes.get(s)) is not None}
        try:
            declared = normal_form(formal).substitute(bound)
        except Undefined as undefined:
            self._fail(iter([BrokenFailure(part, str(undefined))]))
            return True
        if any(self.result.sizes.get(symbol, 0) is None for symbol in symbols):
            # What could not be solved is still one size, wherever it stands.
            once = self.unsolved.get(declared)
            if once is not None:
                self._fail(self._compare(part, axis, once[0], actual, once[1]))
            return True
        if not free:
            alone = isinstance(formal, Symbol)
            origin = self.origins.get(formal) if isinstance(formal, Symbol) and alone else None
            self._fail(self._compare(part, axis, declared, actual, origin))
            return True
        if len(free) > 1:
            return False
        self._fail(self._solve(part, axis, declared, free[0], actual))
        return True

    def _hold(self, condition: Condition) -> Iterator[Failure]:
        try:
            found = broken(condition, self.result.sizes, self.result.stars)
        except Undefined as undefined:
            found = BrokenFailure(condition, str(undefined))
        if found is not None:
            yield found

    def _solve(
        self, part: Part, axis: int, declared: Dim, symbol: Symbol, actual: Axis
    ) -> Iterator[Failure]:
        got = _dim(actual)
        if got is None:
            self.result.sizes[symbol] = None
            return
        solution = solve(declared, symbol, got)
        self.result.sizes[symbol] = solution
        self.origins[symbol] = part.place
        if solution is None or isinstance(at_least(solution, symbol.least), Never):
            self.result.sizes[symbol] = None
            self.unsolved[declared] = (got, part.place)
            if unattainable(declared, symbol, got):
                yield SolveFailure(part, axis, declared, symbol, got)

    def _compare(
        self, part: Part, axis: int, expected: Dim | None, actual: Axis, origin: str | None
    ) -> Iterator[Failure]:
        got = _dim(actual)
        if expected is None or got is None:
            return
        verdict = decide(expected, got)
        if not isinstance(verdict, Equal):
            origin = origin if origin != part.place else None
            yield SizeFailure(part, axis, expected, got, verdict, origin)


def _known(axis: Axis, known: Mapping[Symbol, Dim]) -> Axis:
    """Put the sizes that are known into a declared one."""
    if axis is None or isinstance(axis, Star):
        return axis
    try:
        return normal_form(axis).substitute(known).term
    except Undefined:
        return axis


def _dim(axis: Axis) -> Dim | None:
    if axis is None or isinstance(axis, Star):
        return None
    try:
        return normal_form(axis)
    except Undefined:
        return None
