"""One mistake a line, marked: every checker refuses these lines, and no other, without our plugin.

`# refused` is for all, `# refused, but ty` for those whose sizes ty loses. What is wrong stands in
the line above each; docs/checkers.md repeats it.
"""

from typing import Generic
from typing import Literal as L

import numpy as np

from typed_resnet import (
    BatchNorm2D,
    Conv2D,
    Layer,
    Linear,
    MaxPool2D,
    ResNetBlock,
    ResNetLayer,
    Tensor,
    global_avg_pool2d,
    relu,
    resnet18,
)
from typed_resnet.dims import B, C, CeilDiv, Cin, Cout, H, S, W
from typed_resnet.layers import Conv2DGrads
from typed_resnet.models import Projection, ResNet18


class Unprojected(Layer, Generic[Cin, Cout, S]):
    conv1: Conv2D[Cin, Cout, L[3], S, L[1]]
    conv2: Conv2D[Cout, Cout, L[3], L[1], L[1]]
    shortcut: Conv2D[Cin, Cout, L[1], S, L[0]]

    def __call__(self, x: Tensor[*B, Cin, H, W]) -> Tensor[*B, Cout, CeilDiv[H, S], CeilDiv[W, S]]:
        y = self.conv2(relu(self.conv1(x)))
        # the shortcut keeps the channels that the main path changes
        return relu(y + x)  # refused


class Unstrided(Layer, Generic[C, S]):
    conv: Conv2D[C, C, L[3], S, L[1]]

    def __call__(self, x: Tensor[*B, C, H, W]) -> Tensor[*B, C, CeilDiv[H, S], CeilDiv[W, S]]:
        y = self.conv(x)
        # the shortcut keeps the size that the main path strides
        return y + x  # refused, but ty


class Turned(Layer, Generic[C]):
    conv: Conv2D[C, C, L[3], L[1], L[1]]

    def __call__(self, x: Tensor[*B, C, H, W]) -> Tensor[*B, C, W, H]:
        # height and width are exchanged in what is declared
        return self.conv(x)  # refused


class SkipsAStage(Layer):
    stage1: ResNetLayer[L[16], L[32], L[1]]
    stage2: ResNetLayer[L[16], L[64], L[2]]

    def __call__(
        self, x: Tensor[*B, L[16], H, W]
    ) -> Tensor[*B, L[64], CeilDiv[H, L[2]], CeilDiv[W, L[2]]]:
        y = self.stage1(x)
        # a stage gets the wrong number of channels
        return self.stage2(y)  # refused


class WideHead(Layer, Generic[Cin, Cout, S]):
    block: ResNetBlock[Cin, Cout, S]
    head: Linear[Cin, L[10]]

    def __call__(self, x: Tensor[*B, Cin, H, W]) -> Tensor[*B, L[10]]:
        # the head is as wide as the block's input
        return self.head(global_avg_pool2d(self.block(x)))  # refused


def channels(
    conv: Conv2D[L[3], L[64], L[3], L[1], L[1]], x: Tensor[L[1], H, W]
) -> Tensor[L[64], H, W]:
    # a gray image for a layer of three channels
    return conv(x)  # refused


def unflattened(head: Linear[L[64], L[10]], x: Tensor[L[64], L[7], L[7]]) -> object:
    # a map is not flattened for the head
    return head(x)  # refused


def shrunk(
    conv: Conv2D[L[3], L[64], L[3], L[1], L[0]], x: Tensor[L[3], H, W]
) -> Tensor[L[64], H, W]:
    # no padding, and the size is declared to stay
    return conv(x)  # refused


def build(
    rng: np.random.Generator, gamma: Tensor[L[8]], kernel: Tensor[L[3], L[8], L[3], L[3]]
) -> None:
    # a stride that is left out
    stride: Conv2D[L[3], L[8], L[3], L[2], L[1]] = Conv2D.init(rng, 3, 8, 3, padding=1)  # refused
    # another number of channels
    width: Conv2D[L[3], L[8], L[3], L[1], L[1]] = Conv2D.init(rng, 3, 16, 3, 1, 1)  # refused
    # a padding that is left out
    pool: MaxPool2D[L[3], L[2], L[1]] = MaxPool2D(3, stride=2)  # refused
    # half of the parameters
    half: BatchNorm2D[L[8]] = BatchNorm2D(gamma)  # refused
    # input and output channels of a kernel are exchanged
    turned: Conv2D[L[3], L[8], L[3], L[1], L[1]] = Conv2D(kernel, gamma, 1, 1)  # refused
    # another number of classes
    classes: ResNet18[L[3], L[1000]] = resnet18(3, 10)  # refused
    print(stride, width, pool, half, turned, classes)


def projection(
    conv: Conv2D[L[8], L[16], L[1], L[2], L[0]], bn: BatchNorm2D[L[8]]
) -> Projection[L[8], L[16], L[2]]:
    # a norm of the wrong width
    return Projection(conv, bn)  # refused


def exchanged(kernel: Tensor[L[3], L[8], L[3], L[3]]) -> Conv2DGrads[L[3], L[8], L[3]]:
    # a gradient with its channels exchanged
    return Conv2DGrads(kernel, None)  # refused


def unpulled(
    block: ResNetBlock[L[8], L[16], L[2]], x: Tensor[L[8], H, W], dy: Tensor[L[16], H, W]
) -> object:
    _, pullback = block.vjp(x)
    # a cotangent of the shape of the input
    return pullback(dy)  # refused
