"""What no edit of a user's module can change: our package, and those that it imports.

What follows from these alone is known in the daemon from one edit to the next.
"""

from __future__ import annotations

from typing import Final

from mypy.nodes import TypeInfo
from mypy.types import Instance, LiteralType

PACKAGES: Final = frozenset(
    (
        *("typed_resnet", "numpy", "builtins", "typing", "typing_extensions", "_typeshed"),
        *("types", "collections", "abc", "enum", "dataclasses", "functools", "itertools"),
    )
)


def of_library(fullname: str) -> bool:
    """Say whether a name, or a module, is of the library."""
    return fullname.partition(".")[0] in PACKAGES


def rests_on_library(part: object) -> bool:
    """Say whether a part of a key (see `Likeness`) speaks of no class but the library's."""
    if isinstance(part, LiteralType):
        part = part.fallback
    if isinstance(part, Instance):
        part = part.type
    return not isinstance(part, TypeInfo) or of_library(part.fullname)
