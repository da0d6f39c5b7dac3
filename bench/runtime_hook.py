"""What a checked call costs, beside jaxtyping with beartype on the same functions.

    python bench/runtime_hook.py

Turns alternate, so that a busy moment of the machine falls on all alike; each figure is the median
of the turns, with the quartiles. Nothing is computed in the functions but their result's shape.
"""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Callable
from functools import partial
from typing import Any, Generic

import numpy as np
from beartype import beartype
from jaxtyping import Float, jaxtyped

from typed_resnet import Layer, Tensor, resnet18, typed
from typed_resnet.dims import B, Cin, ConvOut, Cout, H, K, P, S, W

Array = np.ndarray
TURNS = 31


class Window(Layer, Generic[Cin, Cout, K, S, P]):
    """The signature of a convolution, and nothing behind it."""

    kernel: Tensor[Cout, Cin, K, K]
    stride: S
    padding: P

    def __call__(
        self, x: Tensor[*B, Cin, H, W]
    ) -> Tensor[*B, Cout, ConvOut[H, K, S, P], ConvOut[W, K, S, P]]:
        return RESULT  # type: ignore[return-value]  # its shape is right for the one call below


@typed
def plain(x: Tensor[*B, Cin, H, W], bias: Tensor[Cin]) -> Tensor[*B, Cin, H, W]:
    return x


@jaxtyped(typechecker=beartype)
def plain_jaxtyping(
    x: Float[Array, "*B Cin H W"], bias: Float[Array, " Cin"]
) -> Float[Array, "*B Cin H W"]:
    return x


@jaxtyped(typechecker=beartype)
def symbolic_jaxtyping(
    x: Float[Array, "*B Cin H W"], K: int, S: int, P: int
) -> Float[Array, "*B Cout (H+2*{P}-{K})//{S}+1 (W+2*{P}-{K})//{S}+1"]:
    return RESULT.array


X = Tensor.zeros(8, 3, 224, 224)
BIAS = Tensor.zeros(3)
RESULT = Tensor.zeros(8, 64, 112, 112)
WINDOW = Window(Tensor.zeros(64, 3, 7, 7), 2, 3)


def measure(calls: dict[str, Callable[[], Any]], number: int) -> dict[str, list[float]]:
    """Time each call in turn, in microseconds a call."""
    times: dict[str, list[float]] = {name: [] for name in calls}
    for call in calls.values():
        call()
    for _ in range(TURNS):
        for name, call in calls.items():
            begin = time.perf_counter()
            for _ in range(number):
                call()
            times[name].append((time.perf_counter() - begin) / number * 1e6)
    return times


def show(times: dict[str, list[float]]) -> None:
    for name, taken in times.items():
        low, median, high = statistics.quantiles(taken, n=4)
        print(f"  {name:46} {median:10.2f} us   ({low:.2f} to {high:.2f})")


def main() -> None:
    print("a call, microseconds: median and quartiles of", TURNS, "turns")
    unchecked = Window.__call__.__wrapped__  # type: ignore[attr-defined]  # the function itself
    window = measure(
        {
            "window rule, unchecked": partial(unchecked, WINDOW, X),
            "window rule, typed": partial(Window.__call__, WINDOW, X),
        },
        2000,
    )
    symbolic = measure(
        {"window rule, jaxtyping": partial(symbolic_jaxtyping, X.array, 7, 2, 3)}, 50
    )
    axes = measure(
        {
            "plain axes, unchecked": partial(plain.__wrapped__, X, BIAS),  # type: ignore[attr-defined]  # likewise
            "plain axes, typed": partial(plain, X, BIAS),
            "plain axes, jaxtyping": partial(plain_jaxtyping, X.array, BIAS.array),
        },
        500,
    )
    show(window | symbolic | axes)
    median = {n: statistics.median(t) for n, t in (window | symbolic | axes).items()}
    cost = median["window rule, typed"] - median["window rule, unchecked"]
    plain_cost = median["plain axes, typed"] - median["plain axes, unchecked"]
    theirs = median["plain axes, jaxtyping"] - median["plain axes, unchecked"]
    print(
        f"  window rule: {cost:.2f} us more than unchecked; jaxtyping's costs"
        f" {(median['window rule, jaxtyping'] - median['window rule, unchecked']) / cost:.0f} times that"
    )
    print(
        f"  plain axes: {plain_cost:.2f} us more than unchecked; jaxtyping's costs"
        f" {theirs / plain_cost:.1f} times that"
    )


if __name__ == "__main__":
    main()
