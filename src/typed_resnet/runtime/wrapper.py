"""The function that stands in for a checked one; its text is written at the first call."""

from __future__ import annotations

import builtins
import functools
from collections.abc import Callable, Mapping
from inspect import Parameter
from threading import Lock
from types import CodeType, FunctionType
from typing import Any

from typed_resnet.runtime.scope import FILE, sizes_around
from typed_resnet.runtime.signature import Kind, Signature, parameters_of
from typed_resnet.runtime.text import Text, call_of, defaults, head, returning

Find = Callable[[FunctionType, object], tuple[Kind, type | None]]
"""Says, of a function and its first argument, what it is a method of."""


def wrap(function: FunctionType, find: Find, local: Mapping[str, Any]) -> FunctionType:
    """Make the checked function.

    It lives among the globals of the original; what its text needs besides comes in one closure
    cell. So the text can be put in later, and whoever looks up an annotation finds its names.
    """
    parameters = parameters_of(function)
    first = parameters[0] if parameters else None
    by_position = first is not None and first.kind in (
        Parameter.POSITIONAL_ONLY,
        Parameter.POSITIONAL_OR_KEYWORD,
    )
    around = sizes_around(function)
    preparing = Lock()

    def prepare(first_argument: object) -> None:
        with preparing:
            if len(cell.cell_contents) > 2:
                return  # by another thread
            kind, owner = find(wrapper, first_argument)
            text = Text(Signature(function, kind, owner, local, around))
            lines = list(text.lines())
            constants = {"__prepare": prepare, "__wrapper": wrapper, **text.names.namespace}
            made = _compiled(lines, function, tuple(constants))
            cell.cell_contents = tuple(constants.values())
            wrapper.__code__ = made.__code__

    lines = [
        head(function, parameters),
        f"__prepare({first.name if first is not None and by_position else None})",
        *returning(function, call_of("__wrapper", parameters)),
    ]
    wrapper = _compiled(lines, function, ("__prepare", "__wrapper"))
    assert wrapper.__closure__ is not None
    (cell,) = wrapper.__closure__
    cell.cell_contents = (prepare, wrapper)
    functools.update_wrapper(wrapper, function)
    wrapper.__defaults__, wrapper.__kwdefaults__ = defaults(parameters)
    return wrapper


def _compiled(
    lines: list[str], function: FunctionType, constants: tuple[str, ...]
) -> FunctionType:
    first, *body = lines
    unpacked = f"{', '.join(constants)}, *__rest = __constants"
    text = "\n        ".join([f"def make(__constants):\n    {first}", unpacked, *body])
    text += f"\n    return {first.removeprefix('async ')[4:].partition('(')[0]}"
    made: dict[str, Any] = {}
    file = f"{FILE}{function.__module__}.{function.__qualname__}>"
    names = function.__globals__
    if not names.get("__builtins__"):  # as of what `NamedTuple` makes
        names = {**names, "__builtins__": builtins}
    exec(_code(text, file), names, made)  # the text is ours
    built: FunctionType = made["make"](())
    return built


@functools.lru_cache(4096)
def _code(text: str, file: str) -> CodeType:
    """Compile a text, once for all functions that one `def` makes."""
    return compile(text, file, "exec")
