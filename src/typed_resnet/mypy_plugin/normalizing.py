"""Put the sizes in a type into normal form, or forget them."""

from __future__ import annotations

from functools import partial

from mypy.type_visitor import TypeTranslator
from mypy.types import (
    AnyType,
    Instance,
    Type,
    TypeAliasType,
    TypeOfAny,
    UnpackType,
    get_proper_type,
)

from typed_resnet.mypy_plugin.classes import TENSOR, is_operator, is_tensor, size_parameters
from typed_resnet.mypy_plugin.queries import holds_error, mentions_operator
from typed_resnet.mypy_plugin.translate import (
    Reader,
    SymbolOf,
    Types,
    Writer,
    by_names,
    in_normal_form,
)


class Normalizer(TypeTranslator):
    """Puts every size inside a type into normal form, so that equal sizes are equal types."""

    def __init__(self, types: Types) -> None:
        super().__init__()
        self.types = types

    def visit_instance(self, t: Instance, /) -> Type:
        if is_operator(t.type):
            return by_names(partial(self._normalized, t))
        return super().visit_instance(t)

    def _normalized(self, size: Instance, naming: SymbolOf) -> Type:
        reader = Reader((), naming)
        term = reader.term(size)
        if term is not None:
            return Writer(self.types, reader).size(in_normal_form(term))
        # What is computed from an unknown size is as unknown as that is.
        return Writer(self.types, reader, after_error=holds_error(size)).size(None)

    def visit_type_alias_type(self, t: TypeAliasType, /) -> Type:
        if t.is_recursive or not mentions_operator(t):  # what expands for ever has no normal form
            return t
        return get_proper_type(t).accept(self)


class _WithoutSizes(TypeTranslator):
    def __init__(self, unknown: Instance) -> None:
        super().__init__()
        self.unknown = unknown

    def visit_instance(self, t: Instance, /) -> Type:
        if is_tensor(t.type) and t.type.fullname == TENSOR:
            return t.copy_modified(args=[UnpackType(self.unknown)])
        sizes = {place for place, _ in size_parameters(t.type)}
        if not sizes or is_operator(t.type):
            return super().visit_instance(t)
        anything = AnyType(TypeOfAny.from_error)
        arguments = enumerate(t.args)
        return t.copy_modified(
            args=[anything if place in sizes else a.accept(self) for place, a in arguments]
        )

    def visit_type_alias_type(self, t: TypeAliasType, /) -> Type:
        return t if t.is_recursive else get_proper_type(t).accept(self)


def without_sizes(typ: Type, types: Types) -> Type:
    """Forget the sizes in a type, of Tensors and of layers, as those of a call that is wrong."""
    unknown = types.instance("builtins.tuple", [AnyType(TypeOfAny.from_error)])
    return typ.accept(_WithoutSizes(unknown))


def normalize(typ: Type, types: Types) -> Type:
    """Put the sizes of a type into normal form; a type without operators stays as it is."""
    return typ.accept(Normalizer(types)) if mentions_operator(typ) else typ
