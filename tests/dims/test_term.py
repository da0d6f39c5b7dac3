"""Sizes as written: their values by hand, and where they have none."""

import pytest

from typed_resnet.dims.term import Symbol, Term, Undefined, compile_term, evaluate

from .letters import H, K, P, S, W, add, ceil, div, exact, least, most, mul, sub, window


@pytest.mark.parametrize(
    ("term", "value"),
    [
        (add(H, W), 12),
        (sub(W, H), -2),
        (mul(3, H), 21),
        (div(H, 2), 3),
        (div(sub(0, H), 2), -4),
        (ceil(H, 2), 4),
        (ceil(sub(0, H), 2), -3),
        (exact(add(H, W), 4), 3),
        (least(H, W), 5),
        (most(H, W), 7),
        (window(H, 3, 2, 1), 4),
        (window(224, 7, 2, 3), 112),
        (window(H, K, S, P), 3),
    ],
)
def test_value(term: Term, value: int) -> None:
    values = {H: 7, W: 5, K: 3, S: 2, P: 0}
    assert evaluate(term, values) == value
    assert compile_term(term, list(values))(*values.values()) == value


@pytest.mark.parametrize(
    ("term", "reason"),
    [
        (exact(H, 4), "4 does not divide 7"),
        (div(H, sub(W, 5)), "division by 0"),
        (ceil(H, sub(W, 6)), "division by -1"),
        (window(H, 3, 0, 1), "division by 0"),
    ],
)
def test_undefined(term: Term, reason: str) -> None:
    """A size without a value says why, as a clause."""
    with pytest.raises(Undefined, match=f"^{reason}$"):
        evaluate(term, {H: 7, W: 5})


def test_symbols_of_one_name_differ_by_key() -> None:
    assert Symbol("H") == Symbol("H")
    assert Symbol("H") != Symbol("H", key="other function")
    assert Symbol("P", 0) != Symbol("P", 1)
