"""What names in annotations stand for: sizes, or what has nothing to do with them."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from mypy.nodes import SymbolTableNode, TypeAlias
from mypy.plugin import AnalyzeTypeContext
from mypy.type_visitor import TypeQuery
from mypy.types import Instance, Type, TypeAliasType

from typed_resnet.mypy_plugin.classes import is_operator
from typed_resnet.mypy_plugin.library import of_library
from typed_resnet.mypy_plugin.queries import WITHOUT_CLASSES, is_sized


class _Sizes(TypeQuery[bool]):
    """Looks for sizes, and notes the aliases on the way with what they stand for."""

    def __init__(self) -> None:
        super().__init__()
        self.read: dict[TypeAlias, Type] = {}

    def strategy(self, items: list[bool], /) -> bool:
        return any(items)

    def visit_instance(self, t: Instance, /) -> bool:
        if is_operator(t.type) or is_sized(t.type):
            return True
        return bool(t.args) and super().visit_instance(t)

    def visit_type_alias_type(self, t: TypeAliasType, /) -> bool:
        assert t.alias is not None
        return self.of_alias(t.alias) or self.query_types(t.args)

    def of_alias(self, alias: TypeAlias) -> bool:
        if alias in self.read:
            return False
        self.read[alias] = alias.target
        return alias.target.accept(self)


class AliasedSizes:
    """Whether a name of an alias stands for sizes, as long as all in it mean the same."""

    __slots__ = ("alias", "is_there", "read", "symbol")

    def __init__(self, symbol: SymbolTableNode, alias: TypeAlias) -> None:
        query = _Sizes()
        self.symbol = symbol
        self.alias = alias
        self.is_there = query.of_alias(alias)
        self.read = list(query.read.items())

    def is_current(self) -> bool:
        if self.symbol.node is not self.alias:
            return False
        for alias, target in self.read:  # noqa: SIM110 -- `all` would take twice as long
            if alias.target is not target:
                return False
        return True


class _Aliases(TypeQuery[tuple[str, ...]]):
    def strategy(self, items: list[tuple[str, ...]], /) -> tuple[str, ...]:
        return tuple(name for found in items for name in found)

    def visit_type_alias_type(self, t: TypeAliasType, /) -> tuple[str, ...]:
        assert t.alias is not None
        inside = () if t.is_recursive else t.alias.target.accept(self)
        return (t.alias.fullname, *inside, *self.query_types(t.args))


def aliases(typ: Type) -> tuple[str, ...]:
    """Name the aliases that a type is written with, and those in what they stand for."""
    kind = type(typ)
    if kind in WITHOUT_CLASSES:
        return ()
    if kind is Instance and all(type(a) in WITHOUT_CLASSES for a in cast(Instance, typ).args):
        return ()  # as nearly always
    return typ.accept(_Aliases())


class Unsized(dict[str, None]):
    """Names that stand for no size and no shape in an annotation, each with no hook.

    mypy asks of 100,000 names: of what is known here, Python answers without a call of ours. An
    alias is known for as long as it stands for the same: NumPy's are named 17,000 times.
    """

    ask: Callable[[str], Callable[[AnalyzeTypeContext], Type] | None]
    """Finds the hook of another name, or makes it known here."""

    def __init__(self) -> None:
        super().__init__()
        self.aliases: dict[str, AliasedSizes] = {}
        """Those that stand in a module; a class that is read anew has others."""

    def __missing__(self, fullname: str) -> Callable[[AnalyzeTypeContext], Type] | None:
        alias = self.aliases.get(fullname)
        if alias is not None and not alias.is_there and alias.is_current():
            return None
        return self.ask(fullname)

    def clear(self) -> None:
        super().clear()
        self.aliases.clear()

    def forget_others(self) -> None:
        """Forget the names that are not the library's."""
        for known in (self, self.aliases):
            for name in [name for name in known if not of_library(name)]:
                del known[name]
