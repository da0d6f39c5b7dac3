"""Whether layers can follow one another, before anything is known of their input.

The first layer's own symbols stand for the input. Where a later layer wants a size of it, they
are bound to that and the layers are gone through again: of a pool before a convolution of 64
channels the input has 64. A clash is what no input can mend; what depends on the input is left
to the call.
"""

from __future__ import annotations

import itertools
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final, NamedTuple, TypeAlias

from typed_resnet.dims.conditions import filled
from typed_resnet.dims.matching import (
    Axis,
    Failure,
    Part,
    RankFailure,
    SizeFailure,
    Star,
    match,
    symbols_of,
)
from typed_resnet.dims.normal_form import Dim
from typed_resnet.dims.products import product_symbol, run_of
from typed_resnet.dims.ranges import solve
from typed_resnet.dims.term import Operation, Symbol, Undefined

MOST_ROUNDS: Final = 40

Bindings: TypeAlias = tuple[Mapping[Symbol, Dim], Mapping[Symbol, tuple[Axis, ...]]]


class Rule(NamedTuple):
    """What a layer makes of a shape: the part it takes, and the shape it returns."""

    who: str
    part: Part
    """Its `actual` counts for nothing."""
    result: tuple[Axis, ...]
    flexible: tuple[Symbol, ...]
    """The rule's own symbols; all others are the caller's."""


class Clash(NamedTuple):
    """A layer that takes nothing that those before it can give."""

    place: int
    who: str
    failure: Failure


class Composed(NamedTuple):
    """What all layers together take, and what they return; each symbol has a name of its own."""

    taken: tuple[Axis, ...]
    returned: tuple[Axis, ...]


def compose(rules: Sequence[Rule | None]) -> Clash | Composed | None:
    """Let layers follow one another; None where that depends on what is not known.

    A layer of which no rule is known may return anything.
    """
    start = 0
    found: Clash | Composed | None = None
    for place in range(len(rules) + 1):
        if place == len(rules) or rules[place] is None:
            run = [rule for rule in rules[start:place] if rule is not None]
            found = _Run(run).settle() if run else None
            if isinstance(found, Clash):
                return found._replace(place=found.place + start)
            start = place + 1
    return None if None in rules else found


class _Run:
    """Layers whose rules are all known."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        self.rules = [_renamed(rule, place) for place, rule in enumerate(rules)]
        first = _renamed(rules[0], len(rules))
        self.free = set(first.flexible)
        self.taken = first.part.formal

    def settle(self) -> Clash | Composed | None:
        for _ in range(MOST_ROUNDS):
            outcome = self._through()
            if not isinstance(outcome, Clash):
                return outcome
            bound = self._bound(outcome.failure)
            if bound is None:
                return None if self._is_open(outcome.failure) else outcome
            try:
                self.taken = filled(self.taken, *bound)
            except Undefined:
                return None
        return None

    def _through(self) -> Clash | Composed | None:
        """Go through the layers with the input as it is known."""
        axes = self.taken
        for place, rule in enumerate(self.rules):
            part = replace(rule.part, actual=axes)
            matched = match([part], rule.flexible)
            if matched.failure is not None:
                return Clash(place, rule.who, matched.failure)
            try:
                axes = filled(rule.result, matched.sizes, matched.stars)
            except Undefined:
                return None
        return _apart(self.taken, axes, self.free)

    def _bound(self, failure: Failure) -> Bindings | None:
        """Say what the input must be for a layer to take what it gets, if that can be said."""
        if isinstance(failure, SizeFailure):
            for size, other in ((failure.got, failure.expected), (failure.expected, failure.got)):
                for symbol in sorted(size.symbols & self.free, key=str):
                    solution = solve(size, symbol, other)
                    if solution is not None and symbol not in solution.symbols:
                        return {symbol: solution}, {}
        if isinstance(failure, RankFailure):
            return self._bound_run(failure.part)
        return None

    def _bound_run(self, part: Part) -> Bindings | None:
        """Give the leading axes of the input so many as a layer wants."""
        leading, *others = part.actual or (None,)
        wanted, formal = len(part.formal), part.formal
        if not isinstance(leading, Star) or leading.symbol not in self.free:
            return None
        missing = wanted - len(others)
        if missing < 0 or (formal and isinstance(formal[0], Star) and missing < 2):
            return None
        symbols = {s: None for axis in formal[:missing] for s in _symbols(axis)}
        new = {s: Symbol(s.name, s.least, (len(self.free), s.key)) for s in symbols}
        self.free |= set(new.values())
        return {}, {leading.symbol: tuple(_with(axis, new) for axis in formal[:missing])}

    def _is_open(self, failure: Failure) -> bool:
        """Say whether a failure has to do with the input."""
        if isinstance(failure, SizeFailure):
            symbols = failure.got.symbols | failure.expected.symbols
            return any(s in self.free or run_of(s) in self.free for s in symbols)
        stars = [axis for axis in failure.part.actual if isinstance(axis, Star)]
        open_ended = any(isinstance(axis, Star) for axis in failure.part.formal)
        if not open_ended and len(failure.part.actual) - len(stars) > len(failure.part.formal):
            return False  # however few leading axes there are
        return any(star.symbol is None or star.symbol in self.free for star in stars)


def _apart(
    taken: tuple[Axis, ...], returned: tuple[Axis, ...], free: Collection[Symbol]
) -> Composed:
    """Number symbols of one name, which come from several layers: H, H2; the caller's stay."""
    met = [s for axis in (*taken, *returned) for s in _symbols(axis)]
    symbols = sorted((run_of(s) or s for s in met), key=lambda s: s in free)
    names: dict[Symbol, str] = {}
    for symbol in symbols:
        if symbol not in names:
            numbered = (f"{symbol.name}{number}" for number in itertools.count(2))
            choices = itertools.chain([symbol.name], numbered)
            names[symbol] = next(name for name in choices if name not in names.values())
    new = {symbol: Symbol(name, symbol.least, symbol.key) for symbol, name in names.items()}
    return Composed(*(tuple(_with(axis, new) for axis in axes) for axes in (taken, returned)))


def _renamed(rule: Rule, place: int) -> Rule:
    """Give a rule symbols of its own, wherever it stands."""
    new = {s: Symbol(s.name, s.least, (place, s.key)) for s in rule.flexible}

    part = replace(rule.part, formal=tuple(_with(axis, new) for axis in rule.part.formal))
    return rule._replace(
        part=part,
        result=tuple(_with(axis, new) for axis in rule.result),
        flexible=tuple(new.values()),
    )


def _with(axis: Axis, new: Mapping[Symbol, Symbol]) -> Axis:
    """Put other symbols into an axis."""
    if isinstance(axis, Star):
        return axis if axis.symbol is None else Star(new.get(axis.symbol, axis.symbol))
    if isinstance(axis, Symbol):
        run = run_of(axis)
        return new.get(axis, axis) if run is None else product_symbol(new.get(run, run))
    if isinstance(axis, Operation):
        arguments = (_with(argument, new) for argument in axis.arguments)
        known = tuple(a for a in arguments if isinstance(a, int | Symbol | Operation))
        return Operation(axis.operator, known)
    return axis


def _symbols(axis: Axis) -> Iterator[Symbol]:
    if isinstance(axis, Star):
        if axis.symbol is not None:
            yield axis.symbol
    elif axis is not None:
        yield from symbols_of(axis)
