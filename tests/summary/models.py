"""Models whose calls are followed in every way that `summary` knows."""

from __future__ import annotations

from typing import Any, Generic
from typing import Literal as L

import numpy as np

from typed_resnet import (
    BatchNorm2D,
    Conv2D,
    Layer,
    Linear,
    MaxPool2D,
    Tensor,
    global_avg_pool2d,
    relu,
)
from typed_resnet.dims import B, C, CeilDiv, Cin, ConvOut, Cout, H, K, S, W
from typed_resnet.layers import Sequential

RNG = np.random.default_rng(0)


class Strided(Layer, Generic[Cin, Cout, S]):
    """A projection that may be absent, called by a method of its own."""

    conv: Conv2D[Cin, Cout, L[3], S, L[1]]
    projection: Conv2D[Cin, Cout, L[1], S, L[0]] | None

    def __call__(self, x: Tensor[*B, Cin, H, W]) -> Tensor[*B, Cout, CeilDiv[H, S], CeilDiv[W, S]]:
        return self.project(self.conv(x), x)

    def project(
        self, y: Tensor[*B, Cout, CeilDiv[H, S], CeilDiv[W, S]], x: Tensor[*B, Cin, H, W]
    ) -> Tensor[*B, Cout, CeilDiv[H, S], CeilDiv[W, S]]:
        if self.projection is None:
            return y
        return y + self.projection(x)


def run_both(
    first: Conv2D[Cin, Cout, L[3], L[1], L[1]],
    second: BatchNorm2D[Cout] | None,
    x: Tensor[*B, Cin, H, W],
) -> Tensor[*B, Cout, H, W]:
    """Call layers that are passed as arguments."""
    y = first(x)
    return y if second is None else second(y)


class Model(Layer, Generic[Cin, C]):
    stem: Conv2D[Cin, C, L[7], L[2], L[3]]
    pool: MaxPool2D[L[3], L[2], L[0]]
    blocks: tuple[Strided[C, C, L[1]], ...]
    down: Strided[C, L[6], L[2]]
    norm: BatchNorm2D[C] | None
    same: Conv2D[C, C, L[3], L[1], L[1]]
    head: Linear[L[6], L[5]]

    def __call__(self, x: Tensor[*B, Cin, H, W]) -> Tensor[*B, L[5]]:
        y = self.pool(relu(self.stem.forward(x)))
        for block in self.blocks:
            y = block(y)
        y = run_both(self.same, self.norm, y)
        again = self.same
        return self.head(global_avg_pool2d(self.down(relu(again(y)))))


def model(norm: bool = True, project: bool = True) -> Model[L[3], L[4]]:
    projection = Conv2D.init(RNG, 4, 6, 1, stride=2) if project else None
    return Model(
        Conv2D.init(RNG, 3, 4, 7, stride=2, padding=3),
        MaxPool2D(3, stride=2),
        tuple(Strided(Conv2D.init(RNG, 4, 4, 3, 1, 1), None) for _ in range(2)),
        Strided(Conv2D.init(RNG, 4, 6, 3, 2, 1), projection),
        BatchNorm2D.init(4) if norm else None,
        Conv2D.init(RNG, 4, 4, 3, 1, 1),
        Linear.init(RNG, 6, 5),
    )


class Window(Layer, Generic[K]):
    """A subclass fixes what its base calls; the body is in the base."""

    conv: Conv2D[L[2], L[2], K, L[1], L[0]]

    def __call__(
        self, x: Tensor[*B, L[2], H, W]
    ) -> Tensor[*B, L[2], ConvOut[H, K, L[1], L[0]], ConvOut[W, K, L[1], L[0]]]:
        return self.conv(x)


class Five(Window[L[5]]):
    pass


def five() -> Five:
    return Five(Conv2D.init(RNG, 2, 2, 5))


class Cheat(Layer):
    """Says that it keeps the shape, which mypy believes, and returns half of it."""

    scale: float

    def __call__(self, x: Tensor[*B, C, H, W]) -> Tensor[*B, C, H, W]:
        made: Any = x.array[..., ::2, :]
        return Tensor(made)


