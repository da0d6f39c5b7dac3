"""`cast`, and the sizes of the call under way."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Literal as L

import numpy as np
import pytest

from typed_resnet import ShapeError, Tensor, cast, typed
from typed_resnet.dims import B, C, H, N, W
from typed_resnet.runtime import HintError

zeros = Tensor.zeros


def test_an_array_becomes_a_tensor() -> None:
    array = np.zeros((3, 4, 5))
    x = cast(Tensor[L[3], H, W], array)
    assert type(x) is Tensor
    assert x.array is array
    assert cast(Tensor[*B, H, W], x) is x


def test_literal_sizes_are_checked() -> None:
    with pytest.raises(ShapeError) as caught:
        cast(Tensor[L[3], H, H], np.zeros((3, 4, 5)))
    assert str(caught.value) == "cast expects height 4, got 5"
    with pytest.raises(HintError):
        cast(Tensor[L[3]], "three")
    with pytest.raises(HintError):
        cast(int, "three")


@typed
def halves(x: Tensor[N, C]) -> tuple[Tensor[H, C], Tensor[W, C]]:
    """Cut in two; each half's height is bound by its cast, and kept to the end."""
    cut = len(x.array) // 2
    upper = cast(Tensor[H, C], x.array[:cut])
    lower = cast(Tensor[W, C], x.array[cut:])
    return upper, lower


@typed
def wrong(x: Tensor[N, C], y: np.ndarray) -> Tensor[N, C]:
    return cast(Tensor[N, C], y)


@typed
def in_a_helper(x: Tensor[N, C]) -> int:
    return helper()


def helper() -> int:
    return cast(Tensor[N], np.zeros(99)).shape[0]


@typed
def in_a_lambda(x: Tensor[N, C]) -> list[bool]:
    inner = lambda size: isinstance(zeros(size), Tensor[N])  # noqa: E731  # the point
    return [inner(size) for size in range(1, 4)]


def test_symbols_stand_for_the_sizes_of_the_call() -> None:
    assert [part.shape for part in halves(zeros(5, 3))] == [(2, 3), (3, 3)]
    with pytest.raises(ShapeError) as caught:
        wrong(zeros(2, 3), np.zeros((2, 4)))
    assert str(caught.value) == "cast expects 3 channels, got 4"


def test_a_function_called_from_the_body_has_its_own_symbols() -> None:
    assert in_a_helper(zeros(2, 3)) == 99


def test_text_inside_the_body_shares_its_symbols() -> None:
    assert in_a_lambda(zeros(2, 3)) == [False, True, False]


@typed
def deeper(x: Tensor[N], depth: int) -> Tensor[N]:
    if depth:
        deeper(Tensor.zeros(x.shape[0] + 1), depth - 1)
    return cast(Tensor[N], x.array)


def test_recursion_leaves_nothing_behind() -> None:
    assert deeper(zeros(1), 20).shape == (1,)
    with pytest.raises(ShapeError):
        wrong(zeros(2, 3), np.zeros((9, 9)))
    assert deeper(zeros(7), 0).shape == (7,)


@typed
def windows(x: Tensor[N, C]) -> Iterator[Tensor[C]]:
    for row in x.array:
        yield cast(Tensor[C], row)


def test_generators_taken_in_turns_keep_apart() -> None:
    for left, right in zip(windows(zeros(4, 2)), windows(zeros(4, 3)), strict=True):
        assert (left.shape, right.shape) == ((2,), (3,))


@typed
async def step(x: Tensor[N, C], pause: float) -> Tensor[N, C]:
    await asyncio.sleep(pause)
    y = cast(Tensor[N, C], np.zeros(x.array.shape))
    await asyncio.sleep(pause)
    return cast(Tensor[N, C], y)


def test_200_tasks_do_not_see_each_other() -> None:
    async def all_at_once() -> list[tuple[int, ...]]:
        tasks = (step(zeros(1 + i % 7, 1 + i % 5), (i % 3) * 1e-4) for i in range(200))
        return [y.array.shape for y in await asyncio.gather(*tasks)]

    shapes = asyncio.run(all_at_once())
    assert shapes == [(1 + i % 7, 1 + i % 5) for i in range(200)]


def test_16_threads_do_not_see_each_other() -> None:
    ready = threading.Barrier(16)

    @typed  # prepared by whichever thread comes first
    def work(x: Tensor[N, C]) -> Tensor[N, C]:
        return cast(Tensor[N, C], np.zeros(x.array.shape))

    def run(seed: int) -> int:
        ready.wait()
        good = 0
        for i in range(200):
            shape = (1 + (seed + i) % 7, 1 + i % 5)
            good += work(zeros(*shape)).array.shape == shape
            with pytest.raises(ShapeError):
                wrong(zeros(*shape), np.zeros((shape[0], shape[1] + 1)))
        return good

    with ThreadPoolExecutor(16) as pool:
        assert list(pool.map(run, range(16))) == [200] * 16
