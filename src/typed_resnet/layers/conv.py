"""Convolution."""

from __future__ import annotations

from typing import Any, Generic, TypeVar, cast, overload
from typing import Literal as L

import numpy as np
import numpy.typing as npt

from typed_resnet import kernels
from typed_resnet.dims import B, CeilDiv, Cin, ConvOut, Cout, H, K, OrZero, P, S, W
from typed_resnet.kernels import pending
from typed_resnet.kernels.conv import conv2d_vjp_filling
from typed_resnet.kernels.pending import may_wait
from typed_resnet.layer import Layer
from typed_resnet.layers.arrays import (
    AnyTensor,
    Batch,
    Like,
    batch_of,
    check_window,
    cotangent,
    filled,
    images,
    numbers,
    restore,
)
from typed_resnet.layers.gradients import Conv2DGrads, Vjp
from typed_resnet.layers.hyperparameters import whole
from typed_resnet.layers.initial import Generator, drawn
from typed_resnet.tensor import Tensor, check_same_dtype

_Cin = TypeVar("_Cin", bound=int)
_Cout = TypeVar("_Cout", bound=int)
_K = TypeVar("_K", bound=int)
_S = TypeVar("_S", bound=int)
_P = TypeVar("_P", bound=OrZero)


class Conv2D(Layer, Generic[Cin, Cout, K, S, P]):
    """Convolve each image with each filter.

        y[o, i, j] = b[o] + sum over c, u, v of w[o, c, u, v] x[c, s i + u - p, s j + v - p]

    The general rule of its sizes is `ConvOut[H, K, S, P]`. The overloads before it say what that
    comes to for an odd window padded by half of it, so that checkers without our plugin, which
    do no arithmetic, know it too.

    Shape:
        x        (*B, Cin, H, W)
        kernel   (Cout, Cin, K, K)      bias   (Cout), or none
        y        (*B, Cout, H', W')     H' = (H + 2P - K)//S + 1, W' alike
    Raises: ConfigError, where stride is less than 1 or padding less than 0.
    Source: Dumoulin and Visin, arXiv:1603.07285, relationship 6.
    """

    kernel: Tensor[Cout, Cin, K, K]
    bias: Tensor[Cout] | None
    stride: S
    padding: P

    def __post_init__(self) -> None:
        whole("Conv2D", "stride", self.stride)
        whole("Conv2D", "padding", self.padding, least=0)

    @overload
    def __call__(  # type: ignore[overload-overlap]  # narrower cases of the general rule
        self: Conv2D[Cin, Cout, L[1], L[1], L[0]]
        | Conv2D[Cin, Cout, L[3], L[1], L[1]]
        | Conv2D[Cin, Cout, L[5], L[1], L[2]]
        | Conv2D[Cin, Cout, L[7], L[1], L[3]],
        x: Tensor[*B, Cin, H, W],
    ) -> Tensor[*B, Cout, H, W]: ...
    @overload
    def __call__(  # type: ignore[overload-overlap]  # narrower cases of the general rule
        self: Conv2D[Cin, Cout, L[1], S, L[0]]
        | Conv2D[Cin, Cout, L[3], S, L[1]]
        | Conv2D[Cin, Cout, L[5], S, L[2]]
        | Conv2D[Cin, Cout, L[7], S, L[3]],
        x: Tensor[*B, Cin, H, W],
    ) -> Tensor[*B, Cout, CeilDiv[H, S], CeilDiv[W, S]]: ...
    @overload
    def __call__(
        self, x: Tensor[*B, Cin, H, W]
    ) -> Tensor[*B, Cout, ConvOut[H, K, S, P], ConvOut[W, K, S, P]]: ...
    def __call__(  # type: ignore[misc]  # equal to the narrower cases only by arithmetic
        self, x: Tensor[*B, Cin, H, W]
    ) -> Tensor[*B, Cout, ConvOut[H, K, S, P], ConvOut[W, K, S, P]]:
        rest = self.kernel.array, numbers(self.bias), self.stride, self.padding
        if may_wait(x.dtype):
            return Tensor.later(pending.convolution(_batch(self, x), x, *rest))
        batch, array = _images(self, x)
        return restore(batch, kernels.conv2d(array, *rest))

    forward = __call__

    @overload
    def vjp(  # type: ignore[overload-overlap]  # narrower cases of the general rule
        self: Conv2D[Cin, Cout, L[1], L[1], L[0]]
        | Conv2D[Cin, Cout, L[3], L[1], L[1]]
        | Conv2D[Cin, Cout, L[5], L[1], L[2]]
        | Conv2D[Cin, Cout, L[7], L[1], L[3]],
        x: Tensor[*B, Cin, H, W],
    ) -> Vjp[Tensor[*B, Cout, H, W], Conv2DGrads[Cin, Cout, K], Tensor[*B, Cin, H, W]]: ...
    @overload
    def vjp(  # type: ignore[overload-overlap]  # narrower cases of the general rule
        self: Conv2D[Cin, Cout, L[1], S, L[0]]
        | Conv2D[Cin, Cout, L[3], S, L[1]]
        | Conv2D[Cin, Cout, L[5], S, L[2]]
        | Conv2D[Cin, Cout, L[7], S, L[3]],
        x: Tensor[*B, Cin, H, W],
    ) -> Vjp[
        Tensor[*B, Cout, CeilDiv[H, S], CeilDiv[W, S]],
        Conv2DGrads[Cin, Cout, K],
        Tensor[*B, Cin, H, W],
    ]: ...
    @overload
    def vjp(
        self, x: Tensor[*B, Cin, H, W]
    ) -> Vjp[
        Tensor[*B, Cout, ConvOut[H, K, S, P], ConvOut[W, K, S, P]],
        Conv2DGrads[Cin, Cout, K],
        Tensor[*B, Cin, H, W],
    ]: ...
    def vjp(  # type: ignore[misc]  # equal to the narrower cases only by arithmetic
        self, x: Tensor[*B, Cin, H, W]
    ) -> Vjp[
        Tensor[*B, Cout, ConvOut[H, K, S, P], ConvOut[W, K, S, P]],
        Conv2DGrads[Cin, Cout, K],
        Tensor[*B, Cin, H, W],
    ]:
        """Convolve, and return with y the pullback dy -> ((dw, db), dx)."""
        batch, array = _images(self, x)
        z, pullback = conv2d_vjp_filling(
            array, self.kernel.array, numbers(self.bias), self.stride, self.padding
        )
        y = restore(batch, z)
        like = Like.of(y)

        def back(
            dy: Tensor[*B, Cout, ConvOut[H, K, S, P], ConvOut[W, K, S, P]],
        ) -> tuple[Conv2DGrads[Cin, Cout, K], Tensor[*B, Cin, H, W]]:
            dkernel, db, dx = pullback(cotangent("Conv2D", batch, dy, like))
            dw: Tensor[Cout, Cin, K, K] = filled(dkernel)
            dbias: Tensor[Cout] | None = None if db is None else Tensor(db)
            return Conv2DGrads(dw, dbias), restore(batch, dx)

        return y, back

    def backward(
        self,
        x: Tensor[*B, Cin, H, W],
        dy: Tensor[*B, Cout, ConvOut[H, K, S, P], ConvOut[W, K, S, P]],
    ) -> tuple[Conv2DGrads[Cin, Cout, K], Tensor[*B, Cin, H, W]]:
        """Convolve anew, and return ((dw, db), dx)."""
        _, pullback = self.vjp(x)
        return pullback(dy)

    @overload
    @staticmethod
    def init(
        rng: Generator,
        in_channels: _Cin,
        out_channels: _Cout,
        kernel_size: _K,
        stride: _S,
        padding: _P,
        *,
        bias: bool = True,
        dtype: npt.DTypeLike = np.float32,
    ) -> Conv2D[_Cin, _Cout, _K, _S, _P]: ...
    @overload
    @staticmethod
    def init(
        rng: Generator,
        in_channels: _Cin,
        out_channels: _Cout,
        kernel_size: _K,
        stride: _S,
        *,
        bias: bool = True,
        dtype: npt.DTypeLike = np.float32,
    ) -> Conv2D[_Cin, _Cout, _K, _S, L[0]]: ...
    @overload
    @staticmethod
    def init(
        rng: Generator,
        in_channels: _Cin,
        out_channels: _Cout,
        kernel_size: _K,
        *,
        padding: _P,
        bias: bool = True,
        dtype: npt.DTypeLike = np.float32,
    ) -> Conv2D[_Cin, _Cout, _K, L[1], _P]: ...
    @overload
    @staticmethod
    def init(
        rng: Generator,
        in_channels: _Cin,
        out_channels: _Cout,
        kernel_size: _K,
        *,
        bias: bool = True,
        dtype: npt.DTypeLike = np.float32,
    ) -> Conv2D[_Cin, _Cout, _K, L[1], L[0]]: ...
    @staticmethod
    def init(
        rng: Generator,
        in_channels: _Cin,
        out_channels: _Cout,
        kernel_size: _K,
        stride: _S = cast(Any, 1),
        padding: _P = cast(Any, 0),
        *,
        bias: bool = True,
        dtype: npt.DTypeLike = np.float32,
    ) -> Conv2D[_Cin, _Cout, _K, _S, _P]:
        """Draw the kernel from the normal distribution of variance 2 / (Cin K^2); the bias is 0.

        Raises: ConfigError, where a size is out of its range.
        Source: He et al., arXiv:1502.01852, equation 10.
        """
        whole("Conv2D", "in_channels", in_channels)
        whole("Conv2D", "out_channels", out_channels)
        whole("Conv2D", "kernel_size", kernel_size)
        kernel = drawn(
            rng,
            2 / (in_channels * kernel_size**2),
            out_channels,
            in_channels,
            kernel_size,
            kernel_size,
            dtype=dtype,
        )
        return Conv2D(
            kernel, Tensor.zeros(out_channels, dtype=dtype) if bias else None, stride, padding
        )

    @overload
    @staticmethod
    def zero_init(
        in_channels: _Cin,
        out_channels: _Cout,
        kernel_size: _K,
        stride: _S,
        padding: _P,
        *,
        bias: bool = True,
        dtype: npt.DTypeLike = np.float32,
    ) -> Conv2D[_Cin, _Cout, _K, _S, _P]: ...
    @overload
    @staticmethod
    def zero_init(
        in_channels: _Cin,
        out_channels: _Cout,
        kernel_size: _K,
        stride: _S,
        *,
        bias: bool = True,
        dtype: npt.DTypeLike = np.float32,
    ) -> Conv2D[_Cin, _Cout, _K, _S, L[0]]: ...
    @overload
    @staticmethod
    def zero_init(
        in_channels: _Cin,
        out_channels: _Cout,
        kernel_size: _K,
        *,
        padding: _P,
        bias: bool = True,
        dtype: npt.DTypeLike = np.float32,
    ) -> Conv2D[_Cin, _Cout, _K, L[1], _P]: ...
    @overload
    @staticmethod
    def zero_init(
        in_channels: _Cin,
        out_channels: _Cout,
        kernel_size: _K,
        *,
        bias: bool = True,
        dtype: npt.DTypeLike = np.float32,
    ) -> Conv2D[_Cin, _Cout, _K, L[1], L[0]]: ...
    @staticmethod
    def zero_init(
        in_channels: _Cin,
        out_channels: _Cout,
        kernel_size: _K,
        stride: _S = cast(Any, 1),
        padding: _P = cast(Any, 0),
        *,
        bias: bool = True,
        dtype: npt.DTypeLike = np.float32,
    ) -> Conv2D[_Cin, _Cout, _K, _S, _P]:
        """Fill kernel and bias with noughts."""
        return Conv2D.init(
            None, in_channels, out_channels, kernel_size, stride, padding, bias=bias, dtype=dtype
        )


def _batch(layer: Conv2D[Any, Any, Any, Any, Any], x: AnyTensor) -> Batch:
    """Check images, for which no numbers are needed, and return their leading axes."""
    check_same_dtype("Conv2D", layer.kernel, layer.bias, x)
    _, channels, window, _ = layer.kernel.shape
    batch = batch_of(layer, x, channels)
    check_window(x.shape, window, layer.padding)
    return batch


def _images(layer: Conv2D[Any, Any, Any, Any, Any], x: AnyTensor) -> tuple[Batch, np.ndarray]:
    _batch(layer, x)
    return images(layer, x, layer.kernel.shape[1])
