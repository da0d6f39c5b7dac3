"""Sizes with minima, equal as differences of minima: by hand."""

import pytest

from typed_resnet.dims.concave import same_minima
from typed_resnet.dims.integers import Work
from typed_resnet.dims.normal_form import normal_form
from typed_resnet.dims.term import Term

from .letters import C, H, W, add, ceil, div, least, most, mul, sub

WORK = 4_000
MOST = 24


def same(a: Term, b: Term, most_sums: int = MOST, work: int = WORK) -> bool:
    return same_minima(normal_form(a).polynomial, normal_form(b).polynomial, most_sums, Work(work))


@pytest.mark.parametrize(
    ("a", "b"),
    [
        (least(C, most(H, W)), most(least(C, H), least(C, W))),
        (most(C, least(H, W)), least(most(C, H), most(C, W))),
        (sub(least(C, H), least(C, W)), add(least(C, H), sub(most(C, W), add(C, W)))),
        (
            most(div(C, 2), ceil(least(C, W), 8)),
            least(most(div(C, 2), ceil(C, 8)), most(div(C, 2), ceil(W, 8))),
        ),
        (
            div(sub(least(C, H), least(H, W)), 3),
            least(most(div(sub(C, H), 3), div(sub(C, W), 3)), most(0, div(sub(H, W), 3))),
        ),
        (mul(2, least(C, most(H, W))), most(least(mul(2, C), mul(2, H)), mul(2, least(W, C)))),
    ],
)
def test_same(a: Term, b: Term) -> None:
    assert same(a, b)
    assert same(b, a)


@pytest.mark.parametrize(
    ("a", "b"),
    [
        (least(C, most(H, W)), most(least(C, H), W)),
        (most(C, least(H, W)), least(most(C, H), W)),
        (least(C, most(H, W)), add(most(least(C, H), least(C, W)), 1)),
        (ceil(least(C, H), 2), least(ceil(C, 2), div(H, 2))),
        (ceil(H, 2), sub(H, div(H, 2))),
    ],
)
def test_not_seen_to_be_the_same(a: Term, b: Term) -> None:
    """They differ, or have no minima."""
    assert not same(a, b)


def test_limits() -> None:
    """Beyond them it is not certain."""
    thirds = [div(sub(a, b), 3) for a, b in ((C, H), (C, W), (H, W))]
    pair = (
        div(sub(least(C, H), least(H, W)), 3),
        least(most(thirds[0], thirds[1]), most(0, thirds[2])),
    )
    assert same(*pair)
    assert not same(*pair, most_sums=0)
