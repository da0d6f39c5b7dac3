"""Both sides joined, and what is counted."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from typed_resnet import (
    BatchNorm2D,
    Conv2D,
    Linear,
    MaxPool2D,
    Tensor,
    resnet18,
    resnet18_with_projections,
)
from typed_resnet.layer import Layer
from typed_resnet.summary import Summary, multiply_adds, summarize
from typed_resnet.summary.inference import Inferred
from typed_resnet.summary.rows import joined
from typed_resnet.summary.trace import Traced

from . import models


def image(*shape: int) -> Tensor[*tuple[int, ...]]:
    return Tensor(np.random.default_rng(0).standard_normal(shape).astype(np.float32))


def test_all_rows_agree() -> None:
    summary = summarize(models.model(), image(3, 33, 20))
    assert [row.agrees for row in summary.rows] == [True] * 10
    assert summary.verdict() == "mypy and the arrays agree in all 10 rows"
    assert summary.errors == []
    assert summary.seconds > 0


def test_all_rows_agree_in_sequences() -> None:
    """Its classes and functions are read where they are written."""
    summary = summarize(models.in_turn(), image(3, 33, 20))
    rows = [(row.path, row.parameters, row.multiply_adds, row.agrees) for row in summary.rows]
    assert rows == [
        ("0", 8 * 3 * 9 + 8, 8 * 17 * 10 * 3 * 9, True),
        ("1.0", 0, 0, True),
        ("3.conv", 4 * 8 * 9 + 4, 4 * 8 * 5 * 8 * 9, True),
        ("3.norm", 2 * 4, 0, True),
    ]
    assert summary.errors == []


def test_a_disagreement_is_found() -> None:
    """A layer that returns another shape than it declares; the run-time hook is off for it."""
    model = models.cheated()
    inferred = [Inferred("cheat", "Cheat", "Cheat", "[*B, C, H, W]", (2, 8, 8))]
    summary = Summary(
        model, (2, 8, 8), joined(inferred, [Traced("cheat", model.cheat, (2, 4, 8), 0.1)]), []
    )
    assert [row.path for row in summary.disagreements] == ["cheat"]
    assert summary.verdict() == "mypy and the arrays disagree at cheat"


def test_calls_are_joined_by_name_and_turn() -> None:
    model = models.cheated()
    first, second = (Inferred("cheat", "Cheat", "Cheat", "?", (n,)) for n in (1, 2))
    ran = [Traced("cheat", model.cheat, (1,), 0.1), Traced("other", model.cheat, (3,), 0.1)]
    rows = joined([first, second], ran)
    assert [(row.path, row.expected, row.shape) for row in rows] == [
        ("cheat", (1,), (1,)),
        ("other", None, (3,)),
        ("cheat", (2,), None),
    ]
    assert [(row.parameters, row.multiply_adds, row.seconds) for row in rows][2] == (0, 0, 0)


def test_the_verdict_speaks_of_one_row_as_of_one() -> None:
    model = models.cheated()
    inferred = Inferred("cheat", "Cheat", "Cheat", "?", (2,))
    rows = joined([inferred], [Traced("cheat", model.cheat, (2,), 0.1)])
    one = Summary(model, (2,), rows, [])
    assert one.verdict() == "mypy and the arrays agree in the one row"
    unknown = Traced("other", model.cheat, (3,), 0.1)
    two = Summary(
        model, (2,), joined([inferred], [Traced("cheat", model.cheat, (2,), 0.1), unknown]), []
    )
    assert two.verdict() == "mypy and the arrays agree in 1 of 2 rows, the rest unknown"


def test_what_is_not_followed_is_unknown() -> None:
    summary = summarize(models.opaque(), image(2, 8, 8))
    (row,) = summary.rows
    assert row.agrees is None
    assert row.shape == (2, 8, 8)
    assert summary.verdict() == "what mypy and the array say of the one row cannot be compared"


@pytest.mark.parametrize(
    ("layer", "shape", "count"),
    [
        (Conv2D.init(None, 3, 8, 5), (8, 4, 6), 8 * 4 * 6 * 3 * 5 * 5),
        (Conv2D.init(None, 3, 8, 5), (2, 8, 4, 6), 2 * 8 * 4 * 6 * 3 * 5 * 5),
        (Linear.init(None, 7, 3), (3,), 3 * 7),
        (Linear.init(None, 7, 3), (4, 3), 4 * 3 * 7),
        (BatchNorm2D.init(3), (3, 5, 5), 0),
        (MaxPool2D(2), (3, 5, 5), 0),
        (Linear.init(None, 7, 3), None, 0),
    ],
)
def test_multiply_adds(layer: Layer, shape: tuple[int, ...] | None, count: int) -> None:
    assert multiply_adds(layer, shape) == count


@pytest.mark.parametrize(
    ("make", "parameters", "giga"),
    [(resnet18, 11_519_592, 33.35), (resnet18_with_projections, 11_694_312, 33.87)],
)
def test_the_figures_of_the_specification(
    make: Callable[[int, int], Layer], parameters: int, giga: float
) -> None:
    """Section 10.3's multiply-adds at 224 x 224, and section 13's parameters."""
    model = make(3, 1000)
    summary = summarize(model, image(3, 224, 224))
    assert summary.parameters == parameters
    assert round(summary.multiply_adds / 1e9, 2) == giga
    assert all(row.agrees for row in summary.rows)
