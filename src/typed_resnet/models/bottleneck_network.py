"""The network of bottleneck blocks, which the specification lacks."""

from __future__ import annotations

from typing import Generic, TypeVar
from typing import Literal as L

import numpy as np
import numpy.typing as npt

from typed_resnet.dims import B, Cin, H, K, OrZero, P, S, W
from typed_resnet.layer import Layer
from typed_resnet.layers import (
    SPEC_EPS,
    BatchNorm2D,
    Conv2D,
    Linear,
    MaxPool2D,
    Vjp,
    global_avg_pool2d,
    global_avg_pool2d_vjp,
    relu,
    relu_vjp,
)
from typed_resnet.layers.hyperparameters import whole
from typed_resnet.layers.initial import Generator
from typed_resnet.models.bottleneck_stage import BottleneckLayer
from typed_resnet.models.config import ResNetConfig
from typed_resnet.models.gradients import C0, C1, C2, C3, C4, BottleneckResNetGrads, Classes
from typed_resnet.models.network import PoolK, PoolS
from typed_resnet.models.parameters import parameter_count
from typed_resnet.tensor import Tensor

_Cin = TypeVar("_Cin", bound=int)
_Classes = TypeVar("_Classes", bound=int)
_C0 = TypeVar("_C0", bound=int)
_K = TypeVar("_K", bound=int)
_S = TypeVar("_S", bound=int)
_P = TypeVar("_P", bound=OrZero)
_PoolK = TypeVar("_PoolK", bound=int)
_PoolS = TypeVar("_PoolS", bound=int)
_C1 = TypeVar("_C1", bound=int)
_C2 = TypeVar("_C2", bound=int)
_C3 = TypeVar("_C3", bound=int)
_C4 = TypeVar("_C4", bound=int)


