"""Run a model on an array, and record what comes out of each layer."""

from __future__ import annotations

import functools
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any

from typed_resnet.kernels import noted
from typed_resnet.layer import Layer
from typed_resnet.summary.model import Shape, is_leaf, layers, names
from typed_resnet.tensor import Tensor

Method = Callable[..., Any]


@dataclass(frozen=True)
class Traced:
    """What one call of a layer gave."""

    path: str
    layer: Layer
    shape: Shape | None
    """The shape of the array that came out; None where that is no tensor."""
    seconds: float
    """What the layer takes by itself: nothing waits for the next one to be done along with it."""
    memory: int = 0
    """The bytes of that array."""
    strategies: tuple[str, ...] = ()
    """How its convolutions were computed."""


@contextmanager
def tracing(model: Layer) -> Iterator[list[Traced]]:
    """Record each call of the layers of a model that have no layers in them, while this is open.

        with tracing(model) as calls:
            model(x)

    Their classes are as before once it closes, however it does. Calls of other models are not
    recorded.
    """
    calls: list[Traced] = []
    paths = names(model)
    leaves = {id(layer) for _, layer in layers(model) if is_leaf(layer)}
    classes = {type(layer) for _, layer in layers(model) if is_leaf(layer)}
    methods = {cls: method for cls in classes if (method := _call_of(cls)) is not None}
    with ExitStack() as stack:
        for cls, method in methods.items():
            recording = _recording(method, leaves, paths, calls)
            names_of_it = {n for base in cls.__mro__ for n, v in vars(base).items() if v is method}
            for name in names_of_it:  # `forward` too
                stack.enter_context(_replaced(cls, name, recording))
        yield calls


def _call_of(cls: type) -> Method | None:
    """Find what calling an instance calls; `cls.__call__` would find what calling cls does."""
    return next((m for base in cls.__mro__ if (m := vars(base).get("__call__"))), None)


def _recording(
    method: Method, leaves: set[int], paths: dict[int, str], calls: list[Traced]
) -> Method:
    running: set[int] = set()

    @functools.wraps(method)
    def record(self: Layer, *arguments: object, **options: object) -> object:
        if id(self) not in leaves or id(self) in running:  # `super().__call__` is no further call
            return method(self, *arguments, **options)
        running.add(id(self))
        start = time.perf_counter()
        try:
            with noted() as strategies:
                result = method(self, *arguments, **options)
                array = result.array if isinstance(result, Tensor) else None
        finally:
            running.remove(id(self))
        seconds = time.perf_counter() - start
        shape, memory = (None, 0) if array is None else (array.shape, array.nbytes)
        path, taken = paths[id(self)], tuple(strategies)
        calls.append(Traced(path, self, shape, seconds, memory, taken))
        return result

    return record


@contextmanager
def _replaced(cls: type, name: str, value: object) -> Iterator[None]:
    """Put an attribute in the place of a class's own, or before one that it inherits."""
    own = name in vars(cls)
    before = vars(cls).get(name)
    setattr(cls, name, value)
    try:
        yield
    finally:
        if own:
            setattr(cls, name, before)
        else:
            delattr(cls, name)
