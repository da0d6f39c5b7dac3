"""Coroutines and generators stay what they are; what passes through a generator is checked."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import AsyncIterator, Callable, Generator, Iterator
from itertools import islice
from typing import Any
from typing import Literal as L

import numpy as np
import pytest

from typed_resnet import ShapeError, Tensor, cast, typed
from typed_resnet.dims import Add, C, H, K, N, W

zeros = Tensor.zeros


def test_coroutines_and_generators_stay_what_they_are() -> None:
    @typed
    async def wait(x: Tensor[N], y: Tensor[N]) -> Tensor[N]:
        await asyncio.sleep(0)
        return Tensor(np.zeros(len(x.array) + 1)) if x is y else x

    @typed
    def count(x: Tensor[N], y: Tensor[N]) -> Iterator[int]:
        got = yield 1
        yield got or 0
        return None

    @typed
    async def stream(x: Tensor[N], y: Tensor[N]) -> AsyncIterator[int]:
        try:
            got = yield 1
        except ValueError:
            got = 7
        yield got or 0

    assert inspect.iscoroutinefunction(wait)
    assert inspect.isgeneratorfunction(count)
    assert inspect.isasyncgenfunction(stream)
    with pytest.raises(ShapeError):
        asyncio.run(wait(zeros(2), zeros(3)))
    with pytest.raises(ShapeError, match="returns"):
        asyncio.run(wait(x := zeros(2), x))
    with pytest.raises(ShapeError):
        next(count(zeros(2), zeros(3)))
    counting: Any = count(zeros(2), zeros(2))
    assert (next(counting), counting.send(5), list(counting)) == (1, 5, [])

    async def drain() -> list[Any]:
        with pytest.raises(ShapeError):
            await anext(stream(zeros(2), zeros(3)))
        one: Any = stream(zeros(2), zeros(2))
        two: Any = stream(zeros(2), zeros(2))
        sent = [await anext(one), await one.asend(5), [i async for i in one]]
        thrown = [await anext(two), await two.athrow(ValueError())]
        await two.aclose()
        return sent + thrown

    assert asyncio.run(drain()) == [1, 5, [], 1, 7]


@typed
def windows(x: Tensor[N, C]) -> Iterator[tuple[Tensor[C], Tensor[K]]]:
    """Yield rows, each with one of a size that the first item binds."""
    for row in x.array:
        yield Tensor(row), zeros(2)
    yield zeros(x.shape[1]), zeros(3)


@typed
def talk(x: Tensor[C, H, W]) -> Generator[Tensor[C], Tensor[H] | None, Tensor[W]]:
    got = yield zeros(x.shape[0])
    while got is not None:
        got = yield zeros(got.shape[0])
    return zeros(x.shape[2])


@typed
async def stream_of(x: Tensor[C, H]) -> AsyncIterator[Tensor[Add[C, L[1]]]]:
    yield zeros(x.shape[0] + 1)
    yield cast(Tensor[C], np.zeros(x.shape[0]))


def sent(x: Tensor[C, H, W], value: object) -> Any:
    talking: Any = talk(x)
    next(talking)
    try:
        return talking.send(value)
    except StopIteration as end:
        return end.value


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda: list(windows(zeros(2, 4))), "windows yields kernel size 3, declared 2"),
        (lambda: sent(zeros(2, 3, 4), zeros(4)), "talk is sent height 4, declared 3"),
        (lambda: sent(zeros(2, 3, 4), zeros(3)), "talk yields 3 channels, declared 2"),
    ],
)
def test_what_passes_is_checked(call: Callable[[], object], sentence: str) -> None:
    with pytest.raises(ShapeError, match=f"^{sentence}"):
        call()


def test_what_fits_passes() -> None:
    assert [row.shape for row, _ in islice(windows(zeros(2, 4)), 2)] == [(4,), (4,)]
    assert sent(zeros(3, 3, 4), zeros(3)).shape == (3,)
    assert sent(zeros(2, 3, 4), None).shape == (4,)


def test_an_asynchronous_generator_too() -> None:
    async def drain() -> list[Any]:
        return [item async for item in stream_of(zeros(2, 3))]

    with pytest.raises(ShapeError, match=r"^stream_of yields 2 channels, declared 3"):
        asyncio.run(drain())


def test_a_refused_item_closes_the_generator() -> None:
    closed = []

    @typed
    def lines(x: Tensor[C]) -> Iterator[Tensor[C]]:
        try:
            yield zeros(x.shape[0] + 1)
        finally:
            closed.append(True)

    with pytest.raises(ShapeError):
        next(lines(zeros(2)))
    assert closed
