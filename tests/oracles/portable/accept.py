"""Programs that every checker accepts without our plugin: what is built is annotated."""

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
from typed_resnet.dims import B, C, CeilDiv, Cin, ConvOut, Cout, H, S, W
from typed_resnet.models import ResNet18, ResNetBlockGrads


class Strided(Layer, Generic[Cin, Cout, S]):
    """A residual block with a stride, for all channels, strides and sizes."""

    conv1: Conv2D[Cin, Cout, L[3], S, L[1]]
    bn1: BatchNorm2D[Cout]
    conv2: Conv2D[Cout, Cout, L[3], L[1], L[1]]
    bn2: BatchNorm2D[Cout]
    shortcut: Conv2D[Cin, Cout, L[1], S, L[0]]

    def __call__(self, x: Tensor[*B, Cin, H, W]) -> Tensor[*B, Cout, CeilDiv[H, S], CeilDiv[W, S]]:
        y = self.bn2(self.conv2(relu(self.bn1(self.conv1(x)))))
        return relu(y + self.shortcut(x))


class Stage(Layer, Generic[C]):
    """A loop over blocks that keep the shape."""

    blocks: tuple[ResNetBlock[C, C, L[1]], ...]

    def __call__(self, x: Tensor[*B, C, H, W]) -> Tensor[*B, C, H, W]:
        for block in self.blocks:
            x = block(x)
        return x


class Net(Layer):
    """A whole network on sizes of its own."""

    stem: Conv2D[L[3], L[16], L[7], L[2], L[3]]
    pool: MaxPool2D[L[3], L[2], L[1]]
    stage1: ResNetLayer[L[16], L[16], L[1]]
    stage2: ResNetLayer[L[16], L[32], L[2]]
    head: Linear[L[32], L[10]]

    def __call__(self, x: Tensor[*B, L[3], H, W]) -> Tensor[*B, L[10]]:
        features = self.stage2(self.stage1(self.pool(relu(self.stem(x)))))
        return self.head(global_avg_pool2d(features))


def stem(
    conv: Conv2D[L[3], L[64], L[7], L[2], L[3]],
    pool: MaxPool2D[L[3], L[2], L[1]],
    x: Tensor[L[3], L[224], L[224]],
) -> Tensor[L[64], CeilDiv[CeilDiv[L[224], L[2]], L[2]], CeilDiv[CeilDiv[L[224], L[2]], L[2]]]:
    return pool(relu(conv(x)))


def valid(
    conv: Conv2D[L[1], L[6], L[5], L[1], L[0]], x: Tensor[L[1], H, W]
) -> Tensor[L[6], ConvOut[H, L[5], L[1], L[0]], ConvOut[W, L[5], L[1], L[0]]]:
    return conv(x)


def build(rng: np.random.Generator) -> Net:
    conv: Conv2D[L[3], L[16], L[7], L[2], L[3]] = Conv2D.init(rng, 3, 16, 7, stride=2, padding=3)
    pool: MaxPool2D[L[3], L[2], L[1]] = MaxPool2D(3, stride=2, padding=1)
    stage1: ResNetLayer[L[16], L[16], L[1]] = ResNetLayer.init(rng, 16, 16, 2)
    stage2: ResNetLayer[L[16], L[32], L[2]] = ResNetLayer.init(rng, 16, 32, 2, 2)
    head: Linear[L[32], L[10]] = Linear.init(rng, 32, 10)
    return Net(conv, pool, stage1, stage2, head)


def logits(x: Tensor[L[8], L[3], L[64], L[64]]) -> Tensor[L[8], L[1000]]:
    net: ResNet18[L[3], L[1000]] = resnet18(3, 1000)
    return net(x)


def gradients(
    block: ResNetBlock[Cin, Cout, S],
    x: Tensor[*B, Cin, H, W],
    dy: Tensor[*B, Cout, CeilDiv[H, S], CeilDiv[W, S]],
) -> tuple[ResNetBlockGrads[Cin, Cout], Tensor[*B, Cin, H, W]]:
    _, pullback = block.vjp(x)
    return pullback(dy)


def same_gradients(
    block: ResNetBlock[C, C, L[1]], x: Tensor[*B, C, H, W], dy: Tensor[*B, C, H, W]
) -> tuple[ResNetBlockGrads[C, C], Tensor[*B, C, H, W]]:
    return block.backward(x, dy)
