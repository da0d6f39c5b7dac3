"""A7, A8: channels added up, padded and sliced."""

from typing import TypeVar, assert_type
from typing import Literal as L

import numpy as np

from typed_resnet import Tensor, pad_channels, slice_channels
from typed_resnet.dims import Add, Cin, Cout, H, W

C1 = TypeVar("C1", bound=int)
C2 = TypeVar("C2", bound=int)


def concat(x: Tensor[C1, H, W], y: Tensor[C2, H, W]) -> Tensor[Add[C1, C2], H, W]:
    """Put the channels of y after those of x."""
    return Tensor(np.concatenate([x.array, y.array]))


def concat_commutes_in_the_sum(
    x: Tensor[Cin, H, W], y: Tensor[Cout, H, W]
) -> Tensor[Add[Cin, Cout], H, W]:
    """A7: the order of the channels differs, their number does not."""
    return concat(x, y) + concat(y, x)


def concat_with_numbers(x: Tensor[L[3], H, W], y: Tensor[L[5], H, W]) -> None:
    assert_type(concat(x, y), Tensor[L[8], H, W])


def pad_then_slice(
    x: Tensor[L[3], H, W],
) -> Tensor[L[3], H, W]:
    """A8: 3 channels, padded to 8, sliced back to 3."""
    padded = pad_channels(x, 8)
    assert_type(padded, Tensor[L[8], H, W])
    return slice_channels(padded, 3)


def pad_then_slice_back(x: Tensor[Cin, H, W], cin: Cin, cout: Cout) -> Tensor[Cin, H, W]:
    """A8, for all Cin and Cout."""
    return slice_channels(pad_channels(x, cout), cin)
