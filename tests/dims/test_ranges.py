"""Where sizes are large enough, contradictions, and solutions: by hand."""

import pytest

from typed_resnet.dims.attainable import unattainable
from typed_resnet.dims.normal_form import normal_form
from typed_resnet.dims.ranges import (
    Always,
    Never,
    Sometimes,
    at_least,
    contradiction,
    solve,
    unsolved,
)
from typed_resnet.dims.term import Symbol, Term

from .letters import C, H, K, P, S, W, add, ceil, div, exact, least, mul, sub, window

X = Symbol("X")


@pytest.mark.parametrize(
    ("term", "bound"),
    [
        (H, 1),
        (add(H, 6), 7),
        (sub(add(H, 6), 6), 1),
        (ceil(H, 2), 1),
        (ceil(H, S), 1),
        (sub(H, div(H, 2)), 1),
        (window(H, 3, S, 1), 1),
        (mul(C, H, W), 1),
        (sub(mul(5, H), div(H, 3)), 5),
        (sub(add(H, W), div(add(H, W), 2)), 1),
        (exact(C, 4), 1),
        (P, 0),
        (7, 7),
    ],
)
def test_always(term: Term, bound: int) -> None:
    assert at_least(normal_form(term), bound) == Always()


@pytest.mark.parametrize(
    ("term", "bound", "at", "value"),
    [
        (0, 1, {}, 0),
        (sub(1, H), 1, {"H": 1}, 0),
        (sub(least(H, 3), 4), 0, {"H": 1}, -3),
        (sub(div(H, 2), H), 0, {"H": 1}, -1),
        (window(4, 7, 1, 0), 1, {}, -2),
        (div(sub(S, 1), S), 1, {}, 0),
    ],
)
def test_never(term: Term, bound: int, at: dict[str, int], value: int) -> None:
    verdict = at_least(normal_form(term), bound)
    assert isinstance(verdict, Never)
    assert {symbol.name: number for symbol, number in verdict.at.items()} == at
    assert verdict.value == value


@pytest.mark.parametrize(
    ("term", "bound", "needs", "at"),
    [
        (sub(H, 2), 1, "H ≥ 3", {"H": 1}),
        (div(H, 2), 1, "H ≥ 2", {"H": 1}),
        (add(H, W), 5, "H + W ≥ 5", {"H": 1, "W": 1}),
        (add(mul(2, H), mul(2, W)), 7, "H + W ≥ 4", {"H": 1, "W": 1}),
        (sub(2, H), 1, "H ≤ 1", {"H": 2}),
        (sub(H, add(W, 2)), 1, "H ≥ W + 3", {"H": 1, "W": 1}),
        (window(H, 7, 1, 0), 1, "H ≥ 7", {"H": 1}),
        (window(H, 7, 2, 0), 1, "H ≥ 7", {"H": 1}),
        (window(H, 7, S, 0), 1, "H ≥ 7", {"H": 1, "S": 1}),
        (window(H, K, S, P), 1, "H + 2*P ≥ K", {"H": 1, "K": 2, "P": 0, "S": 1}),
        (window(H, K, S, 0), 1, "H ≥ K", {"H": 1, "K": 2, "S": 1}),
        (div(add(H, W), 4), 1, "H + W ≥ 4", {"H": 1, "W": 1}),
        (exact(C, 4), 2, "C ≥ 8", {"C": 4}),
        (sub(300, H), 1, "H ≤ 299", {"H": 300}),
        (sub(least(H, W), 3), 1, "min(H, W) ≥ 4", {"H": 1, "W": 1}),
        (mul(sub(H, 1), W), 1, "H*W ≥ W + 1", {"H": 1, "W": 1}),
    ],
)
def test_sometimes(term: Term, bound: int, needs: str, at: dict[str, int]) -> None:
    """`at` is the smallest point where the size is too small."""
    verdict = at_least(normal_form(term), bound)
    assert isinstance(verdict, Sometimes)
    assert verdict.needs == needs
    assert verdict.at is not None
    assert {symbol.name: number for symbol, number in verdict.at.items()} == at


@pytest.mark.parametrize(
    ("terms", "clause"),
    [
        ([sub(H, 2), sub(2, H)], "H - 2 and 2 - H cannot both be ≥ 1"),
        ([H, sub(H, 2), W], None),
        ([sub(1, H)], "1 - H is never ≥ 1"),
        ([sub(H, W), sub(W, C), sub(C, H)], "H - W, W - C and C - H cannot all be ≥ 1"),
        ([W, sub(H, W), C, sub(W, C), sub(C, H)], "H - W, W - C and C - H cannot all be ≥ 1"),
        ([div(H, 8), sub(8, H)], "H//8 and 8 - H cannot both be ≥ 1"),
        ([div(H, 8), sub(9, H)], None),
    ],
)
def test_contradiction(terms: list[Term], clause: str | None) -> None:
    assert contradiction(map(normal_form, terms)) == clause


@pytest.mark.parametrize(
    ("size", "target", "solution"),
    [
        (add(X, 2), 58, 56),
        (mul(2, X), mul(6, C), mul(3, C)),
        (sub(X, H), W, add(H, W)),
        (exact(X, 4), C, mul(4, C)),
        (mul(X, H, W), mul(512, W, H), 512),
        (mul(X, add(H, 1)), add(mul(H, H), mul(2, H), 1), add(H, 1)),
        (add(X, ceil(H, 2)), H, div(H, 2)),
        (mul(X, 7, 7), 25088, 512),
    ],
)
def test_solve(size: Term, target: Term, solution: Term) -> None:
    assert solve(normal_form(size), X, normal_form(target)) == normal_form(solution)
    assert unsolved(normal_form(size), X, normal_form(target)) is None


@pytest.mark.parametrize(
    ("size", "target", "reason"),
    [
        (mul(2, X), 7, "2*X = 7 has no whole solution for all values"),
        (mul(2, X), C, "2*X = C has no whole solution for all values"),
        (ceil(X, 2), 5, "⌈X/2⌉ = 5 does not determine X"),
        (least(X, 3), 2, "min(X, 3) = 2 does not determine X"),
        (mul(X, X), 4, "X*X = 4 does not determine X"),
        (add(X, 5), 2, "X + 5 = 2 needs X = -3"),
        (H, 2, "H does not contain X"),
        (mul(X, sub(H, W)), 0, "H - W may be 0"),
    ],
)
def test_unsolved(size: Term, target: Term, reason: str) -> None:
    assert solve(normal_form(size), X, normal_form(target)) is None
    assert unsolved(normal_form(size), X, normal_form(target)) == reason


@pytest.mark.parametrize(
    ("size", "target", "certain"),
    [
        (mul(2, P), 7, True),
        (mul(2, P), 6, False),
        (add(mul(2, P), H), add(H, 1), True),
        (add(mul(2, P), H), add(H, 4), False),
        (add(P, H), W, False),
    ],
)
def test_what_no_padding_makes(size: Term, target: Term, certain: bool) -> None:
    """Other symbols may stand on both sides."""
    assert unattainable(normal_form(size), P, normal_form(target)) is certain


def test_what_has_no_value_far_away_is_not_attained_there() -> None:
    """2//C is 0 from C = 3 on: it was an error to divide by it."""
    size = normal_form(sub(div(C, 16), div(sub(2, C), div(2, C))))
    assert unattainable(size, C, normal_form(add(C, 5)))
    assert not unattainable(size, C, normal_form(sub(C, 1)))
