"""The torchvision networks of bottleneck blocks: resnet50, resnet101 and resnet152."""

from __future__ import annotations

from typing import Generic, TypeVar
from typing import Literal as L

from typed_resnet.dims import B, H, W
from typed_resnet.layer import Layer, Record
from typed_resnet.layers import (
    BatchNorm2D,
    BatchNorm2DGrads,
    Conv2D,
    Conv2DGrads,
    Linear,
    LinearGrads,
    MaxPool2D,
    Vjp,
    global_avg_pool2d,
    global_avg_pool2d_vjp,
    relu,
    relu_vjp,
)
from typed_resnet.models import BottleneckLayer, BottleneckLayerGrads
from typed_resnet.tensor import Tensor

Classes = TypeVar("Classes", bound=int)


class BottleneckResNetGrads(Record, Generic[Classes]):
    conv1: Conv2DGrads[L[3], L[64], L[7]]
    bn1: BatchNorm2DGrads[L[64]]
    layer1: BottleneckLayerGrads[L[64], L[256]]
    layer2: BottleneckLayerGrads[L[256], L[512]]
    layer3: BottleneckLayerGrads[L[512], L[1024]]
    layer4: BottleneckLayerGrads[L[1024], L[2048]]
    fc: LinearGrads[L[2048], Classes]


class BottleneckResNet(Layer, Generic[Classes]):
    """Classify images: stem, padded pool, four stages, the last three of stride 2, linear head.

    The stride of a block is on its 3x3 convolution, as in torchvision ("v1.5").

    Shape:
        x   (*B, 3, H, W)      y   (*B, Classes)
    Source: He et al., arXiv:1512.03385, table 1; torchvision, models/resnet.py.
    """

    conv1: Conv2D[L[3], L[64], L[7], L[2], L[3]]
    bn1: BatchNorm2D[L[64]]
    maxpool: MaxPool2D[L[3], L[2], L[1]]
    layer1: BottleneckLayer[L[64], L[256], L[1]]
    layer2: BottleneckLayer[L[256], L[512], L[2]]
    layer3: BottleneckLayer[L[512], L[1024], L[2]]
    layer4: BottleneckLayer[L[1024], L[2048], L[2]]
    fc: Linear[L[2048], Classes]

    def __call__(self, x: Tensor[*B, L[3], H, W]) -> Tensor[*B, Classes]:
        stem = self.maxpool(relu(self.bn1(self.conv1(x))))
        features = self.layer4(self.layer3(self.layer2(self.layer1(stem))))
        return self.fc(global_avg_pool2d(features))

    forward = __call__

    def vjp(
        self, x: Tensor[*B, L[3], H, W]
    ) -> Vjp[Tensor[*B, Classes], BottleneckResNetGrads[Classes], Tensor[*B, L[3], H, W]]:
        """Classify, and return with the logits the pullback dy -> (gradients, dx)."""
        a, conv1 = self.conv1.vjp(x)  # one name: what none holds is never stored
        a, bn1 = self.bn1.vjp(a)
        p, maxpool = self.maxpool.vjp(a)
        p, relu1 = relu_vjp(p)  # the largest rectified is the largest of the rectified
        y1, layer1 = self.layer1.vjp(p)
        y2, layer2 = self.layer2.vjp(y1)
        y3, layer3 = self.layer3.vjp(y2)
        y4, layer4 = self.layer4.vjp(y3)
        mean, average = global_avg_pool2d_vjp(y4)
        y, fc = self.fc.vjp(mean)

        def back(
            dy: Tensor[*B, Classes],
        ) -> tuple[BottleneckResNetGrads[Classes], Tensor[*B, L[3], H, W]]:
            dfc, dmean = fc(dy)
            dlayer4, dy3 = layer4(average(dmean))
            dlayer3, dy2 = layer3(dy3)
            dlayer2, dy1 = layer2(dy2)
            dlayer1, dp = layer1(dy1)
            _, da = maxpool(relu1(dp))
            dbn1, dc = bn1(da)
            dconv1, dx = conv1(dc)
            return BottleneckResNetGrads(dconv1, dbn1, dlayer1, dlayer2, dlayer3, dlayer4, dfc), dx

        return y, back

    def backward(
        self, x: Tensor[*B, L[3], H, W], dy: Tensor[*B, Classes]
    ) -> tuple[BottleneckResNetGrads[Classes], Tensor[*B, L[3], H, W]]:
        """Classify anew, and return (gradients, dx)."""
        _, pullback = self.vjp(x)
        return pullback(dy)
