"""An MLP-Mixer: blocks that mix tokens, then channels, for all numbers of both.

A mixing of tokens is the mixing of channels on the other side of a `transpose`. Leave one out, and
a `Linear` for Tokens meets Channels: mypy says so wherever the two are not the same size, also
where for the sizes that one happens to try they are.

    python -m examples.mixer
"""

from __future__ import annotations

from typing import Generic, TypeVar
from typing import Literal as L

import numpy as np
import numpy.typing as npt

from typed_resnet import Layer, Linear, Tensor, vjp
from typed_resnet.dims import B, C, N
from typed_resnet.layers import LayerNorm
from typed_resnet.ops import Labels, cross_entropy, gelu, mean, transpose
from typed_resnet.optim import AdamW

T = TypeVar("T", bound=int)
Wide = TypeVar("Wide", bound=int)
Patch = TypeVar("Patch", bound=int)
Classes = TypeVar("Classes", bound=int)

_C = TypeVar("_C", bound=int)
_Wide = TypeVar("_Wide", bound=int)


class MLP(Layer, Generic[C, Wide]):
    """Mix what is along the last axis."""

    fc1: Linear[C, Wide]
    fc2: Linear[Wide, C]

    def __call__(self, x: Tensor[*B, C]) -> Tensor[*B, C]:
        return self.fc2(gelu(self.fc1(x)))


class Block(Layer, Generic[T, C]):
    """Mix T tokens, then C channels, each beside a shortcut.

    Source: Tolstikhin et al., arXiv:2105.01601, equation 1.
    """

    norm1: LayerNorm[C]
    tokens: MLP[T, L[16]]
    norm2: LayerNorm[C]
    channels: MLP[C, L[32]]

    def __call__(self, x: Tensor[*B, T, C]) -> Tensor[*B, T, C]:
        y = x + transpose(self.tokens(transpose(self.norm1(x), -2, -1)), -2, -1)
        return y + self.channels(self.norm2(y))


class Mixer(Layer, Generic[T, Patch, C, Classes]):
    """Embed T patches, mix them in blocks, classify their mean."""

    embed: Linear[Patch, C]
    blocks: tuple[Block[T, C], ...]
    norm: LayerNorm[C]
    head: Linear[C, Classes]

    def __call__(self, patches: Tensor[*B, T, Patch]) -> Tensor[*B, Classes]:
        y = self.embed(patches)
        for block in self.blocks:
            y = block(y)
        return self.head(mean(self.norm(y), axis=-2))


def mlp(rng: np.random.Generator, c: _C, wide: _Wide, dtype: npt.DTypeLike) -> MLP[_C, _Wide]:
    return MLP(Linear.init(rng, c, wide, dtype=dtype), Linear.init(rng, wide, c, dtype=dtype))


def block(rng: np.random.Generator, dtype: npt.DTypeLike) -> Block[L[9], L[12]]:
    return Block(
        LayerNorm.init(12, dtype=dtype),
        mlp(rng, 9, 16, dtype),
        LayerNorm.init(12, dtype=dtype),
        mlp(rng, 12, 32, dtype),
    )


def mixer(
    rng: np.random.Generator, dtype: npt.DTypeLike = np.float32
) -> Mixer[L[9], L[25], L[12], L[4]]:
    """Draw a network of 9 patches of 5 x 5 cells, 12 channels, 4 classes."""
    return Mixer(
        Linear.init(rng, 25, 12, dtype=dtype),
        (block(rng, dtype), block(rng, dtype)),
        LayerNorm.init(12, dtype=dtype),
        Linear.init(rng, 12, 4, dtype=dtype),
    )


def cost(
    net: Mixer[T, Patch, C, Classes], patches: Tensor[N, T, Patch], labels: Labels[N]
) -> Tensor[()]:
    return cross_entropy(net(patches), labels)


def train(
    net: Mixer[T, Patch, C, Classes], patches: Tensor[N, T, Patch], labels: Labels[N], steps: int
) -> list[float]:
    """Take steps of AdamW on one batch, and return the loss before each."""
    losses: list[float] = []
    adam, moments = AdamW(0.01), None
    for _ in range(steps):
        loss, pullback = vjp(cost, net, patches, labels)
        grads, _ = pullback(Tensor.ones(dtype=loss.dtype))
        net, moments = adam.step(net, grads, moments)
        losses.append(float(loss.array))
    return losses


def main() -> None:
    rng = np.random.default_rng(0)
    patches: Tensor[L[10], L[9], L[25]] = Tensor.normal(rng, 1, 10, 9, 25)
    labels: Labels[L[10]] = Labels(rng.integers(0, 4, 10))
    print("loss:", *(f"{loss:.3f}" for loss in train(mixer(rng), patches, labels, 10)))


if __name__ == "__main__":
    main()
