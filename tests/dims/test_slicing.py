"""Indexing against Python's own `range` and NumPy, and against what people expect to read."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from typed_resnet.dims.indexing_sentences import misindexed
from typed_resnet.dims.normal_form import normal_form
from typed_resnet.dims.parts import Axis, Star
from typed_resnet.dims.sentences import shape
from typed_resnet.dims.slicing import IndexingError, Item, Open, Slice, indexed
from typed_resnet.dims.term import Operation, Symbol

B = Star(Symbol("B", 0))
C, H, W, S = map(Symbol, "CHWS")

BOUNDS = st.none() | st.integers(-7, 7)
STEPS = st.none() | st.sampled_from([-3, -2, -1, 1, 2, 3])
SLICES = st.builds(slice, BOUNDS, BOUNDS, STEPS)
INDICES = SLICES | st.integers(-4, 4) | st.none() | st.just(...)


def item(given: Any) -> Item:
    """Write an item of an index as `slicing` does."""
    if isinstance(given, slice):
        return Slice(given.start, given.stop, given.step)
    return Open.NEW_AXIS if given is None else given


@given(SLICES)
def test_a_slice_is_right_at_every_size_where_it_takes_anything(taken: slice) -> None:
    takes = {n: len(range(*taken.indices(n))) for n in range(1, 16)}
    try:
        (left,) = indexed((C,), [item(taken)])
    except IndexingError:
        assert not any(takes.values())
        return
    assert left is not None
    assert not isinstance(left, Star)
    size = normal_form(left)
    assert {n: size.evaluate({C: n}) for n, count in takes.items() if count} == {
        n: count for n, count in takes.items() if count
    }


@given(st.lists(st.integers(1, 4), max_size=3), st.lists(INDICES, max_size=4))
def test_an_index_of_numbers_leaves_what_numpy_leaves(sizes: list[int], index: list[Any]) -> None:
    items = [item(one) for one in index]
    try:
        left: tuple[object, ...] | None = indexed(sizes, items)
    except IndexingError:
        left = None
    try:
        expected = np.empty(sizes)[tuple(index)].shape
    except IndexError:
        expected = (0,)
    assert left == (None if 0 in expected else expected)


@pytest.mark.parametrize(
    ("axes", "items", "left"),
    [
        ((C, H, W), [Slice(), Slice(1, -1), Slice(None, None, 2)], "[C, H - 2, ⌈W/2⌉]"),
        ((B, C, H), [..., Slice(None, None, S)], "[*B, C, ⌈H/S⌉]"),
        ((B, C, H), [..., 0], "[*B, C]"),
        ((C, B, H), [0, ..., 0], "[*B]"),
        ((B, C, H), [0], "[*?]"),
        ((B, C, H), [Slice(1)], "[*?]"),
        ((B, C, H), [Open.NEW_AXIS, ...], "[1, *B, C, H]"),
        ((B, C, H), [Slice(), Slice()], "[*B, C, H]"),
        ((B, C), [..., 0, 0, 0], "[*?]"),
        ((C, B), [Slice(0, 2), 0, ..., 0], "[min(C, 2), *?]"),
        ((C, H), [Slice(None, H)], "[min(C, H), H]"),
        ((C,), [Slice(Operation("Sub", (0, S)))], "[min(C, S)]"),
        ((C,), [Slice(None, Operation("Sub", (C, 3)))], "[?]"),  # may count from either end
        ((C,), [Slice(None, Open.UNKNOWN)], "[?]"),
        ((C,), [Slice(None, None, Open.UNKNOWN)], "[?]"),
        ((C, H), [Open.UNKNOWN], "[H]"),
        ((None, H), [Slice(1, -1)], "[?, H]"),
        ((None, H), [7], "[H]"),
    ],
)
def test_shapes_that_are_left(axes: tuple[Axis, ...], items: list[Item], left: str) -> None:
    assert shape(indexed(axes, items)) == left


@pytest.mark.parametrize(
    ("items", "said"),
    [
        ([H], "[] expects an index < H on axis 0, got H"),
        ([Slice(), 4], "[] expects an index < 4 on axis 1, got 4"),
        ([..., -5], "[] expects an index ≥ -4 on axis 1, got -5"),
        ([Slice(H)], "[] expects a slice of at least 1 on axis 0, got H: of H"),
        ([..., Slice(3, 1, 2)], "[] expects a slice of at least 1 on axis 1, got 3:1:2 of 4"),
        ([0, 0, Open.NEW_AXIS, 0], "[] expects at most 2 indices for [H, 4], got 3"),
        ([..., 0, ...], "[] expects one ... at most, got 2"),
        ([Slice(None, None, 0)], "[] expects a step other than 0, got 0"),
    ],
)
def test_what_does_not_fit(items: list[Item], said: str) -> None:
    with pytest.raises(IndexingError) as error:
        indexed((H, 4), items)
    assert misindexed(error.value.failure) == said


@pytest.mark.parametrize(
    ("items", "said"),
    [
        ([3], "[] expects an index < H on axis 0, got 3 unless H ≥ 4"),
        ([-3], "[] expects an index ≥ -H on axis 0, got -3 unless H ≥ 3"),
        ([Slice(1, -1)], "[] expects a slice of at least 1 on axis 0, got 1:-1 of H unless H ≥ 3"),
    ],
)
def test_what_need_not_fit_is_refused_where_that_is_to_be_proved(
    items: list[Item], said: str
) -> None:
    assert len(indexed((H, 4), items)) in (1, 2)
    with pytest.raises(IndexingError) as error:
        indexed((H, 4), items, prove=True)
    assert misindexed(error.value.failure) == said
