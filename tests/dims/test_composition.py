"""What layers together take and return, found without an input."""

from __future__ import annotations

import pytest

from typed_resnet.dims.composition import Clash, Composed, Rule, compose
from typed_resnet.dims.matching import Axis, Part, Star
from typed_resnet.dims.products import product_symbol
from typed_resnet.dims.sentences import flow, in_layer, sentence
from typed_resnet.dims.term import Operation, Symbol, Term

B, SHAPE, REST = (Symbol(name, 0) for name in ("B", "Shape", "Rest"))
C, H, W, N = map(Symbol, "CHWN")
MINE = Symbol("Mine", key="of the caller")
CALLERS = Symbol("H", key="of the caller")


def rule(who: str, taken: tuple[Axis, ...], returned: tuple[Axis, ...], *own: Symbol) -> Rule:
    return Rule(who, Part("x", taken, ()), returned, own)


def conv(i: Term, o: Term, stride: int = 1) -> Rule:
    height, width = (Operation("CeilDiv", (size, stride)) for size in (H, W))
    return rule(f"conv {i}-{o}", (Star(B), i, H, W), (Star(B), o, height, width), B, H, W)


def linear(i: Term, o: Term) -> Rule:
    return rule(f"linear {i}-{o}", (Star(B), i), (Star(B), o), B)


RELU = rule("relu", (Star(SHAPE),), (Star(SHAPE),), SHAPE)
MEAN = rule("mean", (Star(B), C, H, W), (Star(B), C), B, C, H, W)
HALF = rule("half", (Star(B), C), (Star(B), Operation("FloorDiv", (C, 2))), B, C)
FLAT = rule("flat", (N, Star(REST)), (N, product_symbol(REST)), N, REST)
TURN = rule("turn", (Star(B), C, H, W), (Star(B), C, W, H), B, C, H, W)
ROW = rule("row", (Star(B), H), (Star(B), H), B, H)
IMAGE = rule("image", (C, H, W), (C, H, W), C, H, W)


@pytest.mark.parametrize(
    ("rules", "said"),
    [
        ([RELU], "[*Shape] -> [*Shape]"),
        ([RELU, RELU], "[*Shape] -> [*Shape]"),
        ([conv(3, 8, 2), conv(8, 4, 2)], "[*B, 3, H, W] -> [*B, 4, ⌈H/4⌉, ⌈W/4⌉]"),
        ([RELU, conv(3, 8)], "[*B, 3, H, W] -> [*B, 8, H, W]"),
        ([TURN, TURN, conv(3, 8, 2)], "[*B, 3, H, W] -> [*B, 8, ⌈H/2⌉, ⌈W/2⌉]"),
        ([MEAN, linear(5, 2)], "[*B, 5, H, W] -> [*B, 2]"),
        ([RELU, MEAN, RELU, linear(5, 2)], "[*B, 5, H, W] -> [*B, 2]"),
        ([conv(MINE, 4), RELU], "[*B, Mine, H, W] -> [*B, 4, H, W]"),
        ([linear(3, 4), conv(2, 8)], "[*B, 2, H, 3] -> [*B, 8, H, 4]"),
        ([RELU, IMAGE, conv(3, 8)], "[3, H, W] -> [8, H, W]"),
        ([ROW, conv(2, 8)], "[*B, 2, H, H2] -> [*B, 8, H, H2]"),
        ([ROW, conv(CALLERS, 8)], "[*B, H, H2, H3] -> [*B, 8, H2, H3]"),
    ],
)
def test_what_fits(rules: list[Rule], said: str) -> None:
    found = compose(rules)
    assert isinstance(found, Composed)
    assert flow(found.taken, found.returned).replace("Tensor", "") == said


@pytest.mark.parametrize(
    ("rules", "said"),
    [
        ([conv(3, 8), conv(4, 8)], "layer 1 of it: conv 4-8 expects 4 on axis -3, got 8"),
        ([RELU, MEAN, linear(5, 2), linear(3, 2)], "layer 3 of it: linear 3-2 expects 3"),
        ([MEAN, linear(5, 2), RELU, linear(5, 2)], "layer 3 of it: linear 5-2 expects 5"),
        (
            [conv(3, MINE), conv(3, 8)],
            "layer 1 of it: conv 3-8 expects 3 on axis -3, got Mine: at Mine = 1",
        ),
        ([IMAGE, MEAN, conv(3, 4)], "layer 2 of it: conv 3-4 expects [*B, 3, H, W], got [C]"),
    ],
)
def test_what_never_fits(rules: list[Rule], said: str) -> None:
    clash = compose(rules)
    assert isinstance(clash, Clash)
    message = in_layer("it", clash.place, sentence(clash.who, clash.failure))
    assert message.startswith(said)


@pytest.mark.parametrize(
    "rules",
    [
        [HALF, linear(3, 2)],  # of 6 features or 7
        [conv(3, 8), FLAT, linear(64, 2)],  # of as many cells as that
        [conv(3, 8), None, conv(4, 8)],
    ],
)
def test_what_depends_on_the_input_is_left_to_the_call(rules: list[Rule | None]) -> None:
    assert compose(rules) is None


def test_beside_an_unknown_layer_the_others_are_looked_at() -> None:
    clash = compose([conv(3, 8), None, conv(4, 8), conv(3, 8)])
    assert isinstance(clash, Clash)
    assert clash.place == 3
