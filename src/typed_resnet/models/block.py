"""The basic residual block."""

from __future__ import annotations

from typing import Any, Generic, TypeVar, cast, overload
from typing import Literal as L

import numpy as np
import numpy.typing as npt

from typed_resnet.dims import B, CeilDiv, Cin, Cout, H, S, W
from typed_resnet.layer import Layer
from typed_resnet.layers import SPEC_EPS, BatchNorm2D, Conv2D, Vjp, relu, relu_vjp
from typed_resnet.layers.initial import Generator
from typed_resnet.models.gradients import ResNetBlockGrads
from typed_resnet.models.shortcut import Projection, shortcut, shortcut_vjp
from typed_resnet.tensor import Tensor

_Cin = TypeVar("_Cin", bound=int)
_Cout = TypeVar("_Cout", bound=int)
_S = TypeVar("_S", bound=int)


class ResNetBlock(Layer, Generic[Cin, Cout, S]):
    """Add what two convolutions make of x to a shortcut of x.

        y = relu(bn2(conv2(relu(bn1(conv1(x))))) + shortcut(x))

    The first convolution has stride S; the specification's blocks have S = 1.

    Shape:
        x   (*B, Cin, H, W)      y   (*B, Cout, ⌈H/S⌉, ⌈W/S⌉)
    Source: He et al., arXiv:1512.03385, figure 2.
    """

    conv1: Conv2D[Cin, Cout, L[3], S, L[1]]
    bn1: BatchNorm2D[Cout]
    conv2: Conv2D[Cout, Cout, L[3], L[1], L[1]]
    bn2: BatchNorm2D[Cout]
    projection: Projection[Cin, Cout, S] | None = None

    @overload
    def __call__(  # type: ignore[overload-overlap]  # a narrower case of the general rule
        self: ResNetBlock[Cin, Cout, L[1]], x: Tensor[*B, Cin, H, W]
    ) -> Tensor[*B, Cout, H, W]: ...
    @overload
    def __call__(
        self, x: Tensor[*B, Cin, H, W]
    ) -> Tensor[*B, Cout, CeilDiv[H, S], CeilDiv[W, S]]: ...
    def __call__(  # type: ignore[misc]  # equal to the narrower case only by arithmetic
        self, x: Tensor[*B, Cin, H, W]
    ) -> Tensor[*B, Cout, CeilDiv[H, S], CeilDiv[W, S]]:
        y = self.bn2(self.conv2(relu(self.bn1(self.conv1(x)))))
        channels = self.conv1.kernel.shape[0]
        return relu(y + shortcut(self.projection, x, self.conv1.stride, channels))

    forward = __call__

    @overload
    def vjp(  # type: ignore[overload-overlap]  # a narrower case of the general rule
        self: ResNetBlock[Cin, Cout, L[1]], x: Tensor[*B, Cin, H, W]
    ) -> Vjp[Tensor[*B, Cout, H, W], ResNetBlockGrads[Cin, Cout], Tensor[*B, Cin, H, W]]: ...
    @overload
    def vjp(
        self, x: Tensor[*B, Cin, H, W]
    ) -> Vjp[
        Tensor[*B, Cout, CeilDiv[H, S], CeilDiv[W, S]],
        ResNetBlockGrads[Cin, Cout],
        Tensor[*B, Cin, H, W],
    ]: ...
    def vjp(  # type: ignore[misc]  # equal to the narrower case only by arithmetic
        self, x: Tensor[*B, Cin, H, W]
    ) -> Vjp[
        Tensor[*B, Cout, CeilDiv[H, S], CeilDiv[W, S]],
        ResNetBlockGrads[Cin, Cout],
        Tensor[*B, Cin, H, W],
    ]:
        """Compute y, and return with it the pullback dy -> (gradients, dx).

            d = dy where the sum > 0;  dx = main path's share of d + shortcut's share of d

        Source: TorchLean, NN.Spec.Models.Resnet, `ResNetBlockSpec.backward`.
        """
        y, conv1 = self.conv1.vjp(x)  # one name for all: what none holds is never stored
        y, bn1 = self.bn1.vjp(y)
        y, relu1 = relu_vjp(y)
        y, conv2 = self.conv2.vjp(y)
        y, bn2 = self.bn2.vjp(y)
        channels = self.conv1.kernel.shape[0]
        s, through = shortcut_vjp(self.projection, x, self.conv1.stride, channels)
        y, relu2 = relu_vjp(y + s)

        def back(
            dy: Tensor[*B, Cout, CeilDiv[H, S], CeilDiv[W, S]],
        ) -> tuple[ResNetBlockGrads[Cin, Cout], Tensor[*B, Cin, H, W]]:
            d = relu2(dy)
            dbn2, dc2 = bn2(d)
            dconv2, da1 = conv2(dc2)
            dbn1, dc1 = bn1(relu1(da1))
            dconv1, dmain = conv1(dc1)
            dprojection, dshortcut = through(d)
            return ResNetBlockGrads(dconv1, dbn1, dconv2, dbn2, dprojection), dmain + dshortcut

        return y, back

    @overload
    def backward(  # pyrefly: ignore[inconsistent-overload]  # equal only by arithmetic
        self: ResNetBlock[Cin, Cout, L[1]], x: Tensor[*B, Cin, H, W], dy: Tensor[*B, Cout, H, W]
    ) -> tuple[ResNetBlockGrads[Cin, Cout], Tensor[*B, Cin, H, W]]: ...
    @overload
    def backward(
        self, x: Tensor[*B, Cin, H, W], dy: Tensor[*B, Cout, CeilDiv[H, S], CeilDiv[W, S]]
    ) -> tuple[ResNetBlockGrads[Cin, Cout], Tensor[*B, Cin, H, W]]: ...
    def backward(  # type: ignore[misc]  # equal to the narrower case only by arithmetic
        self, x: Tensor[*B, Cin, H, W], dy: Tensor[*B, Cout, CeilDiv[H, S], CeilDiv[W, S]]
    ) -> tuple[ResNetBlockGrads[Cin, Cout], Tensor[*B, Cin, H, W]]:
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
    ) -> ResNetBlock[_Cin, _Cout, _S]: ...
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
    ) -> ResNetBlock[_Cin, _Cout, L[1]]: ...
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
    ) -> ResNetBlock[_Cin, _Cout, _S]:
        """Draw the convolutions as `Conv2D.init` does; without a generator they are 0."""
        projection = (
            Projection.init(rng, in_channels, out_channels, stride, eps=eps, dtype=dtype)
            if project
            else None
        )
        return ResNetBlock(
            Conv2D.init(rng, in_channels, out_channels, 3, stride, 1, dtype=dtype),
            BatchNorm2D.init(out_channels, eps=eps, dtype=dtype),
            Conv2D.init(rng, out_channels, out_channels, 3, 1, 1, dtype=dtype),
            BatchNorm2D.init(out_channels, eps=eps, dtype=dtype),
            projection,
        )
