"""Look up the names in annotations, at the first call rather than at the definition."""

from __future__ import annotations

import inspect
import sys
import warnings
import weakref
from collections import ChainMap
from collections.abc import Callable, Mapping
from types import FrameType, FunctionType
from typing import Any

Namespace = Mapping[str, Any]


def local_names(qualname: str) -> dict[str, Any]:
    """Take a copy of what a definition inside a function sees there; nothing of any other."""
    enclosing, inside, _ = qualname.rpartition(".<locals>.")
    frame: FrameType | None = sys._getframe(1)
    while inside and frame is not None:
        if frame.f_code.co_qualname == enclosing:
            return {**local_names(enclosing), **frame.f_locals}
        frame = frame.f_back
    return {}


_remembered: weakref.WeakKeyDictionary[type, Namespace] = weakref.WeakKeyDictionary()


def remember(cls: type) -> None:
    """Keep what the body of a class defined inside a function may name."""
    if cls not in _remembered:
        _remembered[cls] = local_names(cls.__qualname__)


def names_of_function(function: FunctionType, owner: type | None, local: Namespace) -> Namespace:
    """All that annotations of a function may name, the nearest first.

    Of a function under a decorator: where the function itself was written.
    """
    function = inspect.unwrap(function)
    closure = zip(function.__code__.co_freevars, function.__closure__ or (), strict=True)
    enclosed = {name: cell.cell_contents for name, cell in closure if _is_full(cell)}
    parameters = _type_parameters(function)
    of_owner = names_of_class(owner) if owner is not None else {}
    return ChainMap(parameters, enclosed, dict(local), dict(of_owner), function.__globals__)


def names_of_class(cls: type) -> Namespace:
    """All that annotations in the body of a class may name, the nearest first."""
    local = _remembered.get(cls, {})
    module = sys.modules.get(cls.__module__)
    own = {cls.__name__: cls}
    return ChainMap(_type_parameters(cls), dict(vars(cls)), own, dict(local), vars(module or sys))


def _type_parameters(scope: Any) -> dict[str, Any]:
    return {p.__name__: p for p in getattr(scope, "__type_params__", ())}


def _is_full(cell: Any) -> bool:
    try:
        cell.cell_contents  # noqa: B018  # an empty one raises
    except ValueError:
        return False
    return True


def evaluator(names: Namespace, where: str) -> Callable[[str], Any]:
    """Make the function that evaluates the text of an annotation.

    A name that exists for type checkers only, imported under `TYPE_CHECKING`, leaves its
    annotation unchecked, and a warning says so.
    """

    def evaluate(text: str) -> Any:
        if text.startswith("*"):  # of `*sizes: *Sizes`
            text = f"({text},)[0]"
        try:
            return eval(text, {"__builtins__": __builtins__}, names)  # as typing does
        except (NameError, AttributeError) as error:
            warnings.warn(f"{where}: {text} is not checked, {error}", RuntimeWarning, stacklevel=2)
            return Any

    return evaluate


def annotations_of(scope: Any) -> dict[str, Any]:
    """The annotations of a function or of a class body itself, unevaluated where they are text."""
    if sys.version_info >= (3, 14):
        import annotationlib  # noqa: PLC0415  # from Python 3.14

        return annotationlib.get_annotations(scope, format=annotationlib.Format.FORWARDREF)
    return inspect.get_annotations(scope)
