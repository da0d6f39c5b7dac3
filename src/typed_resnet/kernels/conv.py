"""Convolution: one formula, the strategies that compute it, and its derivative."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import numpy as np

from typed_resnet.kernels import plain, unrolled, unrolled_gradients, winograd, winograd_gradients
from typed_resnet.kernels.blocks import channels_first, channels_last, windows_first
from typed_resnet.kernels.epilogue import NOTHING, Epilogue
from typed_resnet.kernels.forms import F2, F4, F5, Form
from typed_resnet.kernels.lanes import Filling, one_thread
from typed_resnet.kernels.products import strips_of
from typed_resnet.kernels.scalars import Real
from typed_resnet.kernels.strategy import Strategy, note, strategy_of
from typed_resnet.kernels.sums import channel_sum
from typed_resnet.kernels.weights import kept

_FORMS = {"winograd F2": F2, "winograd F4": F4, "winograd F5": F5}


def conv2d(
    x: Real[np.ndarray, "N Cin H W"],
    kernel: Real[np.ndarray, "Cout Cin KH KW"],
    bias: Real[np.ndarray, "Cout"] | None,
    stride: int,
    padding: int,
    then: Epilogue = NOTHING,
) -> Real[np.ndarray, "N Cout Ho Wo"]:
    """Convolve each image with each filter.

        y[n, o, i, j] = b[o] + sum over c, u, v of w[o, c, u, v] x[n, c, s i + u - p, s j + v - p]

    A cross-correlation, as in every network library; cells outside the image read as 0. `then`
    says what is done to y besides, while it is in the cache.

    Shape:
        x   (N, Cin, H, W)      w   (Cout, Cin, KH, KW)      b   (Cout)
        y   (N, Cout, H', W')   H' = (H + 2P - KH) // S + 1, W' alike
    Cost: 2 N Cout Cin KH KW H' W' flop; by Winograd's forms 4/9 or 1/4 of it, and the transforms.
    Raises: `ValueError` where no window fits.
    Source: Dumoulin and Visin, arXiv:1603.07285, relationship 6.
    """
    strategy = note(strategy_of(x.shape, kernel.shape, stride, padding, x.dtype))
    if strategy == "plain":
        return then.of(plain.convolve(x, kernel, bias, stride, padding))
    then = then.after_bias(bias)
    return _channels_last(strategy, x, kernel, stride, padding, then, keep=True)


def conv2d_vjp(
    x: Real[np.ndarray, "N Cin H W"],
    kernel: Real[np.ndarray, "Cout Cin KH KW"],
    bias: Real[np.ndarray, "Cout"] | None,
    stride: int,
    padding: int,
) -> tuple[
    Real[np.ndarray, "N Cout Ho Wo"],
    Callable[[np.ndarray], tuple[np.ndarray, np.ndarray | None, np.ndarray]],
]:
    """Convolve, and return with y the pullback dy -> (dw, db, dx).

        dw[o, c, u, v] = sum over n, i, j of dy[n, o, i, j] x[n, c, s i + u - p, s j + v - p]
        db[o]          = sum over n, i, j of dy[n, o, i, j]
        dx[n, c, h, l] = sum of dy[n, o, i, j] w[o, c, u, v]
                         over o and all i, u, j, v with s i + u - p = h, s j + v - p = l

    db is None where b is.

    Saves: nothing beyond x and w, but by Winograd's forms the transformed windows, 16/9 or 4 times
    the bytes of w; transformed images are made again, in less time than to read them back.
    Cost: in the pullback twice that of `conv2d`.
    Source: adjoint of the formula of `conv2d`, which is linear in each argument.
    """
    y, pullback = conv2d_vjp_filling(x, kernel, bias, stride, padding)

    def whole(
        dy: Real[np.ndarray, "N Cout Ho Wo"],
    ) -> tuple[
        Real[np.ndarray, "Cout Cin KH KW"],
        Real[np.ndarray, "Cout"] | None,
        Real[np.ndarray, "N Cin H W"],
    ]:
        dkernel, dbias, dx = pullback(dy)
        return dkernel.now(), dbias, dx

    return y, whole


_Pullback: TypeAlias = Callable[[np.ndarray], tuple[Filling, np.ndarray | None, np.ndarray]]


def conv2d_vjp_filling(
    x: np.ndarray, kernel: np.ndarray, bias: np.ndarray | None, stride: int, padding: int
) -> tuple[np.ndarray, _Pullback]:
    """Do what `conv2d_vjp` does, but let dw be filled when that suits."""
    chosen = strategy_of(x.shape, kernel.shape, stride, padding, x.dtype, training=True)
    strategy = note(chosen)
    then = NOTHING.after_bias(bias)
    if strategy in _FORMS:
        return _winograd_vjp(_FORMS[strategy], x, kernel, padding, then)
    if strategy == "plain":
        y = plain.convolve(x, kernel, bias, stride, padding)
    else:
        y = _channels_last(strategy, x, kernel, stride, padding, then, keep=False)

    def pullback(dy: np.ndarray) -> tuple[Filling, np.ndarray | None, np.ndarray]:
        dbias = None if bias is None else channel_sum(dy)
        if strategy == "plain":
            whole, dx = plain.gradients(x, kernel, dy, stride, padding)
            return Filling(whole), dbias, dx
        rows, images = channels_last(dy), channels_last(x)
        window = kernel.shape[2], kernel.shape[3]
        matrix = unrolled.weights(kernel)
        dx = unrolled_gradients.image_gradient(rows, matrix, images.shape, window, stride, padding)
        dkernel = unrolled_gradients.weight_gradient(images, rows, window, stride, padding)
        return dkernel, dbias, channels_first(dx)

    return y, pullback


def _winograd_vjp(
    form: Form, x: np.ndarray, kernel: np.ndarray, padding: int, then: Epilogue
) -> tuple[np.ndarray, _Pullback]:
    """Convolve by one of Winograd's forms, whose windows the pullback uses again."""
    images = channels_last(x)
    with one_thread():  # once for both
        U = winograd.weights(kernel, form, len(kernel))[:, 0]
        strips = strips_of(U, winograd.width_of_strips(images.shape, kernel.shape, form, padding))
        y = channels_first(winograd.convolve(images, strips, form, padding, then))

    def pullback(dy: np.ndarray) -> tuple[Filling, np.ndarray | None, np.ndarray]:
        dkernel, dbias, dx = winograd_gradients.gradients(
            images, channels_last(dy), U, form, padding
        )
        return dkernel, None if then.shift is None else dbias, channels_first(dx)

    return y, pullback


