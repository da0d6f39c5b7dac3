"""The sizes bound in the call under way, for `cast` and `isinstance` in its body.

They are the locals of a checked call's own frame, found by looking up the stack: threads, tasks,
recursion and generators each have theirs, and whatever ends a call takes them along.
"""

from __future__ import annotations

import functools
import inspect
import sys
from collections import deque
from collections.abc import Iterable
from types import CodeType, FrameType, FunctionType, ModuleType
from typing import Any, TypeVar

import numpy as np

from typed_resnet.errors import ShapeError
from typed_resnet.runtime import resolve
from typed_resnet.runtime.demands import MisfitError, RefusalError, Sizes, demands, settle
from typed_resnet.runtime.forms import Form
from typed_resnet.runtime.hint import ShapeHint
from typed_resnet.runtime.names import sizes_among
from typed_resnet.runtime.others import violation
from typed_resnet.runtime.reading import read_form
from typed_resnet.runtime.switch import enabled
from typed_resnet.runtime.verdict import verdict

T = TypeVar("T")

FILE = "<typed "
"""How the file name of generated text begins."""
SIGNATURE = "__signature"
"""The local name that generated text has for its signature."""
MOST_HELD = 10_000
"""Among more objects a layer is not looked for: what is no model may hold everything."""


def cast(hint: type[T], value: object) -> T:
    """Take a value to be what a hint says, once that is checked; `typing.cast` checks nothing.

        x = cast(Tensor[L[3], H, W], photograph)

    An array becomes a Tensor where the hint asks for one. In the body of a checked function the
    symbols of its signature stand for the sizes of the call.

    Raises: ShapeError.
    """
    if isinstance(hint, ShapeHint) and isinstance(value, np.ndarray):
        value = hint.origin(value)
    if enabled():
        check("cast", hint, value)
    return value  # type: ignore[return-value]  # just checked


def check(who: str, hint: Any, value: object) -> None:
    """Check a value against a hint, and keep what that binds for the call under way."""
    sizes = current_sizes()
    try:
        found = bind(_form(hint), value, sizes if sizes is not None else {})
    except RefusalError as refused:
        raise ShapeError(refused.sentence(who)) from None
    except MisfitError as misfit:
        raise violation(misfit.value, misfit.form.plain, f"{who}: ") from None
    if sizes is not None:
        sizes.update(found)


def bind(form: Form, value: object, sizes: Sizes) -> Sizes:
    """Bind the sizes of a value, given others, and return all.

    Raises: RefusalError, MisfitError.
    """
    found = sizes.copy()
    try:
        if verdict(form)(value, found):
            return found
    except Exception:  # not computed, so not decided
        pass
    return settle(demands(form, value, "value"), sizes)


def fits(hint: ShapeHint, value: object) -> bool:
    """Say whether a value is what a hint says, as `isinstance` asks.

    Where beartype asks, of a variable in the body of a checked function, what is bound stays.
    """
    if not isinstance(value, hint.origin):
        return False
    sizes = current_sizes()
    try:
        found = bind(_form(hint), value, sizes or {})
    except (RefusalError, MisfitError):
        return False
    if sizes is not None and _asked_by_beartype(sys._getframe(2)):
        sizes.update(found)
    return True


def misfit(hint: ShapeHint, value: object) -> str:
    """Say why a value is not what a hint says."""
    if not isinstance(value, hint.origin):
        return f"{value!r} is no {hint.origin.__qualname__}"
    try:
        bind(_form(hint), value, current_sizes() or {})
    except RefusalError as refused:
        return refused.sentence(hint.__qualname__)
    return ""


@functools.lru_cache(4096)
def _form(hint: Any) -> Form:
    return read_form(hint, resolve.evaluator({}, "cast"), {})


