"""LeNet-5 on small images: each size on the way from 32 x 32 to ten classes is proved.

Two convolutions and two pools leave 16 maps of 5 x 5, so the first linear map takes
16 x 5 x 5 = 400 features. Were it made for any other number, or were the images of another size,
mypy would say which and why, before anything runs.

    python -m examples.lenet
"""

from __future__ import annotations

from typing import Literal as L

import numpy as np
import numpy.typing as npt

from typed_resnet import Conv2D, Layer, Linear, Tensor, vjp
from typed_resnet.dims import B, N
from typed_resnet.layers import AvgPool2D, flatten
from typed_resnet.ops import Labels, cross_entropy, tanh
from typed_resnet.optim import SGD


class LeNet5(Layer):
    """Source: LeCun et al., Proceedings of the IEEE 86 (1998), section II.B."""

    conv1: Conv2D[L[1], L[6], L[5], L[1], L[0]]
    conv2: Conv2D[L[6], L[16], L[5], L[1], L[0]]
    pool: AvgPool2D[L[2], L[2], L[0]]
    fc1: Linear[L[400], L[120]]
    fc2: Linear[L[120], L[84]]
    fc3: Linear[L[84], L[10]]

    def __call__(self, x: Tensor[*B, L[1], L[32], L[32]]) -> Tensor[*B, L[10]]:
        maps = self.pool(tanh(self.conv2(self.pool(tanh(self.conv1(x))))))
        return self.fc3(tanh(self.fc2(tanh(self.fc1(flatten(maps))))))


def lenet5(rng: np.random.Generator, dtype: npt.DTypeLike = np.float32) -> LeNet5:
    return LeNet5(
        Conv2D.init(rng, 1, 6, 5, dtype=dtype),
        Conv2D.init(rng, 6, 16, 5, dtype=dtype),
        AvgPool2D(2),
        Linear.init(rng, 400, 120, dtype=dtype),
        Linear.init(rng, 120, 84, dtype=dtype),
        Linear.init(rng, 84, 10, dtype=dtype),
    )


def cost(net: LeNet5, x: Tensor[N, L[1], L[32], L[32]], labels: Labels[N]) -> Tensor[()]:
    return cross_entropy(net(x), labels)


def train(
    net: LeNet5, x: Tensor[N, L[1], L[32], L[32]], labels: Labels[N], steps: int
) -> list[float]:
    """Take steps of SGD on one batch, and return the loss before each."""
    losses: list[float] = []
    sgd, velocity = SGD(0.05, momentum=0.9), None
    for _ in range(steps):
        loss, pullback = vjp(cost, net, x, labels)
        grads, _ = pullback(Tensor.ones(dtype=loss.dtype))
        net, velocity = sgd.step(net, grads, velocity)
        losses.append(float(loss.array))
    return losses


def main() -> None:
    rng = np.random.default_rng(0)
    x: Tensor[L[20], L[1], L[32], L[32]] = Tensor.normal(rng, 1, 20, 1, 32, 32)
    labels: Labels[L[20]] = Labels(rng.integers(0, 10, 20))
    print("loss:", *(f"{loss:.3f}" for loss in train(lenet5(rng), x, labels, 10)))


if __name__ == "__main__":
    main()
