"""What is wrong, in the words that mypy prints for the same call."""

from __future__ import annotations

# ruff: noqa: F722  # jaxtyping's axes are no expressions
from collections.abc import Callable
from typing import Any, Generic
from typing import Literal as L

import numpy as np
import pytest
from jaxtyping import Float

from typed_resnet import ConfigError, Layer, ShapeError, Tensor, typed
from typed_resnet.dims import Add, B, C, CeilDiv, Cin, ConvOut, Cout, ExactDiv, H, K, N, P, S, W

zeros = Tensor.zeros


class Window(Layer, Generic[Cin, Cout, K, S, P]):
    kernel: Tensor[Cout, Cin, K, K]
    stride: S
    padding: P

    def __call__(
        self, x: Tensor[*B, Cin, H, W]
    ) -> Tensor[*B, Cout, ConvOut[H, K, S, P], ConvOut[W, K, S, P]]:
        *batch, _, h, w = x.array.shape
        out, k = self.kernel.array.shape[0], self.kernel.array.shape[-1]
        h, w = ((size + 2 * self.padding - k) // self.stride + 1 for size in (h, w))
        return Tensor(np.zeros((*batch, out, h, w)))

    forward = __call__

    def vjp(self, x: Tensor[*B, Cin, H, W]) -> tuple[Tensor[*B, Cin, H, W], S]:
        return x, self.stride + 1  # type: ignore[return-value]  # wrong on purpose

    @staticmethod
    def init(cin: Cin, cout: Cout, k: K, stride: S, padding: P) -> Window[Cin, Cout, K, S, P]:
        return Window(zeros(cout, cin, k, k), stride, padding)


@typed
def same(x: Tensor[*B, C, H, W], y: Tensor[*B, C, H, W]) -> Tensor[*B, C, H, W]:
    return x


@typed
def scale(x: Tensor[N, C], by: Tensor[C], count: N) -> Tensor[N, C]:
    return x


@typed
def crop(x: Tensor[C, Add[H, L[2]], W], like: Tensor[C, H, W]) -> Tensor[C, H, W]:
    return like


@typed
def uncrop(x: Tensor[C, Add[H, L[2]], W]) -> Tensor[C, H, W]:
    return Tensor(x.array[:, 1:-1])


@typed
def halve(x: Tensor[C, H, W]) -> Tensor[C, CeilDiv[H, L[2]], W]:
    return Tensor(x.array[:, : x.array.shape[1] // 2])


@typed
def quarter(x: Tensor[C, H, W]) -> Tensor[ExactDiv[C, L[4]], H, W]:
    return Tensor(x.array[::4])


@typed
def fixed(x: Tensor[L[3], L[8], L[8]]) -> None: ...


@typed
def stack(xs: list[Tensor[C, H, W]]) -> None: ...


@typed
def mixed(x: Tensor[C, H], y: Float[np.ndarray, "C W"]) -> None: ...


@typed
def blacken(x: Tensor[*B, L[4], H, W]) -> Tensor[*B, L[4], H, W]:
    return Tensor(x.array[..., 1:, :, :])


@typed
def flatten_batch(x: Tensor[*B, C]) -> Tensor[*B, C]:
    return Tensor(x.array.reshape(-1, x.array.shape[-1]))


@typed
def fourth(channels: C) -> ExactDiv[C, L[4]]:
    return channels // 4  # type: ignore[return-value]  # mypy does not follow it


WINDOW = Window(zeros(64, 3, 7, 7), 2, 3)
CASES: list[tuple[Callable[[], Any], str]] = [
    (lambda: WINDOW(zeros(1, 8, 8)), "Window[3, 64, 7, 2, 3] expects 3 channels, got 1"),
    (lambda: WINDOW.forward(zeros(1, 8, 8)), "Window[3, 64, 7, 2, 3] expects 3 channels, got 1"),
    (lambda: WINDOW(zeros(3, 8)), "Window[3, 64, 7, 2, 3] expects [*B, 3, H, W], got [3, 8]"),
    (
        lambda: Window(zeros(64, 3, 7, 7), 1, 0)(zeros(3, 4, 9)),
        "window 7 does not fit height 4 padded by 0",
    ),
    (lambda: WINDOW.vjp(zeros(1, 8, 8)), "Window[3, 64, 7, 2, 3].vjp expects 3 channels, got 1"),
    (
        lambda: WINDOW.vjp(zeros(3, 8, 8)),
        "Window[3, 64, 7, 2, 3].vjp returns stride 3, declared 2",
    ),
    (lambda: Window(zeros(64, 3, 7, 5), 2, 3), "Window expects kernel size 7, got 5"),
    (lambda: Window(zeros(64, 3, 7), 2, 3), "Window expects [Cout, Cin, K, K], got [64, 3, 7]"),
    (lambda: Window(zeros(64, 3, 7, 7), 0, 3), "Window expects stride ≥ 1, got 0"),
    (lambda: Window(zeros(64, 3, 7, 7), 1, -1), "Window expects padding ≥ 0, got -1"),
    (lambda: Window.init(0, 64, 7, 2, 3), "Window.init expects cin ≥ 1, got 0"),
    (
        lambda: same(zeros(3, 28, 28), zeros(3, 56, 28)),
        "same expects height 28 as in x, got 56",
    ),
    (lambda: same(zeros(3, 28, 0), zeros(3, 28, 0)), "same expects width ≥ 1, got 0"),
    (
        lambda: same(zeros(2, 3, 4, 4), zeros(3, 3, 4, 4)),
        "same expects 2 on axis 0 as in x, got 3",
    ),
    (lambda: scale(zeros(2, 3), zeros(3), 5), "scale expects 2 images as in x, got 5"),
    (lambda: crop(zeros(3, 9, 9), zeros(3, 8, 9)), "crop expects height 10, got 9"),
    (lambda: uncrop(zeros(3, 2, 9)), "uncrop expects height H + 2, got 2: no H ≥ 1 gives it"),
    (lambda: halve(zeros(3, 7, 7)), "halve returns height 3, declared 4"),
    (lambda: blacken(zeros(4, 5, 5)), "blacken returns 3 on axis -3, declared 4"),
    (lambda: blacken(zeros(2, 4, 5, 5)), "blacken returns 3 on axis -3, declared 4"),
    (lambda: blacken(zeros(2, 5, 5, 5)), "blacken expects 4 on axis -3, got 5"),
    (
        lambda: flatten_batch(zeros(2, 3, 4)),
        "flatten_batch returns [6, 4], declared [*B, C]",
    ),
    (lambda: quarter(zeros(6, 7, 7)), "quarter: 4 does not divide 6"),
    (lambda: fourth(6), "fourth: 4 does not divide 6"),
    (lambda: fixed(zeros(3, 8, 9)), "fixed expects 8 on axis 2, got 9"),
    (
        lambda: stack([zeros(3, 4, 4), zeros(3, 4, 4), zeros(3, 5, 4)]),
        "stack expects height 4, got 5",
    ),
    (lambda: mixed(zeros(3, 4), np.zeros((2, 4))), "mixed expects 3 channels as in x, got 2"),
    (lambda: zeros(3, 4, 5) + zeros(3, 4, 6), "+ expects 5 on axis 2, got 6"),
    (
        lambda: zeros(3, 4, 5) - zeros(3, 4),
        "- expects [3, 4, 5], got [3, 4] (only broadcast_to stretches)",
    ),
    (lambda: zeros(3) * zeros(4), "* expects 3 on axis 0, got 4"),
    (lambda: zeros(3, -1), "axis 1 expects a size ≥ 0, got -1"),
]


@pytest.mark.parametrize(("call", "sentence"), CASES, ids=[sentence for _, sentence in CASES])
def test_the_first_line_is_the_sentence(call: Callable[[], Any], sentence: str) -> None:
    with pytest.raises((ShapeError, ConfigError)) as caught:
        call()
    assert str(caught.value) == sentence


def test_a_number_below_its_least_is_a_matter_of_configuration() -> None:
    """An axis below its least is one of shape; so is a number that does not go with others."""
    with pytest.raises(ConfigError, match="stride ≥ 1"):
        Window(zeros(64, 3, 7, 7), 0, 3)
    with pytest.raises(ShapeError, match="width ≥ 1"):
        same(zeros(3, 28, 0), zeros(3, 28, 0))
    with pytest.raises(ShapeError, match="2 images as in x"):
        scale(zeros(2, 3), zeros(3), 5)


def test_notes_say_which_argument_and_where_sizes_come_from() -> None:
    with pytest.raises(ShapeError) as caught:
        WINDOW(zeros(1, 8, 8))
    assert caught.value.__notes__ == [
        "x is [1, 8, 8], declared [*B, Cin, H, W]",
        "where Cin = 3, Cout = 64, K = 7, S = 2, P = 3",
    ]


@typed
def several(
    x: Tensor[*B, C, H], y: Float[np.ndarray, "*B C W"], more: dict[str, list[Tensor[W]]], n: N
) -> tuple[Tensor[N], Tensor[C, H]]:
    return zeros(n), zeros(x.shape[-2] + 1, x.shape[-1])  # type: ignore[return-value]  # on purpose


def images(*shape: int) -> Any:
    return np.zeros(shape, np.float32)


NOTES: list[tuple[Callable[[], Any], list[str]]] = [
    (
        lambda: crop(zeros(3, 9, 9), zeros(3, 8, 9)),
        ["x is [3, 9, 9], declared [C, H + 2, W]", "where H = 8 as in like"],
    ),
    (
        lambda: scale(zeros(2, 3), zeros(3), 5),
        ["count is 5, declared N", "where N = 2 as in x"],
    ),
    (
        lambda: stack([zeros(3, 4, 4), zeros(3, 5, 4)]),
        ["xs[1] is [3, 5, 4], declared [C, H, W]"],
    ),
    (
        lambda: several(zeros(7, 2, 3), images(2, 4), {}, 1),
        ["y is [2, 4], declared [*B, C, W]", "where *B = [7], C = 2 as in x"],
    ),
    (
        lambda: several(zeros(2, 3), images(2, 4), {"a": [zeros(4), zeros(5)]}, 1),
        ["more['a'][1] is [5], declared [W]", "where W = 4 as in y"],
    ),
    (
        lambda: several(zeros(2, 3), images(2, 4), {}, 1),
        ["the result[1] is [3, 3], declared [C, H]", "where C = 2, H = 3 as in x"],
    ),
    (
        lambda: halve(zeros(3, 7, 7)),
        [
            "the result is [3, 3, 7], declared [C, ⌈H/2⌉, W]",
            "where C = 3, H = 7, W = 7 as in x",
        ],
    ),
]


@pytest.mark.parametrize(("call", "notes"), NOTES, ids=range(len(NOTES)))
def test_notes_say_how_each_symbol_got_its_value(
    call: Callable[[], Any], notes: list[str]
) -> None:
    with pytest.raises(ShapeError) as caught:
        call()
    assert caught.value.__notes__ == notes


def test_a_layer_is_named_as_in_its_model() -> None:
    class Stage(Layer, Generic[Cin, Cout]):
        convs: list[Window[Cin, Cout, L[3], L[1], L[1]]]

        def __call__(self, x: Tensor[*B, C, H, W]) -> Tensor[*B, Cout, H, W]:
            return self.convs[1](x)

    class Model(Layer, Generic[Cin, Cout]):
        stage: Stage[Cin, Cout]

        def __call__(self, x: Tensor[*B, C, H, W]) -> Tensor[*B, Cout, H, W]:
            return self.stage(x)

    convs = [Window(zeros(4, 3, 3, 3), 1, 1) for _ in range(2)]
    with pytest.raises(ShapeError) as caught:
        Model(Stage(convs))(zeros(1, 8, 8))
    assert str(caught.value) == "Window[3, 4, 3, 1, 1] expects 3 channels, got 1"
    assert caught.value.__notes__[-1] == "in stage.convs.1 of Model"


def test_a_layer_is_looked_for_once_in_each_thing_that_is_held() -> None:
    """In every order of these forty it would be looked for until the end of days."""
    held: list[object] = []
    held.extend([held] * 40)
    others = [[held] for _ in range(40)]
    held.extend(others)
    for other in others:
        other.extend(others)  # type: ignore[arg-type]  # each holds all

    @typed
    def train(what: list[object], x: Tensor[C, H, W]) -> Tensor[*tuple[Any, ...]]:
        return WINDOW(x)

    with pytest.raises(ShapeError) as caught:
        train(held, zeros(1, 8, 8))
    assert not any("of list" in note for note in caught.value.__notes__)
    with pytest.raises(ShapeError) as caught:
        train([held, {"conv": WINDOW}], zeros(1, 8, 8))
    assert caught.value.__notes__[-1] == "in 1.conv of list"


def test_the_traceback_goes_from_the_call_to_the_check() -> None:
    with pytest.raises(ShapeError) as caught:
        WINDOW(zeros(1, 8, 8))
    assert len(caught.traceback) == 2
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__
