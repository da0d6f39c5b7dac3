"""Sizes that must be one form, by hand: what users meet."""

from math import gcd

import pytest

from typed_resnet.dims.normal_form import Dim, normal_form
from typed_resnet.dims.term import Operation, Term, Undefined, evaluate
from typed_resnet.dims.waves import ALWAYS_UNIQUE, is_written

from .letters import (
    C1,
    C2,
    C,
    H,
    K,
    P,
    S,
    W,
    add,
    ceil,
    div,
    exact,
    least,
    most,
    mul,
    sub,
    window,
)

SAME: list[tuple[str, list[Term]]] = [
    (
        "⌈H/2⌉",
        [
            ceil(H, 2),
            add(div(sub(H, 1), 2), 1),
            div(add(H, 1), 2),
            sub(H, div(H, 2)),
            window(H, 3, 2, 1),
            window(H, 7, 2, 3),
            window(H, 1, 2, 0),
            div(window(H, 2, 1, 1), 2),
        ],
    ),
    ("H", [H, add(div(H, 2), div(add(H, 1), 2)), window(H, 3, 1, 1), div(add(mul(2, H), 1), 2)]),
    ("H", [add(div(H, 3), div(add(H, 1), 3), div(add(H, 2), 3)), sub(add(H, W), W)]),
    ("H + H//2", [div(mul(3, H), 2), add(H, div(H, 2)), sub(mul(2, H), ceil(H, 2))]),
    ("⌈H/32⌉", [ceil(ceil(ceil(ceil(ceil(H, 2), 2), 2), 2), 2), div(add(H, 31), 32)]),
    ("⌈H/4⌉", [window(window(H, 7, 2, 3), 3, 2, 1), ceil(ceil(H, 2), 2)]),
    ("H//4", [div(div(H, 2), 2), window(window(H, 2, 2, 0), 2, 2, 0)]),
    ("⌈H/S⌉", [ceil(H, S), add(div(sub(H, 1), S), 1), div(sub(add(H, S), 1), S)]),
    ("⌈H/S⌉", [window(H, 3, S, 1), window(H, 1, S, 0), window(H, 7, S, 3)]),
    ("(H + 2*P - K)//S + 1", [window(H, K, S, P)]),
    ("(H + 2*P - K)//2 + 1", [window(H, K, 2, P), add(div(sub(H, K), 2), P, 1)]),
    ("H + 2*P - K + 1", [window(H, K, 1, P)]),
    ("H + 1", [div(add(mul(H, W), W), W), div(add(mul(W, H), W), W)]),
    ("H", [div(mul(H, W, C), mul(W, C)), exact(mul(H, W), W)]),
    ("H//C", [div(mul(H, W), mul(W, C)), div(mul(2, H), mul(2, C))]),
    ("⌈H/(2*S)⌉", [ceil(ceil(H, S), 2), ceil(ceil(H, 2), S)]),
    ("C", [mul(H, exact(C, H)), mul(exact(C, add(H, 1)), add(H, 1)), exact(mul(C, H), H)]),
    ("C/H", [exact(C, H), exact(mul(C, W), mul(H, W)), sub(exact(add(C, H), H), 1)]),
    ("C/(H*W)", [exact(C, mul(H, W)), exact(exact(C, H), W), exact(exact(C, W), H)]),
    ("(C/H)/4", [exact(exact(C, H), 4), exact(C, mul(4, H)), exact(exact(C, 4), H)]),
    ("⌈H/(2*S)⌉", [sub(ceil(H, S), div(ceil(H, S), 2)), div(add(ceil(H, S), 1), 2)]),
    ("⌈H/S⌉", [add(div(ceil(H, S), 2), ceil(ceil(H, S), 2))]),
    ("0", [div(sub(S, 1), S), sub(H, H), div(least(H, 3), 4)]),
    ("C", [mul(4, exact(C, 4)), C]),
    ("C/4", [exact(C, 4), exact(exact(C, 2), 2)]),
    ("4*(C//4)", [mul(4, div(C, 4))]),
    ("C1 + C2", [add(C1, C2), add(C2, C1)]),
    ("C*⌈H/2⌉*⌈W/2⌉", [mul(C, ceil(H, 2), ceil(W, 2)), mul(sub(W, div(W, 2)), ceil(H, 2), C)]),
    ("C*H*W", [mul(C, H, W), mul(W, mul(H, C))]),
    ("H*W - H - W + 1", [mul(sub(H, 1), sub(W, 1))]),
    ("(H + W)//4", [div(add(H, W), 4), sub(div(add(mul(5, H), W), 4), H)]),
    ("(H - W)//4", [div(sub(H, W), 4), sub(div(add(H, mul(3, W)), 4), W)]),
    ("(3*H + W)//97", [div(add(mul(3, H), W), 97), sub(div(add(mul(100, H), W), 97), H)]),
    ("(H + 16*max(H, W))//208", [div(add(most(H, W), div(H, 16)), 13)]),
    ("H + ⌈H/6⌉", [add(ceil(H, 3), div(add(mul(5, H), 3), 6)), ceil(mul(7, H), 6)]),
    ("H//2 + H//3", [add(div(H, 2), div(H, 3))]),
    ("min(H, W)", [least(H, W), least(W, H), sub(add(H, W), most(H, W))]),
    ("max(H, W)", [most(H, W), sub(add(H, W), least(H, W)), add(most(sub(H, W), 0), W)]),
    ("min(C, H, W)", [least(C, H, W), least(W, least(C, H)), least(H, C, add(W, 0), H)]),
    ("max(C, H, W)", [most(C, H, W), most(W, most(H, C))]),
    ("H", [least(H, add(H, W)), most(H, ceil(H, 2)), most(least(H, W), H)]),
    ("min(H//2, W//2)", [least(div(H, 2), div(W, 2))]),
    ("⌈min(⌈H/2⌉, ⌈C/3⌉)/2⌉", [ceil(least(ceil(H, 2), ceil(C, 3)), 2)]),
    ("max(C//4, min(C, W))", [most(div(C, 4), least(C, W)), most(least(W, C), div(div(C, 2), 2))]),
    ("min(2*H, 5)", [least(mul(2, H), 5), add(least(H, 2), least(H, 3))]),
    ("min(H, 3)", [least(H, 3), least(least(H, 5), 3), div(least(mul(2, H), 7), 2)]),
    ("2*min(H, W)", [least(mul(2, H), mul(2, W)), add(least(H, W), least(H, W))]),
    ("min(max(C, 8), 64)", [least(most(C, 8), 64), most(least(C, 64), 8)]),
    ("min(max(C, 8), 64)", [sub(add(most(C, 8), least(C, 64)), C)]),
    ("max(⌈C/3⌉, min(6*C, 18))", [most(mul(6, least(3, C)), ceil(C, 3))]),
    ("min(W, max(C//6, 2))", [least(most(div(C, 6), 2), W), least(W, most(2, div(C, 6)))]),
    ("min(C, max(H, W))", [least(C, most(H, W)), least(most(W, H), C)]),
    ("min(C + W, ⌈max(H, W)/20⌉)", [least(add(C, W), ceil(most(W, H), 20))]),
    ("⌈max(H, W)/2⌉", [ceil(most(H, W), 2), most(ceil(H, 2), ceil(W, 2))]),
    ("C + ⌈max(H, W)/2⌉", [most(add(C, ceil(H, 2)), add(ceil(W, 2), C))]),
    ("min(⌈H/2⌉, max(W//2, 4))", [least(ceil(H, 2), most(div(W, 2), 4))]),
    ("max(2*C - ⌈H/4⌉, min(C//2, 12))", [most(least(div(C, 2), 12), sub(mul(2, C), ceil(H, 4)))]),
    ("min(max(H, 4), W)", [least(W, most(H, 4)), sub(add(W, most(H, 4)), most(W, H, 4))]),
    ("max(W, min(H, 4))", [most(W, least(H, 4)), sub(add(W, least(H, 4)), least(W, H, 4))]),
    ("min(C, max(H, 4), W)", [least(most(H, 4), W, C), least(least(C, W), most(4, H))]),
    ("min(max(H, 4), max(W, 3))", [least(most(H, 4), most(W, 3))]),
    ("min(C + W, max(C, 5))", [least(add(C, W), most(C, 5))]),
    ("max(W - 3, min(max(H//2, 3), 7))", [most(sub(W, 3), least(most(div(H, 2), 3), 7))]),
    ("max((C + 5)//36, 40 - min(C, 8))", [most(div(ceil(C, 6), 6), sub(40, least(8, C)))]),
    ("min(C, max(H, W))", [most(least(C, H), least(C, W)), least(most(H, W), C)]),
    ("max(C, min(H, W))", [least(most(C, H), most(C, W)), most(least(H, W), C)]),
    ("min(C, max(H, K, W))", [most(least(C, H), least(C, W), least(C, K))]),
    ("min(max(H, 3), 1000000000)", [least(most(H, 3), 10**9), most(least(H, 10**9), 3)]),
    ("min(max(H, 3), W, 900)", [least(W, most(least(H, 900), 3)), least(most(H, 3), W, 900)]),
    ("min(H, 1000000)//7", [div(least(H, 10**6), 7)]),
    (
        "(H + 1)//130",
        [div(add(H, 1), 130), add(*(div(add(H, 1 + 130 * j), 390) for j in range(3)))],
    ),
    ("(H - W)//53", [div(sub(H, W), 53), sub(div(add(H, mul(52, W)), 53), W)]),
    ("min(C, max(H, 8))", [least(C, most(H, 8)), most(1, least(C, most(8, H)))]),
    ("min(max(H, 4), ⌈W/2⌉)", [most(0, least(ceil(W, 2), most(4, H)))]),
    (
        "min(max(C, 3), max(H, 6))",
        [least(most(H, 6), most(C, 3)), most(3, least(C, most(6, H)))],
    ),
    ("max(min(C, 6), min(H, 3))", [least(6, most(C, least(H, 3)))]),
    ("min(max(H, 2), 7)", [most(2, least(H, 7)), least(7, most(2, H))]),
    (
        "min(max(⌈(3*H)/4⌉, 8), 32)",
        [most(8, least(32, ceil(mul(3, H), 4))), least(most(ceil(mul(3, H), 4), 8), 32)],
    ),
    ("max(C//16, 8)", [most(8, div(C, 16)), most(div(div(C, 4), 4), 8)]),
    (
        "min(max(C//4, 1), 64)",
        [
            most(1, least(div(C, 4), 64)),
            least(most(1, div(C, 4)), 64),
            least(64, most(div(C, 4), 1)),
        ],
    ),
    (
        "min(H, max(C//4, 1))",
        [most(1, least(div(C, 4), H)), least(most(1, div(C, 4)), H), most(least(H, div(C, 4)), 1)],
    ),
    (
        "min(H, max(C//4, 1), 8)",
        [most(1, least(div(C, 4), 8, H)), least(most(1, div(C, 4)), 8, H)],
    ),
    (
        "min(max(H, 8), max(C//4, 1))",
        [most(1, least(div(C, 4), most(8, H))), least(most(1, div(C, 4)), most(H, 8))],
    ),
    (
        "min(max(H, C//4, 8), 64)",
        [most(8, least(64, most(div(C, 4), H))), least(64, most(8, div(C, 4), H))],
    ),
    (
        "max(8*((C + 4)//8), 8)",
        [most(8, mul(div(add(C, 4), 8), 8)), mul(8, div(add(most(C, 4), 4), 8))],
    ),
    (
        "max(8*((C + 16)//32), 8)",
        [most(8, mul(div(add(div(C, 4), 4), 8), 8)), mul(8, most(1, div(add(C, 16), 32)))],
    ),
    ("min(max(C//S, 1), 32)", [most(1, least(32, div(C, S))), least(most(1, div(C, S)), 32)]),
    ("H*W", [mul(least(H, W), most(H, W)), mul(most(W, H), least(W, H))]),
    ("3*H", [mul(least(H, 3), most(H, 3))]),
    ("W*(H//2)", [mul(most(W, div(H, 2)), least(div(H, 2), W))]),
    ("H", [div(mul(least(H, W), most(H, W)), W)]),
    ("min(H, W)*min(H, W)", [mul(least(H, W), least(W, H))]),
    (
        "4*((22*H + W + 17)//23) + 3",
        [add(*(div(add(mul(4, div(add(mul(22, H), W, 17), 23)), i), 3) for i in (3, 4, 5)))],
    ),
    ("max(H, 224)", [add(H, most(sub(224, H), 0)), most(224, H)]),
    ("max(H, W)", [add(H, div(sub(most(H, W), H), 2), ceil(sub(most(H, W), H), 2))]),
    ("min(H, W)", [sub(H, most(sub(H, W), 0)), sub(H, sub(H, least(H, W)))]),
    ("1", [least(H, 1), most(least(H, 1), 0), div(add(H, 1), add(H, 1))]),
]


