"""Layers as functions of their parameters, under PyTorch's functional names."""

# pyright: reportInvalidTypeVarUse=false
# An implementation names the sizes, and leaves to its overloads what they make.

from __future__ import annotations

from functools import partial
from typing import Any, cast, overload
from typing import Literal as L

from typed_resnet.differentiable import differentiable
from typed_resnet.dims import B, C, Cin, ConvOut, Cout, H, K, P, S, W
from typed_resnet.layers import (
    AvgPool2D,
    Conv2D,
    FunctionVjp,
    Linear,
    MaxPool2D,
)
from typed_resnet.layers.arrays import AnyTensor
from typed_resnet.layers.gradients import In, Out
from typed_resnet.ops.axes import AnyVjp
from typed_resnet.runtime import typed, typed_overloads
from typed_resnet.tensor import Tensor


@overload
def conv2d(
    x: Tensor[*B, Cin, H, W],
    kernel: Tensor[Cout, Cin, K, K],
    bias: Tensor[Cout] | None = None,
    *,
    stride: S,
    padding: P,
) -> Tensor[*B, Cout, ConvOut[H, K, S, P], ConvOut[W, K, S, P]]: ...
@overload
def conv2d(
    x: Tensor[*B, Cin, H, W],
    kernel: Tensor[Cout, Cin, K, K],
    bias: Tensor[Cout] | None = None,
    *,
    padding: P,
) -> Tensor[*B, Cout, ConvOut[H, K, L[1], P], ConvOut[W, K, L[1], P]]: ...
@overload
def conv2d(
    x: Tensor[*B, Cin, H, W],
    kernel: Tensor[Cout, Cin, K, K],
    bias: Tensor[Cout] | None = None,
    *,
    stride: S,
) -> Tensor[*B, Cout, ConvOut[H, K, S, L[0]], ConvOut[W, K, S, L[0]]]: ...
@overload
def conv2d(
    x: Tensor[*B, Cin, H, W],
    kernel: Tensor[Cout, Cin, K, K],
    bias: Tensor[Cout] | None = None,
) -> Tensor[*B, Cout, ConvOut[H, K, L[1], L[0]], ConvOut[W, K, L[1], L[0]]]: ...
@typed_overloads
@differentiable(lambda: _conv2d_vjp)
def conv2d(
    x: Tensor[*B, Cin, H, W],
    kernel: Tensor[Cout, Cin, K, K],
    bias: Tensor[Cout] | None = None,
    *,
    stride: S = cast(Any, 1),
    padding: P = cast(Any, 0),
) -> AnyTensor:
    """Convolve each image with each filter: `Conv2D(kernel, bias, stride, padding)(x)`."""
    return Conv2D(kernel, bias, stride, padding)(x)


@typed
def conv2d_vjp(
    x: Tensor[*B, Cin, H, W],
    kernel: Tensor[Cout, Cin, K, K],
    bias: Tensor[Cout] | None = None,
    *,
    stride: S,
    padding: P,
) -> FunctionVjp[
    Tensor[*B, Cout, ConvOut[H, K, S, P], ConvOut[W, K, S, P]],
    tuple[Tensor[*B, Cin, H, W], Tensor[Cout, Cin, K, K], Tensor[Cout] | None],
]:
    """Convolve, and return with y the pullback dy -> (dx, dw, db)."""
    return _conv2d_vjp(x, kernel, bias, stride=stride, padding=padding)


def _conv2d_vjp(
    x: AnyTensor,
    kernel: AnyTensor,
    bias: AnyTensor | None = None,
    *,
    stride: int = 1,
    padding: int = 0,
) -> AnyVjp:
    y, pullback = _layer(Conv2D, kernel, bias, stride, padding).vjp(x)

    def back(dy: AnyTensor) -> tuple[AnyTensor, ...]:
        grads, dx = pullback(dy)
        return dx, grads.kernel, grads.bias

    return y, back


