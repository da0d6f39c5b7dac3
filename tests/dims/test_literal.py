"""Sizes that are too long for a form: kept as they are written, and decided all the same."""

import random
from collections.abc import Iterator

import pytest

from typed_resnet.dims import reading
from typed_resnet.dims.answers import Different, Equal, Undecided
from typed_resnet.dims.decision import decide
from typed_resnet.dims.normal_form import normal_form
from typed_resnet.dims.polynomial import AsWritten
from typed_resnet.dims.printer import show
from typed_resnet.dims.ranges import Sometimes, at_least
from typed_resnet.dims.term import Term, evaluate

from .letters import C, H, W, add, ceil, div, exact, least, most, mul, window
from .pairs import FAMILIES, forget, verdict
from .reading import read


@pytest.fixture
def short() -> Iterator[None]:
    """Let hardly any size be short enough."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reading, "LONGEST", 18)
        patch.setattr(reading, "MOST_AT_ONCE", 18)
        forget()
        yield
    forget()


def tangled(times: int) -> Term:
    size: Term = H
    for _ in range(times):
        size = least(div(add(size, W), 2), most(size, C))
    return size


def rounded(times: int) -> Term:
    size: Term = H
    for place in range(times):
        choose = most if place % 2 else least
        size = choose(add(size, C), div(add(W, size), 2))
    return size


def power(times: int) -> Term:
    size: Term = 1
    for _ in range(times):
        size = mul(add(C, H, W, div(H, 2), div(W, 3), 1), size)
    return size


LONG = [tangled(8), rounded(8), power(24)]


@pytest.mark.parametrize("size", LONG)
def test_a_long_size_has_a_form_soon(size: Term) -> None:
    """Without an end these took minutes, or for ever."""
    form = normal_form(size)
    assert AsWritten.__name__ in repr(form.polynomial)
    assert normal_form(form.term) == form
    rng = random.Random(1)
    for _ in range(20):
        at = {symbol: rng.randint(1, 100) for symbol in (C, H, W)}
        assert form.evaluate(at) == evaluate(size, at)
        assert form.substitute(at).constant == evaluate(size, at)
    assert isinstance(decide(form, form + 1), Different)
    assert form + 1 - 1 == form


@pytest.mark.usefixtures("short")
def test_a_window_is_read_as_it_is_shown() -> None:
    """In a size that stays as it is written, too, a window is the sum that is shown for it."""
    size = least(div(add(window(H, 5, 3, 1), W), 2), most(div(W, 3), window(C, 3, 2, 1)))
    form = normal_form(size)
    assert AsWritten.__name__ in repr(form.polynomial)
    assert normal_form(read(show(form))) == form


@pytest.mark.usefixtures("short")
def test_a_form_does_not_depend_on_what_is_remembered() -> None:
    forget()
    alone = normal_form(tangled(3))
    forget()
    for times in range(4):
        beside = normal_form(tangled(times))
    assert beside == alone


@pytest.mark.usefixtures("short")
def test_products_that_are_too_long_are_not_multiplied_out() -> None:
    """That they are equal is not seen then; that they differ is."""
    side = power(1)
    parts = add(mul(C, side), mul(add(H, W, div(H, 2), div(W, 3), 1), side))
    square = normal_form(mul(side, side))
    assert decide(square, normal_form(parts)) == Undecided("a size is too long")
    assert decide(square, normal_form(add(parts, C))) == Different({C: 1, H: 1, W: 1}, 16, 17)


@pytest.mark.usefixtures("short")
def test_the_fragment_is_decided_as_it_is_written() -> None:
    size = div(add(least(div(add(H, W), 2), most(H, C)), ceil(W, 3), mul(4, C)), 5)
    thirds = add(div(size, 3), div(add(size, 1), 3), ceil(size, 3))
    a, b = normal_form(size), normal_form(thirds)
    assert AsWritten.__name__ in repr(b.polynomial)
    assert a != b
    assert decide(a, b) == Equal()
    later = normal_form(add(thirds, div(C, 9)))
    assert decide(a, later) == Different({C: 9, H: 1, W: 1}, 7, 8)
    assert at_least(b, 10**6) == Sometimes(b, 10**6)


@pytest.mark.usefixtures("short")
@pytest.mark.parametrize("first", [0, 7])
def test_floors_that_are_one_are_read_as_one(first: int) -> None:
    """Each alone is too long for a form; of other floors none is left out."""
    size = div(add(least(div(add(H, W), 2), most(H, C)), mul(4, C)), 5)
    thirds = [div(add(size, i), 3) for i in range(first, first + 3)]
    assert normal_form(add(*thirds)) == normal_form(add(size, first))
    assert normal_form(add(*thirds[:2], div(add(size, first + 5), 3))) != normal_form(size)


@pytest.mark.usefixtures("short")
def test_a_value_that_is_none_is_none() -> None:
    """4 divides C wherever that has a value."""
    whole = exact(C, 4)
    size = least(add(whole, div(H, 2), div(W, 3), ceil(H, 5)), add(H, W, most(whole, H)))
    form = normal_form(size)
    assert decide(form, normal_form(add(size, div(C, 5)))) == (Different({C: 8, H: 1, W: 1}, 3, 4))


@pytest.mark.usefixtures("short")
@pytest.mark.parametrize(
    ("family", "pairs"), [("fragment", 300), ("minima", 300), ("products", 100), ("tangles", 50)]
)
def test_random_pairs(family: str, pairs: int) -> None:
    """Of a hundredth of the length, nothing that is said is wrong."""
    words = [verdict(FAMILIES[family].pair(31, i), complete=False) for i in range(pairs)]
    assert not [word for word in words if word.startswith("wrong")]
    if family in ("fragment", "minima"):
        undecided = sum("not proved" in word for word in words)
        assert undecided <= 1
