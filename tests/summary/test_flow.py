"""Which step takes what another returned, and the picture of it."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any
from typing import Literal as L
from xml.etree import ElementTree

import numpy as np
import pytest

from typed_resnet import Conv2D, Layer, Tensor, pad_channels, relu, torchvision
from typed_resnet.dims import B, H, W
from typed_resnet.drawing import Step, svg
from typed_resnet.models import parameters
from typed_resnet.summary import Summary, flow
from typed_resnet.summary.rows import joined
from typed_resnet.summary.trace import tracing

from ..drawing.extents import assert_legible, texts
from . import models


def image(*shape: int) -> Tensor[*tuple[int, ...]]:
    return Tensor(np.random.default_rng(0).standard_normal(shape).astype(np.float32))


def ran(model: Any, x: Tensor[*tuple[int, ...]]) -> Summary:
    """Run a model, without asking mypy."""
    with tracing(model) as calls:
        model(x)
    return Summary(model, x.array.shape, joined([], calls), [])


def steps(model: Layer, *shape: int) -> list[tuple[str, tuple[int, ...]]]:
    x = image(*shape)
    return [(step.name, step.sources) for step in flow(ran(model, x), x).steps]


def test_each_step_and_what_it_takes() -> None:
    assert steps(models.model(), 3, 33, 20) == [
        ("x", ()),
        ("stem", (0,)),
        ("relu", (1,)),
        ("pool", (2,)),
        ("conv", (3,)),  # of blocks.0, whose projection is absent
        ("conv", (4,)),
        ("same", (5,)),
        ("norm", (6,)),
        ("same", (7,)),
        ("relu", (8,)),
        ("conv", (9,)),
        ("projection", (9,)),
        ("+", (10, 11)),
        ("global_avg_pool2d", (12,)),
        ("head", (13,)),
    ]


def test_a_sequence_is_a_group() -> None:
    x = image(3, 33, 20)
    found = flow(ran(models.stacked(), x), x).steps
    assert [(step.name, step.groups) for step in found] == [
        ("x", ()),
        *(("0", ("stem",)), ("1", ("stem",))),
        *(("0", ("towers.0",)), ("1", ("towers.0",)), ("relu", ())),
        *(("0", ("towers.1",)), ("1", ("towers.1",)), ("relu", ())),
        *(("conv", ("body", "0")), ("norm", ("body", "0")), ("relu", ("body", "0"))),
        ("1.0", ("body",)),
        *((n, ("body", "1.1")) for n in ("conv", "norm", "relu")),
        *(("global_avg_pool2d", ()), ("head", ())),
    ]
    assert [step.sources for step in found[1:]] == [(place,) for place in range(len(found) - 1)]
    picture = ElementTree.fromstring(svg(flow(ran(models.in_turn(), x), x)))
    words = {text.what for text in texts(picture)}
    assert {"0", "1.0", "doubled", "relu", "conv", "norm"} <= words
    assert_legible(picture)


def test_groups_and_words() -> None:
    x = image(2, 3, 33, 20)
    found = flow(ran(models.model(), x), x).steps
    assert [step.groups for step in found[4:7]] == [("blocks.0",), ("blocks.1",), ()]
    assert found[11] == Step(
        "projection",
        "layer",
        "2 × 6 × 4 × 2",
        (9,),
        ("Conv2D[4, 6, 1, 2, 0]",),
        ("down",),
        "down.projection\nConv2D[4, 6, 1, 2, 0]\n2 × 6 × 4 × 2\n30 parameters, 384 multiply-adds",
    )
    assert [step.kind for step in (found[0], *found[2:4], found[12])] == [
        *("input", "function", "plain", "sum"),
    ]


def test_a_shortcut_with_nothing_to_do_is_a_wire() -> None:
    """Even where all parameters are 0, and every layer returns 0."""
    block = torchvision.resnet18().layer1
    names = [name for name, _ in steps(block, 64, 8, 8)]
    assert names == ["x", *(["conv1", "bn1", "relu", "conv2", "bn2", "+", "relu"] * 2)]
    assert steps(block, 64, 8, 8)[6] == ("+", (5, 0))


class Wide(Layer):
    """Takes what it made twice, in a function of its own, and a list of tensors in another."""

    conv: Conv2D[L[2], L[2], L[3], L[1], L[1]]

    def __call__(self, x: Tensor[*B, L[2], H, W]) -> Tensor[*B, L[2], H, W]:
        y = self.conv.forward(x)
        return last([y, x]) - scaled(y * y)


def scaled(x: Tensor[*B, L[2], H, W]) -> Tensor[*B, L[2], H, W]:
    """Make the tensor in a function inside, whose name says less."""

    def made(y: Tensor[*B, L[2], H, W]) -> Tensor[*B, L[2], H, W]:
        return Tensor(y.array / 2)

    return made(x)


def last(tensors: list[Tensor[*B, L[2], H, W]]) -> Tensor[*B, L[2], H, W]:
    return Tensor(sum(tensor.array for tensor in tensors))


def test_functions_of_ones_own() -> None:
    wide = Wide(Conv2D.init(None, 2, 2, 3, 1, 1))
    assert steps(wide, 2, 5, 5) == [
        *(("x", ()), ("conv", (0,)), ("last", (1, 0)), ("×", (1,)), ("scaled", (3,))),
        ("-", (2, 4)),
    ]


def test_the_model_is_as_before() -> None:
    model, x = models.model(), image(3, 33, 20)
    before = [tensor.array.copy() for _, tensor in parameters(model)]
    flow(ran(model, x), x)
    assert sys.getprofile() is None
    for (_, tensor), array in zip(parameters(model), before, strict=True):
        np.testing.assert_array_equal(tensor.array, array)


def test_what_pads_is_a_step() -> None:
    class Padded(Layer):
        scale: float

        def __call__(self, x: Tensor[*B, L[2], H, W]) -> Tensor[*B, L[3], H, W]:
            return relu(pad_channels(x, 3))

    # A layer without layers in it is one step, whatever it calls.
    assert steps(Padded(1.0), 2, 4, 4) == [("x", ()), ("Padded", (0,))]


NETWORKS: list[tuple[Callable[[], Layer], float, bool]] = [
    (torchvision.resnet18, 1.814, False),
    (torchvision.resnet34, 3.664, True),
    (torchvision.resnet50, 4.089, True),
    (torchvision.resnet101, 7.801, True),
    (torchvision.resnet152, 11.514, True),
]


@pytest.mark.parametrize(("make", "giga", "folds"), NETWORKS)
def test_every_layer_of_torchvisions_networks_is_drawn_and_counted(
    make: Callable[[], Layer], giga: float, folds: bool
) -> None:
    """Multiply-adds at 224 x 224 are those that torchvision's documentation gives."""
    x = image(3, 224, 224)
    summary = ran(make(), x)
    assert f"{summary.multiply_adds / 1e9:.3f}" == f"{giga:.3f}"
    assert summary.parameter_memory == 4 * summary.parameters
    made = flow(summary, x)
    drawn = [step for step in made.steps if step.kind in ("layer", "plain")]
    assert len(drawn) == len(summary.rows)
    picture = ElementTree.fromstring(svg(made))
    words = [text.what for text in texts(picture)]
    assert any("×" in word and "–" in word for word in words) == folds
    assert {step.name for step in made.steps} <= set(words)
    assert_legible(picture)