def _channels_last(
    strategy: Strategy,
    x: np.ndarray,
    kernel: np.ndarray,
    stride: int,
    padding: int,
    then: Epilogue,
    *,
    keep: bool,
) -> np.ndarray:
    """Convolve by a strategy other than the plain one; `keep` the transformed windows."""
    images = channels_last(x)
    if then.residual is not None:
        then = then._replace(residual=channels_last(then.residual))
    if strategy in _FORMS:
        form = _FORMS[strategy]
        width = winograd.width_of_strips(images.shape, kernel.shape, form, padding)
        if keep:
            name = f"{strategy} {width}"
            U = kept(name, kernel, then.scale, lambda w: winograd.weights(w, form, width))
            then = then._replace(scale=None)
        else:
            U = winograd.weights(kernel, form, width)
        return channels_first(winograd.convolve(images, U, form, padding, then))
    ready = then.scale is None and windows_first(kernel).flags.c_contiguous
    if keep and not ready:
        matrix = kept(strategy, kernel, then.scale, lambda w: unrolled.weights(w).copy())
        then = then._replace(scale=None)
    else:
        matrix = unrolled.weights(kernel)
    window = kernel.shape[2], kernel.shape[3]
    return channels_first(unrolled.convolve(images, matrix, window, stride, padding, then))
