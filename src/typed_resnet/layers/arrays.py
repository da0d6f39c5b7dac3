"""Between tensors with any leading batch axes and kernels on [N, C, H, W]."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, NamedTuple, TypeAlias

import numpy as np

from typed_resnet.dims.matching import Part, Star, match
from typed_resnet.dims.sentences import out_of_range, sentence
from typed_resnet.dims.term import Operation, Symbol
from typed_resnet.errors import ShapeError
from typed_resnet.kernels.epilogue import Epilogue
from typed_resnet.kernels.lanes import Filling
from typed_resnet.kernels.pending import Pending, may_wait, of_array, of_filling, of_source
from typed_resnet.layers.gradients import FunctionVjp
from typed_resnet.runtime import check_same_shape, printed_type
from typed_resnet.tensor import Tensor, check_same_dtype

Batch: TypeAlias = tuple[int, ...]
AnyTensor: TypeAlias = Tensor[*tuple[Any, ...]]

_B = Symbol("B", least=0)


def images(who: object, x: AnyTensor, channels: int | str = "C") -> tuple[Batch, np.ndarray]:
    """Gather all leading axes into one: [*B, C, H, W] to *B and [N, C, H, W].

    `channels` is their number, or what the signature calls it where any will do. The run-time
    hook has checked all this before, where it is not switched off.

    Raises: ShapeError, where there are less than three axes, or other channels than expected.
    """
    return _gathered(who, x, "C", channels, "H", "W")


def batch_of(who: object, x: AnyTensor, channels: int | str = "C") -> Batch:
    """Check the axes as `images` does, and return *B alone, for which no numbers are needed."""
    return _leading(who, x, "C", channels, "H", "W")


def vectors(who: object, x: AnyTensor, features: int) -> tuple[Batch, np.ndarray]:
    """Gather all leading axes into one: [*B, In] to *B and [N, In].

    Raises: ShapeError, where there is no axis, or other features than expected.
    """
    return _gathered(who, x, "In", features)


def numbers(tensor: AnyTensor | None) -> np.ndarray | None:
    """Return the numbers of what a layer may have, such as a bias."""
    return None if tensor is None else tensor.array


def check_window(shape: tuple[int, ...], window: int, padding: int) -> None:
    """Refuse images [*B, C, H, W] smaller than a window.

    Raises: ShapeError.
    """
    check_windows(shape, (window, window), (padding, padding))


def check_windows(
    shape: tuple[int, ...], windows: tuple[int, int], paddings: tuple[int, int]
) -> None:
    """Refuse images smaller than a window of this height and this width.

    Raises: ShapeError.
    """
    for name, size, window, padding in zip("HW", shape[-2:], windows, paddings, strict=True):
        if window > size + 2 * padding:
            places = Operation("ConvOut", (size, window, 1, padding))
            raise ShapeError(out_of_range("", places, {}, name, 0))


def restore(batch: Batch, array: np.ndarray) -> AnyTensor:
    """Part the first axis into the axes that were gathered."""
    return Tensor(array if len(batch) == 1 else array.reshape(batch + array.shape[1:]))


def waiting(batch: Batch, array: np.ndarray, then: Epilogue) -> AnyTensor:
    """Do an epilogue to an array, later where that may wait."""
    return _later(array.dtype, of_array(batch, array, then))


def made_with(
    batch: Batch, like: np.ndarray, source: Callable[[Epilogue], np.ndarray]
) -> AnyTensor:
    """Make an array like this one together with an epilogue, later where that may wait."""
    return _later(like.dtype, of_source(batch, like.shape, source))


def filled(filling: Filling) -> AnyTensor:
    """Have an array filled, later where that may wait."""
    left = of_filling(filling)
    return Tensor(filling.now()) if left is None else Tensor.later(left)


def _later(dtype: np.dtype[Any], result: Pending) -> AnyTensor:
    return Tensor.later(result) if may_wait(dtype) else Tensor(result.numbers())


def pulled(
    who: str, batch: Batch, y: np.ndarray, pullback: Callable[[np.ndarray], np.ndarray]
) -> FunctionVjp[AnyTensor, AnyTensor]:
    """Turn a kernel's y and dy -> dx into those of tensors.

    The pullback raises ShapeError or DTypeError, where dy is not like y.
    """
    made = restore(batch, y)
    like = Like.of(made)
    return made, lambda dy: restore(batch, pullback(cotangent(who, batch, dy, like)))


class Like(NamedTuple):
    """What a pullback remembers of its result, which it does not keep alive."""

    shape: tuple[int, ...]
    dtype: np.dtype[Any]

    @staticmethod
    def of(y: AnyTensor) -> Like:
        return Like(y.shape, y.dtype)


def cotangent(who: str, batch: Batch, dy: AnyTensor, y: AnyTensor | Like) -> np.ndarray:
    """Gather the leading axes of dy, once it is like y.

    Raises: ShapeError or DTypeError, where it is not.
    """
    check_alike(who, y, dy)
    return _as_images(batch, dy.array)


def check_alike(who: str, y: AnyTensor | Like, dy: AnyTensor) -> None:
    """Refuse a dy that differs from y in shape or dtype.

    Raises: ShapeError or DTypeError.
    """
    check_same_shape(who, y.shape, dy.shape)
    check_same_dtype(who, y, dy)


def _gathered(
    who: object, x: AnyTensor, noun: str, first: int | str, *others: str
) -> tuple[Batch, np.ndarray]:
    """Gather the axes before those that are named; the first of these may be known."""
    batch = _leading(who, x, noun, first, *others)
    return batch, _as_images(batch, x.array)


def _as_images(batch: Batch, array: np.ndarray) -> np.ndarray:
    if len(batch) == 1:
        return array
    return array.reshape(math.prod(batch), *array.shape[len(batch) :])


def _leading(who: object, x: AnyTensor, noun: str, first: int | str, *others: str) -> Batch:
    shape = x.shape
    leading = len(shape) - 1 - len(others)
    if leading < 0 or (isinstance(first, int) and shape[leading] != first):
        axes = (_axis(first), *map(_axis, others))
        raise _misfit(who, Part("x", (Star(_B), *axes), shape, (None, noun, *others)))
    return shape[:leading]


def _axis(size: int | str) -> int | Symbol:
    return Symbol(size) if isinstance(size, str) else size


def _misfit(who: object, part: Part) -> ShapeError:
    symbols = [axis for axis in part.formal if isinstance(axis, Symbol)]
    failure = match([part], [_B, *symbols]).failure
    assert failure is not None
    return ShapeError(sentence(who if isinstance(who, str) else printed_type(who), failure))
