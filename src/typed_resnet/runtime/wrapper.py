"""The function that stands in for a checked one; its text is written at the first call."""

from __future__ import annotations

import ast
import builtins
import functools
import inspect
import linecache
import sys
from bdb import Bdb
from collections.abc import Callable, Iterable, Mapping
from inspect import Parameter
from threading import Lock
from types import CodeType, FunctionType
from typing import Any, Final

from typed_resnet.runtime.scope import FILE, sizes_around
from typed_resnet.runtime.signature import Kind, Signature, parameters_of
from typed_resnet.runtime.text import (
    Text,
    call_of,
    defaults,
    head,
    is_async,
    returning,
)

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

    def prepare(first_argument: object, tracer: Any, events: int) -> None:
        try:
            with preparing:
                if len(cell.cell_contents) > len(known):
                    return  # by another thread
                kind, owner = find(wrapper, first_argument)
                text = Text(Signature(function, kind, owner, local, around))
                before, *others = text.parts()
                constants = {**known, **text.names.namespace}
                parts = [[_unpacking(constants), *before], *others]
                made = _compiled(function, parameters, parts)
                cell.cell_contents = tuple(constants.values())
                wrapper.__code__ = made.__code__
        finally:
            if sys.gettrace() is not tracer:
                sys.settrace(tracer)
            if events:
                monitoring.set_events(_DEBUGGER, events)

    given = first.name if first is not None and by_position else None
    before = f"{_unpacking(_KNOWN)}; {_PREPARING.format(given)}"
    call = returning(function, call_of("__wrapper", parameters))
    wrapper = _compiled(function, parameters, [[before], call, []])
    monitoring: Any = getattr(sys, "monitoring", None)  # Python 3.12 has it
    known = dict(zip(_KNOWN, ((prepare, sys, Bdb, monitoring), wrapper), strict=True))
    assert wrapper.__closure__ is not None
    (cell,) = wrapper.__closure__
    cell.cell_contents = tuple(known.values())
    functools.update_wrapper(wrapper, function)
    wrapper.__defaults__, wrapper.__kwdefaults__ = defaults(parameters)
    return wrapper


_KNOWN: Final = ("__preparing", "__wrapper")
_DEBUGGER: Final = 0  # `sys.monitoring.DEBUGGER_ID`, of Python 3.12 and newer
_PREPARING: Final = (  # which a debugger that steps through the first call need not see
    "__prepare, __sys, __Debugger, __monitoring = __preparing; __tracer = __sys.gettrace();"
    " isinstance(getattr(__tracer, '__self__', None), __Debugger) and __sys.settrace(None);"
    f" __events = __monitoring and __monitoring.get_tool({_DEBUGGER}) and"
    f" __monitoring.get_events({_DEBUGGER}) or 0;"
    f" __events and __monitoring.set_events({_DEBUGGER}, 0);"
    " __prepare({}, __tracer, __events)"
)


def _unpacking(constants: Iterable[str]) -> str:
    return f"{', '.join(constants)}, *__rest = __constants"


def _compiled(
    function: FunctionType, parameters: list[Parameter], parts: list[list[str]]
) -> FunctionType:
    first = head(function, parameters)
    before, call, after = ("".join(f"\n        {line}" for line in part) for part in parts)
    text = f"def make(__constants):\n    {first}{before}"
    called = text.count("\n") + 2
    text += call
    returned = text.count("\n") + 2
    text += f"{after}\n    return {first.removeprefix('async ')[4:].partition('(')[0]}"
    made: dict[str, Any] = {}
    file = f"{FILE}{function.__module__}.{function.__qualname__}>"
    names = function.__globals__
    if not names.get("__builtins__"):  # as of what `NamedTuple` makes
        names = {**names, "__builtins__": builtins}
    exec(_code(text, file, called, returned), names, made)  # the text is ours
    lines = _shown(function)
    linecache.cache[file] = (sum(map(len, lines)), None, lines, file)
    built: FunctionType = made["make"](())
    return built


@functools.lru_cache(4096)
def _code(text: str, file: str, called: int, returned: int) -> CodeType:
    """Compile a text, once for all functions that one `def` makes.

    A debugger steps through the lines that `_shown` writes: to CALL belongs all from the line
    `called` of the text on, to RESULT from the line `returned` on.
    """
    if text.count("\n") < RESULT:
        return compile(text, file, "exec")
    tree = ast.parse(text)
    for node in ast.walk(tree):
        if isinstance(node, _PLACED) and node.lineno > CHECK:
            line = node.lineno
            node.lineno = RESULT if line >= returned else CALL if line >= called else CHECK
            node.end_lineno, node.col_offset, node.end_col_offset = node.lineno, -1, -1
    return compile(tree, file, "exec")


_PLACED: Final = (ast.stmt, ast.expr, ast.excepthandler, ast.arg, ast.keyword)


def _shown(function: FunctionType) -> list[str]:
    """Write what debuggers and tracebacks show in place of a text."""
    name = function.__name__
    call = f"result = {'await ' if is_async(function) else ''}{name}(...)"
    if inspect.isasyncgenfunction(function):
        call = f"async for item in {name}(...): yield item"
    elif inspect.isgeneratorfunction(function):
        call = f"result = yield from {name}(...)"
    return [
        "# typed_resnet writes this.\n",
        f"{'async def' if is_async(function) else 'def'} {name}(...):\n",
        "    ...  # check the arguments\n",
        f"    {call}  # the function itself\n",
        "    return result  # check the result\n",
    ]


CHECK, CALL, RESULT = 3, 4, 5
"""The lines of what is shown."""
