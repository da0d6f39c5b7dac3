"""What a file relies on and mypy does not know of: the fields within the classes of its types.

Of `Holder[6]` no value can be where Holder has a `Block[C]`, and that a field which no 6 fits. Who
writes `Holder[6]` shall be checked again when Block changes, though Block is named nowhere there.
Of Block only its bases count and its fields with sizes: each sets off one mark of Block's, on
which all rely that look into it, and a method or a field without sizes sets off nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from mypy.nodes import MypyFile, SymbolTable, TypeInfo
from mypy.options import Options
from mypy.plugin import Plugin
from mypy.scope import Scope
from mypy.server.trigger import make_trigger, make_wildcard_trigger
from mypy.types import Instance, Type

from typed_resnet.mypy_plugin.classes import is_operator
from typed_resnet.mypy_plugin.wellformed import WellFormed, is_followed

UNSIZED: Final = ("builtins", "typing", "abc")
"""Modules of Python's own that bases of layers stand in."""
_IS_ASKED: Final = hasattr(Plugin, "get_additional_indirect_deps")
"""mypy before 2.4 does not ask for what a checked file relies on: it is told at once."""


class Reliance:
    """Notes of each file which types it has, until that is told to mypy."""

    def __init__(self, options: Options) -> None:
        self.options = options
        self._classes: dict[str, dict[str, set[TypeInfo]]] = {}
        """Those that were looked into, by files and by what mypy checks of them at once."""
        self._told: set[str] = set()
        """Modules of which it was told which fields their classes have."""

    def note(self, typ: Type, file: MypyFile, scope: Scope, well_formed: WellFormed) -> None:
        """Note a type that may have fields, and where in a file it stands."""
        if isinstance(typ, Instance) and is_followed(typ.type) and not is_operator(typ.type):
            name = file.fullname
            target = scope.current_target() if self._is_by_targets() else name
            self._classes.setdefault(name, {}).setdefault(target, set()).add(typ.type)
            if not _IS_ASKED:
                file.module_refs |= self.tell(file, well_formed)

    def forget(self, file: str) -> None:
        self._classes.pop(file, None)

    def tell(self, file: MypyFile, well_formed: WellFormed) -> set[str]:
        """Return the modules that a checked file relies on; in the daemon, tell what on which."""
        modules, told = set[str](), set[TypeInfo]()
        if _IS_ASKED and self._is_by_targets():
            self._told.add(file.fullname)
            for info in _classes_in(file.names, file.fullname):
                _tell_of_fields(info, file, well_formed)
        for target, classes in self._classes.pop(file.fullname, {}).items():
            for info in _with_bases(well_formed.classes_within(classes)):
                modules.add(info.module_name)
                if self._is_by_targets():
                    if _IS_ASKED and info.module_name not in self._told and info not in told:
                        told.add(info)
                        _tell_of_fields(info, file, well_formed)
                    file.plugin_deps.setdefault(_mark(info), set()).add(target)
        return modules - {file.fullname}

    def _is_by_targets(self) -> bool:
        return self.options.fine_grained_incremental or self.options.cache_fine_grained


def _with_bases(classes: Iterable[TypeInfo]) -> set[TypeInfo]:
    found = {base for info in classes for base in info.mro}
    return {base for base in found if base.module_name not in UNSIZED}


def _mark(info: TypeInfo) -> str:
    """Name what is set off where the fields of a class change; in older mypys, by any change."""
    if _IS_ASKED:
        return make_trigger(f"{info.fullname}.[sizes]")
    return make_wildcard_trigger(info.fullname)


def _tell_of_fields(info: TypeInfo, file: MypyFile, well_formed: WellFormed) -> None:
    """Tell the daemon what sets off the mark of a class."""
    mark = _mark(info)
    for name in well_formed.what_fields_rest_on(info):
        file.plugin_deps.setdefault(make_trigger(name), set()).add(mark)


def _classes_in(names: SymbolTable, around: str) -> Iterator[TypeInfo]:
    """Walk the classes that are defined in a module, in other classes too."""
    for name, symbol in names.items():
        info = symbol.node
        if isinstance(info, TypeInfo) and info.fullname == f"{around}.{name}":
            yield info
            yield from _classes_in(info.names, info.fullname)
