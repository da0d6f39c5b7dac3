"""The bottleneck residual block."""

from __future__ import annotations

from typing import Any, Generic, TypeVar, cast, overload
from typing import Literal as L

import numpy as np
import numpy.typing as npt

from typed_resnet.dims import B, C, CeilDiv, Cin, Cout, ExactDiv, H, S, W
from typed_resnet.dims.term import Operation, Undefined, evaluate
from typed_resnet.errors import ConfigError
from typed_resnet.layer import Layer
from typed_resnet.layers import SPEC_EPS, BatchNorm2D, Conv2D, Vjp, relu, relu_vjp
from typed_resnet.layers.hyperparameters import whole
from typed_resnet.layers.initial import Generator
from typed_resnet.models.gradients import BottleneckBlockGrads
from typed_resnet.models.shortcut import Projection, shortcut, shortcut_vjp
from typed_resnet.runtime import typed
from typed_resnet.tensor import Tensor

_Cin = TypeVar("_Cin", bound=int)
_Cout = TypeVar("_Cout", bound=int)
_S = TypeVar("_S", bound=int)


@typed
def quarter(channels: C) -> ExactDiv[C, L[4]]:
    """Divide a width by 4.

    Raises: ConfigError, where 4 does not divide it.
    """
    whole("BottleneckBlock", "out_channels", channels)
    try:
        return cast("ExactDiv[C, L[4]]", evaluate(Operation("ExactDiv", (channels, 4)), {}))
    except Undefined as undefined:
        raise ConfigError(f"BottleneckBlock: {undefined}") from None


