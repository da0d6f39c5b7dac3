"""Parts that a tensor has not, or that are of another shape than is said."""

from typing import Literal as L

from typed_resnet import Conv2D, Tensor, relu
from typed_resnet.dims import B, C, FloorDiv, H, N, W


def fourth_of_three(x: Tensor[L[3], H, W]) -> None:
    x[3]  # E: [] expects an index < 3 on axis 0, got 3  [shape-range]


def minus_fourth_of_three(x: Tensor[L[3], H, W]) -> None:
    x[-4]  # E: [] expects an index ≥ -3 on axis 0, got -4  [shape-range]


def as_many_as_there_are(x: Tensor[C, H, W]) -> None:
    c, *_ = x.shape
    x[c]  # E: [] expects an index < C on axis 0, got C  [shape-range]
    # R: [] expects an index < 4 on axis 0, got 4


def too_many(x: Tensor[C, H]) -> None:
    x[0, 0, 0]  # E: [] expects at most 2 indices for [C, H], got 3  [shape-range]
    # R: [] expects at most 2 indices for [4, 9], got 3


def dots_twice(x: Tensor[C, H]) -> None:
    x[..., 0, ...]  # E: [] expects one ... at most, got 2  [shape-range]


def nothing(x: Tensor[C, H]) -> None:
    x[:, 5:3]  # E: [] expects a slice of at least 1 on axis 1, got 5:3 of H  [shape-range]
    # R: [] expects a slice of at least 1 on axis 1, got 5:3 of 9


def beyond(x: Tensor[*B, L[4]]) -> None:
    x[..., 4:]  # E: [] expects a slice of at least 1 on axis -1, got 4: of 4  [shape-range]
    # R: [] expects a slice of at least 1 on axis 0, got 4: of 4


def step_of_0(x: Tensor[C]) -> None:
    x[::0]  # E: [] expects a step other than 0, got 0  [shape-range]


def half(x: Tensor[C, H]) -> Tensor[C, FloorDiv[H, L[2]]]:
    return x[:, ::2]  # E: returns height ⌈H/2⌉, declared H//2: at H = 1 they are 1 and 0  [return-value]
    # R: half returns height 0, which is less than 1


def crop_of_one_side(conv: Conv2D[C, C, L[3], L[1], L[0]], x: Tensor[C, L[8], L[8]]) -> None:
    conv(x) + x[:, 1:-1, 1:]  # E: + expects 6 on axis 2, got 7  [shape]


def first_of_any(x: Tensor[*B, C, H, W]) -> None:
    """Which axis it takes depends on whether there are any before C."""
    relu(x[0])  # E: relu expects a shape in x, got [*?] of unknown size  [shape-unknown]


def places_of_unknown_number(x: Tensor[N, C], many: int) -> None:
    relu(x[:many])  # E: relu expects a shape in x, got [?, C] of unknown size  [shape-unknown]


def from_either_end(x: Tensor[L[3], L[5]], h: H) -> None:
    """What h - 3 counts from depends on h."""
    relu(x[:, : h - 3])  # E: relu expects a shape in x, got [3, ?] of unknown size  [shape-unknown]
