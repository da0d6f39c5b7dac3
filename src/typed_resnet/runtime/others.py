"""Everything in a hint that is not a size: beartype's checks, in beartype's words."""

from __future__ import annotations

from collections.abc import Callable
from types import FunctionType
from typing import Any, Final

from beartype import BeartypeConf, beartype
from beartype.door import die_if_unbearable
from beartype.roar import BeartypeCallHintParamViolation

from typed_resnet.errors import TypedResNetError


class HintError(TypedResNetError, BeartypeCallHintParamViolation, TypeError):
    """A value is not of the type that its hint names: an array, say, where a Tensor is due."""

    def __init__(self, message: str, culprits: tuple[object, ...]) -> None:
        super().__init__(message=" ".join(message.split()), culprits=culprits)
        type(self).__module__ = __name__  # beartype says it is its own


CONF: Final = BeartypeConf(
    is_color=False,
    is_pep484_tower=True,  # as for mypy, an int will do for a float
    violation_type=HintError,
)


def checker(function: FunctionType, head: str, hints: dict[str, Any]) -> Callable[..., Any]:
    """Make beartype's check of some parameters of a function, or of its result, by itself."""
    namespace: dict[str, Any] = {"__name__": function.__module__}
    exec(f"{head} return {'result' if 'return' in hints else None}", namespace)
    stub = namespace.popitem()[1]
    stub.__qualname__ = function.__qualname__
    stub.__annotations__ = hints
    checked: Callable[..., Any] = beartype(conf=CONF)(stub)
    return checked


def violation(value: object, hint: Any, prefix: str) -> HintError:
    """Have beartype say what is wrong with a value."""
    try:
        die_if_unbearable(value, hint, conf=CONF, exception_prefix=prefix)
    except HintError as error:
        return error.with_traceback(None)
    raise AssertionError(value, hint)
