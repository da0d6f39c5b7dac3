"""What a function is called with by those of Python's own that call it with items of iterables."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from mypy.checker import TypeChecker
from mypy.nodes import Expression
from mypy.types import CallableType, Instance, TupleType, Type, UnpackType, get_proper_type

from typed_resnet.mypy_plugin.asking import type_alone
from typed_resnet.mypy_plugin.attempts import attempt
from typed_resnet.mypy_plugin.findings import Actual
from typed_resnet.mypy_plugin.functions import value_of
from typed_resnet.mypy_plugin.signatures import Callee

EACH: Final = frozenset({"builtins.map", "concurrent.futures._base.Executor.map"})
"""What calls a `Callable[..., S]` with an item of each `Iterable[Any]`, and declares no more."""

UNPACKED: Final = frozenset({"itertools.starmap", "multiprocessing.pool.Pool.starmap"})
"""What calls a `Callable[..., S]` with the items of each item."""

Actuals = Sequence[Sequence[Actual]]


def brought_items(
    api: TypeChecker, callee: Callee, signature: CallableType, actuals: Actuals
) -> list[Actual] | None:
    """List what a `Callable[..., S]` is called with, where that is known by the caller's name."""
    bases = callee.receiver.type.mro if isinstance(callee.receiver, Instance) else []
    names = {callee.fullname, *(f"{base.fullname}.{callee.name}" for base in bases)}
    iterable = api.named_type("typing.Iterable").type
    iterables = [
        actual
        for formal, given in zip(signature.arg_types, actuals, strict=True)
        if isinstance(declared := get_proper_type(formal), Instance) and declared.type is iterable
        for actual in given
    ]
    if names.isdisjoint(EACH | UNPACKED) or any(actual.unpacked for actual in iterables):
        return None
    items = [_item(api, actual.expression) for actual in iterables]
    if not names.isdisjoint(UNPACKED):
        tuples = [item for item in map(get_proper_type, items) if isinstance(item, TupleType)]
        if len(tuples) != len(items):
            return None
        items = [item for one in tuples for item in one.items]
    if any(isinstance(item, UnpackType) for item in items):
        return None
    return [Actual(value_of(item, iterables[0].expression)) for item in items]


def _item(api: TypeChecker, iterable: Expression) -> Type:
    typ = type_alone(api, iterable)
    item_of = api.analyze_iterable_item_type_without_expression
    return attempt(api, lambda: item_of(typ, iterable)[1])[0]
