"""Functions defined inside a checked call: a symbol of its signature is the same one inside."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic

import numpy as np
import pytest

from typed_resnet import Layer, ShapeError, Tensor, cast, typed
from typed_resnet.dims import B, C, H, N

zeros = Tensor.zeros


@typed
def make(x: Tensor[*B, N]) -> Any:
    @typed
    def add(y: Tensor[*B, N], other: Tensor[C]) -> Tensor[*B, N]:
        return y + x

    @typed
    def in_the_body(y: np.ndarray, other: Tensor[H]) -> None:
        cast(Tensor[*B, N], y)

    @typed
    def deep(y: Tensor[H]) -> Any:
        @typed
        def deeper(k: list[Tensor[H]], y: Tensor[N]) -> None: ...

        return deeper

    @typed
    class Local:
        def use(self, y: Tensor[N]) -> None: ...

    return add, in_the_body, deep, Local


class Scaled(Layer, Generic[C]):
    by: Tensor[C]

    def vjp_like(self, x: Tensor[N, C]) -> Callable[[Tensor[C]], Tensor[C]]:
        @typed
        def back(dy: Tensor[C]) -> Tensor[C]:
            return dy

        return back


@typed
def freely(x: Tensor[N], y: Tensor[C]) -> None: ...


add, in_the_body, deep, Local = make(zeros(4, 2))
CASES: list[tuple[Callable[[], Any], str]] = [
    (lambda: add(zeros(4, 3), zeros(9)), "add expects 2 images, got 3"),
    (lambda: add(zeros(2), zeros(9)), "add expects [4, 2], got [2]"),
    (lambda: in_the_body(np.zeros((4, 3)), zeros(9)), "cast expects 2 images, got 3"),
    (lambda: deep(zeros(5))([zeros(5)], zeros(3)), "deeper expects 2 images, got 3"),
    (lambda: deep(zeros(5))([zeros(4)], zeros(2)), "deeper expects height 5, got 4"),
    (lambda: Local().use(zeros(3)), "Local.use expects 2 images, got 3"),
    (
        lambda: Scaled(zeros(3)).vjp_like(zeros(2, 3))(zeros(4)),
        "back expects 3 channels, got 4",
    ),
]


@pytest.mark.parametrize(("call", "sentence"), CASES, ids=[sentence for _, sentence in CASES])
def test_they_are_the_sizes_of_the_call_around(call: Callable[[], Any], sentence: str) -> None:
    with pytest.raises(ShapeError) as caught:
        call()
    assert str(caught.value) == sentence


def test_what_fits_passes_and_each_call_makes_its_own() -> None:
    another, *_ = make(zeros(3))
    another(zeros(3), zeros(1))
    add(zeros(4, 2), zeros(1))
    in_the_body(np.zeros((4, 2)), zeros(1))
    deep(zeros(5))([zeros(5)], zeros(2))
    deep(zeros(6))([zeros(6)], zeros(2))
    Scaled(zeros(4)).vjp_like(zeros(2, 4))(zeros(4))


def test_a_class_inside_has_its_own_parameters() -> None:
    @typed
    def outer(x: Tensor[N]) -> Any:
        class Inside(Layer, Generic[N]):  # type: ignore[misc]  # mypy wants another name
            by: Tensor[N]

            def __call__(self, x: Tensor[N]) -> None: ...

        return Inside

    outer(zeros(2))(zeros(3))(zeros(3))


def test_a_note_says_whose_symbol_it_is() -> None:
    with pytest.raises(ShapeError) as caught:
        add(zeros(4, 3), zeros(9))
    assert caught.value.__notes__[-1] == "where *B = [4], N = 2 as in make"


def test_what_is_defined_elsewhere_has_its_own_symbols() -> None:
    @typed
    def outer(x: Tensor[N]) -> Any:
        return typed(freely.__wrapped__)  # type: ignore[attr-defined]  # `typed` keeps it

    outer(zeros(2))(zeros(3), zeros(4))
