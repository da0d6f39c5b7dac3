"""Operations without parameters."""

from __future__ import annotations

from typing import Any

import numpy as np

from typed_resnet import kernels
from typed_resnet.differentiable import differentiable
from typed_resnet.dims import B, C, CeilDiv, Cin, Cout, H, Max, Min, S, W
from typed_resnet.kernels.epilogue import Epilogue
from typed_resnet.kernels.pending import may_wait, of_array
from typed_resnet.layers.arrays import (
    AnyTensor,
    Batch,
    Like,
    check_alike,
    images,
    pulled,
    restore,
)
from typed_resnet.layers.gradients import FunctionVjp
from typed_resnet.layers.hyperparameters import whole
from typed_resnet.runtime import typed
from typed_resnet.tensor import Shape, Tensor


@typed
@differentiable(lambda: relu_vjp)
def relu(x: Tensor[*Shape]) -> Tensor[*Shape]:
    """Replace what is below zero by zero.

    y = max(x, 0)
    """
    if x.pending is not None:
        return Tensor.later(x.pending.rectified(x))
    return Tensor(kernels.relu(x.array))


@typed
def relu_vjp(x: Tensor[*Shape]) -> FunctionVjp[Tensor[*Shape], Tensor[*Shape]]:
    """Rectify, and return with y the pullback dy -> dx.

    dx = dy where x > 0, else 0
    """
    if x.pending is not None:
        y: Tensor[*Shape] = Tensor.later(x.pending.rectified(x))
        pullback = kernels.relu_pullback(lambda: y.array)
    elif may_wait(x.dtype) and len(x.shape) >= 3:
        y = Tensor.later(of_array(x.array.shape[:-3], x.array, Epilogue(rectified=True)))
        pullback = kernels.relu_pullback(lambda: y.array)
    else:
        z, pullback = kernels.relu_vjp(x.array)
        y = Tensor(z)
    like = Like.of(y)

    def back(dy: Tensor[*Shape]) -> Tensor[*Shape]:
        check_alike("relu", like, dy)
        # a sum that waits, such as a residual's, is masked as it is made
        later = None if dy.pending is None else dy.pending.masked(y.array)
        return Tensor(pullback(dy.array)) if later is None else Tensor.later(later)

    return y, back


@typed
@differentiable(lambda: global_avg_pool2d_vjp)
def global_avg_pool2d(x: Tensor[*B, C, H, W]) -> Tensor[*B, C]:
    """Average each channel over the whole image."""
    batch, array = images("global_avg_pool2d", x)
    return restore(batch, kernels.global_avg_pool2d(array))


@typed
def global_avg_pool2d_vjp(
    x: Tensor[*B, C, H, W],
) -> FunctionVjp[Tensor[*B, C], Tensor[*B, C, H, W]]:
    """Average, and return with y the pullback dy -> dx: every cell gets an equal share."""
    batch, array = images("global_avg_pool2d", x)
    return pulled("global_avg_pool2d", batch, *kernels.global_avg_pool2d_vjp(array))


@typed
@differentiable(lambda: pad_channels_vjp)
def pad_channels(x: Tensor[*B, Cin, H, W], channels: Cout) -> Tensor[*B, Max[Cin, Cout], H, W]:
    """Append channels of zeros until there are `channels`; of more, all stay."""
    batch, array = _counted("pad_channels", x, channels)
    return restore(batch, kernels.pad_channels(array, max(channels, array.shape[1])))


@typed
def pad_channels_vjp(
    x: Tensor[*B, Cin, H, W], channels: Cout
) -> FunctionVjp[Tensor[*B, Max[Cin, Cout], H, W], Tensor[*B, Cin, H, W]]:
    """Pad, and return with y the pullback dy -> dx, which drops what was appended."""
    batch, array = _counted("pad_channels", x, channels)
    padded = kernels.pad_channels_vjp(array, max(channels, array.shape[1]))
    return pulled("pad_channels", batch, *padded)


