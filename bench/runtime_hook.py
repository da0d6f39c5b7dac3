"""What a checked call costs, beside jaxtyping with beartype on the same functions.

    python bench/runtime_hook.py

Turns alternate, so that a busy moment of the machine falls on all alike; each figure is the median
of the turns, with the quartiles. The functions of the first table compute nothing: all the time is
the check's.
"""

# ruff: noqa: F722  # jaxtyping's axes are no expressions

from __future__ import annotations

import importlib
import os
import statistics
import sys
import time
from collections.abc import Callable
from functools import partial
from types import FrameType
from typing import Any, Generic

import numpy as np
from beartype import beartype
from jaxtyping import Float, jaxtyped

from typed_resnet import Layer, Tensor, typed
from typed_resnet.dims import B, Cin, ConvOut, Cout, H, K, P, S, W

Times = dict[str, list[float]]


class Window(Layer, Generic[Cin, Cout, K, S, P]):
    """The signature of a convolution, and nothing behind it."""

    kernel: Tensor[Cout, Cin, K, K]
    stride: S
    padding: P

    def __call__(
        self, x: Tensor[*B, Cin, H, W]
    ) -> Tensor[*B, Cout, ConvOut[H, K, S, P], ConvOut[W, K, S, P]]:
        return RESULT  # type: ignore[return-value]  # its shape is right for the one call below


class JaxtypingWindow:
    """The same rule, in jaxtyping's words; `self` says the sizes of the layer."""

    def __init__(self) -> None:
        self.kernel = np.zeros((64, 3, 7, 7), np.float32)
        self.stride = 2
        self.padding = 3

    @jaxtyped(typechecker=beartype)
    def __call__(
        self, x: Float[np.ndarray, "*B {self.kernel.shape[1]} H W"]
    ) -> Float[
        np.ndarray,
        "*B {self.kernel.shape[0]}"
        " (H+2*{self.padding}-{self.kernel.shape[2]})//{self.stride}+1"
        " (W+2*{self.padding}-{self.kernel.shape[3]})//{self.stride}+1",
    ]:
        return RESULT.array


@typed
def plain(x: Tensor[*B, Cin, H, W], bias: Tensor[Cin]) -> Tensor[*B, Cin, H, W]:
    """Return x; `plain_jaxtyping` says the same."""
    return x


@jaxtyped(typechecker=beartype)
def plain_jaxtyping(
    x: Float[np.ndarray, "*B Cin H W"], bias: Float[np.ndarray, " Cin"]
) -> Float[np.ndarray, "*B Cin H W"]:
    return x


X = Tensor.zeros(8, 3, 224, 224)
BIAS = Tensor.zeros(3)
RESULT = Tensor.zeros(8, 64, 112, 112)
WINDOW = Window(Tensor.zeros(64, 3, 7, 7), 2, 3)
NETWORK_TURNS = 603


def measure(calls: dict[str, Callable[[], Any]], number: int, turns: int) -> Times:
    """Time each call in turn, in microseconds a call."""
    times: Times = {name: [] for name in calls}
    for call in calls.values():
        call()
    for turn in range(turns):
        first = turn % len(calls)  # nobody always comes after the same one
        for name in [*calls][first:] + [*calls][:first]:
            call = calls[name]
            begin = time.perf_counter()
            for _ in range(number):
                call()
            times[name].append((time.perf_counter() - begin) / number * 1e6)
    return times


def show(times: Times) -> None:
    for name, taken in times.items():
        low, median, high = statistics.quantiles(taken, n=4)
        print(f"  {name:36} {median:12.2f} us   ({low:.2f} to {high:.2f})")


def extra(times: Times, name: str, other: str) -> float:
    """The median, over turns, of what one call takes more than another in the same turn."""
    pairs = zip(times[name], times[other], strict=True)
    return statistics.median(one - two for one, two in pairs)


def checked_calls(call: Callable[[], Any]) -> int:
    """Count the checked calls that one call makes."""
    count = 0

    def see(frame: FrameType, event: str, _: object) -> None:
        nonlocal count
        count += event == "call" and frame.f_code.co_filename.startswith("<typed ")

    sys.setprofile(see)
    call()
    sys.setprofile(None)
    return count


def compare(rule: str, calls: dict[str, Callable[[], Any]]) -> float:
    """Measure three ways to make a call; return what `typed` adds, in microseconds."""
    times = measure(calls, number=200, turns=51)
    show({f"{rule}, {name}": taken for name, taken in times.items()})
    ours, theirs = extra(times, "typed", "unchecked"), extra(times, "jaxtyping", "unchecked")
    print(f"  {rule}: {ours:.2f} us more than unchecked; jaxtyping {theirs / ours:.0f} times that")
    return ours


def network(checks: bool) -> Callable[[], Any]:
    """Make a ResNet-18 of the library, which is imported once more, with checks or without."""
    ours = {name: m for name, m in sys.modules.items() if name.startswith("typed_resnet")}
    for name in ours:
        del sys.modules[name]
    os.environ["TYPED_RESNET_CHECKS"] = "01"[checks]
    made = importlib.import_module("typed_resnet")
    torchvision = importlib.import_module("typed_resnet.torchvision")
    image = np.random.default_rng(0).standard_normal((3, 224, 224)).astype(np.float32)
    call: Callable[[], Any] = partial(torchvision.resnet18(), made.Tensor(image))
    call()  # what is read at the first call is read while these are the modules
    os.environ["TYPED_RESNET_CHECKS"] = "1"
    sys.modules.update(ours)
    return call


def compare_networks(cost: float) -> None:
    """Time ResNet-18 with checks and without; twice without, which tells what noise there is."""
    print("ResNet-18, forward at 224 x 224, batch 1")
    calls = {
        "unchecked": network(checks=False),
        "typed": network(checks=True),
        "unchecked again": network(checks=False),
    }
    times = measure(calls, number=1, turns=NETWORK_TURNS)
    show(times)
    whole = statistics.median(times["unchecked"])
    for name in ("typed", "unchecked again"):
        apart = [
            (one - other) / other * 100
            for one, other in zip(times[name], times["unchecked"], strict=True)
        ]
        low, median, high = statistics.quantiles(apart, n=4)
        print(f"  {name}: {median:+.2f} % against unchecked ({low:+.2f} to {high:+.2f})")
    count = checked_calls(calls["typed"])
    print(f"  {count} checked calls of {cost:.2f} us come to {count * cost / whole * 100:.2f} %")


def main() -> None:
    print("One call: median and quartiles")
    cost = compare(
        "window rule",
        {
            "unchecked": partial(Window.__call__.__wrapped__, WINDOW, X),  # type: ignore[attr-defined]  # `typed` keeps it
            "typed": partial(Window.__call__, WINDOW, X),
            "jaxtyping": partial(JaxtypingWindow(), X.array),
        },
    )
    compare(
        "plain axes",
        {
            "unchecked": partial(plain.__wrapped__, X, BIAS),  # type: ignore[attr-defined]  # likewise
            "typed": partial(plain, X, BIAS),
            "jaxtyping": partial(plain_jaxtyping, X.array, BIAS.array),
        },
    )
    compare_networks(cost)


if __name__ == "__main__":
    main()
