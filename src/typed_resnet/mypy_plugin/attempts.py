"""Check something that the program only means, and take its errors instead of reporting them."""

from __future__ import annotations

from collections.abc import Callable

from mypy.checker import TypeChecker
from mypy.errorcodes import ErrorCode
from mypy.types import Type

from typed_resnet.mypy_plugin.codes import SHAPE


def attempt(
    api: TypeChecker, check: Callable[[], Type]
) -> tuple[Type, tuple[str, ErrorCode] | None]:
    """Return a type that is checked, and the first error found on the way.

    What the program around it is wanted for says nothing of it.
    """
    api.expr_checker.type_context.append(None)
    with api.msg.filter_errors(filter_errors=True, save_filtered_errors=True) as watcher:
        typ = check()
    api.expr_checker.type_context.pop()
    errors = [error for error in watcher.filtered_errors() if error.severity == "error"]
    return typ, (errors[0].message, errors[0].code or SHAPE) if errors else None
