"""Random pairs before a judge that shares nothing with the algebra (see `pairs`).

A part runs always. All of it: `pytest -s -m slow tests/dims/test_random_pairs.py`, a million pairs
of DIMS_SEED, or as many as DIMS_PAIRS says; `python -m tests.dims.pairs` does it in parts.
"""

import os
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import pytest

from .pairs import FAMILIES, Tally, judge_pairs, verdict

SEED = int(os.environ.get("DIMS_SEED", "1"))
PAIRS = int(os.environ.get("DIMS_PAIRS", "1000000"))
HARD = (
    *((1, number) for number in (146047, 154073, 505179, 564330, 734541, 959292)),
    *((3, number) for number in (111298, 216676, 391406, 569114, 614633, 638726, 713387)),
    *((3, 51162), (4, 121947), (4, 304082), (5, 159462), (5, 203099), (5, 290931)),
    *((6, 285944), (7, 12065), (7, 61075), (8, 34182), (8, 148960), (9, 372968)),
    *((24, 775939), (26, 398277)),
)


def judged(family: str, pairs: int) -> Tally:
    """Judge in a process of its own whose lines nobody counts: that would double the time."""
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("COVERAGE_PROCESS_CONFIG", raising=False)
        with ProcessPoolExecutor(1, get_context("spawn")) as process:
            tally = process.submit(judge_pairs, family, SEED, 0, pairs).result()
    print(f"{family}, {pairs} pairs of seed {SEED}: {tally}")
    assert not tally.wrong
    return tally


def test_some_pairs() -> None:
    counts = judged("fragment", 1500).counts
    assert counts["equal, one form"] > 400
    assert counts["different"] > 400


def test_some_pairs_of_nested_minima() -> None:
    counts = judged("minima", 500).counts
    assert counts["equal, one form"] > 150
    assert counts["different"] > 150


def test_some_pairs_of_fractions() -> None:
    """What is whole at few values only, in floors in floors, is decided, too."""
    counts = judged("fractions", 400).counts
    assert counts["equal, one form"] + counts["equal, two forms"] > 250
    assert counts["different"] > 50


def test_some_pairs_of_products() -> None:
    """Outside the fragment too, nearly all that is equal by construction is proved."""
    tally = judged("products", 1000)
    assert tally.counts["equal, one form"] > 300
    assert tally.counts["different"] > 300
    assert tally.not_proved < 0.02


def test_some_tangles() -> None:
    """Nothing need be proved of these, and all that is said must be so."""
    counts = judged("tangles", 150).counts
    assert counts["different"] > 70
    assert counts["equal, one form"] > 5


@pytest.mark.parametrize(("seed", "number"), HARD)
def test_hard_pairs(seed: int, number: int) -> None:
    """Pairs that once took all the work allowed, or far too long, or were not read back."""
    family = FAMILIES["fragment"]
    found = verdict(family.pair(seed, number), complete=family.complete)
    assert found in ("equal, one form", "equal, two forms", "different")


def test_a_product_with_a_size_that_has_no_value() -> None:
    """The quotient lies between 0 and -1; times C that was infinite."""
    assert verdict(FAMILIES["products"].pair(5, 18748), complete=False) == "equal, two forms"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("family", "share"), [("minima", 50), ("fractions", 50), ("products", 10), ("tangles", 50)]
)
def test_pairs_of_other_families(family: str, share: int) -> None:
    judged(family, PAIRS // share)


@pytest.mark.slow
def test_all_pairs() -> None:
    """Each is decided, and in less time of the processor than `SLOW`."""
    assert not judged("fragment", PAIRS).slow
