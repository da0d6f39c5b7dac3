"""Convolution in groups, dilated, by windows, strides and paddings of two sizes."""

from __future__ import annotations

from typing import Any, Generic, TypeVar, cast
from typing import Literal as L

import numpy as np
import numpy.typing as npt

from typed_resnet import kernels
from typed_resnet.dims import (
    CHECKED,
    Add,
    B,
    Cin,
    ConvOut,
    Cout,
    Divides,
    ExactDiv,
    H,
    Mul,
    OrZero,
    Sub,
    W,
)
from typed_resnet.dims.term import indivisible
from typed_resnet.errors import ConfigError
from typed_resnet.layer import Layer
from typed_resnet.layers.arrays import AnyTensor, Batch, check_windows, cotangent, images, restore
from typed_resnet.layers.gradients import KH, KW, G, GeneralConv2DGrads, Vjp
from typed_resnet.layers.hyperparameters import whole
from typed_resnet.layers.initial import Generator, drawn
from typed_resnet.tensor import Tensor, check_same_dtype

SH = TypeVar("SH", bound=int)
SW = TypeVar("SW", bound=int)
PH = TypeVar("PH", bound=OrZero)
PW = TypeVar("PW", bound=OrZero)
DH = TypeVar("DH", bound=int)
DW = TypeVar("DW", bound=int)

_Cin = TypeVar("_Cin", bound=int)
_Cout = TypeVar("_Cout", bound=int)
_G = TypeVar("_G", bound=int)
_KH = TypeVar("_KH", bound=int)
_KW = TypeVar("_KW", bound=int)
_SH = TypeVar("_SH", bound=int)
_SW = TypeVar("_SW", bound=int)
_PH = TypeVar("_PH", bound=OrZero)
_PW = TypeVar("_PW", bound=OrZero)
_DH = TypeVar("_DH", bound=int)
_DW = TypeVar("_DW", bound=int)


