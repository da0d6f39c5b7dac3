"""Layers one after another: what each layer of a composition makes of a shape."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from mypy.types import Instance, Type

from typed_resnet.dims.composition import Composed, Rule, compose
from typed_resnet.dims.conditions import filled
from typed_resnet.dims.matching import Axis, Part, Star, match, symbols_of
from typed_resnet.dims.sentences import in_layer, sentence
from typed_resnet.dims.term import Symbol, Undefined
from typed_resnet.errors import ShapeError
from typed_resnet.layer import Layer
from typed_resnet.mypy_plugin.composing import layers_of, rule_of
from typed_resnet.summary.bound import Bound
from typed_resnet.summary.model import Shape

UNKNOWN_SHAPE: Final = (Star(None),)


@dataclass(frozen=True)
class Step:
    """One layer or function of a composition, and what becomes of a shape in it."""

    layer: object
    declared: Type
    taken: tuple[Axis, ...]
    returned: tuple[Axis, ...]


def steps(layer: Layer, typ: Instance, given: tuple[Axis, ...], bound: Bound) -> Iterator[Step]:
    """Go through the layers of a composition, whose type is written in symbols that are bound.

    After one of which no rule is known, nothing is known.

    Raises: ShapeError, where a layer does not take what the one before it returns.
    """
    for name, declared in layers_of(typ) or ():
        rule = rule_of(declared)
        returned = UNKNOWN_SHAPE if rule is None else _applied(rule, given, bound, typ, name)
        yield Step(_part(layer, name), declared, given, returned)
        given = returned


def start(typ: Instance, shape: Shape) -> tuple[tuple[Axis, ...], Bound]:
    """Say what a composition takes, and the numbers of one input for the symbols in it.

    This is what the layers want whose rules are known, up to the first whose rule is not. An input
    that does not fit is taken as it is: the layer that it does not fit will say so.
    """
    rules = [rule_of(declared) for _, declared in layers_of(typ) or ()]
    found = compose([*itertools.takewhile(lambda rule: rule is not None, rules)])
    if not isinstance(found, Composed):
        return UNKNOWN_SHAPE, Bound()
    matched = match([Part("x", found.taken, shape)], [*_symbols(found.taken)])
    if matched.failure is not None:
        return shape, Bound()
    sizes = {symbol: size for symbol, size in matched.sizes.items() if size is not None}
    return found.taken, Bound(sizes, matched.stars)


def _applied(
    rule: Rule, given: tuple[Axis, ...], bound: Bound, typ: Instance, name: str
) -> tuple[Axis, ...]:
    part = replace(rule.part, formal=bound.axes(rule.part.formal), actual=given)
    matched = match([part], rule.flexible)
    if matched.failure is not None:
        message = sentence(rule.who, matched.failure)
        raise ShapeError(in_layer(typ.type.name, name, message))
    lost = dict.fromkeys(rule.flexible)  # what was not bound is unknown
    runs = dict.fromkeys(rule.flexible, UNKNOWN_SHAPE)
    try:
        return filled(bound.axes(rule.result), lost | matched.sizes, runs | matched.stars)
    except Undefined:
        return UNKNOWN_SHAPE


def _part(layer: Layer, name: str) -> object:
    """Find a part by its name, `1.0`, or nothing."""
    found: object = layer
    for part in name.split("."):
        found = dict(found.parts()).get(part) if isinstance(found, Layer) else None
    return found


def _symbols(axes: tuple[Axis, ...]) -> Iterator[Symbol]:
    for axis in axes:
        if isinstance(axis, Star):
            if axis.symbol is not None:
                yield axis.symbol
        elif axis is not None:
            yield from symbols_of(axis)
