"""Equal, or different with the smallest counterexample: by hand."""

import pytest

from typed_resnet.dims.answers import Different, Equal, Undecided
from typed_resnet.dims.decision import decide
from typed_resnet.dims.normal_form import normal_form
from typed_resnet.dims.points import small_points
from typed_resnet.dims.term import Term

from .letters import C, H, K, P, S, W, add, ceil, div, exact, least, most, mul, sub, window

SCARCE = exact(div(H, 22), 22)
"""Whole at few numbers; of a period of 13,068 when it is divided by 27."""
THIRD = sub(div(ceil(C, 5), 7), add(H, H, C))
"""In thirds it is a sum of 105 floors, which repeats itself after 105 C and 3 H."""
FAR = sub(div(H, 23), most(H, W))
"""In thirds it is a sum of 26 floors by 69."""
WIDE = div(sub(ceil(W, 22), add(H, 1)), 12)
"""In thirds it is a sum of 129 floors by 132 and 264, of other generators."""
CLAMPED = div(least(18, div(H, 8)), 17)
"""In thirds it is a sum of floors by 51 that are equal for what min(H//8, 18) may be."""


def thirds(size: Term) -> Term:
    return add(*(div(add(size, i), 3) for i in range(3)))


@pytest.mark.parametrize(
    ("a", "b"),
    [
        (FAR, thirds(FAR)),
        (WIDE, thirds(WIDE)),
        (CLAMPED, thirds(CLAMPED)),
        (exact(C, 4), div(C, 4)),
        (exact(C, 4), ceil(C, 4)),
        (add(exact(C, 4), div(W, 400)), add(div(C, 4), div(W, 400))),
        (add(exact(C, 4), exact(W, 3)), add(div(C, 4), ceil(W, 3))),
        (ceil(SCARCE, 27), sub(SCARCE, div(mul(26, SCARCE), 27))),
        (div(sub(add(H, W), mul(2, div(add(H, W), 2))), 3), 0),
        (THIRD, add(div(add(THIRD, 2), 3), div(add(THIRD, 1), 3), div(THIRD, 3))),
        (
            most(H, W, C),
            sub(
                add(H, W, C, least(H, W, C)),
                add(least(H, W), least(W, C), least(H, C)),
            ),
        ),
        (least(div(H, 2), 112), div(least(H, 224), 2)),
        (least(div(H, 2), div(W, 2)), div(least(H, W), 2)),
        (div(add(div(H, 3), W), 5), div(add(H, mul(3, W)), 15)),
        (mul(add(H, W), sub(H, W)), sub(mul(H, H), mul(W, W))),
        (exact(C, H), div(C, H)),
        (ceil(C, H), exact(C, H)),
        (mul(2, exact(C, H)), exact(mul(2, C), H)),
        (mul(exact(C, H), exact(H, W)), exact(C, W)),
        (add(exact(C, H), exact(W, S)), exact(add(mul(C, S), mul(W, H)), mul(H, S))),
        (least(mul(H, W), add(mul(H, W), H)), mul(W, H)),
    ],
)
def test_equal(a: Term, b: Term) -> None:
    assert decide(normal_form(a), normal_form(b)) == Equal()


