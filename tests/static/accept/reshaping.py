"""Shapes with the same number of elements, for all sizes; and what stretches to another."""

from typing import Literal as L
from typing import TypeVar, TypeVarTuple, assert_type

from typed_resnet import Conv2D, Linear, Tensor
from typed_resnet.dims import CHECKED, B, C, Equal, H, Mul, N, Product, S, W
from typed_resnet.ops import broadcast_to, reshape, unsqueeze

G = TypeVar("G", bound=int)
Shape = TypeVarTuple("Shape")


def rows(x: Tensor[N, C, H, W]) -> Tensor[N, C, Mul[H, W]]:
    n, c, h, w = x.shape
    return reshape(x, n, c, h * w)


def there_and_back(x: Tensor[C, H, W]) -> Tensor[C, H, W]:
    c, h, w = x.shape
    flat = reshape(x, c * h * w)
    assert_type(flat, Tensor[Mul[C, Mul[H, W]]])
    return reshape(flat, c, h, w)


def batched(x: Tensor[*B, C, H, W]) -> Tensor[*B, Mul[C, H], W]:
    c, h, w = x.shape[-3:]
    return reshape(x, *x.shape[:-3], c * h, w)


def reshape_that_keeps_all_axes(x: Tensor[N, C, H, W]) -> None:
    """What `reshape_that_drops_an_axis` should have been."""
    n, c, h, w = x.shape
    assert_type(reshape(x, n, c * h * w), Tensor[N, Mul[C, Mul[H, W]]])


def numbers(x: Tensor[L[2], L[3], L[4]]) -> None:
    y = reshape(x, 6, 4)
    assert_type(y, Tensor[L[6], L[4]])
    assert y.shape == (6, 4)


def _flatten(x: Tensor[N, *Shape]) -> Tensor[N, Product[*Shape]]:
    n, *others = x.shape
    return Tensor(x.array.reshape(n, -1))


def head(
    conv: Conv2D[L[3], L[8], L[3], L[2], L[1]],
    linear: Linear[Mul[L[8], L[16]], L[10]],
    x: Tensor[N, L[3], L[8], L[8]],
) -> Tensor[N, L[10]]:
    """`Linear` is sized C·H·W: 8 channels of 4 x 4."""
    return linear(_flatten(conv(x)))


def flat_rows(x: Tensor[N, H, W]) -> None:
    assert_type(_flatten(x), Tensor[N, Mul[H, W]])


def _split(
    x: Tensor[*B, C], groups: G, size: S, where: Equal[Mul[G, S], C] = CHECKED
) -> Tensor[*B, G, S]:
    return Tensor(x.array.reshape(*x.array.shape[:-1], groups, size))


def own_condition(x: Tensor[N, L[12]], y: Tensor[Mul[H, W]], h: H, w: W) -> None:
    assert_type(_split(x, 3, 4), Tensor[N, L[3], L[4]])
    assert_type(_split(y, h, w), Tensor[H, W])


def bias(x: Tensor[N, C], b: Tensor[C]) -> Tensor[N, C]:
    return x + broadcast_to(b, *x.shape)


def bias_of_channels(x: Tensor[N, C, H, W], b: Tensor[C]) -> Tensor[N, C, H, W]:
    return x + broadcast_to(unsqueeze(unsqueeze(b, -1), -1), *x.shape)


def scale_of_one_row(x: Tensor[*B, H, W], scale: Tensor[*B, L[1], W]) -> Tensor[*B, H, W]:
    return x * broadcast_to(scale, *x.shape)


def mean_of_rows(x: Tensor[*B, C, L[1], W], h: H) -> Tensor[*B, C, H, W]:
    c, one, w = x.shape[-3:]
    return broadcast_to(x, *x.shape[:-3], c, h, w)
