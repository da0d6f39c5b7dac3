"""What an unpacked argument brings for each formal: `f(*pair)`, `f(**sizes)`.

mypy names it once for each item that it brings. Where a formal takes all of a run, as `*shape` of
`zeros` does, it is read whole; elsewhere a value that is written nowhere stands for each item.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

from mypy.argmap import ArgTypeExpander
from mypy.checker import TypeChecker
from mypy.nodes import ArgKind, Expression
from mypy.plugin import CheckerPluginInterface
from mypy.types import (
    AnyType,
    CallableType,
    ParamSpecType,
    TupleType,
    Type,
    TypeOfAny,
    UnpackType,
    get_proper_type,
)

from typed_resnet.dims.normal_form import normal_form
from typed_resnet.dims.term import Undefined
from typed_resnet.mypy_plugin.arithmetic import Arithmetic
from typed_resnet.mypy_plugin.bindings import Bindings
from typed_resnet.mypy_plugin.classes import is_int
from typed_resnet.mypy_plugin.findings import Actual
from typed_resnet.mypy_plugin.functions import value_of
from typed_resnet.mypy_plugin.translate import Reader, Types, Writer


class Unpacking:
    """The unpacked arguments of one call; each is read from its first item on."""

    def __init__(
        self,
        api: CheckerPluginInterface,
        types: Types,
        type_of: Callable[[Expression], Type],
        bindings: Bindings,
    ) -> None:
        self.api = api
        self.types = types
        self.type_of = type_of
        self.bindings = bindings
        self._taken: Counter[Expression] = Counter()

    def by_formals(
        self, signature: CallableType, actuals: Sequence[Sequence[Actual]]
    ) -> list[list[Actual]]:
        """Put an item in the place of each unpacked argument, for each formal that takes one."""
        formals = zip(
            signature.arg_types, signature.arg_kinds, signature.arg_names, actuals, strict=True
        )
        return [
            [self._rest(actual) for actual in dict.fromkeys(given)]
            if kind.is_star() and isinstance(get_proper_type(formal), UnpackType | ParamSpecType)
            else [self._item(actual, kind, name) for actual in given]
            for formal, kind, name, given in formals
        ]

    def _item(self, actual: Actual, kind: ArgKind, name: str | None) -> Actual:
        """Give what an argument brings for a formal: itself, if it is not unpacked."""
        if not actual.kind.is_star() or not isinstance(self.api, TypeChecker):
            return actual
        whole = actual.expression
        typ = get_proper_type(self.type_of(whole))
        place = self._taken[whole]
        self._taken[whole] += 1
        if actual.unpacked and isinstance(typ, TupleType) and _is_one_by_one(typ.items):
            item = self._of_tuple(whole, typ, place)
        elif isinstance(typ, AnyType):
            item = AnyType(TypeOfAny.special_form)
        else:
            expander = ArgTypeExpander(self.api.expr_checker.argument_infer_context())
            item = expander.expand_actual_type(typ, actual.kind, name, kind)
        return Actual(value_of(item, whole))

    def _rest(self, actual: Actual) -> Actual:
        """Give what an argument brings for a formal that takes all: what is left of it."""
        whole = actual.expression
        taken = self._taken[whole]
        if not taken:
            return actual
        typ = get_proper_type(self.type_of(whole))
        rest: Type = AnyType(TypeOfAny.special_form)
        if isinstance(typ, TupleType) and _is_one_by_one(typ.items[:taken]):
            items = [self._of_tuple(whole, typ, place) for place in range(taken, typ.length())]
            rest = typ.copy_modified(items=items)
        return Actual(value_of(rest, whole), actual.kind)

    def _of_tuple(self, whole: Expression, typ: TupleType, place: int) -> Type:
        """Give the type of an item, of an int by how it is written if its type says no size."""
        item = typ.items[place] if place < len(typ.items) else AnyType(TypeOfAny.special_form)
        if not is_int(item) or Reader().term(item) is not None:
            return item
        reader = Reader()
        written = Arithmetic(reader, self.type_of, self.bindings).items(whole)
        term = None if written is None else written[place]
        try:
            return item if term is None else Writer(self.types, reader).size(normal_form(term))
        except Undefined:
            return item


def _is_one_by_one(items: Sequence[Type]) -> bool:
    return not any(isinstance(get_proper_type(item), UnpackType) for item in items)