@pytest.mark.parametrize(
    ("a", "b", "at", "left", "right"),
    [
        (ceil(H, 2), div(H, 2), {"H": 1}, 1, 0),
        (ceil(H, 2), H, {"H": 2}, 1, 2),
        (mul(4, div(C, 4)), C, {"C": 1}, 0, 1),
        (H, W, {"H": 1, "W": 2}, 1, 2),
        (mul(H, W), mul(H, H), {"H": 1, "W": 2}, 2, 1),
        (ceil(H, S), div(H, S), {"H": 1, "S": 2}, 1, 0),
        (window(H, K, S, P), ceil(H, S), {"H": 1, "K": 1, "P": 1, "S": 1}, 3, 1),
        (least(H, 1000), least(H, 1001), {"H": 1001}, 1000, 1001),
        (least(add(C, H, W), 1000), add(C, H, W), {"C": 1, "H": 1, "W": 999}, 1000, 1001),
        (exact(C, 4), 2, {"C": 4}, 1, 2),
        (exact(C, 30), div(C, 29), {"C": 870}, 29, 30),
        (div(mul(200, H), 509), div(mul(11, H), 28), {"H": 509}, 200, 199),
        (ceil(SCARCE, 27), ceil(SCARCE, 26), {"H": 13068}, 1, 2),
        (exact(C, H), W, {"C": 1, "H": 1, "W": 2}, 1, 2),
        (exact(C, H), div(add(C, 1), H), {"C": 1, "H": 1}, 1, 2),
        (exact(C, H), C, {"C": 2, "H": 2}, 1, 2),
        (add(H, P), H, {"H": 1, "P": 1}, 2, 1),
        (div(add(W, 77), 858), div(add(div(H, 19), ceil(H, 31)), 26), {"H": 304, "W": 1}, 0, 1),
        (add(div(C, 300), div(H, 300)), 0, {"C": 1, "H": 300}, 1, 0),
        (exact(ceil(W, 26), 31), div(C, 900), {"C": 1, "W": 781}, 1, 0),
        (div(most(C, H), 352), exact(W, 700), {"C": 1, "H": 1, "W": 700}, 0, 1),
        (3, 4, {}, 3, 4),
        (div(add(H, W), 32), div(add(H, W), 31), {"H": 1, "W": 30}, 0, 1),
        (most(H, W), least(H, W), {"H": 1, "W": 2}, 2, 1),
        (
            div(add(div(C, 19), div(H, 15)), 27),
            div(ceil(C, 26), 16),
            {"C": 391, "H": 1},
            0,
            1,
        ),
        (least(H, 10**9), least(H, 10**9 + 1), {"H": 10**9 + 1}, 10**9, 10**9 + 1),
        (div(C, 480), least(ceil(C, 105), div(W, 567)), {"C": 480, "W": 1}, 1, 0),
        (
            exact(add(exact(H, 31), div(W, 9)), 29),
            sub(ceil(most(W, C), 29), C),
            {"C": 1, "H": 31, "W": 252},
            1,
            8,
        ),
        (
            div(W, 6960),
            least(add(ceil(H, 28), least(H, W)), sub(ceil(C, 30), exact(W, 31))),
            {"C": 31, "H": 1, "W": 31},
            0,
            1,
        ),
        (
            sub(most(div(W, 2), sub(H, C)), div(W, 45)),
            least(mul(11, exact(C, 15)), add(4, H, sub(22, W))),
            {"C": 15, "H": 1, "W": 1},
            0,
            11,
        ),
        (exact(add(C, H), 32), least(ceil(W, 23), 3), {"C": 1, "H": 31, "W": 24}, 1, 2),
        (
            div(W, 30),
            window(most(least(C, H), div(H, 18)), 27, 24, 1),
            {"C": 1, "H": 1, "W": 30},
            1,
            0,
        ),
    ],
)
def test_different(a: Term, b: Term, at: dict[str, int], left: int, right: int) -> None:
    """The counterexample has the least sum and, among those, the first symbols smallest."""
    decision = decide(normal_form(a), normal_form(b))
    assert isinstance(decision, Different)
    assert {symbol.name: value for symbol, value in decision.at.items()} == at
    assert (decision.left, decision.right) == (left, right)


@pytest.mark.parametrize(
    ("a", "b", "reason"),
    [
        (div(mul(H, W), 2), div(mul(H, W, W, W), mul(2, W, W)), None),
        (
            least(mul(H, W), 1_000_000),
            least(mul(H, W), 1_000_001),
            "sizes are multiplied",
        ),
        (
            least(div(H, S), 1_000_000),
            least(div(H, S), 1_000_001),
            "a size is divided by a size",
        ),
    ],
)
def test_undecided_says_why(a: Term, b: Term, reason: str | None) -> None:
    decision = decide(normal_form(a), normal_form(b))
    if reason is None:
        assert decision == Equal()
    else:
        assert decision == Undecided(reason)


def test_a_size_that_is_never_whole_takes_no_time() -> None:
    """Nowhere do both have a value; it was sought at eight million points."""
    points = small_points([C, H, W], (normal_form(exact(least(W, 3), 6)),))
    assert next(points, None) is None
    assert decide(normal_form(exact(least(W, 3), 6)), normal_form(sub(H, C))) == Equal()


def test_a_padding_that_divides_may_be_nought() -> None:
    """Where it is, the size has no value, and the point tells nothing."""
    decision = decide(normal_form(1), normal_form(exact(div(1, P), 2)))
    assert isinstance(decision, Different)
    assert list(decision.at.values()) == [2]


def test_what_cancels_may_have_no_value() -> None:
    """They would differ from P = 5 on, but 2/(P + 2) is whole at P = 0 alone."""
    shared = exact(2, add(P, 2))
    five, four = (normal_form(sub(least(P, most_), shared)) for most_ in (5, 4))
    assert not isinstance(decide(five, four), Different)
