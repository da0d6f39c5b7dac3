"""Methods under other decorators, which keep what they do; and NamedTuples, made and passed."""

from __future__ import annotations

import asyncio
import copy
import functools
import importlib
import pickle
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import cached_property, lru_cache, partialmethod
from pathlib import Path
from typing import Any, Generic, NamedTuple
from typing import Literal as L

import pytest

from typed_resnet import ShapeError, Tensor, install_import_hook, typed
from typed_resnet.dims import C, N

zeros = Tensor.zeros


def logged(function: Any) -> Any:
    @functools.wraps(function)
    def call(*args: Any, **options: Any) -> Any:
        return function(*args, **options)

    return call


class Kept:
    def __init__(self) -> None:
        self.runs = 0

    @contextmanager
    def opened(self, x: Tensor[N], y: Tensor[N]) -> Iterator[Tensor[N]]:
        yield x

    @cached_property
    def three(self) -> Tensor[L[3]]:
        return zeros(4)  # type: ignore[return-value]  # wrong on purpose

    @lru_cache(maxsize=7)  # noqa: B019  # the point
    def cached(self, n: N, m: N) -> N:
        self.runs += 1
        return n

    @logged
    async def waiting(self, x: Tensor[N], y: Tensor[N]) -> Tensor[N]:
        await asyncio.sleep(0)
        return x

    def same(self, x: Tensor[N], y: Tensor[N]) -> None: ...

    same_as_two = partialmethod(same, zeros(2))


def entered(manager: AbstractContextManager[Any]) -> Any:
    with manager as value:
        return value


def judge_methods(cls: Any) -> None:
    kept = cls()
    assert entered(kept.opened(zeros(2), zeros(2))).shape == (2,)
    assert asyncio.run(kept.waiting(zeros(2), zeros(2))).shape == (2,)
    assert [kept.cached(2, 2), kept.cached(2, 2), kept.runs] == [2, 2, 1]
    assert cls.cached.cache_parameters()["maxsize"] == 7
    kept.same_as_two(zeros(2))
    wrong: dict[str, Callable[[], object]] = {
        "opened expects 2 images as in x, got 3": lambda: kept.opened(zeros(2), zeros(3)),
        "three returns 4 on axis 0, declared 3": lambda: kept.three,
        "cached expects 2 images as in n, got 3": lambda: kept.cached(2, 3),
        "waiting expects 2 images": lambda: asyncio.run(kept.waiting(zeros(2), zeros(3))),
        "same expects 2 images as in x, got 3": lambda: kept.same_as_two(zeros(3)),
    }
    for sentence, call in wrong.items():
        with pytest.raises(ShapeError, match=rf"^Kept\.{sentence}"):
            entered(call())  # type: ignore[arg-type]  # only a context manager comes to it


def test_methods_under_other_decorators_are_checked() -> None:
    judge_methods(typed(Kept))


def test_under_the_import_hook_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = Path(__file__).read_text().partition("def entered")[0]
    (tmp_path / "kept_by_methods.py").write_text(text)
    monkeypatch.syspath_prepend(str(tmp_path))
    with install_import_hook("kept_by_methods"):
        judge_methods(importlib.import_module("kept_by_methods").Kept)


@typed
class Pair(NamedTuple, Generic[C]):
    left: Tensor[C]
    right: Tensor[C]

    def use(self, x: Tensor[C]) -> Tensor[C]:
        return x


@typed
def take(pair: Pair[C], pairs: list[Pair[C]], x: Tensor[C]) -> None: ...


def test_a_named_tuple_is_a_record() -> None:
    pair = Pair(zeros(2), zeros(2))
    take(pair, [pair], zeros(2))
    wrong: dict[str, Callable[[], object]] = {
        "Pair expects 2 channels as in left, got 3": lambda: Pair(zeros(2), zeros(3)),
        "take expects 2 channels as in pair, got 3": lambda: take(pair, [], zeros(3)),
        r"Pair\[2\].use expects 2 channels, got 3": lambda: pair.use(zeros(3)),
        "take expects 2 channels as in pair, got 1": lambda: take(
            pair, [pair, Pair(zeros(1), zeros(1))], zeros(2)
        ),
    }
    for sentence, call in wrong.items():
        with pytest.raises(ShapeError, match=f"^{sentence}"):
            call()
    for again in (copy.copy(pair), pickle.loads(pickle.dumps(pair)), pair._replace(left=zeros(2))):
        assert isinstance(again, Pair)
        assert [part.shape for part in again] == [(2,), (2,)]