@typed
@differentiable(lambda: slice_channels_vjp)
def slice_channels(x: Tensor[*B, Cin, H, W], channels: Cout) -> Tensor[*B, Min[Cin, Cout], H, W]:
    """Keep the first `channels` channels; of fewer, all stay."""
    batch, array = _counted("slice_channels", x, channels)
    return restore(batch, kernels.slice_channels(array, min(channels, array.shape[1])))


@typed
def slice_channels_vjp(
    x: Tensor[*B, Cin, H, W], channels: Cout
) -> FunctionVjp[Tensor[*B, Min[Cin, Cout], H, W], Tensor[*B, Cin, H, W]]:
    """Slice, and return with y the pullback dy -> dx: 0 in the channels that were dropped."""
    batch, array = _counted("slice_channels", x, channels)
    sliced = kernels.slice_channels_vjp(array, min(channels, array.shape[1]))
    return pulled("slice_channels", batch, *sliced)


@typed
@differentiable(lambda: fit_vjp)
def fit(x: Tensor[*B, Cin, H, W], channels: Cout) -> Tensor[*B, Cout, H, W]:
    """Pad or slice to `channels` channels, whichever it takes."""
    same = _identity("fit", x, x.shape[-3:-2] == (channels,))
    if same is not None:
        y: AnyTensor = same[0]
        return y
    batch, array = _counted("fit", x, channels)
    if channels < array.shape[1]:
        return restore(batch, kernels.slice_channels(array, channels))
    return restore(batch, kernels.pad_channels(array, channels))


@typed
def fit_vjp(
    x: Tensor[*B, Cin, H, W], channels: Cout
) -> FunctionVjp[Tensor[*B, Cout, H, W], Tensor[*B, Cin, H, W]]:
    """Fit, and return with y the pullback dy -> dx, which slices what was padded and pads back."""
    same = _identity("fit", x, x.shape[-3:-2] == (channels,))
    if same is not None:
        return same
    batch, array = _counted("fit", x, channels)
    if channels < array.shape[1]:
        return pulled("fit", batch, *kernels.slice_channels_vjp(array, channels))
    return pulled("fit", batch, *kernels.pad_channels_vjp(array, channels))


@typed
@differentiable(lambda: subsample_vjp)
def subsample(x: Tensor[*B, C, H, W], stride: S) -> Tensor[*B, C, CeilDiv[H, S], CeilDiv[W, S]]:
    """Keep every `stride`-th row and column, from the first.

    y[c, i, j] = x[c, s i, s j]
    """
    whole("subsample", "stride", stride)
    same = _identity("subsample", x, stride == 1)
    if same is not None:
        y: AnyTensor = same[0]
        return y
    batch, array = images("subsample", x)
    return restore(batch, kernels.subsample(array, stride))


@typed
def subsample_vjp(
    x: Tensor[*B, C, H, W], stride: S
) -> FunctionVjp[Tensor[*B, C, CeilDiv[H, S], CeilDiv[W, S]], Tensor[*B, C, H, W]]:
    """Subsample, and return with y the pullback dy -> dx: 0 between the rows and columns kept."""
    whole("subsample", "stride", stride)
    same = _identity("subsample", x, stride == 1)
    if same is not None:
        return same
    batch, array = images("subsample", x)
    return pulled("subsample", batch, *kernels.subsample_vjp(array, stride))


def _counted(who: str, x: AnyTensor, channels: int) -> tuple[Batch, np.ndarray]:
    whole(who, "channels", channels)
    return images(who, x, "Cin")


def _identity(who: str, x: AnyTensor, changes_nothing: bool) -> FunctionVjp[Any, Any] | None:
    """Return x itself and a pullback that passes dy on, where images stay as they are."""
    if not changes_nothing or len(x.shape) < 3:
        return None
    like = Like.of(x)

    def back(dy: AnyTensor) -> AnyTensor:
        check_alike(who, like, dy)
        return dy

    return x, back