@overload
def max_pool2d(
    x: Tensor[*B, C, H, W], kernel_size: K, stride: S, padding: P
) -> Tensor[*B, C, ConvOut[H, K, S, P], ConvOut[W, K, S, P]]: ...
@overload
def max_pool2d(
    x: Tensor[*B, C, H, W], kernel_size: K, stride: S
) -> Tensor[*B, C, ConvOut[H, K, S, L[0]], ConvOut[W, K, S, L[0]]]: ...
@overload
def max_pool2d(
    x: Tensor[*B, C, H, W], kernel_size: K
) -> Tensor[*B, C, ConvOut[H, K, K, L[0]], ConvOut[W, K, K, L[0]]]: ...
@typed_overloads
@differentiable(lambda: partial(_pooled, MaxPool2D))
def max_pool2d(
    x: Tensor[*B, C, H, W],
    kernel_size: K,
    stride: S | None = None,
    padding: P = cast(Any, 0),
) -> AnyTensor:
    """Take the largest cell of each window: `MaxPool2D(kernel_size, stride, padding)(x)`.

    A stride that is left out is the window's size.
    """
    if stride is None:
        return MaxPool2D(kernel_size, kernel_size, padding)(x)
    return MaxPool2D(kernel_size, stride, padding)(x)


@typed
def max_pool2d_vjp(
    x: Tensor[*B, C, H, W], kernel_size: K, stride: S, padding: P
) -> FunctionVjp[Tensor[*B, C, ConvOut[H, K, S, P], ConvOut[W, K, S, P]], Tensor[*B, C, H, W]]:
    """Pool, and return with y the pullback dy -> dx."""
    return _pooled(MaxPool2D, x, kernel_size, stride, padding)


@overload
def avg_pool2d(
    x: Tensor[*B, C, H, W], kernel_size: K, stride: S, padding: P
) -> Tensor[*B, C, ConvOut[H, K, S, P], ConvOut[W, K, S, P]]: ...
@overload
def avg_pool2d(
    x: Tensor[*B, C, H, W], kernel_size: K, stride: S
) -> Tensor[*B, C, ConvOut[H, K, S, L[0]], ConvOut[W, K, S, L[0]]]: ...
@overload
def avg_pool2d(
    x: Tensor[*B, C, H, W], kernel_size: K
) -> Tensor[*B, C, ConvOut[H, K, K, L[0]], ConvOut[W, K, K, L[0]]]: ...
@typed_overloads
@differentiable(lambda: partial(_pooled, AvgPool2D))
def avg_pool2d(
    x: Tensor[*B, C, H, W],
    kernel_size: K,
    stride: S | None = None,
    padding: P = cast(Any, 0),
) -> AnyTensor:
    """Average each window: `AvgPool2D(kernel_size, stride, padding)(x)`.

    A stride that is left out is the window's size.
    """
    if stride is None:
        return AvgPool2D(kernel_size, kernel_size, padding)(x)
    return AvgPool2D(kernel_size, stride, padding)(x)


@typed
def avg_pool2d_vjp(
    x: Tensor[*B, C, H, W], kernel_size: K, stride: S, padding: P
) -> FunctionVjp[Tensor[*B, C, ConvOut[H, K, S, P], ConvOut[W, K, S, P]], Tensor[*B, C, H, W]]:
    """Pool, and return with y the pullback dy -> dx."""
    return _pooled(AvgPool2D, x, kernel_size, stride, padding)


@typed
@differentiable(lambda: linear_vjp)
def linear(
    x: Tensor[*B, In], weight: Tensor[Out, In], bias: Tensor[Out] | None = None
) -> Tensor[*B, Out]:
    """Multiply each vector by a matrix, then add the bias: `Linear(weight, bias)(x)`."""
    return Linear(weight, bias)(x)


@typed
def linear_vjp(
    x: Tensor[*B, In], weight: Tensor[Out, In], bias: Tensor[Out] | None = None
) -> FunctionVjp[Tensor[*B, Out], tuple[Tensor[*B, In], Tensor[Out, In], Tensor[Out] | None]]:
    """Multiply, and return with y the pullback dy -> (dx, dw, db)."""
    y, pullback = Linear(weight, bias).vjp(x)

    def back(
        dy: Tensor[*B, Out],
    ) -> tuple[Tensor[*B, In], Tensor[Out, In], Tensor[Out] | None]:
        grads, dx = pullback(dy)
        return dx, grads.weight, grads.bias

    return y, back


def _pooled(
    pool: Any, x: AnyTensor, kernel_size: int, stride: int | None = None, padding: int = 0
) -> AnyVjp:
    """Pool by a layer, and return with y the pullback dy -> dx."""
    y, pullback = pool(kernel_size, stride or kernel_size, padding).vjp(x)
    return y, lambda dy: pullback(dy)[1]


def _layer(layer: Any, *fields: Any) -> Any:
    """Make a layer whose sizes the types leave open."""
    return layer(*fields)
