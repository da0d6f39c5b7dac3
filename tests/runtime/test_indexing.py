"""Indexing a Tensor while the program runs."""

from __future__ import annotations

from fractions import Fraction
from typing import Any
from typing import Literal as L

import numpy as np
import pytest

from typed_resnet import ShapeError, Tensor, vjp
from typed_resnet.dims import H
from typed_resnet.ops import Labels


class Row(Tensor[L[1], H]):
    """A subclass that fixes an axis."""


def test_a_part_is_a_view() -> None:
    x = Tensor.zeros(2, 3)
    x[0, 1:].array[...] = 1
    assert x.array.tolist() == [[0, 1, 1], [0, 0, 0]]


def test_one_number_is_a_tensor() -> None:
    x = Tensor(np.array([Fraction(1, 3), Fraction(2, 3)]))
    assert x[1].shape == ()
    assert x[1].array == Fraction(2, 3)


def test_a_class_that_leaves_the_shape_open_stays() -> None:
    assert type(Labels(np.array([1, 2]))[:1]) is Labels
    assert type(Row(np.zeros((1, 4)))[0]) is Tensor


def test_numpys_ints_are_ints() -> None:
    assert Tensor.zeros(3, 4)[np.int64(2), : np.int32(3)].shape == (3,)


def test_a_whole_slice_of_nothing_is_as_empty() -> None:
    assert Tensor.zeros(0, 4)[:, 1:].shape == (0, 3)
    with pytest.raises(ShapeError, match="expects a slice of at least 1 on axis 0, got :2 of 0"):
        Tensor.zeros(0, 4)[:2]


@pytest.mark.parametrize("index", [[0], True, np.array([0]), np.True_, 1.0, "a", (0, [1])])
def test_no_other_index(index: Any) -> None:
    with pytest.raises(TypeError, match=r"expects ints, slices, ... and None, got .*: index x"):
        Tensor.zeros(3, 4)[index]


def test_the_pullback_scatters_into_noughts() -> None:
    x = Tensor(np.arange(6, dtype=np.float64).reshape(2, 3))
    y, pullback = vjp(lambda x: x[:, ::2] + x[:, 1:], x)
    assert y.array.tolist() == [[1, 4], [7, 10]]
    dx = pullback(Tensor(np.array([[1.0, 2.0], [3.0, 4.0]])))
    assert dx.array.tolist() == [[1, 1, 4], [3, 3, 8]]