@pytest.mark.parametrize(("text", "terms"), SAME)
def test_one_form(text: str, terms: list[Term]) -> None:
    """All terms of a row are one form, which prints as said."""
    forms = [normal_form(term) for term in terms]
    assert len(set(forms)) == 1
    if text != "min(H//2, W//2)":
        assert {str(form) for form in forms} == {text}


@pytest.mark.parametrize(("text", "terms"), SAME)
def test_term_is_read_back(text: str, terms: list[Term]) -> None:
    form = normal_form(terms[0])
    assert normal_form(form.term) == form


def test_different_forms_have_different_terms() -> None:
    forms = {normal_form(terms[0]) for _, terms in SAME}
    assert len({form.term for form in forms}) == len(forms)
    assert len({str(form) for form in forms}) == len(forms)


@pytest.mark.parametrize(
    ("term", "encoded"),
    [
        (add(div(sub(H, 1), 2), 1), Operation("CeilDiv", (H, 2))),
        (sub(H, div(H, 2)), Operation("CeilDiv", (H, 2))),
        (window(H, 3, S, 1), Operation("CeilDiv", (H, S))),
        (window(H, K, S, P), Operation("ConvOut", (H, K, S, P))),
        (window(H, K, S, 0), Operation("ConvOut", (H, K, S, 0))),
        (window(H, K, 2, P), Operation("ConvOut", (H, K, 2, P))),
        (window(ceil(H, 2), K, S, P), Operation("ConvOut", (ceil(H, 2), K, S, P))),
        (exact(C, 4), Operation("ExactDiv", (C, 4))),
        (div(H, 2), Operation("FloorDiv", (H, 2))),
        (mul(H, 3), Operation("Mul", (3, H))),
        (add(1, H), Operation("Add", (H, 1))),
    ],
)
def test_encoding(term: Term, encoded: Term) -> None:
    assert normal_form(term).term == encoded


