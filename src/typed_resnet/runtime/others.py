"""Everything in a hint that is not a size: beartype's checks, in beartype's words."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from types import FunctionType
from typing import Annotated, Any, Final

from beartype import BeartypeConf, beartype
from beartype.door import die_if_unbearable, is_bearable
from beartype.roar import BeartypeCallHintParamViolation, BeartypeDecorHintException
from beartype.vale import IsInstance

from typed_resnet.errors import TypedResNetError


class HintError(TypedResNetError, BeartypeCallHintParamViolation, TypeError):
    """A value is not of the type that its hint names: an array, say, where a Tensor is due."""

    def __init__(self, message: str, culprits: tuple[object, ...]) -> None:
        clause = " ".join(message.split())
        super().__init__(message=clause, culprits=culprits)
        self.args = (clause,)  # beartype begins with a capital, as a sentence does
        type(self).__module__ = __name__  # beartype says it is its own


CONF: Final = BeartypeConf(
    is_color=False,
    is_pep484_tower=True,  # as for mypy, an int will do for a float
    violation_type=HintError,
)


_NEW_HOMES: Final = frozenset({"builtins", "collections", "collections.abc", "contextlib", "re"})


def is_class(hint: object) -> bool:
    """Say whether a hint without sizes asks for a class, and for no more."""
    return type(hint) is type and hint not in (float, complex)  # for those, an int will do


def in_new_words(hint: Any, origin: Any, arguments: tuple[Any, ...]) -> Any:
    """Write `typing.Callable` as `collections.abc` does: beartype warns of the old words."""
    if type(hint).__module__ != "typing" or origin.__module__ not in _NEW_HOMES:
        return hint
    return origin[arguments] if arguments else origin


def fits(value: object, hint: Any) -> bool:
    """Say whether a value is of the type that a hint names."""
    if is_class(hint):
        return isinstance(value, hint)
    try:
        return is_bearable(value, hint, conf=CONF)
    except BeartypeDecorHintException as error:
        _leave_out(str(hint), error)
        return True


def checker(function: FunctionType, head: str, hints: dict[str, Any]) -> Callable[..., Any]:
    """Make beartype's check of some parameters of a function, or of its result, by itself."""
    namespace: dict[str, Any] = {"__name__": function.__module__}
    exec(f"{head} return {'result' if 'return' in hints else None}", namespace)
    stub = namespace.popitem()[1]
    stub.__qualname__ = function.__qualname__
    stub.__annotations__ = hints
    try:
        checked: Callable[..., Any] = beartype(conf=CONF)(stub)
    except BeartypeDecorHintException:
        stub.__annotations__ = {name: _taken(hint, stub, name) for name, hint in hints.items()}
        checked = beartype(conf=CONF)(stub)
    return checked


def _taken(hint: Any, function: FunctionType, name: str) -> Any:
    """Put what beartype takes in the place of a hint that it does not, a generic NamedTuple."""
    try:
        is_bearable(None, hint, conf=CONF)
    except BeartypeDecorHintException as error:
        if is_class(hint):
            return Annotated[object, IsInstance[hint]]
        _leave_out(f"{function.__qualname__}: {name}", error)
        return object
    return hint


def _leave_out(what: str, error: BeartypeDecorHintException) -> None:
    why = " ".join(str(error).split())
    warnings.warn(f"{what} is not checked, {why}", RuntimeWarning, stacklevel=3)


def violation(value: object, hint: Any, prefix: str) -> HintError:
    """Have beartype say what is wrong with a value."""
    try:
        die_if_unbearable(value, hint, conf=CONF, exception_prefix=prefix)
    except HintError as error:
        return error.with_traceback(None)
    except BeartypeDecorHintException:
        return violation(value, Annotated[object, IsInstance[hint]], prefix)
    # Of many items beartype looks at one, by chance, and this time at a good one.
    return HintError(f"{prefix}value {value!r} violates type hint {hint!r}", (value,))
