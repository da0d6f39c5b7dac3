"""Sizes that meet in models: which are one, and which only look so.

Each row is judged at many points too, by what shares nothing with the algebra.
"""

import pytest

from typed_resnet.dims.answers import Different, Equal
from typed_resnet.dims.decision import decide
from typed_resnet.dims.normal_form import normal_form
from typed_resnet.dims.term import Symbol, Term

from .judge import point, points_for, unlike, values
from .letters import C, H, K, P, S, W, add, ceil, div, exact, least, most, mul, sub, window

D, F, G, L, N, R = map(Symbol, "DFGLNR")


def half(size: Term) -> Term:
    return window(size, 3, 2, 1)


SAME: list[tuple[Term, Term]] = [
    # windows and strides
    (window(H, 3, 1, 1), H),
    (window(H, 5, 1, 2), H),
    (window(H, 7, 2, 3), ceil(H, 2)),
    (window(H, 2, 2, 0), div(H, 2)),
    (window(H, 3, 2, 1), window(H, 1, 2, 0)),
    (window(H, 3, 2, 1), window(H, 5, 2, 2)),
    (window(H, 4, 2, 1), div(H, 2)),
    (window(H, 3, 2, 0), div(sub(H, 1), 2)),
    (window(window(H, 7, 2, 3), 3, 2, 1), ceil(H, 4)),
    (window(window(H, 7, 2, 3), 2, 2, 0), div(add(H, 1), 4)),
    (half(half(half(half(half(H))))), ceil(H, 32)),
    (div(div(div(div(div(H, 2), 2), 2), 2), 2), div(H, 32)),
    (window(H, 3, S, 1), ceil(H, S)),
    (window(H, 1, S, 0), window(H, 3, S, 1)),
    (window(H, K, S, P), add(div(sub(add(H, mul(2, P)), K), S), 1)),
    (window(H, K, 1, 0), add(sub(H, K), 1)),
    (window(add(H, mul(2, P)), K, S, 0), window(H, K, S, P)),
    (window(window(H, K, 1, 0), K, 1, 0), sub(add(H, 2), mul(2, K))),
    (window(H, mul(2, K), 1, K), add(H, 1)),
    (window(H, add(mul(2, K), 1), 1, K), H),
    (window(H, add(mul(2, P), 1), S, P), ceil(H, S)),
    (window(H, add(mul(2, P), 1), 1, P), H),
    (window(H, S, S, 0), div(H, S)),
    (window(mul(S, H), S, S, 0), H),
    (window(mul(H, S), 1, S, 0), H),
    (window(mul(16, H), 16, 16, 0), H),
    # dilated: effective kernel
    (window(H, add(mul(2, sub(3, 1)), 1), 1, 2), H),
    (window(H, add(mul(D, 2), 1), 1, D), H),
    (window(H, add(mul(D, sub(K, 1)), 1), 1, 0), sub(H, mul(D, sub(K, 1)))),
    # transposed
    (add(mul(2, sub(H, 1)), 2), mul(2, H)),
    (add(sub(mul(sub(H, 1), 2), 2), add(3, 1)), mul(2, H)),
    (add(mul(sub(H, 1), S), K), add(mul(S, H), sub(K, S))),
    (window(add(mul(sub(H, 1), S), K), K, S, 0), H),
    (window(add(mul(sub(H, 1), 2), 3), 3, 2, 0), H),
    # unet: pad and crop
    (add(mul(2, div(H, 2)), sub(H, mul(2, div(H, 2)))), H),
    (sub(sub(H, div(sub(H, W), 2)), sub(sub(H, W), div(sub(H, W), 2))), W),
    (add(div(sub(H, W), 2), ceil(sub(H, W), 2)), sub(H, W)),
    # channels: concat, split, growth
    (add(C, mul(4, G)), add(add(add(add(C, G), G), G), G)),
    (add(C, mul(L, G)), add(add(C, mul(sub(L, 1), G)), G)),
    (div(add(C, mul(6, 32)), 2), add(div(C, 2), 96)),
    (add(div(C, 2), sub(C, div(C, 2))), C),
    (add(div(C, 4), div(C, 4), div(C, 4), sub(C, mul(3, div(C, 4)))), C),
    (mul(exact(C, G), G), C),
    (exact(mul(C, G), G), C),
    (div(mul(C, G), G), C),
    (mul(exact(C, 4), 4), C),
    (mul(mul(exact(C, G), G), exact(F, G)), mul(C, exact(F, G))),
    (mul(2, exact(C, 2)), C),
    # pixel shuffle
    (exact(mul(C, mul(R, R)), mul(R, R)), C),
    (div(mul(C, mul(R, R)), mul(R, R)), C),
    (mul(mul(C, mul(R, R)), mul(H, W)), mul(C, mul(mul(H, R), mul(W, R)))),
    (exact(mul(4, C), 4), C),
    (mul(mul(4, C), mul(exact(H, 2), exact(W, 2))), mul(C, mul(H, W))),
    (mul(exact(C, mul(R, R)), mul(mul(H, R), mul(W, R))), mul(C, mul(H, W))),
    # attention
    (mul(H, exact(D, H)), D),
    (div(mul(H, D), H), D),
    (mul(3, mul(H, D)), add(add(mul(H, D), mul(H, D)), mul(H, D))),
    (exact(mul(3, D), 3), D),
    (add(mul(div(H, 16), div(W, 16)), 1), add(1, mul(div(W, 16), div(H, 16)))),
    (mul(exact(H, 16), exact(W, 16)), exact(mul(H, W), 256)),
    (div(mul(H, W), W), H),
    (div(mul(H, mul(W, C)), mul(W, C)), H),
    (div(add(mul(H, W), W), W), add(H, 1)),
    (div(add(mul(H, W), sub(W, 1)), W), H),
    (div(sub(mul(H, W), 1), W), sub(H, 1)),
    (add(mul(H, W), mul(H, C)), mul(H, add(W, C))),
    (mul(add(H, W), add(H, W)), add(mul(H, H), mul(2, H, W), mul(W, W))),
    (mul(add(H, 1), sub(H, 1)), sub(mul(H, H), 1)),
    # swin windows: pad to multiple
    (mul(7, ceil(H, 7)), add(H, sub(mul(7, ceil(H, 7)), H))),
    (mul(S, ceil(H, S)), add(H, sub(mul(S, ceil(H, S)), H))),
    (div(add(H, sub(mul(7, ceil(H, 7)), H)), 7), ceil(H, 7)),
    (div(mul(S, ceil(H, S)), S), ceil(H, S)),
    (div(add(H, sub(S, 1)), S), ceil(H, S)),
    (div(sub(H, 1), S), sub(ceil(H, S), 1)),
    (add(div(sub(H, 1), S), 1), div(add(H, sub(S, 1)), S)),
    (add(div(H, S), 1), ceil(add(H, 1), S)),
    (ceil(ceil(H, 2), S), ceil(H, mul(2, S))),
    (div(div(H, S), R), div(H, mul(S, R))),
    (ceil(ceil(H, S), R), ceil(ceil(H, R), S)),
    (window(window(H, 3, S, 1), 3, S, 1), ceil(H, mul(S, S))),
    # squeeze-excite, make_divisible
    (most(8, mul(8, div(add(C, 4), 8))), mul(8, most(1, div(add(C, 4), 8)))),
    (most(1, div(C, 16)), div(most(C, 16), 16)),
    (least(most(C, 8), 64), most(8, least(C, 64))),
    (most(1, least(div(C, 4), 64)), least(most(1, div(C, 4)), 64)),
    (most(1, least(div(C, 4), H)), least(most(1, div(C, 4)), H)),
    (most(16, least(512, mul(2, C))), mul(2, most(8, least(C, 256)))),
    (most(8, mul(8, div(add(mul(3, C), 4), 8))), mul(8, most(1, div(add(mul(3, C), 4), 8)))),
    (mul(8, ceil(most(div(C, 4), 8), 8)), mul(8, most(1, ceil(div(C, 4), 8)))),
    (mul(least(H, W), most(H, W)), mul(H, W)),
    (mul(C, least(H, W), most(W, H)), mul(C, H, W)),
    (least(div(H, 2), div(W, 2)), div(least(H, W), 2)),
    (most(ceil(H, 2), ceil(W, 2)), ceil(most(H, W), 2)),
    (least(H, W), sub(add(H, W), most(H, W))),
    (mul(2, least(H, W)), least(mul(2, H), mul(2, W))),
    (mul(S, least(H, W)), least(mul(S, H), mul(W, S))),
    (least(mul(H, W), mul(H, C)), mul(H, least(W, C))),
    (div(least(H, W), S), least(div(H, S), div(W, S))),
    (most(H, add(H, sub(W, H))), most(H, W)),
    (add(H, most(0, sub(W, H))), most(H, W)),
    (add(least(H, W), sub(most(H, W), least(H, W))), most(H, W)),
    # sequences
    (sub(add(L, mul(2, P)), mul(2, P)), L),
    (add(mul(div(L, S), S), sub(L, mul(div(L, S), S))), L),
    (div(mul(2, add(div(L, 2), 1)), 2), add(div(L, 2), 1)),
    (add(div(L, 2), 1), ceil(add(L, 1), 2)),
    (mul(mul(N, L), div(D, 2)), mul(mul(N, div(D, 2)), L)),
    (div(mul(mul(N, L), D), mul(L, D)), N),
    (exact(mul(N, mul(H, W)), N), mul(H, W)),
    (add(div(mul(3, C), 4), ceil(C, 4)), C),
    (add(div(C, 3), div(add(C, 1), 3), div(add(C, 2), 3)), C),
    (div(add(mul(2, H), 1), 2), H),
    (div(mul(3, H), 2), add(H, div(H, 2))),
    (ceil(mul(7, H), 6), add(H, ceil(H, 6))),
    (window(add(H, add(mul(2, P), 0)), K, S, 0), window(H, K, S, P)),
    (window(sub(H, 1), K, S, P), window(H, add(K, 1), S, P)),
    (sub(window(H, K, S, P), 1), div(sub(add(H, mul(2, P)), K), S)),
    (window(add(H, S), K, S, P), add(window(H, K, S, P), 1)),
    (window(add(H, mul(2, S)), K, S, P), add(window(H, K, S, P), 2)),
    (mul(S, S), div(mul(S, S, H), H)),
    (div(mul(C, H, W), mul(mul(exact(C, G), G), W)), H),
    (exact(mul(exact(C, G), mul(G, H)), H), C),
]

