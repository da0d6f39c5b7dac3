"""What mypy says of each layer, followed from the model's own call."""

from __future__ import annotations

from typing import Any, cast

import numpy as np
import pytest

from typed_resnet import Conv2D, ShapeError, Tensor
from typed_resnet.layer import Layer
from typed_resnet.summary.inference import Inferred, infer
from typed_resnet.summary.model import layers, names
from typed_resnet.summary.source import Source

from . import elsewhere, models


@pytest.fixture(scope="module")
def source() -> Source:
    """All models are of one module: mypy reads it once."""
    return Source(models.model())


def inferred(model: Layer, shape: tuple[int, ...], source: Source) -> dict[str, Inferred]:
    return {item.path: item for item in infer(model, shape, source)}


def test_each_call_in_its_order(source: Source) -> None:
    found = infer(models.model(), (3, 33, 20), source)
    assert [(item.path, item.shape) for item in found] == [
        ("stem", (4, 17, 10)),  # ⌈33/2⌉, ⌈20/2⌉
        ("pool", (4, 8, 4)),  # (17 - 3)//2 + 1, (10 - 3)//2 + 1
        ("blocks.0.conv", (4, 8, 4)),
        ("blocks.1.conv", (4, 8, 4)),
        ("same", (4, 8, 4)),
        ("norm", (4, 8, 4)),
        ("same", (4, 8, 4)),
        ("down.conv", (6, 4, 2)),
        ("down.projection", (6, 4, 2)),
        ("head", (5,)),
    ]


def test_what_a_class_inherits_is_read_where_it_is_written() -> None:
    found = infer(elsewhere.model(), (3, 33, 20))
    assert [(item.path, item.symbolic) for item in found] == [
        ("halving.conv", "[*B, 4, ⌈H/2⌉, ⌈W/2⌉]"),
        ("halving.projection", "[*B, 4, ⌈H/2⌉, ⌈W/2⌉]"),
        ("head", "[*B, 5]"),
    ]


def test_types_as_the_caller_has_them_and_with_numbers(source: Source) -> None:
    found = inferred(models.model(), (3, 33, 20), source)
    assert found["stem"].declared == "Conv2D[Cin, C, 7, 2, 3]"
    assert found["stem"].numbers == "Conv2D[3, 4, 7, 2, 3]"
    assert found["down.conv"].declared == "Conv2D[Cin, Cout, 3, S, 1]"
    assert found["down.conv"].numbers == "Conv2D[4, 6, 3, 2, 1]"


def test_shapes_for_all_inputs_are_in_the_symbols_of_the_model(source: Source) -> None:
    found = inferred(models.model(), (3, 33, 20), source)
    assert found["stem"].symbolic == "[*B, 4, ⌈H/2⌉, ⌈W/2⌉]"
    assert found["pool"].symbolic == "[*B, 4, ⌈H/4⌉ - 1, ⌈W/4⌉ - 1]"
    assert found["head"].symbolic == "[*B, 5]"


def test_leading_axes_are_kept(source: Source) -> None:
    found = inferred(models.model(), (2, 7, 3, 33, 20), source)
    assert found["down.conv"].shape == (2, 7, 6, 4, 2)


def test_a_branch_that_the_model_does_not_take_is_left_out(source: Source) -> None:
    found = inferred(models.model(norm=False, project=False), (3, 33, 20), source)
    assert "norm" not in found
    assert "down.projection" not in found


@pytest.mark.parametrize(
    ("twice", "paths"),
    [(False, ["convs.0"]), (True, ["convs.0", "convs.1", "convs.0", "convs.1"])],
)
def test_branches(twice: bool, paths: list[str], source: Source) -> None:
    """What the model decides is followed one way; `enumerate` is not followed."""
    found = infer(models.branches(twice), (2, 9, 9), source)
    assert [item.path for item in found] == paths
    assert all(item.shape == (2, 9, 9) for item in found)


def test_a_method_of_the_base_class(source: Source) -> None:
    found = inferred(models.five(), (2, 9, 9), source)
    assert found["conv"].numbers == "Conv2D[2, 2, 5, 1, 0]"
    assert found["conv"].shape == (2, 5, 5)


def test_what_mypy_does_not_know_is_unknown(source: Source) -> None:
    found = inferred(models.opaque(), (2, 9, 9), source)
    assert found["conv"] == Inferred("conv", "?", "?", "[*?]", None)