@pytest.mark.parametrize(
    ("term", "reason"),
    [
        (exact(6, 4), "4 does not divide 6"),
        (exact(add(mul(2, C), 1), 2), "2 does not divide 2*C + 1"),
        (div(H, 0), "division by 0"),
        (window(H, 3, 0, 1), "division by 0"),
        (div(H, sub(W, add(W, 2))), "division by -2"),
    ],
)
def test_undefined_everywhere(term: Term, reason: str) -> None:
    with pytest.raises(Undefined) as caught:
        normal_form(term)
    assert str(caught.value) == reason


def test_substitute() -> None:
    strided = normal_form(window(H, K, S, P))
    assert strided.substitute({K: 3, S: 2, P: 1}) == normal_form(ceil(H, 2))
    assert strided.substitute({H: 224, K: 7, S: 2, P: 3}).constant == 112
    assert normal_form(add(H, W)).substitute({H: normal_form(W), W: normal_form(H)}) == (
        normal_form(add(H, W))
    )
    with pytest.raises(Undefined, match="4 does not divide 6"):
        normal_form(exact(C, 4)).substitute({C: 6})
    assert normal_form(exact(C, H)).substitute({C: 60, H: 5}).constant == 12
    assert str(normal_form(exact(C, H)).substitute({C: normal_form(mul(H, W))})) == "W"


