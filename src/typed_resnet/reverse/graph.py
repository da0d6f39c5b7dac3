"""What a trace leaves: nodes, each a result of an operation that knows how to pull back."""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final, NamedTuple

import numpy as np

from typed_resnet.kernels.scalars import zeros
from typed_resnet.reverse.places import AnyTensor
from typed_resnet.tensor import Tensor

Cotangents = list[AnyTensor | None]
"""Of each result of a node, what has flowed back to it; None where nothing has."""


class Output(NamedTuple):
    """A tensor that a node returned, without its numbers."""

    shape: tuple[int, ...]
    dtype: np.dtype[Any]

    @classmethod
    def of(cls, tensor: AnyTensor) -> Output:
        return cls(tensor.shape, tensor.dtype)

    def zeros(self) -> AnyTensor:
        return Tensor(zeros(self.shape, self.dtype))


class Source(NamedTuple):
    """Where a traced tensor comes from: which result of which node."""

    node: Node
    place: int

    @property
    def output(self) -> Output:
        return self.node.outputs[self.place]


Pull = Callable[[Cotangents], Iterable[tuple[Source, AnyTensor]]]
"""Takes the cotangents of a node's results; yields those of its arguments."""


class Node:
    """An operation's results: how deep they stand, what they look like, how to pull back."""

    __slots__ = ("depth", "outputs", "pull")

    def __init__(self, depth: int, outputs: tuple[Output, ...], pull: Pull | None) -> None:
        self.depth: Final = depth
        self.outputs: Final = outputs
        self.pull = pull
        """None of an argument of `vjp`; and once it has been called and let go."""


def flow_back(
    roots: Iterable[tuple[Source, AnyTensor]], leaves: Sequence[Node], *, keep: bool
) -> list[AnyTensor]:
    """Send cotangents from the results back to the arguments, and return one for each leaf.

    A node's turn comes when all that was made of it has had its own, for that stands deeper.
    Unless it is to `keep` them, it then lets go of its pullback and of all that this saved.
    """
    found: dict[Node, Cotangents] = {}
    waiting: list[tuple[int, int, Node]] = []
    serial = itertools.count()

    def deliver(source: Source, cotangent: AnyTensor) -> None:
        node, place = source
        if node not in found:
            found[node] = [None] * len(node.outputs)
            heapq.heappush(waiting, (-node.depth, next(serial), node))
        before = found[node][place]
        found[node][place] = cotangent if before is None else before + cotangent

    for source, cotangent in roots:
        deliver(source, cotangent)
    while waiting:
        *_, node = heapq.heappop(waiting)
        if node.pull is None:
            continue
        for source, cotangent in node.pull(found.pop(node)):
            deliver(source, cotangent)
        if not keep:
            node.pull = None
    flowed = (found.get(leaf, [None])[0] for leaf in leaves)
    pairs = zip(leaves, flowed, strict=True)
    return [leaf.outputs[0].zeros() if flow is None else flow for leaf, flow in pairs]