class GeneralConv2D(Layer, Generic[Cin, Cout, G, KH, KW, SH, SW, PH, PW, DH, DW]):
    """Convolve each group of channels with its own filters, whose cells stand apart.

        y[o, i, j] = b[o] + sum over c, u, v of w[o, c, u, v] x[c', s i + d u - p, s j + d v - p]

    where c' is channel c of the group of o, and s, d, p are those of rows and of columns. `Cin`
    and `Cout` are the channels of one group: G of them make the images', so that groups always
    divide channels. `GeneralConv2D[L[1], L[1], C, …]` is depthwise. For dense squares there is
    `Conv2D`.

    Shape:
        x        (*B, G Cin, H, W)
        kernel   (G Cout, Cin, KH, KW)      bias   (G Cout), or none
        y        (*B, G Cout, H', W')      H' = (H + 2 p - d (KH - 1) - 1)//s + 1, W' alike
    Pairs are of rows first, then of columns.
    Raises: ConfigError, where a stride, a dilation or the groups are less than 1.
    Source: Dumoulin and Visin, arXiv:1603.07285, relationship 6 and section 5.1.
    """

    kernel: Tensor[Mul[G, Cout], Cin, KH, KW]
    bias: Tensor[Mul[G, Cout]] | None
    stride: tuple[SH, SW]
    padding: tuple[PH, PW]
    dilation: tuple[DH, DW]
    groups: G

    def __post_init__(self) -> None:
        _check(self.stride, self.padding, self.dilation, self.groups)

    def __call__(
        self, x: Tensor[*B, Mul[G, Cin], H, W]
    ) -> Tensor[
        *B,
        Mul[G, Cout],
        ConvOut[H, Add[Mul[DH, Sub[KH, L[1]]], L[1]], SH, PH],
        ConvOut[W, Add[Mul[DW, Sub[KW, L[1]]], L[1]], SW, PW],
    ]:
        batch, array = self._images(x)
        return restore(batch, kernels.general_conv2d(array, *self._arguments))

    forward = __call__

    def vjp(
        self, x: Tensor[*B, Mul[G, Cin], H, W]
    ) -> Vjp[
        Tensor[
            *B,
            Mul[G, Cout],
            ConvOut[H, Add[Mul[DH, Sub[KH, L[1]]], L[1]], SH, PH],
            ConvOut[W, Add[Mul[DW, Sub[KW, L[1]]], L[1]], SW, PW],
        ],
        GeneralConv2DGrads[Cin, Cout, G, KH, KW],
        Tensor[*B, Mul[G, Cin], H, W],
    ]:
        """Convolve, and return with y the pullback dy -> ((dw, db), dx)."""
        batch, array = self._images(x)
        z, pullback = kernels.general_conv2d_vjp(array, *self._arguments)
        y = restore(batch, z)

        def back(
            dy: Tensor[
                *B,
                Mul[G, Cout],
                ConvOut[H, Add[Mul[DH, Sub[KH, L[1]]], L[1]], SH, PH],
                ConvOut[W, Add[Mul[DW, Sub[KW, L[1]]], L[1]], SW, PW],
            ],
        ) -> tuple[GeneralConv2DGrads[Cin, Cout, G, KH, KW], Tensor[*B, Mul[G, Cin], H, W]]:
            dkernel, db, dx = pullback(cotangent("GeneralConv2D", batch, dy, y))
            dbias: Tensor[Mul[G, Cout]] | None = None if db is None else Tensor(db)
            return GeneralConv2DGrads(Tensor(dkernel), dbias), restore(batch, dx)

        return y, back

    def backward(
        self,
        x: Tensor[*B, Mul[G, Cin], H, W],
        dy: Tensor[
            *B,
            Mul[G, Cout],
            ConvOut[H, Add[Mul[DH, Sub[KH, L[1]]], L[1]], SH, PH],
            ConvOut[W, Add[Mul[DW, Sub[KW, L[1]]], L[1]], SW, PW],
        ],
    ) -> tuple[GeneralConv2DGrads[Cin, Cout, G, KH, KW], Tensor[*B, Mul[G, Cin], H, W]]:
        """Convolve anew, and return ((dw, db), dx)."""
        _, pullback = self.vjp(x)
        return pullback(dy)

    @property
    def _arguments(self) -> tuple[Any, ...]:
        bias = None if self.bias is None else self.bias.array
        return self.kernel.array, bias, self.stride, self.padding, self.dilation, self.groups

    def _images(self, x: AnyTensor) -> tuple[Batch, npt.NDArray[Any]]:
        check_same_dtype("GeneralConv2D", self.kernel, self.bias, x)
        _, channels, height, width = self.kernel.array.shape
        batch, array = images(self, x, channels * self.groups)
        rows, columns = self.dilation
        windows = rows * (height - 1) + 1, columns * (width - 1) + 1
        check_windows(array.shape, windows, self.padding)
        return batch, array

    @staticmethod
    def init(
        rng: Generator,
        in_channels: _Cin,
        out_channels: _Cout,
        kernel_size: tuple[_KH, _KW],
        *,
        stride: tuple[_SH, _SW],
        padding: tuple[_PH, _PW],
        dilation: tuple[_DH, _DW],
        groups: _G,
        bias: bool = True,
        dtype: npt.DTypeLike = np.float32,
        where_in: Divides[_G, _Cin] = CHECKED,
        where_out: Divides[_G, _Cout] = CHECKED,
    ) -> GeneralConv2D[
        ExactDiv[_Cin, _G], ExactDiv[_Cout, _G], _G, _KH, _KW, _SH, _SW, _PH, _PW, _DH, _DW
    ]:
        """Draw the kernel from the normal distribution of variance 2 / (Cin KH KW); the bias is 0.

        Nothing is left out, so that this is one signature: four pairs with defaults are sixteen.

        Raises: ConfigError, where a size is out of its range, or groups do not divide channels.
        Source: He et al., arXiv:1502.01852, equation 10.
        """
        whole("GeneralConv2D", "in_channels", in_channels)
        whole("GeneralConv2D", "out_channels", out_channels)
        for size in kernel_size:
            whole("GeneralConv2D", "kernel_size", size)
        _check(stride, padding, dilation, groups)
        for channels in (in_channels, out_channels):
            if channels % groups:
                raise ConfigError(f"GeneralConv2D.init: {indivisible(groups, channels)}")
        height, width = kernel_size
        variance = 2 / (in_channels // groups * height * width)
        kernel = drawn(
            rng, variance, out_channels, in_channels // groups, height, width, dtype=dtype
        )
        made: GeneralConv2D[
            ExactDiv[_Cin, _G], ExactDiv[_Cout, _G], _G, _KH, _KW, _SH, _SW, _PH, _PW, _DH, _DW
        ] = cast(Any, GeneralConv2D)(  # whose Cout no checker divides out of the kernel's size
            kernel,
            Tensor.zeros(out_channels, dtype=dtype) if bias else None,
            stride,
            padding,
            dilation,
            groups,
        )
        return made


def _check(
    stride: tuple[int, int], padding: tuple[int, int], dilation: tuple[int, int], groups: int
) -> None:
    whole("GeneralConv2D", "groups", groups)
    for name, pair in (("stride", stride), ("dilation", dilation)):
        for size in pair:
            whole("GeneralConv2D", name, size)
    for size in padding:
        whole("GeneralConv2D", "padding", size, least=0)