def current_sizes() -> Sizes | None:
    """The sizes of the checked call whose body asks; None where there is none."""
    frame: FrameType | None = sys._getframe(1)
    while frame is not None and _is_between(frame):
        frame = frame.f_back
    if frame is not None and _is_beartypes(frame):
        # beartype checks the arguments of a call: sizes are bound if that call is ours.
        frame = frame.f_back
        if frame is None or _signature(frame) is None:
            return None
    asking = frame
    while frame is not None:
        signature = _signature(frame)
        if signature is not None and (frame is asking or _is_body(asking, signature)):
            return sizes_among(frame.f_locals)
        frame = frame.f_back
    return None


def sizes_around(function: FunctionType) -> Sizes:
    """The sizes of the checked call in which a function is being defined, if in any.

    As for mypy, a symbol that the signature around declares is the same one inside.
    """
    if ".<locals>." not in function.__qualname__:
        return {}
    frame: FrameType | None = sys._getframe(1)
    while frame is not None:
        signature = _signature(frame)
        if signature is not None and _is_inside(inspect.unwrap(function).__code__, signature):
            symbols = signature.symbols()
            return {n: s for n, s in sizes_among(frame.f_locals).items() if n in symbols}
        frame = frame.f_back
    return {}


def _signature(frame: FrameType) -> Any:
    """The signature of a checked call, if this is its frame."""
    if not frame.f_code.co_filename.startswith(FILE):
        return None
    return frame.f_locals.get(SIGNATURE)


def _is_between(frame: FrameType) -> bool:
    """Say whether a frame is of the machinery that checks, and not of what is checked."""
    if frame.f_code.co_filename.startswith(FILE):
        return False
    if _is_beartypes(frame):
        # A check that beartype itself asks for, of a variable; or of a call, by who calls.
        return frame.f_back is not None and _asked_by_beartype(frame.f_back)
    name: str = frame.f_globals.get("__name__", "")
    return name.startswith(("typed_resnet.runtime", "beartype."))


def _is_beartypes(frame: FrameType) -> bool:
    return frame.f_code.co_filename.startswith("<@beartype(")


def _asked_by_beartype(frame: FrameType) -> bool:
    name: str = frame.f_globals.get("__name__", "")
    return _is_beartypes(frame) or name.startswith("beartype.")


def _is_body(frame: FrameType | None, signature: Any) -> bool:
    """Say whether a frame runs the text of a function, or of one written inside it."""
    if frame is None:
        return False
    whole = inspect.unwrap(signature.function).__code__
    return frame.f_code is whole or _is_inside(frame.f_code, signature)


def _is_inside(code: CodeType, signature: Any) -> bool:
    """Say whether a text is written inside that of a function."""
    whole = inspect.unwrap(signature.function).__code__
    return code.co_filename == whole.co_filename and code.co_qualname.startswith(
        f"{whole.co_qualname}.<locals>."
    )


def path_in_model(layer: object) -> str | None:
    """Name a layer as the outermost model whose call is under way does: `layer2.0.conv1`."""
    models = []
    frame: FrameType | None = sys._getframe(1)
    while frame is not None:
        signature = _signature(frame)
        if signature is not None and signature.parameters:
            models.append(frame.f_locals.get(signature.parameters[0].name))
        frame = frame.f_back
    for model in reversed(models):
        path = _path(model, layer)
        if path:
            return f"{'.'.join(path)} of {type(model).__name__}"
    return None


def _path(model: object, layer: object) -> list[str] | None:
    """Find a layer among all that a model holds, nearest first."""
    seen = {id(model)}
    holders: deque[tuple[list[str], object]] = deque([([], model)])
    while holders and len(seen) < MOST_HELD:
        path, holder = holders.popleft()
        for name, item in _items(holder):
            if item is layer:
                return [*path, name]
            if id(item) not in seen:
                seen.add(id(item))
                holders.append(([*path, name], item))
    return None


def _items(holder: object) -> Iterable[tuple[str, object]]:
    if isinstance(holder, list | tuple):
        return [(str(place), item) for place, item in enumerate(holder)]
    if isinstance(holder, dict):
        return [(str(key), item) for key, item in holder.items()]
    if isinstance(holder, type | ModuleType):
        return []
    return [*getattr(holder, "__dict__", {}).items()]
