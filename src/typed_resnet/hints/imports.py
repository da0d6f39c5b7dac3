"""The modules that a text imports, found also where the text is not Python yet."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

from mypy.modulefinder import FindModuleCache
from mypy.server.update import FineGrainedBuildManager

_IMPORT: Final = re.compile(
    r"^[ \t]*(?:"
    r"from[ \t]+(?P<dots>\.*)(?P<module>[\w.]*)[ \t]+import[ \t]+(?P<names>\([^)]*\)?|[^\n;#]*)"
    r"|import[ \t]+(?P<modules>[^\n;#]*))",
    re.MULTILINE,
)
_COMMENT: Final = re.compile(r"#[^\n]*")
_NAME: Final = re.compile(r"^\s*([\w.]+)")


def imported(text: str, module: str, is_package: bool) -> Iterator[str]:
    """Name the modules that a text may import; of `from a import b`, both `a` and `a.b`."""
    for found in _IMPORT.finditer(text):
        if found["modules"] is not None:
            yield from _names(found["modules"])
            continue
        start = _start(found["dots"], found["module"], module, is_package)
        if start:
            yield start
            yield from (f"{start}.{name}" for name in _names(found["names"].strip("()")))


def is_known(name: str, manager: FineGrainedBuildManager) -> bool:
    """Say whether a module, or what else a module has under a name, was read."""
    module, _, own = name.rpartition(".")
    tree = manager.manager.modules.get(module)
    return name in manager.graph or (tree is not None and own in tree.names)


def modules(names: Iterable[str], finder: FindModuleCache) -> Iterator[str]:
    """Choose the names of modules."""
    return (name for name in names if isinstance(finder.find_module(name), str))


def _start(dots: str, name: str, module: str, is_package: bool) -> str:
    if not dots:
        return name
    parts = module.split(".")
    above = parts[: len(parts) - len(dots) + is_package]
    return ".".join([*above, name] if name else above)


def _names(text: str) -> Iterator[str]:
    for item in _COMMENT.sub("", text).split(","):
        if name := _NAME.match(item):
            yield name[1]
