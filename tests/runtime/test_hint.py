"""What a hint is while the program runs, and where it may stand."""

from __future__ import annotations

import copy
import pickle
from typing import Any, Generic, Union
from typing import Literal as L

import numpy as np
import pytest
from beartype.door import is_bearable

from typed_resnet import ShapeError, Tensor, runtime
from typed_resnet.dims import Add, B, C, CeilDiv, H, N, W

Image = Tensor[C, H, W]
Halved = CeilDiv[H, L[2]]


def test_equal_axes_make_one_hint() -> None:
    assert Tensor[C, H, W] is Tensor[C, H, W]
    assert Tensor[3, 4] == Tensor[L[3], L[4]]
    assert Tensor[3, 4] != Tensor[4, 3]
    assert len({Tensor[C], Tensor[C], Tensor[H]}) == 2


@pytest.mark.parametrize(
    ("hint", "written"),
    [
        (Tensor[*B, C, H, W], "Tensor[*B, C, H, W]"),
        (Tensor[3, 224], "Tensor[3, 224]"),
        (Tensor[Add[H, L[2]], Halved], "Tensor[Add[H, 2], CeilDiv[H, 2]]"),
        (Tensor[()], "Tensor[()]"),
        (Tensor[*tuple[int, ...]], "Tensor[*tuple[int, ...]]"),
    ],
)
def test_a_hint_prints_as_written(hint: type, written: str) -> None:
    assert repr(hint) == f"typed_resnet.tensor.{written}"
    assert repr(hint | None) == f"typed_resnet.tensor.{written} | None"


def test_isinstance_asks_for_the_sizes() -> None:
    x = Tensor.zeros(3, 4)
    assert isinstance(x, Tensor[L[3], L[4]])
    assert isinstance(x, Tensor[3, H])
    assert isinstance(x, Tensor[*B, 4])
    assert isinstance(x, Tensor[*tuple[Any, ...]])
    assert not isinstance(x, Tensor[3, 5])
    assert not isinstance(x, Tensor[N, N])
    assert not isinstance(x, Tensor[3])
    assert not isinstance(x.array, Tensor[3, 4])


def test_an_alias_takes_sizes() -> None:
    assert Image[L[3], L[4], L[5]] == Tensor[3, 4, 5]
    assert Image[3, H, H] == Tensor[3, H, H]
    assert Tensor[*B, C][L[2], L[3], W] == Tensor[2, 3, W]
    assert Tensor[C, Halved][L[3], L[8]] == Tensor[L[3], CeilDiv[L[8], L[2]]]
    assert Image.__parameters__ == (C, H, W)
    with pytest.raises(TypeError, match="takes 3 parameters, got 2"):
        Image[L[3], L[4]]


def test_hints_compose() -> None:
    x, y = Tensor.zeros(3, 4), Tensor.zeros(4, 4)
    for hint in (Tensor[3, 4] | None, Union[Tensor[3, 4], None]):
        assert is_bearable(x, hint)
        assert is_bearable(None, hint)
        assert not is_bearable(y, hint)
    assert is_bearable([x], list[Tensor[3, 4]])
    assert not is_bearable([y], list[Tensor[3, 4]])
    assert is_bearable((x, y), tuple[Tensor[3, 4], Tensor[4, 4]])
    assert type[Tensor[3, 4]].__args__ == (Tensor[3, 4],)


def test_made_through_a_hint_a_tensor_is_checked() -> None:
    assert type(Tensor[3, 4](np.zeros((3, 4)))) is Tensor
    with pytest.raises(ShapeError, match=r"Tensor\[3, 4\] expects 4 on axis 1, got 5"):
        Tensor[3, 4](np.zeros((3, 5)))
    assert Tensor[3, 4].zeros(2).shape == (2,)


def test_a_tensor_is_pickled_as_itself() -> None:
    x = Tensor[3, 4](np.ones((3, 4)))
    for again in (pickle.loads(pickle.dumps(x)), copy.deepcopy(x), copy.copy(x)):
        assert type(again) is Tensor
        assert np.array_equal(again.array, x.array)
    assert pickle.loads(pickle.dumps(Tensor[*B, C, 3])) is Tensor[*B, C, 3]


class Picture(Tensor[C, H, H], Generic[C, H]):
    """A square image."""


class Colour(Picture[L[3], H], Generic[H]): ...


def test_a_subclass_has_the_axes_of_its_base() -> None:
    square, oblong = Colour(np.zeros((3, 4, 4))), Colour(np.zeros((3, 4, 5)))
    assert isinstance(square, Picture[3, 4])
    assert isinstance(square, Colour[4])
    assert isinstance(square, Tensor[3, 4, 4])
    assert not isinstance(square, Picture[1, H])
    assert not isinstance(oblong, Colour[H])
    assert not isinstance(Tensor.zeros(3, 4, 4), Colour[4])
    assert Picture.__mro__[1] is Tensor


def test_an_axis_is_a_size() -> None:
    with pytest.raises(TypeError, match="is no size"):
        runtime.cast(Tensor["three"], Tensor.zeros(3))  # not a name
