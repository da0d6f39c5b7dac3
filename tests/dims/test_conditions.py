"""Products of runs, and conditions between sizes."""

from __future__ import annotations

import pytest

from typed_resnet.dims.answers import Different
from typed_resnet.dims.conditions import (
    DIVIDES,
    STRETCHES,
    Condition,
    DivideFailure,
    StretchFailure,
    StretchRankFailure,
    UnequalFailure,
)
from typed_resnet.dims.failures import Failure
from typed_resnet.dims.matching import Part, Star, match
from typed_resnet.dims.normal_form import normal_form
from typed_resnet.dims.products import product, product_size, product_symbol, run_of
from typed_resnet.dims.sentences import sentence
from typed_resnet.dims.term import Operation, Symbol, Term

OLD, NEW, B = (Symbol(name, 0) for name in ("Old", "New", "B"))
C, H, W = map(Symbol, "CHW")


def reshaped(old: tuple[object, ...], new: tuple[object, ...]) -> object:
    """Judge a reshape."""
    condition = Condition("where", (product_symbol(OLD),), (product_symbol(NEW),))
    parts = [Part("x", (Star(OLD),), old), Part("sizes", (Star(NEW),), new), condition]  # type: ignore[arg-type]  # axes
    return match(parts, [OLD, NEW]).failure


def stretched(old: tuple[object, ...], new: tuple[object, ...]) -> object:
    """Judge a broadcast."""
    condition = Condition("where", (Star(OLD),), (Star(NEW),), kind=STRETCHES)
    parts = [Part("x", (Star(OLD),), old), Part("sizes", (Star(NEW),), new), condition]  # type: ignore[arg-type]  # axes
    return match(parts, [OLD, NEW]).failure


def divided(divisor: Term, size: Term) -> Failure | None:
    """Judge whether a size divides another."""
    condition = Condition("where", (Symbol("G"),), (Symbol("Cin"),), kind=DIVIDES)
    own = Symbol("G"), Symbol("Cin")
    parts = [Part("g", own[:1], (divisor,)), Part("c", own[1:], (size,)), condition]
    return match(parts, own).failure


def test_a_product_is_known_by_its_run() -> None:
    assert run_of(product_symbol(B)) == B
    assert run_of(C) is None
    assert run_of(Symbol("∏B")) is None


def test_products_multiply_what_is_known() -> None:
    assert product_size((2, C, 3)) == normal_form(Operation("Mul", (6, C)))
    assert product_size(()) == normal_form(1)
    assert product((C, None)) is None
    assert product((C, Star(None))) is None


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ((C, H, W), (Operation("Mul", (W, Operation("Mul", (H, C)))),)),
        ((Star(B), C, H), (Star(B), H, C)),
        ((Star(B), C), (product_symbol(B), C)),
        ((4, 6), (8, 3)),
        ((C, None), (7,)),  # not known, not refused: mypy says that it is unknown
    ],
)
def test_equal_products(old: tuple[object, ...], new: tuple[object, ...]) -> None:
    assert reshaped(old, new) is None


def test_unequal_products_name_the_smallest_sizes_and_no_run_that_stays() -> None:
    failure = reshaped((Star(B), C, H), (Star(B), C))
    assert isinstance(failure, UnequalFailure)
    assert failure.verdict == Different({C: 1, H: 2}, 2, 1)


def test_a_run_that_is_dropped_is_named() -> None:
    failure = reshaped((Star(B), C), (C,))
    assert isinstance(failure, UnequalFailure)
    assert failure.verdict == Different({C: 1, product_symbol(B): 2}, 2, 1)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ((C,), (H, C)),
        ((1, C), (H, C)),
        ((Star(B), 1, C), (Star(B), H, C)),
        ((C,), (Star(B), C)),
        ((), (Star(B), C)),
        ((None, C), (H, C)),
    ],
)
def test_what_stretches(old: tuple[object, ...], new: tuple[object, ...]) -> None:
    assert stretched(old, new) is None


@pytest.mark.parametrize(
    ("divisor", "size"), [(4, 32), (4, Operation("Mul", (C, 8))), (C, Operation("Mul", (H, C)))]
)
def test_what_divides(divisor: Term, size: Term) -> None:
    assert divided(divisor, size) is None


@pytest.mark.parametrize(
    ("divisor", "size", "said"),
    [
        (5, 32, "f expects groups to divide 32 channels, got 5"),
        (4, C, "f expects groups to divide C channels, got 4: at C = 1 the remainder is 1"),
        (C, H, "f expects groups to divide H channels, got C: at C = 2, H = 1 the remainder is 1"),
    ],
)
def test_what_divides_not(divisor: Term, size: Term, said: str) -> None:
    failure = divided(divisor, size)
    assert isinstance(failure, DivideFailure)
    assert sentence("f", failure) == said


def test_a_size_that_may_be_1_stretches_not() -> None:
    """At H = 1 it would; the sizes that are named are those where it does not."""
    failure = stretched((H,), (W,))
    assert isinstance(failure, StretchFailure)
    assert failure.verdict == Different({H: 2, W: 1}, 1, 2)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ((C, H), (H,)),
        ((Star(B), H), (W, H)),
        ((C, H), (Star(B), H)),
    ],
)
def test_more_axes_stretch_not(old: tuple[object, ...], new: tuple[object, ...]) -> None:
    assert isinstance(stretched(old, new), StretchRankFailure)
