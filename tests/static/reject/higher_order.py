"""R18: sizes lost where mypy matches them on its own."""

from functools import partial
from typing import TypeVar
from typing import Literal as L

import numpy as np

from typed_resnet import Tensor, pad_channels
from typed_resnet.dims import Add, C, H, W

C1 = TypeVar("C1", bound=int)
C2 = TypeVar("C2", bound=int)


def concat(x: Tensor[C1, H, W], y: Tensor[C2, H, W]) -> Tensor[Add[C1, C2], H, W]:
    return Tensor(np.concatenate([x.array, y.array]))


def heights_of_a_map(x: Tensor[L[3], L[56], W], y: Tensor[L[3], H, W]) -> None:
    map(concat, [x], [y])  # E: map returns [6, ?, W], and so loses a size; call the function itself  [shape-unknown]


def of_a_partial_function(x: Tensor[C, H, W]) -> None:
    partial(pad_channels, channels=8)  # E: partial returns [*?, ?, ?, ?], and so loses a size; call the function itself  [shape-unknown]


def copied_by_a_function_value(x: Tensor[L[3], L[56], W], y: Tensor[L[3], H, W]) -> None:
    joined = concat
    joined(x, y)  # E: joined expects height 56 as in x, got H: at H = 1 they are 56 and 1  [shape]
    # R: concat expects height 56 as in x, got 1
