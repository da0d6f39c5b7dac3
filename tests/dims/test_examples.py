"""The sizes that a sentence shows: by hand."""

import pytest

from typed_resnet.dims.answers import Different
from typed_resnet.dims.decision import decide
from typed_resnet.dims.examples import example
from typed_resnet.dims.normal_form import normal_form
from typed_resnet.dims.term import Term

from .letters import C, H, W, add, ceil, div, least, mul, sub


@pytest.mark.parametrize(
    ("a", "b", "at", "left", "right"),
    [
        (sub(H, 2), H, {"H": 3}, 1, 3),
        (div(sub(H, 3), 2), H, {"H": 5}, 1, 5),
        (sub(H, add(W, 1)), W, {"H": 4, "W": 1}, 2, 1),
        (sub(H, W), sub(W, H), {"H": 1, "W": 2}, -1, 1),
        (sub(2, H), H, {"H": 2}, 0, 2),
        (sub(H, 2_000), H, {"H": 1}, -1_999, 1),
        (ceil(H, 2), div(H, 2), {"H": 1}, 1, 0),
        (mul(4, div(C, 4)), C, {"C": 1}, 0, 1),
        (least(H, 8), H, {"H": 9}, 8, 9),
    ],
)
def test_sizes_that_show_a_difference(
    a: Term, b: Term, at: dict[str, int], left: int, right: int
) -> None:
    """Both are sizes where they can be near; 0 is shown, and what is far away is not sought."""
    forms = normal_form(a), normal_form(b)
    decision = decide(*forms)
    assert isinstance(decision, Different)
    shown = example(*forms, decision)
    assert {symbol.name: value for symbol, value in shown.at.items()} == at
    assert (shown.left, shown.right) == (left, right)
