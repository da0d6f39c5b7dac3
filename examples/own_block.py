"""A residual block of one's own, proved for all channels, strides, heights and widths.

Each layer is declared with its sizes, and `__call__` states what the block makes of a shape. mypy
proves that it does; the run checks each real array by the same line.
"""

from __future__ import annotations

from typing import Generic
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
from typed_resnet.dims import B, CeilDiv, Cin, Cout, H, S, W


class Block(Layer, Generic[Cin, Cout, S]):
    """y = relu(bn2(conv2(relu(bn1(conv1(x))))) + shortcut(x))."""

    conv1: Conv2D[Cin, Cout, L[3], S, L[1]]
    bn1: BatchNorm2D[Cout]
    conv2: Conv2D[Cout, Cout, L[3], L[1], L[1]]
    bn2: BatchNorm2D[Cout]
    shortcut: Conv2D[Cin, Cout, L[1], S, L[0]]

    def __call__(self, x: Tensor[*B, Cin, H, W]) -> Tensor[*B, Cout, CeilDiv[H, S], CeilDiv[W, S]]:
        y = self.bn2(self.conv2(relu(self.bn1(self.conv1(x)))))
        return relu(y + self.shortcut(x))


class Digits(Layer):
    """A network for 8 x 8 images of ten digits; any other size of image goes as well."""

    stem: Conv2D[L[1], L[16], L[3], L[1], L[1]]
    pool: MaxPool2D[L[3], L[2], L[1]]
    block: Block[L[16], L[32], L[2]]
    head: Linear[L[32], L[10]]

    def __call__(self, x: Tensor[*B, L[1], H, W]) -> Tensor[*B, L[10]]:
        return self.head(global_avg_pool2d(self.block(self.pool(relu(self.stem(x))))))


def digits() -> Digits:
    """Draw the weights; each part is annotated, so that every type checker knows its sizes."""
    rng = np.random.default_rng(0)
    stem: Conv2D[L[1], L[16], L[3], L[1], L[1]] = Conv2D.init(rng, 1, 16, 3, 1, 1)
    pool: MaxPool2D[L[3], L[2], L[1]] = MaxPool2D(3, stride=2, padding=1)
    conv1: Conv2D[L[16], L[32], L[3], L[2], L[1]] = Conv2D.init(rng, 16, 32, 3, 2, 1)
    conv2: Conv2D[L[32], L[32], L[3], L[1], L[1]] = Conv2D.init(rng, 32, 32, 3, 1, 1)
    shortcut: Conv2D[L[16], L[32], L[1], L[2], L[0]] = Conv2D.init(rng, 16, 32, 1, 2, 0)
    bn1: BatchNorm2D[L[32]] = BatchNorm2D.init(32)
    bn2: BatchNorm2D[L[32]] = BatchNorm2D.init(32)
    block: Block[L[16], L[32], L[2]] = Block(conv1, bn1, conv2, bn2, shortcut)
    head: Linear[L[32], L[10]] = Linear.init(rng, 32, 10)
    return Digits(stem, pool, block, head)


def main() -> None:
    image: Tensor[L[1], L[8], L[8]] = Tensor.zeros(1, 8, 8)
    batch: Tensor[L[5], L[1], L[8], L[8]] = Tensor.zeros(5, 1, 8, 8)
    net = digits()
    print(net(image).shape, net(batch).shape)


if __name__ == "__main__":
    main()
