"""The trace of one call: each operation is run by its `f_vjp`, and remembered as a node."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from inspect import Parameter
from typing import Any, cast

from typed_resnet.differentiable import Derivative, Pullback, trace_of
from typed_resnet.errors import GradientError
from typed_resnet.layer import Layer, Record
from typed_resnet.reverse.graph import Cotangents, Node, Output, Source
from typed_resnet.reverse.places import (
    ORIGINAL,
    AnyTensor,
    has_gradient,
    parts,
    replaced,
    tensors,
)
from typed_resnet.reverse.traced import TracedTensor
from typed_resnet.runtime import check_same_shape
from typed_resnet.tensor import Tensor, check_same_dtype

Sources = dict[str, Source]
"""Where the traced tensors of one argument come from, under the names that `walk` gives them."""


@dataclass(frozen=True, eq=False)
class Recording:
    """What records the operations of one call of `vjp`; it holds no node itself."""

    by_hand: bool
    """A layer made of layers is taken by the vjp that it states, too."""

    def record(
        self,
        function: Callable[..., Any],
        derivative: Derivative,
        arguments: tuple[Any, ...],
        options: dict[str, Any],
    ) -> Any:
        """Run an operation by its vjp, on plain tensors, and remember how to pull back.

        Raises: GradientError, where a tensor comes from another trace.
        """
        if not self.by_hand and _is_made_of_layers(arguments[0]):
            return function(*arguments, **options)
        result, pullback = derivative(
            *map(self.plain, arguments), **{key: self.plain(v) for key, v in options.items()}
        )
        differentiated = [a for a in _in_order(derivative, arguments, options) if has_gradient(a)]
        operation = _Operation(_name(function, arguments), pullback, differentiated)
        outputs: list[Output] = []
        form = _form(result, outputs)
        depth = 1 + max(s.node.depth for sources in operation.sources for s in sources.values())

        def pull(cotangents: Cotangents) -> Iterator[tuple[Source, AnyTensor]]:
            return operation.pull(_filled(form, cotangents, outputs))

        node = Node(depth, tuple(outputs), pull)
        return self.carrying(result, form, node)

    def entered(self, value: Any, leaves: list[Node]) -> Any:
        """Let the tensors of an argument of `vjp` carry this trace; each is a leaf.

        Raises: GradientError, where one carries another.
        """

        def enter(tensor: AnyTensor) -> AnyTensor:
            if tensor.__trace__ is not None:
                raise GradientError(
                    "vjp expects plain tensors, got one under vjp:"
                    " a derivative of a derivative is not offered, `detach()` gives a constant"
                )
            leaf = Node(0, (Output.of(tensor),), None)
            leaves.append(leaf)
            return TracedTensor(tensor, self, Source(leaf, 0))

        return replaced(value, enter, remember=True)

    def plain(self, value: Any) -> Any:
        """Take the trace off a value."""
        if isinstance(value, Record) and value.__trace__ is self and ORIGINAL in vars(value):
            return vars(value)[ORIGINAL]
        return value if trace_of([value]) is None else replaced(value, self._taken_off)

    def _taken_off(self, tensor: AnyTensor) -> AnyTensor:
        if not isinstance(tensor, TracedTensor):
            return tensor
        if tensor.__trace__ is not self:
            raise GradientError(
                "an operation under vjp expects tensors of one call, got one of another:"
                " `detach()` gives a constant"
            )
        return tensor.plain

    def carrying(self, result: Any, form: Form, node: Node) -> Any:
        if isinstance(form, int):
            return TracedTensor(result, self, Source(node, form))
        if isinstance(form, tuple):
            return tuple(self.carrying(r, f, node) for r, f in zip(result, form, strict=True))
        return result


def _is_made_of_layers(value: object) -> bool:
    return isinstance(value, Layer) and any(
        isinstance(p, Layer) for name, p in parts(value) if name
    )


def _name(function: Callable[..., Any], arguments: tuple[Any, ...]) -> str:
    owner = arguments[0] if arguments and isinstance(arguments[0], Layer) else None
    return function.__name__ if owner is None else type(owner).__name__


Form = int | tuple["Form", ...] | None
"""How a result is made up: the place of a tensor among the outputs; a tuple; or neither."""


def _form(result: Any, outputs: list[Output]) -> Form:
    if isinstance(result, tuple):
        return tuple(_form(item, outputs) for item in result)
    if isinstance(result, Tensor) and has_gradient(result):
        outputs.append(Output.of(result))
        return len(outputs) - 1
    return None


def _filled(form: Form, cotangents: Cotangents, outputs: list[Output]) -> Any:
    """Make up a result's cotangent: noughts where none has flowed."""
    if isinstance(form, int):
        found = cotangents[form]
        return outputs[form].zeros() if found is None else found
    if isinstance(form, tuple):
        return tuple(_filled(item, cotangents, outputs) for item in form)
    return None


class _Operation:
    """One operation that was run: its pullback, and which of its arguments came from where."""

    __slots__ = ("alone", "name", "pullback", "sources")

    def __init__(self, name: str, pullback: Pullback, arguments: list[Any]) -> None:
        self.name = name
        self.pullback = pullback
        self.alone = len(arguments) == 1 and not isinstance(arguments[0], Record)
        self.sources: list[Sources] = [sources_of(argument) for argument in arguments]

    def pull(self, dy: Any) -> Iterator[tuple[Source, AnyTensor]]:
        """Pull a cotangent back, and hand each gradient to where its argument came from."""
        who = f"a gradient of {self.name}"
        for sources, given in zip(self.sources, self._gradients(dy), strict=True):
            found = dict(parts(given)) if sources else {}
            for place, source in sources.items():
                if place not in found:
                    raise GradientError(
                        f"{self.name} expects its vjp to give a gradient of {place or 'x'}"
                        ", got none; None stands for noughts"
                    )
                if found[place] is not None:
                    gradient = cast(AnyTensor, found[place])
                    check_same_shape(who, source.output.shape, gradient.shape)
                    check_same_dtype(who, source.output, gradient)
                    yield source, gradient

    def _gradients(self, dy: Any) -> list[Any]:
        given = self.pullback(dy)
        if self.alone:
            return [given]
        gradients = list(given)
        if len(gradients) > len(self.sources):
            gradients = [g for g in gradients if g is not None]  # of arguments left out
        if len(gradients) != len(self.sources):
            raise GradientError(
                f"{self.name} expects its vjp to give {len(self.sources)} gradients"
                f", got {len(gradients)}"
            )
        return gradients


def sources_of(value: object) -> Sources:
    return {name: t.source for name, t in tensors(value) if isinstance(t, TracedTensor)}


def _in_order(
    derivative: Derivative, arguments: tuple[Any, ...], options: dict[str, Any]
) -> tuple[Any, ...]:
    """Bring named arguments into the order of the signature."""
    if not options:
        return arguments
    signature = inspect.signature(derivative)
    found: list[Any] = []
    for name, value in signature.bind(*arguments, **options).arguments.items():
        kind = signature.parameters[name].kind
        found += (
            value
            if kind is Parameter.VAR_POSITIONAL
            else value.values()
            if kind is Parameter.VAR_KEYWORD
            else [value]
        )
    return tuple(found)