class BottleneckResNet(Layer, Generic[Cin, Classes, C0, K, S, P, PoolK, PoolS, C1, C2, C3, C4]):
    """Classify images as `ResNet` does, by stages of bottleneck blocks.

        y = W mean(layer4(layer3(layer2(layer1(pool(relu(bn(conv(x)))))))) + b

    The widths C1 to C4 are those that the stages give out; inside, a block has a quarter of them.

    Shape:
        x   (*B, Cin, H, W)      y   (*B, Classes)
    Source: He et al., arXiv:1512.03385, table 1, in the manner of TorchLean's `ResNetSpec`.
    """

    initial_conv: Conv2D[Cin, C0, K, S, P]
    initial_bn: BatchNorm2D[C0]
    initial_pool: MaxPool2D[PoolK, PoolS, L[0]]
    layer1: BottleneckLayer[C0, C1, L[1]]
    layer2: BottleneckLayer[C1, C2, L[1]]
    layer3: BottleneckLayer[C2, C3, L[1]]
    layer4: BottleneckLayer[C3, C4, L[1]]
    classifier: Linear[C4, Classes]

    def __call__(self, x: Tensor[*B, Cin, H, W]) -> Tensor[*B, Classes]:
        stem = self.initial_pool(relu(self.initial_bn(self.initial_conv(x))))
        features = self.layer4(self.layer3(self.layer2(self.layer1(stem))))
        return self.classifier(global_avg_pool2d(features))

    forward = __call__

    def vjp(
        self, x: Tensor[*B, Cin, H, W]
    ) -> Vjp[
        Tensor[*B, Classes],
        BottleneckResNetGrads[Cin, Classes, C0, K, C1, C2, C3, C4],
        Tensor[*B, Cin, H, W],
    ]:
        """Classify, and return with the logits the pullback dy -> (gradients, dx)."""
        a, conv = self.initial_conv.vjp(x)  # one name: what none holds is never stored
        a, bn = self.initial_bn.vjp(a)
        a, relu0 = relu_vjp(a)
        p, pool = self.initial_pool.vjp(a)
        y1, layer1 = self.layer1.vjp(p)
        y2, layer2 = self.layer2.vjp(y1)
        y3, layer3 = self.layer3.vjp(y2)
        y4, layer4 = self.layer4.vjp(y3)
        mean, average = global_avg_pool2d_vjp(y4)
        y, classifier = self.classifier.vjp(mean)

        def back(
            dy: Tensor[*B, Classes],
        ) -> tuple[
            BottleneckResNetGrads[Cin, Classes, C0, K, C1, C2, C3, C4], Tensor[*B, Cin, H, W]
        ]:
            dclassifier, dmean = classifier(dy)
            dlayer4, dy3 = layer4(average(dmean))
            dlayer3, dy2 = layer3(dy3)
            dlayer2, dy1 = layer2(dy2)
            dlayer1, dp = layer1(dy1)
            _, da = pool(dp)
            dbn, dc = bn(relu0(da))
            dconv, dx = conv(dc)
            grads = BottleneckResNetGrads(
                dconv, dbn, dlayer1, dlayer2, dlayer3, dlayer4, dclassifier
            )
            return grads, dx

        return y, back

    def backward(
        self, x: Tensor[*B, Cin, H, W], dy: Tensor[*B, Classes]
    ) -> tuple[BottleneckResNetGrads[Cin, Classes, C0, K, C1, C2, C3, C4], Tensor[*B, Cin, H, W]]:
        """Classify anew, and return (gradients, dx)."""
        _, pullback = self.vjp(x)
        return pullback(dy)

    @staticmethod
    def init(
        rng: Generator,
        config: ResNetConfig[_C0, _K, _S, _P, _PoolK, _PoolS, _C1, _C2, _C3, _C4],
        in_channels: _Cin,
        classes: _Classes,
        *,
        eps: float = SPEC_EPS,
        dtype: npt.DTypeLike = np.float32,
    ) -> BottleneckResNet[_Cin, _Classes, _C0, _K, _S, _P, _PoolK, _PoolS, _C1, _C2, _C3, _C4]:
        """Draw all weights as `Conv2D.init` and `Linear.init` do; without a generator they are 0.

        A stage's first block has a projection where the configuration asks for them and the
        channels change.

        Raises: ConfigError, where a size is less than 1, or 4 does not divide a stage's width.
        """
        whole("BottleneckResNet", "in_channels", in_channels)
        whole("BottleneckResNet", "classes", classes)
        project = config.use_projection_shortcuts
        c0, c1 = config.stem_out_channels, config.stage1_out_channels
        c2, c3 = config.stage2_out_channels, config.stage3_out_channels
        c4 = config.stage4_out_channels
        return BottleneckResNet(
            Conv2D.init(
                rng,
                in_channels,
                c0,
                config.stem_kernel,
                config.stem_stride,
                config.stem_padding,
                dtype=dtype,
            ),
            BatchNorm2D.init(c0, eps=eps, dtype=dtype),
            MaxPool2D(config.pool_kernel, config.pool_stride),
            BottleneckLayer.init(
                rng,
                c0,
                c1,
                config.stage1_blocks,
                project=project and c0 != c1,
                eps=eps,
                dtype=dtype,
            ),
            BottleneckLayer.init(
                rng,
                c1,
                c2,
                config.stage2_blocks,
                project=project and c1 != c2,
                eps=eps,
                dtype=dtype,
            ),
            BottleneckLayer.init(
                rng,
                c2,
                c3,
                config.stage3_blocks,
                project=project and c2 != c3,
                eps=eps,
                dtype=dtype,
            ),
            BottleneckLayer.init(
                rng,
                c3,
                c4,
                config.stage4_blocks,
                project=project and c3 != c4,
                eps=eps,
                dtype=dtype,
            ),
            Linear.init(rng, c4, classes, dtype=dtype),
        )

    @staticmethod
    def zero_init(
        config: ResNetConfig[_C0, _K, _S, _P, _PoolK, _PoolS, _C1, _C2, _C3, _C4],
        in_channels: _Cin,
        classes: _Classes,
        *,
        eps: float = SPEC_EPS,
        dtype: npt.DTypeLike = np.float32,
    ) -> BottleneckResNet[_Cin, _Classes, _C0, _K, _S, _P, _PoolK, _PoolS, _C1, _C2, _C3, _C4]:
        """Fill all with noughts but the norms' gammas, which are 1: every logit is exactly 0."""
        return BottleneckResNet.init(None, config, in_channels, classes, eps=eps, dtype=dtype)

    @property
    def depth(self) -> int:
        """Count the stem, the blocks and the head, as `ResNet.depth` does."""
        stages = (self.layer1, self.layer2, self.layer3, self.layer4)
        return 2 + sum(1 + len(stage.rest) for stage in stages)

    @property
    def parameter_count(self) -> int:
        """Count the numbers that all parameters hold."""
        return parameter_count(self)
