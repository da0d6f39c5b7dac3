"""Between tensors with any leading batch axes and kernels on [N, C, H, W]."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, TypeAlias

import numpy as np

from typed_resnet.errors import ShapeError
from typed_resnet.layers.gradients import FunctionVjp
from typed_resnet.runtime import check_same_shape
from typed_resnet.tensor import Tensor, check_same_dtype

Batch: TypeAlias = tuple[int, ...]
AnyTensor: TypeAlias = Tensor[*tuple[Any, ...]]


def images(who: str, x: AnyTensor, channels: int | None = None) -> tuple[Batch, np.ndarray]:
    """Gather all leading axes into one: [*B, C, H, W] to *B and [N, C, H, W].

    Raises: ShapeError, where there are less than three axes, or other channels than expected.
    """
    batch, array = _gathered(who, x, 3, f"[*B, {channels or 'C'}, H, W]")
    if channels is not None and array.shape[1] != channels:
        raise ShapeError(f"{who} expects {channels} channels, got {array.shape[1]}")
    return batch, array


def vectors(who: str, x: AnyTensor, features: int) -> tuple[Batch, np.ndarray]:
    """Gather all leading axes into one: [*B, In] to *B and [N, In].

    Raises: ShapeError, where there is no axis, or other features than expected.
    """
    batch, array = _gathered(who, x, 1, f"[*B, {features}]")
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


def restore(batch: Batch, array: np.ndarray) -> AnyTensor:
    """Part the first axis into the axes that were gathered."""
    return Tensor(array.reshape(batch + array.shape[1:]))


def pulled(
    who: str, batch: Batch, y: np.ndarray, pullback: Callable[[np.ndarray], np.ndarray]
) -> FunctionVjp[AnyTensor, AnyTensor]:
    """Turn a kernel's y and dy -> dx into those of tensors.

    The pullback raises ShapeError or DTypeError, where dy is not like y.
    """
    made = restore(batch, y)
    return made, lambda dy: restore(batch, pullback(cotangent(who, batch, dy, made)))


def cotangent(who: str, batch: Batch, dy: AnyTensor, y: AnyTensor) -> np.ndarray:
    """Gather the leading axes of dy, once it is like y.

    Raises: ShapeError or DTypeError, where it is not.
    """
    check_alike(who, y, dy)
    return dy.array.reshape(math.prod(batch), *dy.array.shape[len(batch) :])


def check_alike(who: str, y: AnyTensor, dy: AnyTensor) -> None:
    """Refuse a dy that differs from y in shape or dtype.

    Raises: ShapeError or DTypeError.
    """
    check_same_shape(who, y.array.shape, dy.array.shape)
    check_same_dtype(who, y, dy)


def _gathered(who: str, x: AnyTensor, rank: int, expected: str) -> tuple[Batch, np.ndarray]:
    array = x.array
    if array.ndim < rank:
        raise ShapeError(f"{who} expects {expected}, got {list(array.shape)}")
    batch = array.shape[: array.ndim - rank]
    return batch, array.reshape(math.prod(batch), *array.shape[array.ndim - rank :])
