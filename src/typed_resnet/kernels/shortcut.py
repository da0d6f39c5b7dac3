"""The parts of a shortcut without parameters: fewer places, more or fewer channels.

Source: He et al., arXiv:1512.03385, section 4.1, option A.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from typed_resnet.kernels.blocks import empty_like
from typed_resnet.kernels.scalars import Real, number


def pad_channels(x: Real[np.ndarray, "N C H W"], channels: int) -> Real[np.ndarray, "N D H W"]:
    """Append channels of zeros until there are `channels`."""
    N, C, H, W = x.shape
    if channels < C:
        raise ValueError(f"{C} channels do not fit into {channels}")
    y = empty_like(x, N, channels, H, W)
    y[:, :C] = x
    y[:, C:] = number(0, x.dtype)
    return y


def pad_channels_vjp(
    x: Real[np.ndarray, "N C H W"], channels: int
) -> tuple[Real[np.ndarray, "N D H W"], Callable[[np.ndarray], np.ndarray]]:
    """Pad, and return with y the pullback dy -> dx: a slice, as the zeros depend on nothing."""
    C = x.shape[1]

    def pullback(dy: Real[np.ndarray, "N D H W"]) -> Real[np.ndarray, "N C H W"]:
        return slice_channels(dy, C)

    return pad_channels(x, channels), pullback


def slice_channels(x: Real[np.ndarray, "N C H W"], channels: int) -> Real[np.ndarray, "N D H W"]:
    """Keep the first `channels` channels."""
    N, C, H, W = x.shape
    if channels > C:
        raise ValueError(f"{channels} channels cannot be taken from {C}")
    y = empty_like(x, N, channels, H, W)
    y[...] = x[:, :channels]
    return y


def slice_channels_vjp(
    x: Real[np.ndarray, "N C H W"], channels: int
) -> tuple[Real[np.ndarray, "N D H W"], Callable[[np.ndarray], np.ndarray]]:
    """Slice, and return with y the pullback dy -> dx: a padding, as what was dropped gets 0."""
    C = x.shape[1]

    def pullback(dy: Real[np.ndarray, "N D H W"]) -> Real[np.ndarray, "N C H W"]:
        return pad_channels(dy, C)

    return slice_channels(x, channels), pullback


def subsample(x: Real[np.ndarray, "N C H W"], stride: int) -> Real[np.ndarray, "N C Ho Wo"]:
    """Keep every `stride`-th row and column, from the first.

        y[n, c, i, j] = x[n, c, s i, s j]

    Shape:
        y   (N, C, H', W')   H' = (H - 1) // S + 1, W' alike
    """
    if stride < 1:
        raise ValueError(f"a stride is at least 1, got {stride}")
    places = x[:, :, ::stride, ::stride]
    y = empty_like(x, *places.shape)
    y[...] = places
    return y


def subsample_vjp(
    x: Real[np.ndarray, "N C H W"], stride: int
) -> tuple[Real[np.ndarray, "N C Ho Wo"], Callable[[np.ndarray], np.ndarray]]:
    """Subsample, and return with y the pullback dy -> dx: 0 between the rows and columns kept."""
    shape = x.shape

    def pullback(dy: Real[np.ndarray, "N C Ho Wo"]) -> Real[np.ndarray, "N C H W"]:
        dx = empty_like(dy, *shape)
        dx[...] = number(0, dy.dtype)
        dx[:, :, ::stride, ::stride] = dy
        return dx

    return subsample(x, stride), pullback
