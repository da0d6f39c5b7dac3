"""Printed sizes: short, and read back as what they are."""

import random

import pytest

from typed_resnet.dims.normal_form import normal_form
from typed_resnet.dims.printer import show
from typed_resnet.dims.term import Term, Undefined

from .letters import C, H, K, P, S, W, add, ceil, div, exact, least, mul, sub, window
from .random_terms import SYMBOLS, random_term
from .reading import read


@pytest.mark.parametrize(
    ("term", "text"),
    [
        (ceil(H, 2), "⌈H/2⌉"),
        (ceil(add(H, 1), mul(2, S)), "⌈(H + 1)/(2*S)⌉"),
        (div(H, 2), "H//2"),
        (div(add(H, 1), 2), "(H + 1)//2"),
        (div(mul(3, H), 2), "(3*H)//2"),
        (mul(3, div(H, 2)), "3*(H//2)"),
        (mul(div(H, 2), 3), "(H//2)*3"),
        (mul(C, H, W), "C*H*W"),
        (mul(C, mul(H, W)), "C*(H*W)"),
        (sub(H, sub(W, 1)), "H - (W - 1)"),
        (exact(C, 4), "C/4"),
        (exact(add(C, 1), 4), "(C + 1)/4"),
        (least(H, W, 3), "min(H, W, 3)"),
        (window(H, K, S, P), "(H + 2*P - K)//S + 1"),
        (window(H, K, S, 0), "(H - K)//S + 1"),
        (mul(-1, H), "-H"),
        (mul(2, add(H, 1)), "2*(H + 1)"),
        (-3, "-3"),
    ],
)
def test_text(term: Term, text: str) -> None:
    assert show(term) == text


def test_every_form_is_read_back() -> None:
    rng = random.Random(20)
    for _ in range(400):
        term = random_term(rng, SYMBOLS, depth=3)
        try:
            form = normal_form(term)
        except Undefined:
            continue
        assert normal_form(read(show(form))) == form
