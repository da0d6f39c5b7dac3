"""mypy's types, read as sizes and shapes, and written back.

A size is a literal int, a type variable bounded by int, or one of the operators in
`dims.operators`. A class holds sizes in those of its type parameters that are bounded by int, and,
if it is a Tensor, in all the axes that follow its TypeVarTuple.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

from mypy.nodes import TypeInfo
from mypy.plugin import Plugin
from mypy.types import (
    AnyType,
    Instance,
    LiteralType,
    TupleType,
    Type,
    TypeOfAny,
    TypeVarId,
    TypeVarLikeType,
    TypeVarTupleType,
    TypeVarType,
    UnpackType,
    get_proper_type,
)

from typed_resnet.dims.matching import Axis, Star
from typed_resnet.dims.normal_form import Dim, normal_form
from typed_resnet.dims.printer import show
from typed_resnet.dims.products import product, product_symbol, run_of
from typed_resnet.dims.term import Operation, Symbol, Term, Undefined
from typed_resnet.mypy_plugin.classes import (
    PREFIX,
    PRODUCT,
    is_operator,
    is_tensor,
    least,
    size_parameters,
)


class Types:
    """Makes types of classes that mypy has read, imported by the module at hand or not."""

    def __init__(self, plugin: Plugin) -> None:
        self.plugin = plugin

    def instance(self, fullname: str, arguments: list[Type]) -> Instance:
        symbol = self.plugin.lookup_fully_qualified(fullname)
        assert symbol is not None, fullname
        assert isinstance(symbol.node, TypeInfo), fullname
        return Instance(symbol.node, arguments)


def symbol_of(variable: TypeVarLikeType) -> Symbol | None:
    """Read a type variable as the symbol of a size, or of a run of axes."""
    identity = (variable.id.raw_id, variable.id.namespace, variable.id.meta_level)
    if isinstance(variable, TypeVarTupleType):
        return Symbol(variable.name, 0, identity)
    if isinstance(variable, TypeVarType) and (smallest := least(variable)) is not None:
        return Symbol(variable.name, smallest, identity)
    return None


class TwoOfOneName(Exception):  # noqa: N818 -- nobody erred
    """Two variables of one name stand side by side, and must be told apart by their scopes."""


class Names:
    """Calls variables by their names alone, as far as these are different.

    So the sizes of alike calls are the same to `dims`, which remembers what it found of them.
    """

    def __init__(self) -> None:
        self._variables: dict[str, TypeVarId] = {}

    def symbol_of(self, variable: TypeVarLikeType) -> Symbol | None:
        """Read a type variable as `symbol_of` does, without its scope.

        Raises: TwoOfOneName.
        """
        if self._variables.setdefault(variable.name, variable.id) != variable.id:
            raise TwoOfOneName
        if isinstance(variable, TypeVarTupleType):
            return Symbol(variable.name, 0)
        if isinstance(variable, TypeVarType) and (smallest := least(variable)) is not None:
            return Symbol(variable.name, smallest)
        return None


SymbolOf = Callable[[TypeVarLikeType], Symbol | None]
Read = TypeVar("Read")


def by_names(read: Callable[[SymbolOf], Read]) -> Read:
    """Read something by the names of variables if these do, by their scopes if not."""
    try:
        return read(Names().symbol_of)
    except TwoOfOneName:
        return read(symbol_of)


class Reader:
    """Reads types as sizes, and remembers the type of each symbol, to write them back."""

    def __init__(
        self, flexible: Sequence[TypeVarLikeType] = (), naming: SymbolOf = symbol_of
    ) -> None:
        self.naming = naming
        self.variables: dict[Symbol, TypeVarLikeType] = {}
        # A signature's own variables are known by their place in it: a recursive call brings the
        # very same variables as sizes of its arguments, and these must not be taken for those.
        self.flexible: dict[TypeVarId, Symbol] = {
            variable.id: Symbol(symbol.name, symbol.least, place)
            for place, variable in enumerate(flexible)
            if (symbol := symbol_of(variable)) is not None
        }

    def term(self, typ: Type) -> Term | None:
        """Read a size, as written; None where it is unknown."""
        proper = get_proper_type(typ)
        if isinstance(proper, Instance):
            if proper.last_known_value is not None:
                proper = proper.last_known_value
            elif proper.type.name == PRODUCT and is_operator(proper.type):
                return self.product(proper.args)
            elif is_operator(proper.type):
                terms = [self.term(argument) for argument in proper.args]
                known = tuple(term for term in terms if term is not None)
                return Operation(proper.type.name, known) if len(known) == len(terms) else None
            else:
                return None
        if isinstance(proper, LiteralType):
            return proper.value if type(proper.value) is int else None
        if isinstance(proper, TypeVarType):
            return self.symbol(proper)
        return None

    def product(self, factors: Sequence[Type]) -> Term | None:
        """Read `Product[*Shape]`."""
        axes = self.axes(factors)
        for axis in axes:
            if isinstance(axis, Star) and axis.symbol is not None:
                self.variables[product_symbol(axis.symbol)] = self.variables[axis.symbol]
        return product(axes)

    def symbol(self, variable: TypeVarLikeType) -> Symbol | None:
        symbol = self.flexible.get(variable.id) or self.naming(variable)
        if symbol is not None:
            self.variables[symbol] = variable
        return symbol

    def axes(self, arguments: Iterable[Type]) -> tuple[Axis, ...]:
        """Read the axes of a shape."""
        axes: list[Axis] = []
        for argument in arguments:
            proper = get_proper_type(argument)
            if isinstance(proper, UnpackType):
                inner = get_proper_type(proper.type)
                if isinstance(inner, TypeVarTupleType):
                    axes.append(Star(self.symbol(inner)))
                elif isinstance(inner, TupleType):
                    axes += self.axes(inner.items)
                else:
                    axes.append(Star(None))
            else:
                axes.append(self.term(proper))
        return tuple(axes)


class Writer:
    """Writes sizes and axes as mypy's types.

    What is unknown because of an error that has been reported is written so as to stay silent.
    """

    def __init__(self, types: Types, *readers: Reader, after_error: bool = False) -> None:
        self.types = types
        self.after_error = after_error
        self.variables = {s: v for reader in readers for s, v in reader.variables.items()}

    def size(self, size: Dim | Term | None) -> Type:
        """Write a size; one that is unknown is an `int`."""
        if size is None:
            return AnyType(TypeOfAny.from_error) if self.after_error else self._int()
        term = size.term if isinstance(size, Dim) else size
        if isinstance(term, Symbol):
            variable = self.variables[term]
            if run_of(term) is not None:
                return self.types.instance(PREFIX + PRODUCT, [UnpackType(variable)])
            return variable
        if isinstance(term, int):
            return LiteralType(term, self._int())
        arguments = [self.size(argument) for argument in term.arguments]
        return self.types.instance(PREFIX + term.operator, arguments)

    def axis(self, axis: Axis) -> Type:
        if not isinstance(axis, Star):
            return self.size(None if axis is None else in_normal_form(axis))
        if axis.symbol is None:
            kind = TypeOfAny.from_error if self.after_error else TypeOfAny.special_form
            return UnpackType(self.types.instance("builtins.tuple", [AnyType(kind)]))
        return UnpackType(self.variables[axis.symbol])

    def shape(self, axes: Sequence[Axis]) -> TupleType:
        """Write what a TypeVarTuple stands for."""
        fallback = self.types.instance(
            "builtins.tuple", [self.types.instance("builtins.object", [])]
        )
        return TupleType([self.axis(axis) for axis in axes], fallback)

    def _int(self) -> Instance:
        return self.types.instance("builtins.int", [])


def in_normal_form(term: Term) -> Dim | Term:
    """Put a size into normal form; one that has no value stays as it is written."""
    try:
        return normal_form(term)
    except Undefined:
        return term


def print_instance(instance: Instance) -> str:
    """Write a layer's type as people read it: `Conv2D[3, 64, 7, 2, 3]`; of a list, `list`."""
    if not is_tensor(instance.type) and not size_parameters(instance.type):
        return instance.type.name
    axes = Reader().axes(instance.args)
    return f"{instance.type.name}[{', '.join(_print_axis(axis) for axis in axes)}]"


def _print_axis(axis: Axis) -> str:
    if axis is None:
        return "?"
    if isinstance(axis, Star):
        return f"*{axis.symbol or '?'}"
    return show(in_normal_form(axis))