@pytest.mark.parametrize(
    ("size", "reason"),
    [
        (exact(C, H), "5 does not divide 32"),
        (exact(mul(2, C), H), "5 does not divide 64"),
        (exact(C, mul(2, H)), "5 does not divide 32"),
        (mul(W, exact(C, H)), "5 does not divide 32"),
        (div(exact(C, H), 4), "5 does not divide 32"),
        (least(exact(C, H), W), "5 does not divide 32"),
        (exact(add(C, H), H), "5 does not divide 32"),
        (exact(H, sub(C, 32)), "division by 0"),
    ],
)
def test_an_exact_division_by_a_size_stays_one(size: Term, reason: str) -> None:
    """Of C = 32 and H = 5 it has no value; nor has it one number by number."""
    form = normal_form(size)
    with pytest.raises(Undefined, match=f"^{reason}$"):
        form.substitute({C: 32, H: 5})
    with pytest.raises(Undefined, match=f"^{reason}$"):
        form.substitute({C: 32}).substitute({H: 5})
    with pytest.raises(Undefined, match=f"^{reason}$"):
        form.evaluate({C: 32, H: 5, W: 1})


def test_arithmetic() -> None:
    h, w = normal_form(H), normal_form(W)
    assert (h + w) * (h - w) == normal_form(sub(mul(H, H), mul(W, W)))
    assert h + 2 - 2 == h
    assert sorted([w, h, Dim(h.polynomial)])[0] == h
    assert normal_form(h) is h
    assert normal_form(add(H, W)).symbols == {H, W}
    assert normal_form(5).constant == 5
    assert h.constant is None


