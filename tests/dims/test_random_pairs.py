"""Random pairs of the complete fragment before a judge that shares nothing with the algebra.

A part runs always. All of it: `pytest -m slow tests/dims/test_random_pairs.py`, a million pairs
from DIMS_SEED, or as many as DIMS_PAIRS says. Pair number i of a seed is always the same pair.
"""

import os
import random
import time
from collections import Counter

import pytest

from typed_resnet.dims.decision import Different, Equal, decide
from typed_resnet.dims.normal_form import Dim, normal_form
from typed_resnet.dims.term import Term, Undefined

from .judge import box, counterexample, differing, smaller_counterexample
from .random_terms import SYMBOLS, random_term, rewritten

SEED = int(os.environ.get("DIMS_SEED", "1"))
HARD = (146047, 154073, 505179, 564330, 734541, 959292)
PAIRS = int(os.environ.get("DIMS_PAIRS", "1000000"))


def random_pair(seed: int, number: int, minima: int = 1) -> tuple[Term, Term, bool]:
    """Make two sizes, and say whether they are equal by construction."""
    rng = random.Random(f"{seed}/{number}")
    symbols = SYMBOLS[: rng.randint(1, 3)]
    largest = rng.choice((3, 4, 5, 6, 8))
    a = random_term(rng, symbols, rng.randint(1, 3), largest, minima)
    if rng.random() < 0.5:
        return a, rewritten(rng, a, rng.randint(1, 3)), True
    return a, random_term(rng, symbols, rng.randint(1, 3), largest, minima), False


def verdict(a: Term, b: Term, *, equal: bool) -> str:
    """Judge one pair; every word but `wrong ...` and `undecided` is good."""
    try:
        p, q = normal_form(a), normal_form(b)
    except Undefined:
        return "undefined everywhere"
    if normal_form(p.term) != p or normal_form(q.term) != q:
        return "wrong form: it is not read back"
    decision = decide(p, q)
    if isinstance(decision, Equal):
        found = counterexample(a, b)
        if found is not None:
            return f"wrong: not equal at {found}"
        return "equal, one form" if p == q else "equal, two forms"
    if isinstance(decision, Different):
        return _verdict_on(decision, p, q, equal=equal and "ExactDiv" not in f"{a} {b}")
    return "undecided"


def _verdict_on(decision: Different, p: Dim, q: Dim, *, equal: bool) -> str:
    symbols = sorted(p.symbols | q.symbols, key=lambda symbol: symbol.name)
    point = tuple(decision.at[symbol] for symbol in symbols)
    here = (
        {
            symbol.name: grid[-1:] * 0 + decision.at[symbol]
            for symbol, grid in zip(symbols, box(symbols, 1).values(), strict=True)
        }
        if symbols
        else {}
    )
    if equal:
        return "wrong: different, but equal by construction"
    if symbols and differing(p.term, q.term, here) != [point]:
        return f"wrong: not different at {point}"
    if (before := smaller_counterexample(p.term, q.term, symbols, point)) is not None:
        return f"wrong: {before} is smaller than {point}"
    return "different"


def judge_pairs(seed: int, number: int, minima: int = 1) -> Counter[str]:
    counts: Counter[str] = Counter()
    start = time.monotonic()
    for i in range(number):
        a, b, equal = random_pair(seed, i, minima)
        word = verdict(a, b, equal=equal)
        counts[word.partition(":")[0]] += 1
        assert not word.startswith(("wrong", "undecided")), f"pair {seed}/{i}: {a} and {b}: {word}"
        if i % 10_000 == 9_999:
            print(
                f"{i + 1} of {number}, {time.monotonic() - start:.0f} s", dict(counts), flush=True
            )
    return counts


def test_some_pairs() -> None:
    counts = judge_pairs(SEED, 1500)
    print(f"seed {SEED}: {dict(counts)}")
    assert counts["equal, one form"] > 400
    assert counts["different"] > 400


NESTED = 8
"""Minima and maxima are then as frequent as all that is not one."""


def test_some_pairs_of_nested_minima() -> None:
    counts = judge_pairs(SEED, 500, NESTED)
    assert counts["equal, one form"] > 150
    assert counts["different"] > 150


@pytest.mark.parametrize("number", HARD)
def test_hard_pairs(number: int) -> None:
    """Pairs on which the decision once ran out of work, or the form was not read back."""
    a, b, equal = random_pair(1, number)
    assert verdict(a, b, equal=equal) in ("equal, one form", "equal, two forms", "different")


@pytest.mark.slow
def test_all_pairs() -> None:
    print(f"seed {SEED}, {PAIRS} pairs: {dict(judge_pairs(SEED, PAIRS))}")


@pytest.mark.slow
def test_all_pairs_of_nested_minima() -> None:
    pairs = PAIRS // 50
    print(f"seed {SEED}, {pairs} pairs: {dict(judge_pairs(SEED, pairs, NESTED))}")
