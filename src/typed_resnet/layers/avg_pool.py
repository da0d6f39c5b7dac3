"""Mean over windows."""

from __future__ import annotations

from typing import Any, Generic, TypeVar, overload
from typing import Literal as L

import numpy.typing as npt

from typed_resnet import kernels
from typed_resnet.dims import B, C, CeilDiv, ConvOut, H, K, OrZero, P, S, W
from typed_resnet.layer import Layer
from typed_resnet.layers.arrays import AnyTensor, Batch, check_window, images, pulled, restore
from typed_resnet.layers.gradients import Vjp
from typed_resnet.layers.hyperparameters import window
from typed_resnet.tensor import Tensor

_K = TypeVar("_K", bound=int)
_S = TypeVar("_S", bound=int)
_P = TypeVar("_P", bound=OrZero)


class AvgPool2D(Layer, Generic[K, S, P]):
    """Average each window.

        y[c, i, j] = (sum over u, v of x[c, s i + u - p, s j + v - p]) / K^2

    Padded cells count as 0. As in PyTorch, a stride that is left out is the window's size, and
    padding is at most half the window.

    Shape:
        x   (*B, C, H, W)      y   (*B, C, H', W')   H' = (H + 2P - K)//S + 1, W' alike
    Raises: ConfigError, where a size is out of its range.
    """

    kernel_size: K
    stride: S
    padding: P

    @overload
    def __init__(self, kernel_size: K, stride: S, padding: P) -> None: ...
    @overload
    def __init__(self: AvgPool2D[_K, _S, L[0]], kernel_size: _K, stride: _S) -> None: ...
    @overload
    def __init__(self: AvgPool2D[_K, _K, _P], kernel_size: _K, *, padding: _P) -> None: ...
    @overload
    def __init__(self: AvgPool2D[_K, _K, L[0]], kernel_size: _K) -> None: ...
    def __init__(self, kernel_size: int, stride: int | None = None, padding: int = 0) -> None:
        stride = kernel_size if stride is None else stride
        window("AvgPool2D", kernel_size, stride, padding)
        object.__setattr__(self, "kernel_size", kernel_size)
        object.__setattr__(self, "stride", stride)
        object.__setattr__(self, "padding", padding)

    @overload
    def __call__(  # type: ignore[overload-overlap]  # a narrower case of the general rule
        self: AvgPool2D[L[3], S, L[1]], x: Tensor[*B, C, H, W]
    ) -> Tensor[*B, C, CeilDiv[H, S], CeilDiv[W, S]]: ...
    @overload
    def __call__(
        self, x: Tensor[*B, C, H, W]
    ) -> Tensor[*B, C, ConvOut[H, K, S, P], ConvOut[W, K, S, P]]: ...
    def __call__(  # type: ignore[misc]  # equal to the narrower case only by arithmetic
        self, x: Tensor[*B, C, H, W]
    ) -> Tensor[*B, C, ConvOut[H, K, S, P], ConvOut[W, K, S, P]]:
        batch, array = self._images(x)
        return restore(
            batch, kernels.avg_pool2d(array, self.kernel_size, self.stride, self.padding)
        )

    forward = __call__

    @overload
    def vjp(  # type: ignore[overload-overlap]  # a narrower case of the general rule
        self: AvgPool2D[L[3], S, L[1]], x: Tensor[*B, C, H, W]
    ) -> Vjp[Tensor[*B, C, CeilDiv[H, S], CeilDiv[W, S]], None, Tensor[*B, C, H, W]]: ...
    @overload
    def vjp(
        self, x: Tensor[*B, C, H, W]
    ) -> Vjp[
        Tensor[*B, C, ConvOut[H, K, S, P], ConvOut[W, K, S, P]], None, Tensor[*B, C, H, W]
    ]: ...
    def vjp(  # type: ignore[misc]  # equal to the narrower case only by arithmetic
        self, x: Tensor[*B, C, H, W]
    ) -> Vjp[Tensor[*B, C, ConvOut[H, K, S, P], ConvOut[W, K, S, P]], None, Tensor[*B, C, H, W]]:
        """Pool, and return with y the pullback dy -> (None, dx).

        Each window's gradient is shared alike by its cells.
        """
        batch, array = self._images(x)
        z, pullback = kernels.avg_pool2d_vjp(array, self.kernel_size, self.stride, self.padding)
        y, back = pulled("AvgPool2D", batch, z, pullback)
        return y, lambda dy: (None, back(dy))

    def backward(
        self,
        x: Tensor[*B, C, H, W],
        dy: Tensor[*B, C, ConvOut[H, K, S, P], ConvOut[W, K, S, P]],
    ) -> tuple[None, Tensor[*B, C, H, W]]:
        """Pool anew, and return (None, dx)."""
        _, pullback = self.vjp(x)
        return pullback(dy)

    def _images(self, x: AnyTensor) -> tuple[Batch, npt.NDArray[Any]]:
        batch, array = images(self, x)
        check_window(array.shape, self.kernel_size, self.padding)
        return batch, array
