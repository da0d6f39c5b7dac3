"""Walk a declared type and the type that a call brings, side by side, and collect their sizes."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from mypy.checkexpr import has_any_type
from mypy.maptype import map_instance_to_supertype
from mypy.nodes import Expression
from mypy.typeops import make_simplified_union
from mypy.types import (
    AnyType,
    CallableType,
    Instance,
    NoneType,
    ProperType,
    TupleType,
    Type,
    TypeType,
    TypeVarType,
    UnionType,
    flatten_nested_unions,
    get_proper_type,
)

from typed_resnet.dims.conditions import Condition
from typed_resnet.dims.matching import Axis, Part, Star
from typed_resnet.dims.parts import align
from typed_resnet.dims.term import Term
from typed_resnet.mypy_plugin.arithmetic import Arithmetic
from typed_resnet.mypy_plugin.bindings import Bindings
from typed_resnet.mypy_plugin.classes import is_tensor, size_parameters
from typed_resnet.mypy_plugin.protocols import as_protocol
from typed_resnet.mypy_plugin.queries import holds_sizes
from typed_resnet.mypy_plugin.signatures import axis_names
from typed_resnet.mypy_plugin.translate import Reader
from typed_resnet.mypy_plugin.tuples import declared_for, is_one_by_one, items_of


class Walker:
    """Collects the parts of one call; flexible symbols are read apart from those of the caller."""

    def __init__(
        self,
        type_of: Callable[[Expression], Type],
        formals: Reader,
        actuals: Reader,
        bindings: Bindings | None = None,
    ) -> None:
        self.type_of = type_of
        self.bindings = bindings or Bindings()
        self.written = Arithmetic(actuals, type_of, self.bindings)
        self.formals = formals
        self.actuals = actuals
        self.parts: list[Part] = []
        self.left: list[tuple[Type, Type]] = []
        """What is declared of something with sizes, and that, where mypy is left to infer."""
        self.read_arithmetic = False
        """Some size was read from how an argument is written."""

    def walk(self, formal: Type, actual: Type, declared: Type | None, place: str) -> Type:
        """Collect what `formal` declares of `actual`, and return `formal` with the sizes brought.

        What is returned is left for mypy to compare: all but the sizes. `declared` is `formal`
        before any substitution, where that is known; errors take the names of axes from it.
        """
        wanted = get_proper_type(formal)
        brought = get_proper_type(actual)
        named = get_proper_type(declared) if declared is not None else None
        if isinstance(brought, TypeVarType) and not isinstance(wanted, TypeVarType):
            brought = get_proper_type(brought.upper_bound)
        if isinstance(brought, AnyType):
            self._lost(wanted, place)
            return formal
        if isinstance(wanted, UnionType):
            return self._walk_union(wanted, brought, named, place)
        if isinstance(brought, UnionType):
            walked = [self.walk(wanted, item, named, place) for item in brought.items]
            return make_simplified_union(walked)
        if isinstance(wanted, Instance):
            if isinstance(brought, Instance):
                return self._walk_instance(wanted, brought, named, place)
            if isinstance(brought, TupleType):
                return self._walk_tuple_as_sequence(wanted, brought, named, place)
        if isinstance(wanted, TupleType) and isinstance(brought, TupleType):
            return self._walk_tuple(wanted, brought, named, place)
        if isinstance(wanted, TypeType) and isinstance(brought, TypeType):
            item = named.item if isinstance(named, TypeType) else None
            walked_item = self.walk(wanted.item, brought.item, item, place)
            return TypeType.make_normalized(walked_item)
        if isinstance(wanted, CallableType) and isinstance(brought, CallableType):
            return self._walk_function(wanted, brought, place)
        return self._leave(wanted, brought)

    def _leave(self, wanted: ProperType, brought: ProperType) -> Type:
        """Leave what is declared to mypy, which may take one size for several, silently."""
        if holds_sizes(brought):
            self.left.append((wanted, brought))
        return wanted

    def _walk_function(self, wanted: CallableType, brought: CallableType, place: str) -> Type:
        """Walk what a function takes and returns, as in `list[Callable[[Tensor[C]], Tensor[H]]]`.

        One that is for all sizes, takes its arguments by other ways or, as a lambda, says nothing
        of them, is left to mypy.
        """
        positional = all(kind.is_positional() for kind in (*wanted.arg_kinds, *brought.arg_kinds))
        alike = positional and len(wanted.arg_types) == len(brought.arg_types)
        if brought.variables or not alike or has_any_type(brought):
            return self._leave(wanted, brought)
        pairs = zip(wanted.arg_types, brought.arg_types, strict=True)
        taken = [self.walk(formal, actual, formal, place) for formal, actual in pairs]
        result = self.walk(wanted.ret_type, brought.ret_type, wanted.ret_type, place)
        return wanted.copy_modified(arg_types=taken, ret_type=result)

    def _lost(self, wanted: ProperType, place: str) -> None:
        """Collect that nothing is known of what was brought for a Tensor."""
        if isinstance(wanted, Instance) and is_tensor(wanted.type):
            self._append(place, self.formals.axes(wanted.args), (Star(None),), ())

    def _walk_union(
        self, wanted: UnionType, brought: ProperType, named: ProperType | None, place: str
    ) -> Type:
        """Walk the one item of a union that what was brought can be; of several, none.

        Of Tensors the number of axes tells which.
        """
        if isinstance(brought, NoneType):
            return wanted
        if isinstance(brought, UnionType):
            walked = [
                self._walk_union(wanted, get_proper_type(i), named, place) for i in brought.items
            ]
            return make_simplified_union(walked)
        fitting = [
            index
            for index, item in enumerate(map(get_proper_type, wanted.items))
            if isinstance(item, Instance)
            and isinstance(brought, Instance)
            and brought.type.has_base(item.type.fullname)
        ]
        if len(fitting) > 1:
            fitting = [index for index in fitting if self._has_rank(wanted.items[index], brought)]
        if len(fitting) != 1:
            return self._leave(wanted, brought)
        names: Sequence[Type | None] = [None] * len(wanted.items)
        if isinstance(named, UnionType):
            written = flatten_nested_unions(named.items)  # an alias may stand for several
            names = written if len(written) == len(wanted.items) else names
        items = list(wanted.items)
        items[fitting[0]] = self.walk(items[fitting[0]], brought, names[fitting[0]], place)
        return UnionType.make_union(items, wanted.line)

    def _has_rank(self, item: Type, brought: ProperType) -> bool:
        """Say whether what was brought may have as many axes as a Tensor of a union."""
        wanted = get_proper_type(item)
        if not isinstance(wanted, Instance) or not is_tensor(wanted.type):
            return True
        assert isinstance(brought, Instance)
        given = map_instance_to_supertype(brought, wanted.type).args
        return align(self.formals.axes(wanted.args), self.actuals.axes(given)) is not None

    def _walk_instance(
        self, wanted: Instance, brought: Instance, named: ProperType | None, place: str
    ) -> Type:
        if not brought.type.has_base(wanted.type.fullname):
            met = as_protocol(brought, wanted)
            if met is None:
                return self._leave(wanted, brought)
            brought = met
        brought = map_instance_to_supertype(brought, wanted.type)
        names = named.args if isinstance(named, Instance) else ()
        if is_tensor(wanted.type):
            self._add(place, wanted.args, brought.args, names)
            return wanted.copy_modified(args=brought.args)
        places = [place for place, _ in size_parameters(wanted.type)]
        if places and max(places) < len(wanted.args) == len(brought.args):
            self._add(
                place,
                [wanted.args[i] for i in places],
                [brought.args[i] for i in places],
                [variable for _, variable in size_parameters(wanted.type)],
            )
        arguments = list(wanted.args)
        for index, (inner, given) in enumerate(zip(wanted.args, brought.args, strict=False)):
            if index in places:
                arguments[index] = given
            else:
                name = names[index] if index < len(names) else None
                arguments[index] = self.walk(inner, given, name, place)
        return wanted.copy_modified(args=arguments)

    def _walk_tuple(
        self, wanted: TupleType, brought: TupleType, named: ProperType | None, place: str
    ) -> Type:
        count = len(brought.items)
        declared = declared_for(wanted, count) if is_one_by_one(brought) else None
        if declared is None:
            return self._leave(wanted, brought)
        written = declared_for(named, count) if isinstance(named, TupleType) else None
        names: Sequence[Type | None] = written or [None] * count
        pairs = zip(declared, brought.items, names, strict=True)
        walked = [self._walk_item(item, given, name, place) for item, given, name in pairs]
        return wanted.copy_modified(items=walked)

    def _walk_item(self, item: Type, given: Type, name: Type | None, place: str) -> Type:
        """Walk an item of a tuple, which may be a size: `stride: tuple[SH, SW]`."""
        proper = get_proper_type(item)
        if isinstance(proper, TypeVarType) and proper.id in self.formals.flexible:
            axis = self.actuals.term(given)
            self._add_int(place, proper, axis)
            return given
        return self.walk(item, given, name, place)

    def _walk_tuple_as_sequence(
        self, wanted: Instance, brought: TupleType, named: ProperType | None, place: str
    ) -> Type:
        """Walk a tuple against `Sequence[T]`, which each of its items must meet."""
        items = items_of(brought)
        if len(wanted.args) != 1 or is_tensor(wanted.type) or not items:
            return self._leave(wanted, brought)
        name = named.args[0] if isinstance(named, Instance) and named.args else None
        walked = [self.walk(wanted.args[0], item, name, place) for item in items]
        return wanted.copy_modified(args=[make_simplified_union(walked)])

    def size(self, formal: TypeVarType, actual: Type, expression: Expression, place: str) -> None:
        """Collect a size that is passed as an int: `make(c)` with `c: C`."""
        axis = self._size(actual, expression)
        self._add_int(place, formal, axis)

    def sizes(
        self, formal: Type, actuals: Sequence[tuple[Expression, Type, bool]], place: str
    ) -> None:
        """Collect the sizes that a TypeVarTuple takes, as in `zeros(*shape: *Sizes)`.

        Of each actual: its expression, its type, and whether it is unpacked.
        """
        axes: list[Axis] = []
        for expression, actual, unpacked in actuals:
            if unpacked:
                axes += self._unpacked(actual, expression)
            else:
                axes.append(self._size(actual, expression))
        self._append(place, self.formals.axes([formal]), tuple(axes), ())

    def _unpacked(self, actual: Type, expression: Expression) -> Sequence[Axis]:
        """Read the sizes that `*expression` brings, of a tuple or of b in `*b, c = x.shape`."""
        proper = get_proper_type(actual)
        if isinstance(proper, TupleType):
            axes = self.actuals.axes(proper.items)
            return axes if None not in axes else self._items(expression) or axes
        self.read_arithmetic = True
        run = self.bindings.run_of(expression)
        return [Star(None)] if run is None else self.actuals.axes(run)

    def _items(self, expression: Expression) -> Sequence[Axis] | None:
        self.read_arithmetic = True
        return self.written.items(expression)

    def _size(self, actual: Type, expression: Expression) -> Term | None:
        term = self.actuals.term(actual)
        return self.arithmetic(expression) if term is None else term

    def arithmetic(self, expression: Expression) -> Term | None:
        """Read `c // 4`, whose type is a bare int, from the expression itself."""
        self.read_arithmetic = True
        return self.written.size(expression)

    def condition(self, stated: Instance, place: str) -> None:
        """Collect a condition that a signature states: `Equal[Product[*Old], N]`."""
        left, right = map(self._side, stated.args)
        self.parts.append(Condition(place, left, right, kind=stated.type.name))

    def _side(self, argument: Type) -> tuple[Axis, ...]:
        proper = get_proper_type(argument)
        if isinstance(proper, TupleType):
            return self.formals.axes(proper.items)
        return (self.formals.term(proper),)

    def _add_int(self, place: str, formal: TypeVarType, actual: Term | None) -> None:
        wanted = (self.formals.symbol(formal),)
        self.parts.append(Part(place, wanted, (actual,), (formal.name,), is_int=True))

    def _add(
        self, place: str, formal: Sequence[Type], actual: Sequence[Type], names: Sequence[Type]
    ) -> None:
        written = axis_names(names, len(formal))
        self._append(place, self.formals.axes(formal), self.actuals.axes(actual), written)

    def _append(
        self,
        place: str,
        formal: tuple[Axis, ...],
        actual: tuple[Axis, ...],
        names: tuple[str | None, ...],
    ) -> None:
        self.parts.append(Part(place, formal, actual, names if len(names) == len(formal) else ()))
