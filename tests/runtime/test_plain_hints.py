"""Hints without sizes are beartype's, by themselves and beside sizes, in old words and in new."""

from __future__ import annotations

import collections
import contextlib
import re
import typing
from decimal import Decimal
from typing import Annotated, Any, Generic, Literal, NamedTuple, ParamSpec, Protocol, TypeVar

import pytest

from typed_resnet import Tensor, typed
from typed_resnet.dims import C, N
from typed_resnet.runtime import HintError

T = TypeVar("T")
Parameters = ParamSpec("Parameters")
zeros = Tensor.zeros


class Point(NamedTuple):
    x: int
    name: str = ""


class Options(typing.TypedDict):
    rate: int


class Runs(Protocol):
    def run(self) -> int: ...


class Box(Generic[T]):
    pass


class Sized(NamedTuple, Generic[C]):
    """beartype knows no NamedTuple that is generic."""

    a: Tensor[C]
    b: Tensor[C]


# ruff: noqa: UP006, UP045  # the old words are the point
HINTS: list[tuple[Any, Any, Any]] = [
    (float, 1, "a"),
    (complex, 1, "a"),
    (tuple[float, int], (1, 1), ("a", 1)),
    (typing.Optional[float], 1, "a"),
    (typing.Mapping[str, typing.List[float]], {"a": [1]}, {"a": ["b"]}),
    (typing.List, [1], 5),
    (typing.List[int], [1], ["a"]),
    (typing.Tuple, (1, 2), 5),
    (typing.Tuple[()], (), (1,)),
    (typing.Tuple[int, ...], (1, 2), ("a",)),
    (typing.Callable, len, 5),
    (typing.Callable[[int], int], len, 5),
    (typing.Callable[..., Any], len, 5),
    (typing.Callable[Parameters, int], len, 5),
    (typing.Optional[typing.Callable[[int], int]], None, 5),
    (typing.Iterator[int], iter([1]), 5),
    (typing.Type[int], bool, str),
    (typing.DefaultDict[str, int], collections.defaultdict(int), {}),
    (typing.Counter[str], collections.Counter("a"), {}),
    (typing.Pattern[str], re.compile("a"), "a"),
    (list["Decimal"], [Decimal(1)], 5),
    (Point, Point(1), (1, "")),
    (list[Point], [Point(1)], [5]),
    (Options, {"rate": 1}, 5),
    (Box[int], Box(), 5),
    (list[Box[int]], [Box()], [5]),
    (Literal["a", 3], 3, 4),
    (Annotated[int, "x"], 3, "a"),
    (Sized, Sized(zeros(2), zeros(2)), (zeros(2), zeros(2))),
]


def repr_of_hint(value: object) -> str:
    """Name a case by its hint; other values may have an address in their words."""
    return str(value)[:30] if str(value).startswith("typing.") else type(value).__name__


@pytest.mark.parametrize("beside", [False, True], ids=["alone", "beside sizes"])
@pytest.mark.parametrize(("hint", "good", "bad"), HINTS, ids=repr_of_hint)
def test_beartype_has_its_say_and_warns_of_nothing(
    hint: Any, good: Any, bad: Any, beside: bool
) -> None:
    def take(x: Any) -> None: ...

    take.__annotations__ = {"x": tuple[hint, Tensor[N]] if beside else hint}
    checked = typed(take)
    checked((good, zeros(2)) if beside else good)
    with pytest.raises(HintError, match="violates"):
        checked((bad, zeros(2)) if beside else bad)


def test_a_protocol_that_no_isinstance_takes_is_left_alone() -> None:
    @typed
    def take(x: Runs, y: Runs | None, z: Tensor[N]) -> None: ...

    take(5, 5, zeros(2))  # type: ignore[arg-type]  # wrong on purpose


def test_a_hint_that_beartype_does_not_take_is_left_out_with_a_warning() -> None:
    @typed
    def take(x: dict[str, Box[Sized[Any]]], y: set[Sized[Any]], z: Tensor[N]) -> None: ...

    take({}, set(), zeros(2))

    @typed
    def unknown(x: dict[str, list[Sized]], n: int) -> None: ...  # type: ignore[type-arg]  # bare

    with pytest.warns(RuntimeWarning, match=r"unknown: x is not checked, .*unsupported"):
        unknown({}, 3)
    with pytest.raises(HintError):
        unknown({}, "3")  # type: ignore[arg-type]  # wrong on purpose


def test_the_verdict_on_many_items_never_breaks() -> None:
    """Beartype looks at one of many by chance, and perhaps at another when it says why."""

    @typed
    def take(x: tuple[list[int], Tensor[N]]) -> None: ...

    for _ in range(50):
        with contextlib.suppress(HintError):
            take(([1, "a"], zeros(2)))  # type: ignore[list-item]  # wrong on purpose
