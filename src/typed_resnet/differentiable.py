"""How an operation meets its derivative: `f` beside `f_vjp`, joined where `f` is written.

Tensors carry their trace. One that is handed to a function under `vjp` knows of the trace made
for that call; an operation that meets one has the trace record it, with `f_vjp` in place of `f`.
There is no other state: calls in several threads, or inside one another, know nothing of each
other.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable
from types import FunctionType
from typing import Any, Protocol, TypeVar, cast

Function = TypeVar("Function", bound=Callable[..., Any])

Pullback = Callable[[Any], Any]
Derivative = Callable[..., tuple[Any, Pullback]]
"""Takes what its operation takes; returns the result and dy -> gradients."""


class Trace(Protocol):
    """What records the operations of one call of `vjp`."""

    def enters(self, layer: object) -> bool:
        """Say whether a layer that states its own vjp is to be traced all the same."""
        ...

    def record(
        self,
        name: str,
        derivative: Derivative,
        arguments: tuple[Any, ...],
        options: dict[str, Any],
    ) -> Any:
        """Apply `derivative`, and return its result so that it carries this trace."""
        ...


def differentiable(derivative: Callable[[], Derivative]) -> Callable[[Function], Function]:
    """Join an operation to its vjp, which a function without arguments names: it stands below.

        @typed
        @differentiable(lambda: double_vjp)
        def double(x: Tensor[*Shape]) -> Tensor[*Shape]:
            return Tensor(2 * x.array)

        @typed
        def double_vjp(x: Tensor[*Shape]) -> FunctionVjp[Tensor[*Shape], Tensor[*Shape]]:
            return Tensor(2 * x.array), lambda dy: Tensor(2 * dy.array)

    `double_vjp` takes what `double` takes. Its pullback returns a gradient for each argument that
    is a tensor of floats, in their order: one alone as it is, several as a tuple. A tuple of
    tensors has a tuple of gradients. None stands for the gradient of what has none.
    """

    def join(function: Function) -> Function:
        name = function.__name__

        def joined(*arguments: Any, **options: Any) -> Any:
            trace = trace_of(arguments)
            if trace is None and options:
                trace = trace_of(options.values())
            if trace is None:
                return function(*arguments, **options)
            return trace.record(name, derivative(), arguments, options)

        return cast(Function, functools.wraps(function)(joined))

    return join


def differentiable_layer(call: FunctionType, derivative: Derivative) -> FunctionType:
    """Join the `__call__` of a layer to the `vjp` that its class states."""

    def joined(self: Any, *arguments: Any, **options: Any) -> Any:
        trace = self.__trace__
        if trace is None:
            trace = trace_of(arguments)
        if trace is None and options:
            trace = trace_of(options.values())
        if trace is None or trace.enters(self):
            return call(self, *arguments, **options)
        return trace.record(type(self).__name__, derivative, (self, *arguments), options)

    functools.update_wrapper(joined, call)
    return cast(FunctionType, joined)


def trace_of(values: Iterable[Any]) -> Trace | None:
    """Find the trace that some of these values carry, or the tensors in their tuples and lists."""
    for value in values:
        trace: Trace | None = getattr(value, "__trace__", None)
        if trace is None and isinstance(value, tuple | list):
            trace = trace_of(value)
        if trace is not None:
            return trace
    return None
