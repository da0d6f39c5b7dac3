"""Classes of residues: every point at which sizes are whole is in one class, and in one alone."""

import itertools

import pytest

from typed_resnet.dims.answers import Different, Equal
from typed_resnet.dims.decision import decide
from typed_resnet.dims.normal_form import normal_form
from typed_resnet.dims.residues import classes
from typed_resnet.dims.term import Symbol, Term, Undefined, evaluate

from .letters import C, H, W, add, ceil, div, exact, least, mul, sub


def points_of(sizes: list[Term], symbols: list[Symbol], most: int) -> list[tuple[int, ...]]:
    """List the points, each as often as a class has it, as far as no symbol is above `most`."""
    found = []
    for values in classes([normal_form(size) for size in sizes]):
        free = sorted({s for size in values.values() for s in size.symbols}, key=str)
        for steps in itertools.product(range(most), repeat=len(free)):
            at = dict(zip(free, steps, strict=True))
            point = tuple(values[symbol].evaluate(at) for symbol in symbols)
            if max(point) <= most:
                found.append(point)
    return sorted(found)


def whole(sizes: list[Term], symbols: list[Symbol], most: int) -> list[tuple[int, ...]]:
    def is_whole(point: tuple[int, ...]) -> bool:
        try:
            at = dict(zip(symbols, point, strict=True))
            return all(isinstance(evaluate(size, at), int) for size in sizes)
        except Undefined:
            return False

    points = itertools.product(range(1, most + 1), repeat=len(symbols))
    return sorted(filter(is_whole, points))


@pytest.mark.parametrize(
    ("sizes", "symbols", "most"),
    [
        ([exact(C, 8)], [C], 60),
        ([exact(ceil(H, 6), 6)], [H], 120),
        ([exact(add(C, H), 3)], [C, H], 12),
        ([sub(exact(ceil(H, 2), 3), exact(C, 2))], [C, H], 13),
        ([exact(mul(C, H), 4)], [C, H], 13),
        ([exact(div(add(C, mul(2, H)), 3), 2)], [C, H], 13),
        ([exact(C, 4), exact(C, 6)], [C], 60),
    ],
)
def test_each_point_that_counts_is_in_one_class(
    sizes: list[Term], symbols: list[Symbol], most: int
) -> None:
    points = points_of(sizes, symbols, most)
    assert points == sorted(set(points))
    assert points == whole(sizes, symbols, most)


@pytest.mark.parametrize("size", [C, div(C, 8), exact(mul(2, C), 2), exact(least(C, H), 3)])
def test_one_class_is_not_worth_the_trouble(size: Term) -> None:
    """Where nothing must divide anything; and of a minimum no residues say whether it is whole."""
    assert list(classes([normal_form(size)])) == []


def halved(size: Term, times: int) -> Term:
    """Write x//2 + ⌈x/2⌉ for x, again and again."""
    for _ in range(times):
        size = add(div(size, 2), ceil(size, 2))
    return size


@pytest.mark.parametrize("times", [1, 2, 3])
@pytest.mark.parametrize(
    "size",
    [
        sub(exact(ceil(H, 6), 6), exact(ceil(C, 6), 7)),
        add(div(C, 6), sub(least(C, H), exact(C, 8))),
        add(exact(add(C, H), 5), exact(div(W, 2), 3)),
        add(div(exact(C, 9), 2), least(exact(C, 9), H)),
    ],
)
def test_floors_of_what_is_whole(size: Term, times: int) -> None:
    """In the form of a floor nobody sees that what it is of is whole; on a class it is."""
    form = normal_form(size)
    assert decide(normal_form(halved(size, times)), form) == Equal()
    assert decide(form, normal_form(halved(size, times))) == Equal()


def test_a_difference_on_one_class_is_the_smallest_of_all() -> None:
    decision = decide(normal_form(add(exact(C, 8), div(add(C, H), 30))), normal_form(exact(C, 8)))
    assert isinstance(decision, Different)
    assert (decision.at, decision.left, decision.right) == ({C: 8, H: 22}, 2, 1)
