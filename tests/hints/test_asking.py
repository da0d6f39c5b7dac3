"""What a session says when it is asked: of an expression, and of a call that is being written."""

from __future__ import annotations

import pytest

from typed_resnet.hints import Position, Session

from .test_session import HEAD

CALLS = """\
from typed_resnet import Layer
from typed_resnet.layers import Flatten, Sequential
from typed_resnet.ops import concat, reshape

class Every(Layer):
    @classmethod
    def of(cls, x: Tensor[C, H, W], *more: int, name: str = "") -> Tensor[H, C, W]:
        return Tensor(x.array)

def f(conv: Conv2D[C, C, L[5], L[1], L[2]], x: Tensor[C, H, W]) -> None:
    conv(x)
    concat(x, x, axis=-3)
    concat(x, x, x, axis=-1)
    reshape(x, 3, 4)
    flat = Sequential(Flatten(), relu)
    flat(x)
    Every.of(x, 1, 2, name="a")
"""


def place_of(part: str, text: str = HEAD + CALLS, after: int = 0) -> Position:
    before = text[: text.index(part) + after]
    return Position(before.count("\n"), len(before.rpartition("\n")[2]))


@pytest.mark.parametrize(
    ("part", "rule", "sizes"),
    [
        (
            "conv(x)\n",
            "Conv2D[C, C, 5, 1, 2](x: Tensor[*B, Cin, H, W]) -> Tensor[*B, Cout,"
            " (H + 2*P - K)//S + 1, (W + 2*P - K)//S + 1]",
            "*B = [], Cin = C, Cout = C, K = 5, S = 1, P = 2, H = H, W = W",
        ),
        (
            "concat(x, x, axis",
            "concat(x: Tensor[*B, C1, H, W], y: Tensor[*B, C2, H, W], axis: -3)"
            " -> Tensor[*B, C1 + C2, H, W]",
            "*B = [], C1 = C, H = H, W = W, C2 = C",
        ),
        (
            "concat(x, x, x, axis",
            "concat(x: Tensor[*B, W1], y: Tensor[*B, W2], z: Tensor[*B, W3], axis: -1)"
            " -> Tensor[*B, W1 + W2 + W3]",
            "*B = [C, H], W1 = W, W2 = W, W3 = W",
        ),
        (
            "reshape(x, 3",
            "reshape(x: Tensor[*Old], *sizes: *New, where: Equal[∏Old, ∏New] = …) -> Tensor[*New]",
            "*Old = [C, H, W]",
        ),
        (
            "of(x, 1",
            "Every.of(x: Tensor[C, H, W], *more: int, name: str = …) -> Tensor[H, C, W]",
            "C = C, H = H, W = W",
        ),
    ],
)
def test_hover_shows_the_rule_that_a_call_means(
    session: Session, part: str, rule: str, sizes: str
) -> None:
    """Of overloads the one that its arguments choose; of those by `self`, the general one."""
    session.analyse("model.py", HEAD + CALLS)
    hover = session.hover("model.py", place_of(part))
    assert hover is not None
    assert hover.rule == rule
    assert ", ".join(f"{name} = {size}" for name, size in hover.sizes) == sizes


def test_hover_of_a_call_without_sizes_of_its_own_shows_what_is_called(session: Session) -> None:
    session.analyse("model.py", HEAD + CALLS)
    hover = session.hover("model.py", place_of("flat(x)"))
    assert hover is not None
    assert hover.type == "Sequential[Tensor[*B, C, H, W] -> Tensor[*B, C*H*W]]"
    assert hover.rule is None


@pytest.mark.parametrize(
    ("written", "label", "active"),
    [
        ("concat(", "concat(x: Tensor[*B, W1], y: Tensor[*B, W2], axis: -1)", 0),
        ("concat(x, x, axis=", "concat(x: Tensor[*B, W1], y: Tensor[*B, W2], axis: -1)", 2),
        ("relu(x +", "relu(x: Tensor[*Shape])", 0),
        ("relu(conv.", "relu(x: Tensor[*Shape])", 0),
        ("concat(x, x, x, ", "concat(x: Tensor[*B, W1], y: Tensor[*B, W2], z: ", 3),
        ("reshape(x, 3, 4, ", "reshape(x: Tensor[*Old], *sizes: *New, where: ", 1),
        ("conv(", "Conv2D[C, C, 5, 1, 2](x: Tensor[*B, Cin, H, W]) -> ", 0),
        ("Every.of(x, 1, 2, 3, ", "Every.of(x: Tensor[C, H, W], *more: int, name: str = …)", 1),
    ],
)
def test_signature_of_a_call_that_is_being_written(
    session: Session, written: str, label: str, active: int
) -> None:
    text = HEAD + CALLS + f"    {written}"
    end = Position(text.count("\n"), 4 + len(written))
    found = session.signature("model.py", text, end)
    assert found is not None
    assert found.label.startswith(label)
    assert found.active == active


def test_signature_at_an_argument_that_is_named(session: Session) -> None:
    place = place_of('name="a"', after=6)
    found = session.signature("model.py", HEAD + CALLS, place)
    assert found is not None
    assert found.active == 2