class Cheated(Layer):
    cheat: Cheat

    def __call__(self, x: Tensor[*B, C, H, W]) -> Tensor[*B, C, H, W]:
        return self.cheat(x)


def cheated() -> Cheated:
    return Cheated(Cheat(1.0))


class Opaque(Layer):
    """Keeps its layer where mypy does not see what it is."""

    conv: Any

    def __call__(self, x: Tensor[*B, L[2], H, W]) -> Tensor[*B, L[2], H, W]:
        y: Tensor[*B, L[2], H, W] = self.conv(x)
        return y


def opaque() -> Opaque:
    return Opaque(Conv2D.init(RNG, 2, 2, 3, 1, 1))


class Branches(Layer):
    """Conditions that the model decides, and one that it does not."""

    convs: tuple[Conv2D[L[2], L[2], L[3], L[1], L[1]], ...]
    twice: bool

    def __call__(self, x: Tensor[*B, L[2], H, W]) -> Tensor[*B, L[2], H, W]:
        y = self.convs[0](x)
        if not self.twice:
            return y
        if self.convs:
            y = self.convs[1](y)
        if y.array.max() > 1:
            y = self.convs[0](y)
        with np.errstate(all="raise"):
            y = self.convs[1](y)
        for _, conv in enumerate(self.convs):
            y = conv(y)
        return y


def branches(twice: bool) -> Branches:
    return Branches(tuple(Conv2D.init(RNG, 2, 2, 3, 1, 1) for _ in range(2)), twice)


def doubled(x: Tensor[*B, C, H, W]) -> Tensor[*B, C, H, W]:
    return x + x


class Pair(Layer, Generic[Cin, Cout]):
    """A layer with layers in it, to stand among others."""

    conv: Conv2D[Cin, Cout, L[3], L[1], L[1]]
    norm: BatchNorm2D[Cout]

    def __call__(self, x: Tensor[*B, Cin, H, W]) -> Tensor[*B, Cout, H, W]:
        return relu(self.norm(self.conv(x)))


class Stacked(Layer, Generic[C]):
    """Its layers are in sequences, which alone hold its size; one holds another."""

    stem: Sequential[Conv2D[L[3], C, L[7], L[2], L[3]], MaxPool2D[L[2], L[2], L[0]]]
    towers: tuple[Sequential[Conv2D[C, C, L[3], L[1], L[1]], BatchNorm2D[C]], ...]
    body: Sequential[Pair[C, L[6]], Sequential[MaxPool2D[L[2], L[2], L[0]], Pair[L[6], L[5]]]]
    head: Linear[L[5], L[2]]

    def __call__(self, x: Tensor[*B, L[3], H, W]) -> Tensor[*B, L[2]]:
        y = self.stem(x)
        for tower in self.towers:
            y = relu(tower(y))
        return self.head(global_avg_pool2d(self.body.forward(y)))


def pair(cin: Cin, cout: Cout) -> Pair[Cin, Cout]:
    return Pair(Conv2D.init(RNG, cin, cout, 3, 1, 1), BatchNorm2D.init(cout))


def stacked() -> Stacked[L[4]]:
    return Stacked(
        Sequential(Conv2D.init(RNG, 3, 4, 7, 2, 3), MaxPool2D(2)),
        tuple(Sequential(Conv2D.init(RNG, 4, 4, 3, 1, 1), BatchNorm2D.init(4)) for _ in range(2)),
        Sequential(pair(4, 6), Sequential(MaxPool2D(2), pair(6, 5))),
        Linear.init(RNG, 5, 2),
    )


def in_turn() -> Layer:
    """A sequence alone, with functions, a layer of layers and a sequence in it."""
    return Sequential(
        Conv2D.init(RNG, 3, 8, 3, 2, 1),
        Sequential(MaxPool2D(2), doubled),
        relu,
        pair(8, 4),
    )


def with_a_nameless_function() -> Layer:
    nameless: Any = lambda x: x + x  # noqa: E731 -- mypy is to know nothing of it
    return Sequential(Conv2D.init(RNG, 2, 2, 3, 1, 1), nameless, pair(2, 2))


def functions_in_turn() -> Layer:
    return Sequential(relu, doubled)
