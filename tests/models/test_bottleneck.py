"""The bottleneck block: its figures, its formula, its gradients, its widths."""

import dataclasses

import numpy as np
import pytest

from typed_resnet import BottleneckBlock, BottleneckLayer, ConfigError, Tensor, TypedResNetError
from typed_resnet.models import parameter_count, parameters, with_parameters


def drawn(block: BottleneckBlock, rng: np.random.Generator) -> BottleneckBlock:
    """Give every parameter a value of its own."""
    return with_parameters(
        block,
        {name: rng.standard_normal(tensor.array.shape) for name, tensor in parameters(block)},
    )


@pytest.mark.parametrize(
    ("cin", "cout", "project", "count"),
    [(64, 256, False, 58_496), (64, 256, True, 75_648), (256, 256, False, 70_784)],
)
def test_its_parameters(cin: int, cout: int, project: bool, count: int):
    assert parameter_count(BottleneckBlock.init(None, cin, cout, project=project)) == count


@pytest.mark.parametrize("width", [6, 7, 3, 2])
def test_a_width_that_four_does_not_divide_is_refused(width: int):
    """The specification rounds a quarter of it down."""
    with pytest.raises(ConfigError, match=f"^BottleneckBlock: 4 does not divide {width}$"):
        BottleneckBlock.init(None, 4, width)
    with pytest.raises(TypedResNetError):
        BottleneckBlock.init(None, 4, 0)


@pytest.mark.parametrize("stride", [1, 2])
@pytest.mark.parametrize(("cin", "cout"), [(8, 8), (3, 8), (12, 8)])
def test_it_computes_its_formula(cin: int, cout: int, stride: int):
    rng = np.random.default_rng(0)
    block = drawn(BottleneckBlock.init(None, cin, cout, stride, dtype=np.float64), rng)
    x = rng.standard_normal((2, cin, 7, 6))
    y = np.maximum(block.bn1(block.conv1(Tensor(x))).array, 0)
    assert y.shape == (2, 2, 7, 6)
    y = np.maximum(block.bn2(block.conv2(Tensor(y))).array, 0)
    kept = x[:, :cout, ::stride, ::stride]
    shortcut = np.pad(kept, ((0, 0), (0, cout - kept.shape[1]), (0, 0), (0, 0)))
    expected = np.maximum(block.bn3(block.conv3(Tensor(y))).array + shortcut, 0)
    np.testing.assert_allclose(block(Tensor(x)).array, expected, rtol=1e-13)


@pytest.mark.parametrize("stride", [1, 2])
@pytest.mark.parametrize(("cin", "cout", "project"), [(8, 8, False), (3, 8, True), (12, 8, False)])
def test_gradients_agree_with_central_differences(cin: int, cout: int, project: bool, stride: int):
    rng = np.random.default_rng(0)
    block = drawn(
        BottleneckBlock.init(None, cin, cout, stride, project=project, dtype=np.float64), rng
    )
    x = rng.standard_normal((2, cin, 6, 5))
    arrays = {name: tensor.array for name, tensor in parameters(block)}
    along = {name: rng.standard_normal(array.shape) for name, array in arrays.items()}
    along_x = rng.standard_normal(x.shape)

    def at(step: float) -> np.ndarray:
        moved = {name: array + step * along[name] for name, array in arrays.items()}
        return with_parameters(block, moved)(Tensor(x + step * along_x)).array

    dy = rng.standard_normal(at(0.0).shape)
    grads, dx = block.backward(Tensor(x), Tensor(dy))
    slopes = {name: np.vdot(tensor.array, along[name]) for name, tensor in parameters(grads)}
    assert list(slopes) == list(arrays)
    step = 1e-6
    measured = np.vdot(at(step) - at(-step), dy) / (2 * step)
    assert np.isclose(sum(slopes.values()) + np.vdot(dx.array, along_x), measured, rtol=1e-5)


def test_a_stage_runs_and_differentiates_its_blocks_in_order():
    rng = np.random.default_rng(0)
    stage = BottleneckLayer.init(rng, 3, 8, 3, 2, project=True, dtype=np.float64)
    stage = dataclasses.replace(stage, rest=tuple(drawn(block, rng) for block in stage.rest))
    x, dy = Tensor(rng.standard_normal((2, 3, 9, 8))), Tensor(rng.standard_normal((2, 8, 5, 4)))
    inputs = [x]
    for block in (stage.first, *stage.rest):
        inputs.append(block(inputs[-1]))
    assert (stage(x).array == inputs[-1].array).all()
    grads, dx = stage.backward(x, dy)
    for block, given, found in zip(
        reversed([stage.first, *stage.rest]),
        reversed(inputs[:-1]),
        reversed([grads.first, *grads.rest]),
        strict=True,
    ):
        expected, dy = block.backward(given, dy)
        for (name, one), (_, other) in zip(parameters(expected), parameters(found), strict=True):
            assert (one.array == other.array).all(), name
    assert (dx.array == dy.array).all()