DIFFERENT: list[tuple[Term, Term]] = [
    # windows and strides
    (window(H, 2, 2, 0), ceil(H, 2)),
    (window(H, 3, 2, 0), div(H, 2)),
    (window(window(H, 7, 2, 3), 2, 2, 0), div(H, 4)),
    (ceil(H, 32), div(H, 32)),
    (window(H, mul(2, P), 1, P), H),
    (mul(S, window(H, S, S, 0)), H),
    (mul(S, div(H, S)), H),
    # transposed
    (mul(2, ceil(H, 2)), H),
    (mul(2, div(H, 2)), H),
    # channels: concat, split, growth
    (add(div(C, 2), div(C, 2)), C),
    (mul(div(C, G), G), C),
    (mul(4, div(C, 4)), C),
    # pixel shuffle
    (mul(div(C, 4), mul(mul(2, H), mul(2, W))), mul(C, mul(H, W))),
    # attention
    (mul(H, div(D, H)), D),
    (mul(div(H, 16), div(W, 16)), div(mul(H, W), 256)),
    (ceil(sub(mul(H, W), 1), W), H),
    # swin windows: pad to multiple
    (mul(ceil(H, 7), 7), H),
    (add(div(H, S), 1), ceil(H, S)),
    (div(ceil(H, S), R), ceil(div(H, R), S)),
    # squeeze-excite, make_divisible
    (most(8, mul(8, div(add(C, 4), 8))), C),
    (most(div(C, 4), 1), div(C, 4)),
    (most(1, least(div(C, 4), 64)), least(div(C, 4), 64)),
    (most(2, least(div(C, 4), H)), least(most(2, div(C, 4)), H)),
    (mul(least(H, W), least(H, W)), mul(H, W)),
    # sequences
    (sub(L, mul(S, div(L, S))), 0),
    (mul(2, sub(add(div(L, 2), 1), 1)), L),
    (add(div(mul(3, C), 4), div(C, 4)), C),
]


def difference(a: Term, b: Term) -> tuple[int, ...] | None:
    at = points_for(a, b)
    return point(at, unlike(values(a, at), values(b, at)))


@pytest.mark.parametrize(("a", "b"), SAME)
def test_one_form(a: Term, b: Term) -> None:
    assert difference(a, b) is None
    assert normal_form(a) == normal_form(b)
    assert decide(normal_form(a), normal_form(b)) == Equal()


@pytest.mark.parametrize(("a", "b"), DIFFERENT)
def test_different(a: Term, b: Term) -> None:
    assert difference(a, b) is not None
    assert isinstance(decide(normal_form(a), normal_form(b)), Different)
