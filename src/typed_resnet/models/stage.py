"""A stage: blocks one after another, the first of which changes the shape."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, TypeAlias, TypeVar, cast, overload
from typing import Literal as L

import numpy as np
import numpy.typing as npt

from typed_resnet.dims import B, CeilDiv, Cin, Cout, H, S, W
from typed_resnet.layer import Layer
from typed_resnet.layers import SPEC_EPS, Vjp
from typed_resnet.layers.hyperparameters import whole
from typed_resnet.layers.initial import Generator
from typed_resnet.models.block import ResNetBlock
from typed_resnet.models.gradients import ResNetBlockGrads, ResNetLayerGrads
from typed_resnet.tensor import Tensor

_Cin = TypeVar("_Cin", bound=int)
_Cout = TypeVar("_Cout", bound=int)
_S = TypeVar("_S", bound=int)
_Y = TypeVar("_Y")

_Pullback: TypeAlias = Callable[[_Y], tuple[ResNetBlockGrads[_Cout, _Cout], _Y]]


class ResNetLayer(Layer, Generic[Cin, Cout, S]):
    """Run the first block, then the rest in order.

    Shape:
        x   (*B, Cin, H, W)      y   (*B, Cout, ⌈H/S⌉, ⌈W/S⌉)
    """

    first: ResNetBlock[Cin, Cout, S]
    rest: tuple[ResNetBlock[Cout, Cout, L[1]], ...] = ()

    @overload
    def __call__(  # type: ignore[overload-overlap]  # a narrower case of the general rule
        self: ResNetLayer[Cin, Cout, L[1]], x: Tensor[*B, Cin, H, W]
    ) -> Tensor[*B, Cout, H, W]: ...
    @overload
    def __call__(
        self, x: Tensor[*B, Cin, H, W]
    ) -> Tensor[*B, Cout, CeilDiv[H, S], CeilDiv[W, S]]: ...
    def __call__(  # type: ignore[misc]  # equal to the narrower case only by arithmetic
        self, x: Tensor[*B, Cin, H, W]
    ) -> Tensor[*B, Cout, CeilDiv[H, S], CeilDiv[W, S]]:
        y = self.first(x)
        for block in self.rest:
            y = block(y)
        return y

    forward = __call__

    @overload
    def vjp(  # type: ignore[overload-overlap]  # a narrower case of the general rule
        self: ResNetLayer[Cin, Cout, L[1]], x: Tensor[*B, Cin, H, W]
    ) -> Vjp[Tensor[*B, Cout, H, W], ResNetLayerGrads[Cin, Cout], Tensor[*B, Cin, H, W]]: ...
    @overload
    def vjp(
        self, x: Tensor[*B, Cin, H, W]
    ) -> Vjp[
        Tensor[*B, Cout, CeilDiv[H, S], CeilDiv[W, S]],
        ResNetLayerGrads[Cin, Cout],
        Tensor[*B, Cin, H, W],
    ]: ...
    def vjp(  # type: ignore[misc]  # equal to the narrower case only by arithmetic
        self, x: Tensor[*B, Cin, H, W]
    ) -> Vjp[
        Tensor[*B, Cout, CeilDiv[H, S], CeilDiv[W, S]],
        ResNetLayerGrads[Cin, Cout],
        Tensor[*B, Cin, H, W],
    ]:
        """Compute y, and return with it the pullback dy -> (gradients, dx)."""
        y, first = self.first.vjp(x)
        pullbacks: list[_Pullback[Tensor[*B, Cout, CeilDiv[H, S], CeilDiv[W, S]], Cout]] = []
        for block in self.rest:
            y, pullback = block.vjp(y)
            pullbacks.append(pullback)

        def back(
            dy: Tensor[*B, Cout, CeilDiv[H, S], CeilDiv[W, S]],
        ) -> tuple[ResNetLayerGrads[Cin, Cout], Tensor[*B, Cin, H, W]]:
            rest: list[ResNetBlockGrads[Cout, Cout]] = []
            for pullback in reversed(pullbacks):
                grads, dy = pullback(dy)
                rest.append(grads)
            dfirst, dx = first(dy)
            return ResNetLayerGrads(dfirst, tuple(reversed(rest))), dx

        return y, back

    @overload
    def backward(  # pyrefly: ignore[inconsistent-overload]  # equal only by arithmetic
        self: ResNetLayer[Cin, Cout, L[1]], x: Tensor[*B, Cin, H, W], dy: Tensor[*B, Cout, H, W]
    ) -> tuple[ResNetLayerGrads[Cin, Cout], Tensor[*B, Cin, H, W]]: ...
    @overload
    def backward(
        self, x: Tensor[*B, Cin, H, W], dy: Tensor[*B, Cout, CeilDiv[H, S], CeilDiv[W, S]]
    ) -> tuple[ResNetLayerGrads[Cin, Cout], Tensor[*B, Cin, H, W]]: ...
    def backward(  # type: ignore[misc]  # equal to the narrower case only by arithmetic
        self, x: Tensor[*B, Cin, H, W], dy: Tensor[*B, Cout, CeilDiv[H, S], CeilDiv[W, S]]
    ) -> tuple[ResNetLayerGrads[Cin, Cout], Tensor[*B, Cin, H, W]]:
        """Compute y anew, and return (gradients, dx)."""
        _, pullback = self.vjp(x)
        return pullback(dy)

    @overload
    @staticmethod
    def init(
        rng: Generator,
        in_channels: _Cin,
        out_channels: _Cout,
        blocks: int,
        stride: _S,
        *,
        project: bool = False,
        eps: float = SPEC_EPS,
        dtype: npt.DTypeLike = np.float32,
    ) -> ResNetLayer[_Cin, _Cout, _S]: ...
    @overload
    @staticmethod
    def init(
        rng: Generator,
        in_channels: _Cin,
        out_channels: _Cout,
        blocks: int,
        *,
        project: bool = False,
        eps: float = SPEC_EPS,
        dtype: npt.DTypeLike = np.float32,
    ) -> ResNetLayer[_Cin, _Cout, L[1]]: ...
    @staticmethod
    def init(
        rng: Generator,
        in_channels: _Cin,
        out_channels: _Cout,
        blocks: int,
        stride: _S = cast(Any, 1),
        *,
        project: bool = False,
        eps: float = SPEC_EPS,
        dtype: npt.DTypeLike = np.float32,
    ) -> ResNetLayer[_Cin, _Cout, _S]:
        """Draw each block as `ResNetBlock.init` does; a projection is the first one's alone.

        Raises: ConfigError, where blocks is less than 1.
        """
        whole("ResNetLayer", "blocks", blocks)
        return ResNetLayer(
            ResNetBlock.init(
                rng, in_channels, out_channels, stride, project=project, eps=eps, dtype=dtype
            ),
            tuple(
                ResNetBlock.init(rng, out_channels, out_channels, eps=eps, dtype=dtype)
                for _ in range(blocks - 1)
            ),
        )
