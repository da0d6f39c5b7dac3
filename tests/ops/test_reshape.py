"""Laws of reshaping and stretching, and numbers worked by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from typed_resnet import ShapeError, Tensor
from typed_resnet.ops import broadcast_to, broadcast_to_vjp, reshape, reshape_vjp
from typed_resnet.runtime import HintError

SHAPES = st.lists(st.integers(1, 4), max_size=4)


def counted(shape: list[int]) -> Tensor[*tuple[int, ...]]:
    return Tensor(np.arange(math.prod(shape), dtype=np.float64).reshape(shape))


@given(SHAPES)
def test_order_is_kept_and_the_way_back_is_the_same(shape: list[int]) -> None:
    x = counted(shape)
    y = reshape(x, *reversed(shape))
    assert y.shape == tuple(reversed(shape))
    np.testing.assert_array_equal(y.array.ravel(), x.array.ravel())
    np.testing.assert_array_equal(reshape(y, *shape).array, x.array)


@given(SHAPES)
def test_pullback_of_reshape_arranges_back(shape: list[int]) -> None:
    x = counted(shape)
    y, back = reshape_vjp(x, math.prod(shape))
    assert y.shape == (math.prod(shape),)
    np.testing.assert_array_equal(back(y).array, x.array)


@given(SHAPES, st.data())
def test_stretching_is_linear_and_its_pullback_the_adjoint(
    shape: list[int], data: st.DataObject
) -> None:
    """The sum of y·(stretched x) is the sum of (pullback of y)·x."""
    kept = [data.draw(st.sampled_from([1, size])) for size in shape]
    kept = kept[data.draw(st.integers(0, len(shape))) :]
    x = counted(kept)
    y, back = broadcast_to_vjp(x, *shape)
    np.testing.assert_array_equal(y.array, broadcast_to(x, *shape).array)
    assert y.shape == tuple(shape)
    dy = counted(shape)
    dx = back(dy)
    assert dx.shape == x.shape
    assert (dy.array * y.array).sum() == (dx.array * x.array).sum()


def test_a_bias_by_hand() -> None:
    y, back = broadcast_to_vjp(Tensor(np.array([[1.0], [2.0]])), 3, 2, 2)
    assert y.array.tolist() == [[[1, 1], [2, 2]]] * 3
    assert back(Tensor.ones(3, 2, 2, dtype=np.float64)).array.tolist() == [[6], [6]]


def test_what_is_stretched_can_be_written_to() -> None:
    """A view of one element as many would change them all."""
    y = broadcast_to(Tensor.zeros(1), 2)
    y.array[0] = 1
    assert y.array.tolist() == [1, 0]


@pytest.mark.parametrize(
    ("shape", "sizes", "said"),
    [
        ((2, 3), (5,), "reshape expects 6 elements, got 5"),
        ((), (2,), "reshape expects 1 element, got 2"),
        ((2, 3), (-1,), "reshape expects axis 0 ≥ 0, got -1"),
    ],
)
def test_other_counts_are_refused(
    shape: tuple[int, ...], sizes: tuple[int, ...], said: str
) -> None:
    with pytest.raises(ShapeError) as error:
        reshape(Tensor.zeros(*shape), *sizes)
    assert str(error.value) == said


@pytest.mark.parametrize(
    ("shape", "sizes", "said"),
    [
        ((2,), (3,), "broadcast_to expects 1 or 3 on axis -1, got 2"),
        ((2, 1), (3, 2), "broadcast_to expects 1 or 3 on axis -2, got 2"),
        ((3,), (1,), "broadcast_to expects 1 on axis -1, got 3"),
        ((1, 3), (3,), "broadcast_to expects a shape that stretches to [3], got [1, 3]"),
    ],
)
def test_nothing_else_stretches(shape: tuple[int, ...], sizes: tuple[int, ...], said: str) -> None:
    with pytest.raises(ShapeError) as error:
        broadcast_to(Tensor.zeros(*shape), *sizes)
    assert str(error.value) == said


def test_pullbacks_take_what_is_like_y() -> None:
    _, back = reshape_vjp(Tensor.zeros(2, 3), 6)
    with pytest.raises(ShapeError, match="reshape expects 6 on axis 0, got 5"):
        back(Tensor.zeros(5))
    _, back = broadcast_to_vjp(Tensor.zeros(3), 2, 3)
    with pytest.raises(ShapeError, match="broadcast_to expects 2 on axis 0, got 3"):
        back(Tensor.zeros(3, 3))


@pytest.mark.parametrize("place", range(4))
@pytest.mark.parametrize("size", [2.0, np.int64(2), "2", None])
def test_a_size_is_an_int(size: object, place: int) -> None:
    """Wherever it stands: of several sizes each is looked at."""
    sizes = [1, 1, 1, 1]
    sizes[place] = size  # type: ignore[call-overload]  # the mistake
    with pytest.raises(HintError, match="not instance of int"):
        reshape(Tensor.ones(2), *sizes)
