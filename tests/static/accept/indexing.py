"""Parts of tensors, by Python's own rules, for all sizes."""

from typing import Literal as L
from typing import assert_type

from typed_resnet import Conv2D, Tensor, relu
from typed_resnet.dims import B, C, CeilDiv, FloorDiv, H, K, Min, N, S, Sub, W
from typed_resnet.ops import Labels


def every_other(x: Tensor[*B, C, H, W]) -> Tensor[*B, C, CeilDiv[H, L[2]], CeilDiv[W, L[2]]]:
    return x[..., ::2, ::2]


def every_stride(x: Tensor[C, H, W], stride: S) -> Tensor[C, CeilDiv[H, S], W]:
    return x[:, ::stride]


def inner(x: Tensor[C, H, W]) -> Tensor[C, Sub[H, L[2]], Sub[W, L[2]]]:
    return x[:, 1:-1, 1:-1]


def first(x: Tensor[N, C, H, W]) -> Tensor[C, H, W]:
    return x[0]


def last(x: Tensor[N, C, H, W]) -> Tensor[N, C, H]:
    return x[..., -1]


def whole(x: Tensor[*B, C, H, W]) -> Tensor[*B, C, H, W]:
    return relu(x[:])


def first_channels(x: Tensor[*B, C, H, W], k: K) -> Tensor[*B, Min[C, K], H, W]:
    return x[..., 0:k, :, :]


def corner(x: Tensor[C, H, W], y: Tensor[C, H, W]) -> Tensor[C, H, W]:
    """Crop to the size of another, which is no larger here."""
    *_, h, w = y.shape
    return x[..., :h, :w]


def last_three(x: Tensor[N, C]) -> Tensor[Min[N, L[3]], C]:
    return x[-3:]


def upper_half(x: Tensor[*B, H, W], h: H) -> Tensor[*B, FloorDiv[H, L[2]], W]:
    return x[..., : h // 2, :]


def lower_half(x: Tensor[L[3], L[9], L[7]]) -> None:
    h = x.shape[1]
    assert_type(x[:, h // 2 :], Tensor[L[3], L[5], L[7]])


def mirrored(x: Tensor[*B, H, W]) -> Tensor[*B, H, W]:
    return x[..., ::-1, ::-1]


def new_axes(x: Tensor[C, H]) -> Tensor[L[1], C, L[1], H]:
    return x[None, :, None]


def numbers(x: Tensor[L[3], L[8], L[9]]) -> None:
    y = x[-1, 6:2:-3, 1::4]
    assert_type(y, Tensor[L[2], L[2]])
    assert y.shape == (2, 2)
    z = x[0, 0, 0]
    assert_type(z, Tensor[()])
    assert z.shape == ()


def labels_of_two(labels: Labels[L[5]]) -> None:
    assert_type(labels[1:3], Labels[L[2]])


def cropped(
    conv: Conv2D[C, C, L[3], L[1], L[0]], x: Tensor[C, H, W]
) -> Tensor[C, Sub[H, L[2]], Sub[W, L[2]]]:
    """What a valid convolution leaves, and what a crop of its input does."""
    return conv(x) + x[:, 1:-1, 1:-1]
