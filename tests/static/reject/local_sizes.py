"""Local names whose size is another than the one wanted, or is not known."""

import math
from typing import Literal as L

import numpy as np

from typed_resnet import Conv2D, Tensor, relu
from typed_resnet.dims import Add, B, C, CeilDiv, FloorDiv, H, Min, Mul, W
from typed_resnet.ops import concat


def doubled(rng: np.random.Generator, c: C, x: Tensor[C, H, W]) -> None:
    d = 2 * c
    conv = Conv2D.init(rng, d, c, 1)
    conv(x)  # E: Conv2D[2*C, C, 1, 1, 0] expects 2*C channels, got C: at C = 1 they are 2 and 1  [shape]
    # R: Conv2D[2, 1, 1, 1, 0] expects 2 channels, got 1


def half_and_half(x: Tensor[C, H, W]) -> Tensor[C, H, W]:
    c, h, w = x.shape
    half = h // 2
    whole = half + half
    return Tensor.zeros(c, whole, w)  # E: returns height 2*(H//2), declared H: at H = 1 they are 0 and 1  [return-value]
    # R: half_and_half returns height 0, declared 1


def leading_axes_twice(x: Tensor[*B, C, H, W]) -> Tensor[*B, C, H, W]:
    *b, c, h, w = x.shape
    return Tensor.zeros(*b, c, c, h, w)  # E: returns [*B, C, C, H, W], declared [*B, C, H, W]  [return-value]
    # R: leading_axes_twice returns [4, 4, 9, 7], declared [*B, C, H, W]


def leading_axes_changed(x: Tensor[*B, C, H, W]) -> None:
    """A list may be changed by whoever has it: then nothing is known of it."""
    *b, c, h, w = x.shape
    b.append(2)
    Tensor.zeros(*b, c, h, w)  # E: Tensor.zeros expects a shape in shape, got [*?, C, H, W] of unknown size  [shape-unknown]


def bound_twice(rng: np.random.Generator, c: C, wide: bool) -> None:
    width = c
    if wide:
        width = c
    channels = 2 * c
    channels += 1
    Conv2D.init(rng, width, channels, 1)  # E: Conv2D.init expects channels in out_channels, got an int of unknown size  [shape-unknown]


def of_a_loop(rng: np.random.Generator, x: Tensor[L[3], H, W]) -> None:
    for width in (8, 16):
        Conv2D.init(rng, 3, width, 1)  # E: Conv2D.init expects channels in out_channels, got an int of unknown size  [shape-unknown]


def of_a_parameter(rng: np.random.Generator, width: int = 8) -> None:
    Conv2D.init(rng, 3, width, 1)  # E: Conv2D.init expects channels in out_channels, got an int of unknown size  [shape-unknown]


def axis_by_name(x: Tensor[C, H, W]) -> None:
    axis = 3 - 5
    concat(x, Tensor.zeros(x.shape[0], x.shape[1], x.shape[-1]), axis=axis) + x  # E: + expects height 2*H, got H: at H = 1 they are 2 and 1  [shape]
    # R: + expects 2 on axis 1, got 1


def lost_once(rng: np.random.Generator, width: int, x: Tensor[C, H, W]) -> Tensor[L[8], H, W]:
    """Where a size is lost is said; what is made of it says nothing more."""
    conv = Conv2D.init(rng, width, 8, 3, 1, 1)  # E: Conv2D.init expects channels in in_channels, got an int of unknown size  [shape-unknown]
    return relu(conv(Tensor.zeros(2, *x.shape[-2:])))


def third(c: C) -> FloorDiv[C, L[2]]:
    return c // 3  # E: returns C//3 channels, declared C//2: at C = 2 they are 0 and 1  [return-value]
    # R: third returns 0 channels, declared 1


def third_by_name(c: C) -> FloorDiv[C, L[2]]:
    part = c // 3
    assert part < c
    return part  # E: returns C//3 channels, declared C//2: at C = 2 they are 0 and 1  [return-value]
    # R: third_by_name returns 0 channels, declared 1


def doubled_by_name(h: H) -> Mul[L[2], H]:
    twice: Mul[L[2], H] = 2 * h + 1  # E: is given height 2*H + 1, declared 2*H: at H = 1 they are 3 and 2  [assignment]
    # R: doubled_by_name returns height 3, declared 2
    return twice


def capped(c: C) -> Min[C, L[8]]:
    return max(c, 8)  # E: returns max(C, 8) channels, declared min(C, 8): at C = 1 they are 8 and 1  [return-value]
    # R: capped returns 8 channels, declared 1


def widest_of_a_list(c: C) -> Min[C, L[8]]:
    return max([c, 8])  # E: returns max(C, 8) channels, declared min(C, 8): at C = 1 they are 8 and 1  [return-value]
    # R: widest_of_a_list returns 8 channels, declared 1


def rounded(h: H) -> CeilDiv[H, L[2]]:
    return math.floor(h / 2)  # E: returns height H//2, declared ⌈H/2⌉: at H = 1 they are 0 and 1  [return-value]
    # R: rounded returns height 0, declared 1


def rounded_up(w: W) -> FloorDiv[W, L[2]]:
    return -(-w // 2)  # E: returns width ⌈W/2⌉, declared W//2: at W = 1 they are 1 and 0  [return-value]
    # R: rounded_up returns width 1, declared 0


def rounded_up_by_name(w: W) -> FloorDiv[W, L[2]]:
    half = -(-w // 2)
    return half  # noqa: RET504 -- that name is what is judged  # E: returns width ⌈W/2⌉, declared W//2: at W = 1 they are 1 and 0  [return-value]
    # R: rounded_up_by_name returns width 1, declared 0


def divided(w: W) -> None:
    half, _ = divmod(w + 1, 2)
    Tensor.zeros(2, half)  # E: Tensor.zeros expects a shape in shape, got [2, ?] of unknown size  [shape-unknown]


def below_nought(h: H) -> None:
    """To int a number below nought is rounded up."""
    Tensor.zeros(2, int((h - 9) / 2) + 4)  # E: Tensor.zeros expects a shape in shape, got [2, ?] of unknown size  [shape-unknown]


def summed(c: C, h: H) -> Add[C, L[1]]:
    return sum((c, h))  # E: returns C + H channels, declared C + 1: at C = 1, H = 2 they are 3 and 2  [return-value]
    # R: summed returns 3 channels, declared 2
