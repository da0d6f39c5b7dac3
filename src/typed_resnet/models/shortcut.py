"""What a block adds to its main path: x itself, brought to the shape of the sum."""

from __future__ import annotations

from typing import Generic, TypeVar
from typing import Literal as L

import numpy as np
import numpy.typing as npt

from typed_resnet.dims import B, CeilDiv, Cin, Cout, H, S, W
from typed_resnet.layer import Layer
from typed_resnet.layers import (
    SPEC_EPS,
    BatchNorm2D,
    Conv2D,
    Vjp,
    fit,
    fit_vjp,
    subsample,
    subsample_vjp,
)
from typed_resnet.layers.initial import Generator
from typed_resnet.models.gradients import ProjectionGrads
from typed_resnet.runtime import typed
from typed_resnet.tensor import Tensor

_Cin = TypeVar("_Cin", bound=int)
_Cout = TypeVar("_Cout", bound=int)
_S = TypeVar("_S", bound=int)


class Projection(Layer, Generic[Cin, Cout, S]):
    """Bring a shortcut to other channels and sizes by a learned 1x1 convolution.

    Source: He et al., arXiv:1512.03385, section 3.3, equation 2.
    """

    conv: Conv2D[Cin, Cout, L[1], S, L[0]]
    bn: BatchNorm2D[Cout] | None = None

    def __call__(self, x: Tensor[*B, Cin, H, W]) -> Tensor[*B, Cout, CeilDiv[H, S], CeilDiv[W, S]]:
        y = self.conv(x)
        return y if self.bn is None else self.bn(y)

    forward = __call__

    def vjp(
        self, x: Tensor[*B, Cin, H, W]
    ) -> Vjp[
        Tensor[*B, Cout, CeilDiv[H, S], CeilDiv[W, S]],
        ProjectionGrads[Cin, Cout],
        Tensor[*B, Cin, H, W],
    ]:
        """Project, and return with y the pullback dy -> (gradients, dx)."""
        y, conv = self.conv.vjp(x)
        n, bn = (y, None) if self.bn is None else self.bn.vjp(y)

        def back(
            dy: Tensor[*B, Cout, CeilDiv[H, S], CeilDiv[W, S]],
        ) -> tuple[ProjectionGrads[Cin, Cout], Tensor[*B, Cin, H, W]]:
            dbn, dy = (None, dy) if bn is None else bn(dy)
            dconv, dx = conv(dy)
            return ProjectionGrads(dconv, dbn), dx

        return n, back

    @staticmethod
    def init(
        rng: Generator,
        in_channels: _Cin,
        out_channels: _Cout,
        stride: _S,
        *,
        eps: float = SPEC_EPS,
        dtype: npt.DTypeLike = np.float32,
    ) -> Projection[_Cin, _Cout, _S]:
        """Draw the convolution as `Conv2D.init` does; without a generator it is 0."""
        return Projection(
            Conv2D.init(rng, in_channels, out_channels, 1, stride, 0, dtype=dtype),
            BatchNorm2D.init(out_channels, eps=eps, dtype=dtype),
        )


@typed
def shortcut(
    projection: Projection[Cin, Cout, S] | None,
    x: Tensor[*B, Cin, H, W],
    stride: S,
    channels: Cout,
) -> Tensor[*B, Cout, CeilDiv[H, S], CeilDiv[W, S]]:
    """Bring x to the shape of the sum: by the projection, or without parameters.

    Without parameters every S-th row and column is kept, and channels of noughts are appended or
    the last ones dropped; where nothing changes, this is x.

    Source: He et al., arXiv:1512.03385, section 4.1, option A.
    """
    if projection is None:
        return fit(subsample(x, stride), channels)
    return projection(x)


@typed
def shortcut_vjp(
    projection: Projection[Cin, Cout, S] | None,
    x: Tensor[*B, Cin, H, W],
    stride: S,
    channels: Cout,
) -> Vjp[
    Tensor[*B, Cout, CeilDiv[H, S], CeilDiv[W, S]],
    ProjectionGrads[Cin, Cout] | None,
    Tensor[*B, Cin, H, W],
]:
    """Bring x to the shape of the sum, and return with it the pullback dy -> (gradients, dx)."""
    if projection is not None:
        return projection.vjp(x)
    z, subsampled = subsample_vjp(x, stride)
    y, fitted = fit_vjp(z, channels)
    return y, lambda dy: (None, subsampled(fitted(dy)))