@pytest.mark.parametrize("divisor", [4_097, 1_000_003, 10**18])
def test_divisors_of_any_size_are_written_at_once(divisor: int) -> None:
    """No table is made of a period that long; what is true of all floors still holds."""
    half = normal_form(Operation("FloorDiv", (H, divisor)))
    assert str(half) == f"H//{divisor}"
    assert str(normal_form(Operation("CeilDiv", (H, divisor)))) == f"⌈H/{divisor}⌉"
    assert half.evaluate({H: 3 * divisor + 1}) == 3
    assert normal_form(half.term) == half


def test_floors_by_small_numbers_are_always_written_in_waves() -> None:
    def kept(d: int) -> list[int]:
        return [u for u in range(1, d) if gcd(u, d) == 1 and not is_written((u,), d)]

    assert not any(kept(d) for d in range(2, ALWAYS_UNIQUE + 1))
    assert kept(ALWAYS_UNIQUE + 1)


@pytest.mark.parametrize(
    ("size", "text"),
    [
        (least(C, ceil(H, 2), W), "min(C, ⌈H/2⌉, W)"),
        (most(C, ceil(H, 3), W), "max(C, W, ⌈H/3⌉)"),
    ],
)
def test_three_sizes_keep_their_ceilings(size: Term, text: str) -> None:
    assert str(normal_form(size)) == text


@pytest.mark.parametrize(("a", "s", "d"), [(200, 0, 509), (200, 1, 457), (97, 3, 211)])
def test_a_floor_kept_as_itself_keeps_its_values(a: int, s: int, d: int) -> None:
    kept = div(add(mul(a, H), s), d)
    for size in (div(kept, 2), least(kept, 5), div(add(kept, H), 2)):
        form = normal_form(size)
        values = [(form.evaluate({H: h}), evaluate(size, {H: h})) for h in range(1, 2 * d)]
        assert all(left == right for left, right in values)


def test_a_product_in_a_numerator_is_no_wave_that_a_size_multiplies() -> None:
    """C·(C//2) is both a variable of ⌈(C·C + 3·C·(C//2) + C)/4⌉ and C times a wave."""
    form = normal_form(ceil(mul(C, add(div(add(C, 1), 2), 1)), 4))
    assert str(form) == "⌈(C*⌈C/2⌉ + C)/4⌉"
    assert [form.evaluate({C: c}) for c in range(1, 8)] == [1, 1, 3, 3, 5, 6, 9]


def test_widths_rounded_again_and_again() -> None:
    """A form of hundreds of atoms is written at once: all ways to write it took minutes."""
    width: Term = least(C, W)
    for times in (5, 7, 9):
        width = most(8, mul(8, div(add(div(mul(times, width), 4), 4), 8)))
    form = normal_form(width)
    for c in range(1, 200, 7):
        at = {C: c, W: 100}
        assert form.evaluate(at) == evaluate(width, at)