class BottleneckBlock(Layer, Generic[Cin, Cout, S]):
    """Add what three convolutions make of x, at a quarter of the width, to a shortcut of x.

        y = relu(bn3(conv3(relu(bn2(conv2(relu(bn1(conv1(x)))))))) + shortcut(x))

    The 3x3 convolution has stride S; the specification's blocks have S = 1.

    Shape:
        x   (*B, Cin, H, W)      y   (*B, Cout, ⌈H/S⌉, ⌈W/S⌉)
    Source: He et al., arXiv:1512.03385, figure 5.
    """

    conv1: Conv2D[Cin, ExactDiv[Cout, L[4]], L[1], L[1], L[0]]
    bn1: BatchNorm2D[ExactDiv[Cout, L[4]]]
    conv2: Conv2D[ExactDiv[Cout, L[4]], ExactDiv[Cout, L[4]], L[3], S, L[1]]
    bn2: BatchNorm2D[ExactDiv[Cout, L[4]]]
    conv3: Conv2D[ExactDiv[Cout, L[4]], Cout, L[1], L[1], L[0]]
    bn3: BatchNorm2D[Cout]
    projection: Projection[Cin, Cout, S] | None = None

    @overload
    def __call__(  # type: ignore[overload-overlap]  # a narrower case of the general rule
        self: BottleneckBlock[Cin, Cout, L[1]], x: Tensor[*B, Cin, H, W]
    ) -> Tensor[*B, Cout, H, W]: ...
    @overload
    def __call__(
        self, x: Tensor[*B, Cin, H, W]
    ) -> Tensor[*B, Cout, CeilDiv[H, S], CeilDiv[W, S]]: ...
    def __call__(  # type: ignore[misc]  # equal to the narrower case only by arithmetic
        self, x: Tensor[*B, Cin, H, W]
    ) -> Tensor[*B, Cout, CeilDiv[H, S], CeilDiv[W, S]]:
        y = relu(self.bn2(self.conv2(relu(self.bn1(self.conv1(x))))))
        channels = self.conv3.kernel.shape[0]
        s = shortcut(self.projection, x, self.conv2.stride, channels)
        return relu(self.bn3(self.conv3(y)) + s)

    forward = __call__

    @overload
    def vjp(  # type: ignore[overload-overlap]  # a narrower case of the general rule
        self: BottleneckBlock[Cin, Cout, L[1]], x: Tensor[*B, Cin, H, W]
    ) -> Vjp[Tensor[*B, Cout, H, W], BottleneckBlockGrads[Cin, Cout], Tensor[*B, Cin, H, W]]: ...
    @overload
    def vjp(
        self, x: Tensor[*B, Cin, H, W]
    ) -> Vjp[
        Tensor[*B, Cout, CeilDiv[H, S], CeilDiv[W, S]],
        BottleneckBlockGrads[Cin, Cout],
        Tensor[*B, Cin, H, W],
    ]: ...
    def vjp(  # type: ignore[misc]  # equal to the narrower case only by arithmetic
        self, x: Tensor[*B, Cin, H, W]
    ) -> Vjp[
        Tensor[*B, Cout, CeilDiv[H, S], CeilDiv[W, S]],
        BottleneckBlockGrads[Cin, Cout],
        Tensor[*B, Cin, H, W],
    ]:
        """Compute y, and return with it the pullback dy -> (gradients, dx)."""
        a, conv1 = self.conv1.vjp(x)  # one name where it can be: what none holds is never stored
        a, bn1 = self.bn1.vjp(a)
        a, relu1 = relu_vjp(a)
        b, conv2 = self.conv2.vjp(a)
        b, bn2 = self.bn2.vjp(b)
        b, relu2 = relu_vjp(b)
        y, conv3 = self.conv3.vjp(b)
        y, bn3 = self.bn3.vjp(y)
        channels = self.conv3.kernel.shape[0]
        s, through = shortcut_vjp(self.projection, x, self.conv2.stride, channels)
        y, relu3 = relu_vjp(y + s)

        def back(
            dy: Tensor[*B, Cout, CeilDiv[H, S], CeilDiv[W, S]],
        ) -> tuple[BottleneckBlockGrads[Cin, Cout], Tensor[*B, Cin, H, W]]:
            d = relu3(dy)
            dbn3, dc3 = bn3(d)
            dconv3, da2 = conv3(dc3)
            dbn2, dc2 = bn2(relu2(da2))
            dconv2, da1 = conv2(dc2)
            dbn1, dc1 = bn1(relu1(da1))
            dconv1, dmain = conv1(dc1)
            dprojection, dshortcut = through(d)
            grads = BottleneckBlockGrads(dconv1, dbn1, dconv2, dbn2, dconv3, dbn3, dprojection)
            return grads, dmain + dshortcut

        return y, back

    @overload
    def backward(  # pyrefly: ignore[inconsistent-overload]  # equal only by arithmetic
        self: BottleneckBlock[Cin, Cout, L[1]],
        x: Tensor[*B, Cin, H, W],
        dy: Tensor[*B, Cout, H, W],
    ) -> tuple[BottleneckBlockGrads[Cin, Cout], Tensor[*B, Cin, H, W]]: ...
    @overload
    def backward(
        self, x: Tensor[*B, Cin, H, W], dy: Tensor[*B, Cout, CeilDiv[H, S], CeilDiv[W, S]]
    ) -> tuple[BottleneckBlockGrads[Cin, Cout], Tensor[*B, Cin, H, W]]: ...
    def backward(  # type: ignore[misc]  # equal to the narrower case only by arithmetic
        self, x: Tensor[*B, Cin, H, W], dy: Tensor[*B, Cout, CeilDiv[H, S], CeilDiv[W, S]]
    ) -> tuple[BottleneckBlockGrads[Cin, Cout], Tensor[*B, Cin, H, W]]:
        """Compute y anew, and return (gradients, dx)."""
        _, pullback = self.vjp(x)
        return pullback(dy)

    @overload
    @staticmethod
    def init(
        rng: Generator,
        in_channels: _Cin,
        out_channels: _Cout,
        stride: _S,
        *,
        project: bool = False,
        eps: float = SPEC_EPS,
        dtype: npt.DTypeLike = np.float32,
    ) -> BottleneckBlock[_Cin, _Cout, _S]: ...
    @overload
    @staticmethod
    def init(
        rng: Generator,
        in_channels: _Cin,
        out_channels: _Cout,
        *,
        project: bool = False,
        eps: float = SPEC_EPS,
        dtype: npt.DTypeLike = np.float32,
    ) -> BottleneckBlock[_Cin, _Cout, L[1]]: ...
    @staticmethod
    def init(
        rng: Generator,
        in_channels: _Cin,
        out_channels: _Cout,
        stride: _S = cast(Any, 1),
        *,
        project: bool = False,
        eps: float = SPEC_EPS,
        dtype: npt.DTypeLike = np.float32,
    ) -> BottleneckBlock[_Cin, _Cout, _S]:
        """Draw the convolutions as `Conv2D.init` does; without a generator they are 0.

        Raises: ConfigError, where 4 does not divide out_channels.
        """
        middle = quarter(out_channels)
        projection = (
            Projection.init(rng, in_channels, out_channels, stride, eps=eps, dtype=dtype)
            if project
            else None
        )
        return BottleneckBlock(
            Conv2D.init(rng, in_channels, middle, 1, 1, 0, dtype=dtype),
            BatchNorm2D.init(middle, eps=eps, dtype=dtype),
            Conv2D.init(rng, middle, middle, 3, stride, 1, dtype=dtype),
            BatchNorm2D.init(middle, eps=eps, dtype=dtype),
            Conv2D.init(rng, middle, out_channels, 1, 1, 0, dtype=dtype),
            BatchNorm2D.init(out_channels, eps=eps, dtype=dtype),
            projection,
        )
