"""The last word on what a call brings: its sizes as `dims` writes them, matched by `dims`.

Slower than `verdict` by far, it is asked only where that one could not say yes.
"""

from __future__ import annotations

import itertools
import math
import typing
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from typed_resnet.dims.conditions import Condition
from typed_resnet.dims.matching import (
    Axis,
    BrokenFailure,
    Failure,
    Part,
    RankFailure,
    Star,
    match,
    symbols_of,
)
from typed_resnet.dims.products import run_of
from typed_resnet.dims.sentences import returned, sentence
from typed_resnet.dims.term import Operation, Symbol, Term, evaluate
from typed_resnet.runtime import fields
from typed_resnet.runtime.forms import (
    ArrayForm,
    ChoiceForm,
    ConditionForm,
    FieldsForm,
    Form,
    ManyForm,
    MappingForm,
    RecordForm,
    SizeForm,
    SizesForm,
    TensorForm,
    TupleForm,
)
from typed_resnet.runtime.others import fits

Sizes = dict[str, Any]
"""Sizes by the names of their symbols; under a star's name, `*B`, a tuple."""

Demand = list[list[Part]]
"""Alternatives, of which one must be met whole."""


@dataclass(frozen=True, slots=True)
class PlacedPart(Part):
    """A part of a call, and where in its argument it is: `xs[1]`."""

    path: str = ""
    kind: str = ""
    """The class of a record."""


class MisfitError(Exception):
    """A value is not even of the class that its hint names; its sizes do not matter."""

    def __init__(self, value: object, form: Form) -> None:
        super().__init__(value, form)
        self.value = value
        self.form = form


class RefusalError(Exception):
    """No way to bind the symbols meets every demand."""

    def __init__(self, failure: Failure, sizes: Sizes, origins: Mapping[str, str]) -> None:
        super().__init__(failure)
        self.failure = failure
        self.sizes = sizes
        """What the symbols were bound to, each under its name."""
        self.origins = origins
        """The places that bound them."""

    def sentence(self, who: str) -> str:
        """Say so of an argument."""
        return sentence(who, self.failure)

    def returned(self, who: str, verb: str) -> str:
        """Say so of a result, or of what a generator yields or is sent."""
        if isinstance(self.failure, BrokenFailure):
            return sentence(who, self.failure)
        return returned(who, self.failure, verb)


def demands(form: Form, value: Any, place: str, path: str | None = None) -> list[Demand]:
    """List what a value must meet to fit its form; `path` says where in its place it is.

    Raises: MisfitError.
    """
    path = place if path is None else path
    match form:
        case ChoiceForm(inner=alternatives):
            return _any_of(form, alternatives, value, place, path)
        case ManyForm(inner=(item,)):
            _check_class(form, value)
            inside = [
                (item, inner, f"{path}[{i}]") for i, inner in enumerate(ManyForm.items(value))
            ]
        case MappingForm(inner=(key, item)):
            _check_class(form, value)
            inside = [(key, inner, f"the key {inner!r} of {path}") for inner in value]
            inside += [(item, inner, f"{path}[{k!r}]") for k, inner in value.items()]
        case TupleForm(inner=items):
            if not isinstance(value, tuple) or len(value) != len(items):
                raise MisfitError(value, form)
            pairs = enumerate(zip(items, value, strict=True))
            inside = [(item, inner, f"{path}[{i}]") for i, (item, inner) in pairs]
        case FieldsForm(inner=items, names=names):
            _check_class(form, value)
            inside = [
                (item, getattr(value, name), f"{path}.{name}")
                for item, name in zip(items, names, strict=True)
            ]
        case ConditionForm(stated=stated):
            return [[[replace(stated, place=place)]]]
        case SizesForm(axes=axes):
            _check_class(form, value)
            _check_ints(value)
            return [[[PlacedPart(place, axes.declared, tuple(value), axes.names, path=path)]]]
        case _:
            if not fits(value, form.plain):
                raise MisfitError(value, form)
            part = _part(form, value, place, path)
            return [] if part is None else [[[part]]]
    return [
        demand
        for item, inner, where in inside
        if item.sized or not fits(inner, item.plain)
        for demand in demands(item, inner, place, where)
    ]


def _part(form: Form, value: Any, place: str, path: str) -> Part | None:
    """Say what a value of the right class brings; None where its form asks for no sizes."""
    kind = ""
    actual: Sequence[int | None]
    match form:
        case TensorForm() | ArrayForm():
            actual = value.shape
        case SizeForm():
            actual = (value,)
        case RecordForm():
            kind, actual = type(value).__name__, fields.sizes_as(value, form.plain) or ()
        case _:
            return None
    axes = form.axes
    is_int = isinstance(form, SizeForm)
    return PlacedPart(place, axes.declared, tuple(actual), axes.names, is_int, path, kind)


def _any_of(
    form: Form, alternatives: Sequence[Form], value: Any, place: str, path: str
) -> list[Demand]:
    ways: list[list[Part]] = []
    fitting = 0
    for alternative in alternatives:
        try:
            each = demands(alternative, value, place, path)
        except MisfitError:
            continue
        fitting += 1
        ways += [list(itertools.chain(*way)) for way in itertools.product(*each)]
    if not fitting:
        raise MisfitError(value, form)
    return [ways]


