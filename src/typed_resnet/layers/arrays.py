"""Between tensors with any leading batch axes and kernels on [N, C, H, W]."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from typed_resnet.errors import ShapeError
from typed_resnet.tensor import Tensor

Batch = tuple[int, ...]


def images(
    who: str, x: Tensor[*tuple[Any, ...]], channels: int | None = None
) -> tuple[Batch, np.ndarray]:
    """Gather all leading axes into one: [*B, C, H, W] to *B and [N, C, H, W].

    Raises: ShapeError, where there are less than three axes, or other channels than expected.
    """
    batch, array = _gathered(who, x, 3, "[*B, Cin, H, W]" if channels else "[*B, C, H, W]")
    if channels is not None and array.shape[1] != channels:
        raise ShapeError(f"{who} expects {channels} channels, got {array.shape[1]}")
    return batch, array


def vectors(who: str, x: Tensor[*tuple[Any, ...]], features: int) -> tuple[Batch, np.ndarray]:
    """Gather all leading axes into one: [*B, In] to *B and [N, In].

    Raises: ShapeError, where there is no axis, or other features than expected.
    """
    batch, array = _gathered(who, x, 1, "[*B, In]")
    if array.shape[1] != features:
        raise ShapeError(f"{who} expects {features} features, got {array.shape[1]}")
    return batch, array


def check_window(array: np.ndarray, window: int, padding: int) -> None:
    """Refuse images smaller than a window.

    Raises: ShapeError.
    """
    for name, size in zip(("height", "width"), array.shape[2:], strict=True):
        if window > size + 2 * padding:
            raise ShapeError(f"window {window} does not fit {name} {size} padded by {padding}")


def restore(batch: Batch, array: np.ndarray) -> Tensor[*tuple[Any, ...]]:
    """Part the first axis into the axes that were gathered."""
    return Tensor(array.reshape(batch + array.shape[1:]))


def _gathered(
    who: str, x: Tensor[*tuple[Any, ...]], rank: int, expected: str
) -> tuple[Batch, np.ndarray]:
    array = x.array
    if array.ndim < rank:
        raise ShapeError(f"{who} expects {expected}, got {list(array.shape)}")
    batch = array.shape[: array.ndim - rank]
    return batch, array.reshape(math.prod(batch), *array.shape[array.ndim - rank :])