def test_layers_in_sequences(source: Source) -> None:
    """The names are those of the parameters; C is known from what the sequences hold."""
    found = infer(models.stacked(), (3, 33, 20), source)
    assert [(item.path, item.shape, item.symbolic) for item in found] == [
        ("stem.0", (4, 17, 10), "[*B, 4, ⌈H/2⌉, ⌈W/2⌉]"),
        ("stem.1", (4, 8, 5), "[*B, 4, (H + 1)//4, (W + 1)//4]"),  # ⌈33/2⌉//2, ⌈20/2⌉//2
        ("towers.0.0", (4, 8, 5), "[*B, 4, (H + 1)//4, (W + 1)//4]"),
        ("towers.0.1", (4, 8, 5), "[*B, 4, (H + 1)//4, (W + 1)//4]"),
        ("towers.1.0", (4, 8, 5), "[*B, 4, (H + 1)//4, (W + 1)//4]"),
        ("towers.1.1", (4, 8, 5), "[*B, 4, (H + 1)//4, (W + 1)//4]"),
        ("body.0.conv", (6, 8, 5), "[*B, 6, (H + 1)//4, (W + 1)//4]"),
        ("body.0.norm", (6, 8, 5), "[*B, 6, (H + 1)//4, (W + 1)//4]"),
        ("body.1.0", (6, 4, 2), "[*B, 6, (H + 1)//8, (W + 1)//8]"),
        ("body.1.1.conv", (5, 4, 2), "[*B, 5, (H + 1)//8, (W + 1)//8]"),
        ("body.1.1.norm", (5, 4, 2), "[*B, 5, (H + 1)//8, (W + 1)//8]"),
        ("head", (2,), "[*B, 2]"),
    ]
    assert (found[0].declared, found[0].numbers) == (
        "Conv2D[3, C, 7, 2, 3]",
        "Conv2D[3, 4, 7, 2, 3]",
    )
    assert (found[6].declared, found[6].numbers) == (
        "Conv2D[Cin, Cout, 3, 1, 1]",
        "Conv2D[4, 6, 3, 1, 1]",
    )


def test_a_sequence_alone(source: Source) -> None:
    """Its type is read from what it holds."""
    found = infer(models.in_turn(), (9, 3, 33, 20), source)
    assert [(item.path, item.numbers, item.shape, item.symbolic) for item in found] == [
        ("0", "Conv2D[3, 8, 3, 2, 1]", (9, 8, 17, 10), "[*B, 8, ⌈H/2⌉, ⌈W/2⌉]"),
        ("1.0", "MaxPool2D[2, 2, 0]", (9, 8, 8, 5), "[*B, 8, (H + 1)//4, (W + 1)//4]"),
        ("3.conv", "Conv2D[8, 4, 3, 1, 1]", (9, 4, 8, 5), "[*B, 4, (H + 1)//4, (W + 1)//4]"),
        ("3.norm", "BatchNorm2D[4]", (9, 4, 8, 5), "[*B, 4, (H + 1)//4, (W + 1)//4]"),
    ]


def test_after_what_mypy_does_not_know_in_a_sequence_nothing_is_known(source: Source) -> None:
    found = infer(models.with_a_nameless_function(), (2, 9, 9), source)
    assert [(item.path, item.shape, item.symbolic) for item in found] == [
        ("0", (2, 9, 9), "[*B, 2, H, W]"),
        ("2.conv", None, "[*?, 2, ?, ?]"),
        ("2.norm", None, "[*?, 2, ?, ?]"),
    ]


def test_an_input_that_a_sequence_does_not_take(source: Source) -> None:
    sentence = r"^layer 0 of Sequential: Conv2D\[3, 8, 3, 2, 1\] expects 3 channels, got 2(\n|$)"
    with pytest.raises(ShapeError, match=sentence):
        infer(models.in_turn(), (2, 33, 20), source)
    with pytest.raises(ShapeError, match=sentence):  # and so says the run
        cast(Any, models.in_turn())(Tensor(np.zeros((2, 33, 20), np.float32)))


def test_a_sequence_of_functions_is_one_layer(source: Source) -> None:
    typ = "Sequential[Tensor[*B, C, H, W] -> Tensor[*B, C, H, W]]"
    found = infer(models.functions_in_turn(), (2, 9, 9), source)
    assert found == [Inferred("", typ, typ, "[*B, C, H, W]", (2, 9, 9))]


def test_a_layer_alone(source: Source) -> None:
    (found,) = infer(Conv2D.init(None, 3, 8, 3, 2, 1), (3, 33, 20), source)
    assert (found.path, found.numbers, found.shape) == ("", "Conv2D[3, 8, 3, 2, 1]", (8, 17, 10))


def test_an_input_that_does_not_fit(source: Source) -> None:
    with pytest.raises(ShapeError, match=r"^Model\[3, 4\] expects 3 channels, got 1$"):
        infer(models.model(), (1, 33, 20), source)


def test_a_model_of_which_mypy_knows_no_source(source: Source) -> None:
    class Hidden(Layer):
        pass

    assert infer(Hidden(), (3, 4, 4), source) == []


def test_names_of_layers() -> None:
    model = models.model()
    assert [name for name, _ in layers(model)][:4] == ["", "stem", "pool", "blocks.0"]
    assert names(model)[id(model.blocks[1].conv)] == "blocks.1.conv"
