"""Whole solutions of inequalities, against all points of a box."""

import itertools
import random

import pytest

from typed_resnet.dims.integers import Row, Work, WorkLimitError, solvable


def value(row: Row, point: tuple[int, ...]) -> int:
    coefficients, number = row
    return sum(c * point[v] for v, c in coefficients.items()) + number


def random_row(rng: random.Random, variables: int) -> Row:
    return {v: c for v in range(variables) if (c := rng.randint(-7, 7))}, rng.randint(-12, 12)


@pytest.mark.parametrize("seed", range(300))
def test_random_systems(seed: int) -> None:
    rng = random.Random(seed)
    variables, side = rng.randint(1, 3), 6
    positive: list[Row] = [({v: sign}, side) for v in range(variables) for sign in (1, -1)] + [
        random_row(rng, variables) for _ in range(rng.randint(0, 4))
    ]
    zero = [random_row(rng, variables) for _ in range(rng.choice([0, 0, 1, 1, 2]))]
    box = itertools.product(range(-side, side + 1), repeat=variables)
    expected = any(
        all(value(row, point) >= 0 for row in positive)
        and all(value(row, point) == 0 for row in zero)
        for point in box
    )
    assert solvable(zero, positive, Work(1_000_000)) == expected


def test_no_bounds() -> None:
    """6x + 10y = 4 has solutions, 6x + 10y = 3 has none."""
    assert solvable([({0: 6, 1: 10}, -4)], [], Work(1000))
    assert not solvable([({0: 6, 1: 10}, -3)], [], Work(1000))


def test_narrow_wedge() -> None:
    """27 <= 11x + 13y <= 45 with -10 <= 7x - 9y <= 4 has real solutions, but no whole one."""
    rows: list[Row] = [
        ({0: 11, 1: 13}, -27),
        ({0: -11, 1: -13}, 45),
        ({0: 7, 1: -9}, 10),
        ({0: -7, 1: 9}, 4),
    ]
    assert not solvable([], rows, Work(10_000))


def test_work_is_limited() -> None:
    with pytest.raises(WorkLimitError):
        solvable([], [({0: 3, 1: 7}, -5), ({0: -3, 1: -5}, 50), ({0: -1, 1: 4}, 2)], Work(2))