def _check_ints(values: Iterable[object]) -> None:
    """Look at each of them; beartype looks at one of many, by chance."""
    for value in values:
        if not isinstance(value, int):
            raise MisfitError(value, Form(int))


def _check_class(form: Form, value: object) -> None:
    if not isinstance(value, typing.get_origin(form.plain) or form.plain):
        raise MisfitError(value, form)


def settle(asked: Sequence[Demand], known: Mapping[str, Any]) -> Sizes:
    """Bind symbols so that every demand is met, and return all sizes, the known ones included.

    Raises: RefusalError, with the failure of the way that came furthest.
    """
    search = _Search(asked, known)
    return search.run([ways[0] if len(ways) == 1 else [] for ways in asked], search.open)


class _Search:
    """Tries the alternatives of each demand in turn, and goes back where one cannot be met."""

    def __init__(self, asked: Sequence[Demand], known: Mapping[str, Any]) -> None:
        self.asked = asked
        self.known = known
        self.open = [place for place, ways in enumerate(asked) if len(ways) > 1]
        parts = [part for ways in asked for way in ways for part in way]
        self.symbols = symbols_named(axis for part in parts for axis in written(part))
        numbers = {n: s for n, s in self.symbols.items() if isinstance(known.get(n), int)}
        self.numbers = {symbol: known[name] for name, symbol in numbers.items()}
        self.stars = {s: known[n] for n, s in self.symbols.items() if n[0] == "*" and n in known}

    def run(self, chosen: list[list[Part]], still_open: Sequence[int]) -> Sizes:
        sizes = self._meet([part for way in chosen for part in way])
        if not still_open:
            return sizes
        place, *others = still_open
        failures = []
        for way in self.asked[place]:
            try:
                return self.run([*chosen[:place], way, *chosen[place + 1 :]], others)
            except RefusalError as refused:
                failures.append(refused)
        raise min(failures, key=lambda refused: isinstance(refused.failure, RankFailure))

    def _meet(self, parts: Sequence[Part]) -> Sizes:
        clear = [
            replace(
                part,
                formal=self._formal(part.formal),
                actual=self._formal(part.actual) if isinstance(part, Condition) else part.actual,
            )
            for part in parts
        ]
        matched = match(clear, self.symbols.values(), self.numbers, self.stars)
        sizes = {s.name: d.constant for s, d in matched.sizes.items() if d is not None}
        stars = {f"*{symbol.name}": axes for symbol, axes in matched.stars.items()}
        bound = {**self.known, **sizes, **stars}
        if matched.failure is not None:
            origins = {s.name: place for s, place in matched.origins.items()}
            origins |= {f"*{s.name}": place for s, place in matched.star_origins.items()}
            raise RefusalError(matched.failure, bound, origins)
        return bound

    def _formal(self, axes: Iterable[Axis]) -> tuple[Axis, ...]:
        """Give symbols of one name one identity."""
        return tuple(
            axis if axis is None or isinstance(axis, Star) else self._term(axis) for axis in axes
        )

    def _term(self, term: Term) -> Term:
        if isinstance(term, Symbol):
            return self.symbols[term.name]
        if isinstance(term, Operation):
            return Operation(term.operator, tuple(map(self._term, term.arguments)))
        return term


def symbols_named(axes: Iterable[Axis]) -> dict[str, Symbol]:
    """Find the symbols by their names; one that may be 0 in one place only may not be."""
    found: dict[str, Symbol] = {}
    for axis in axes:
        if isinstance(axis, Star):
            if axis.symbol is not None:
                found[f"*{axis.symbol.name}"] = axis.symbol
        elif axis is not None:
            for symbol in symbols_of(axis):
                run = run_of(symbol)
                if run is not None:
                    found[f"*{run.name}"] = run
                known = found.get(symbol.name, symbol)
                found[symbol.name] = max(known, symbol, key=lambda s: s.least)
    return found


def value_of(axis: Axis, sizes: Mapping[str, Any]) -> int | None:
    """Compute an axis where all its symbols are known; None where one is not.

    Raises: Undefined, where it has no value.
    """
    if axis is None or isinstance(axis, Star):
        return None
    values = {symbol: size_of(symbol, sizes) for symbol in symbols_of(axis)}
    known = {symbol: value for symbol, value in values.items() if value is not None}
    return evaluate(axis, known) if len(known) == len(values) else None


def size_of(symbol: Symbol, sizes: Mapping[str, Any]) -> int | None:
    """Look up the size that a symbol is bound to, or the product of a run that is."""
    run = run_of(symbol)
    if run is None:
        found = sizes.get(symbol.name)
        return found if isinstance(found, int) else None
    axes = sizes.get(f"*{run.name}", (None,))
    return math.prod(axes) if all(isinstance(size, int) for size in axes) else None


def written(part: Part) -> Iterator[Axis]:
    """Walk the axes of a part that are written in the signature."""
    yield from part.formal
    if isinstance(part, Condition):
        yield from part.actual
