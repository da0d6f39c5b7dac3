"""Who else looks at a checked function sees the original: pickle, inspect, other decorators."""

from __future__ import annotations

import copy
import functools
import inspect
import pickle
from dataclasses import replace
from typing import Generic, overload

import pytest

from typed_resnet import ShapeError, Tensor, typed
from typed_resnet.dims import C, N

from .dense import Dense, dense, zeros


@overload
def doubled(x: int) -> int: ...
@overload
def doubled(x: str) -> str: ...
@typed
def doubled(x: int | str) -> int | str:
    """Say it twice."""
    return x * 2


def test_a_checked_function_looks_like_the_original() -> None:
    assert inspect.signature(doubled) == inspect.signature(doubled.__wrapped__)  # type: ignore[attr-defined]
    assert doubled.__doc__ == "Say it twice."
    assert doubled.__qualname__ == "doubled"
    assert doubled.__module__ == __name__
    assert doubled(2) == 4
    assert pickle.loads(pickle.dumps(doubled)) is doubled
    assert copy.copy(doubled) is doubled
    assert inspect.getsource(doubled) == inspect.getsource(doubled.__wrapped__)  # type: ignore[attr-defined]
    assert typed(doubled) is doubled


def test_an_alias_in_a_class_stays_one_function() -> None:
    assert Dense.forward is Dense.__call__
    assert isinstance(vars(Dense)["square"], classmethod)
    assert isinstance(vars(Dense)["diagonal"], property)
    assert Dense.square(3).weight.shape == (3, 3)


def test_layers_are_copied_and_pickled() -> None:
    layer = dense(2, 3)
    layer(zeros(2))
    for again in (copy.copy(layer), copy.deepcopy(layer), pickle.loads(pickle.dumps(layer))):
        assert repr(again) == "Dense[2, 3]"
        assert again(zeros(2)).shape == (3,)
    assert repr(replace(layer, weight=zeros(5, 4))) == "Dense[4, 5]"


def test_other_decorators_may_stand_above_and_below() -> None:
    @functools.lru_cache
    @typed
    def cached(n: N, m: N) -> N:
        return n

    class Free(Generic[C]):
        def __init__(self, weight: Tensor[C]) -> None:
            self.weight = weight

        @staticmethod
        @typed
        def still(x: Tensor[C], y: Tensor[C]) -> None: ...

        @typed
        def method(self, x: Tensor[N], y: Tensor[N]) -> None: ...

        @typed
        @classmethod
        def of_class(cls, x: Tensor[N], y: Tensor[N]) -> None: ...

    assert cached(2, 2) == cached(2, 2)
    with pytest.raises(ShapeError, match=r"^.*cached expects 2 images as in n, got 3"):
        cached(2, 3)
    free = Free(zeros(2))
    for call, who in ((Free.still, "Free.still"), (free.method, r"Free\[\?\].method")):
        call(zeros(2), zeros(2))
        with pytest.raises(ShapeError, match=rf"^{who} expects"):
            call(zeros(2), zeros(3))
    with pytest.raises(ShapeError, match=r"^Free\.of_class expects"):
        Free.of_class(zeros(2), zeros(3))
