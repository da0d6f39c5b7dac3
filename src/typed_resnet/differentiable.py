"""How an operation meets its derivative: `f` beside `f_vjp`, joined where `f` is written.

Tensors carry their trace. One that is handed to a function under `vjp` knows of the trace made
for that call; an operation that meets one has the trace record it, with `f_vjp` in place of `f`.
There is no other state: calls in several threads, or inside one another, know nothing of each
other.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable
from typing import Any, Final, Protocol, TypeVar, cast

Function = TypeVar("Function", bound=Callable[..., Any])

Pullback = Callable[[Any], Any]
Derivative = Callable[..., tuple[Any, Pullback]]
"""Takes what its operation takes; returns the result and dy -> gradients."""


class Trace(Protocol):
    """What records the operations of one call of `vjp`."""

    def record(
        self,
        function: Callable[..., Any],
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
        return cast(Function, joined(function, derivative))

    return join


def joined(
    function: Callable[..., Any], derivative: Callable[[], Derivative]
) -> Callable[..., Any]:
    """Make the function that asks a trace to record a call, wherever some argument carries one.

    Where none does, which is nearly always, a checked function calls `__untraced__` straight.
    """

    @functools.wraps(function)
    def call(*arguments: Any, **options: Any) -> Any:
        for value in arguments:
            if getattr(value, "__trace__", None) is not None or isinstance(value, _HOLDERS):
                trace = trace_of(arguments)
                if trace is not None:
                    return trace.record(function, derivative(), arguments, options)
        if options:
            trace = trace_of(options.values())
            if trace is not None:
                return trace.record(function, derivative(), arguments, options)
        return function(*arguments, **options)

    vars(call)["__untraced__"] = function
    return call


_HOLDERS: Final = (tuple, list, dict)


def trace_of(values: Iterable[Any]) -> Trace | None:
    """Find the trace that some of these values carry, or what their tuples, lists, dicts hold."""
    for value in values:
        trace: Trace | None = getattr(value, "__trace__", None)
        if trace is None and isinstance(value, _HOLDERS):
            trace = trace_of(value.values() if isinstance(value, dict) else value)
        if trace is not None:
            return trace
    return None
