"""Networks as others write them, each with one slip: a growth too many, a skip of another stage."""

from collections.abc import Sequence
from typing import Protocol
from typing import Literal as L

import numpy as np

from typed_resnet import Conv2D, Linear, MaxPool2D, Tensor, relu
from typed_resnet.dims import B, C, CeilDiv, Cin, Cout, H, Max, Mul, N, W
from typed_resnet.layers import AvgPool2D
from typed_resnet.ops import concat, mean, reshape, sigmoid, unsqueeze, upsample

Rng = np.random.Generator


def skip_of_another_stage(
    enc: Conv2D[L[3], C, L[3], L[1], L[1]],
    mid: Conv2D[C, C, L[3], L[1], L[1]],
    x: Tensor[*B, L[3], Mul[L[4], H], Mul[L[4], W]],
) -> None:
    pool = MaxPool2D(2)
    skip1 = enc(x)
    skip2 = mid(pool(skip1))
    y = upsample(mid(pool(skip2)), 2)
    concat(y, skip1, axis=-3)  # E: concat expects height 2*H as in x, got 4*H: at H = 1 they are 2 and 4  [shape]
    # R: concat expects height 2 as in x, got 4



def growth_once_too_often(rng: Rng, c: C, x: Tensor[*B, C, H, W]) -> None:
    first = Conv2D.init(rng, c, 8, 3, padding=1)
    second = Conv2D.init(rng, c + 16, 8, 3, padding=1)
    y = concat(x, relu(first(x)), axis=-3)
    second(y)  # E: Conv2D[C + 16, 8, 3, 1, 1] expects C + 16 channels, got C + 8: at C = 1 they are 17 and 9  [shape]
    # R: Conv2D[17, 8, 3, 1, 1] expects 17 channels, got 9


def reduced_by_another_rule(
    down: Linear[C, Max[L[8], C]], rng: Rng, c: C, x: Tensor[N, C, H, W]
) -> None:
    up = Linear.init(rng, max(4, c), c)
    up(relu(down(mean(x, axis=(-2, -1)))))  # E: Linear[max(C, 4), C] expects max(C, 4) features, got max(C, 8): at C = 1 they are 4 and 8  [shape]
    # R: Linear[4, 1] expects 4 features, got 8


def scale_of_pixels(x: Tensor[*B, C, H, W]) -> None:
    scale = sigmoid(unsqueeze(unsqueeze(mean(x, axis=(-2, -1)), -1), -1))
    x * scale  # E: * expects height H, got 1: at H = 2 they are 2 and 1  [shape]
    # R: * expects 2 on axis 1, got 1


def branches_without_the_last(
    one: Conv2D[Cin, Cout, L[1], L[1], L[0]],
    join: Conv2D[Mul[L[3], Cout], Cout, L[1], L[1], L[0]],
    x: Tensor[*B, Cin, H, W],
) -> None:
    branches = one(x), relu(one(x))
    join(concat(*branches, axis=-3))  # E: Conv2D[3*Cout, Cout, 1, 1, 0] expects 3*Cout channels, got 2*Cout: at Cout = 1 they are 3 and 2  [shape]
    # R: Conv2D[3, 1, 1, 1, 0] expects 3 channels, got 2


def coarse_map_of_an_odd_one(x: Tensor[C, H, W], y: Tensor[C, CeilDiv[H, L[2]], W]) -> None:
    upsample(AvgPool2D(1, 1)(y), 2) + x  # E: + expects height 2*⌈H/2⌉, got H: at H = 1 they are 2 and 1  [shape]
    # R: + expects 2 on axis 1, got 1


def seed_of_a_generator(dense: Linear[N, Mul[C, L[16]]], c: C, z: Tensor[N]) -> None:
    reshape(dense(z), c, 4, 5)  # E: reshape expects 16*C elements, got 20*C: at C = 1 they are 16 and 20  [shape]
    # R: reshape expects 16 elements, got 20




def configured(rng: Rng, c: C, x: Tensor[N, C]) -> Tensor[N, L[10]]:
    width = 2 * c
    return Linear.init(rng, width, 10)(x)  # E: Linear[2*C, 10] expects 2*C features, got C: at C = 1 they are 2 and 1  [shape]
    # R: Linear[2, 10] expects 2 features, got 1


class _Keeps(Protocol):
    def __call__(self, x: Tensor[*B, C, H, W], /) -> Tensor[*B, C, H, W]: ...


def registered(x: Tensor[*B, C, H, W]) -> Tensor[*B, W, C, H]:
    table: dict[str, _Keeps] = {"relu": relu, "sigmoid": sigmoid}
    return table["relu"](x)  # E: returns width C, declared W: at C = 1, W = 2 they are 1 and 2  [return-value]
    # R: registered returns width 1, declared 2


def of_another_kind(
    shortcut: Conv2D[C, C, L[3], L[2], L[1]] | MaxPool2D[L[3], L[2], L[1]], x: Tensor[C, H, W]
) -> Tensor[C, H, W]:
    match shortcut:
        case Conv2D():
            return shortcut(x) + x  # E: + expects height ⌈H/2⌉, got H: at H = 2 they are 1 and 2  [shape]
            # R: + expects 1 on axis 1, got 2
        case MaxPool2D():
            return x


def walrus(
    project: Conv2D[Cin, Cout, L[1], L[2], L[0]] | None,
    conv: Conv2D[Cin, Cout, L[3], L[1], L[1]],
    x: Tensor[Cin, H, W],
) -> None:
    if (shortcut := project) is not None:
        conv(x) + shortcut(x)  # E: + expects height H, got ⌈H/2⌉: at H = 2 they are 2 and 1  [shape]
        # R: + expects 2 on axis 1, got 1



def all_steps(
    convs: Sequence[Conv2D[C, C, L[3], L[1], L[1]]], x: Tensor[C, H, W]
) -> list[Tensor[C, H, W]]:
    return [concat(conv(x), x, axis=-3) for conv in convs]  # E: list is given 2*C channels, declared C: at C = 1 they are 2 and 1  [misc]
    # R: all_steps returns 2 channels, declared 1


def both(x: Tensor[C, H, W]) -> tuple[Tensor[C, H, W], Tensor[C, W, H]]:
    y = relu(x)
    return x, y  # E: returns width H, declared W: at H = 1, W = 2 they are 1 and 2  [return-value]
    # R: both returns width 1, declared 2
