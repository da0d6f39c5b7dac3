"""`vjp`: a layer or a function run once, and its result pulled back to all it was given."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from typed_resnet.dims.sentences import NOTHING_TO_DIFFERENTIATE_BY, no_result_to_pull_back
from typed_resnet.errors import GradientError
from typed_resnet.kernels.pending import settled
from typed_resnet.layer import Record
from typed_resnet.reverse.graph import Node, Output, Source, flow_back
from typed_resnet.reverse.places import AnyTensor, has_gradient, parts, replaced, tensors
from typed_resnet.reverse.recording import Recording, sources_of
from typed_resnet.runtime import check_same_shape
from typed_resnet.tensor import Tensor, check_same_dtype


def vjp(
    function: Callable[..., Any], /, *arguments: Any, by_hand: bool = True, keep: bool = False
) -> tuple[Any, Callable[[Any], Any]]:
    """Run a layer or a function, and return with its result the pullback dy -> gradients.

        y, pullback = vjp(net, x)
        dnet, dx = pullback(dy)

        loss, pullback = vjp(lambda net: cross_entropy(net(x), labels), net)
        dnet = pullback(Tensor.ones())

    `pullback(dy)` returns the gradients of `sum(y dy)`. Of a layer that is a layer of the same
    class, which holds the gradient of each parameter in its place, and all else as it is. A layer
    called on tensors has the tuple of its own gradients and theirs; a function has one gradient
    for each argument that is a tensor of floats or a record, alone as it is, several as a tuple.
    What does not matter to y has a gradient of noughts.

    Our plugin for mypy knows the types of all this; to other checkers they are Any.

    The trace is made for this call, and the numbers are those of an ordinary one. A layer that
    states its own `vjp` is taken by that; not `by_hand`, only one that is made of no other layer,
    so that what others state can be compared. The pullback lets go of what was saved as it goes,
    and can be called once; told to `keep` it, it can be called again.

    Raises: GradientError, where an operation has no derivative, or there is nothing to
    differentiate by.
    """
    recording, called = Recording(by_hand), cast(object, function)
    layer = isinstance(called, Record)
    given = (called, *arguments) if layer else arguments
    if not any(map(has_gradient, given)):
        raise GradientError(NOTHING_TO_DIFFERENTIATE_BY)
    leaves: list[Node] = []
    entered = [recording.entered(value, leaves) for value in given]
    result = entered[0](*entered[1:]) if layer else function(*entered)
    y = recording.plain(result)
    who = getattr(function, "__name__", type(function).__name__)
    return y, _Pullback(who, given, leaves, y, sources_of(result), layer=layer, keep=keep)


class _Pullback:
    """Takes a cotangent like y, and returns the gradients of all that y was made of."""

    def __init__(
        self,
        who: str,
        given: tuple[Any, ...],
        leaves: list[Node],
        y: Any,
        sources: dict[str, Source],
        *,
        layer: bool,
        keep: bool,
    ) -> None:
        self._who = who
        self._outputs = {name: Output.of(tensor) for name, tensor in tensors(y)}
        if not self._outputs:
            raise GradientError(no_result_to_pull_back(who, repr(y)))
        self._alone = sum(map(has_gradient, given)) == 1 and not layer
        self._saved: tuple[tuple[Any, ...], list[Node], dict[str, Source]] | None
        self._saved = given, leaves, sources
        self._keep = keep

    def __call__(self, dy: Any) -> Any:
        if self._saved is None:
            raise GradientError(
                "a pullback expects one call, for it lets go of what it saved, got another:"
                " vjp(..., keep=True) returns one for many"
            )
        given, leaves, sources = self._saved
        cotangents = self._named(dy)
        if not self._keep:
            self._saved = None
        roots = [(source, cotangents[name]) for name, source in sources.items()]
        del cotangents, sources
        gradients = iter(settled(flow_back, roots, leaves, keep=self._keep))
        found = tuple(
            replaced(value, lambda _: next(gradients)) for value in given if has_gradient(value)
        )
        return found[0] if self._alone else found

    def _named(self, dy: Any) -> dict[str, AnyTensor]:
        """Name the tensors of a cotangent, once it is like y."""
        given = dict(parts(dy))
        found: dict[str, AnyTensor] = {}
        for name, output in self._outputs.items():
            cotangent = given.get(name)
            if not isinstance(cotangent, Tensor):
                raise GradientError(
                    f"the pullback of {self._who} expects a cotangent like its result, got {dy!r}"
                )
            check_same_shape(self._who, output.shape, cotangent.shape)
            check_same_dtype(self._who, output, cotangent)
            found[name] = cotangent
        return found
