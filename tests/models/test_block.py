"""The basic block: the specification's example and every shortcut."""

import dataclasses

import numpy as np
import pytest

from typed_resnet import BatchNorm2D, Conv2D, ResNetBlock, ResNetLayer, Tensor
from typed_resnet.models import Projection, parameters, with_parameters

RNG = np.random.default_rng(0)
START = RNG.bit_generator.state


@pytest.fixture(autouse=True)
def _same_numbers_whichever_tests_run():
    RNG.bit_generator.state = START


def block(cin: int, cout: int, stride: int = 1) -> ResNetBlock:
    """Draw a block without a projection, biases and norms included."""
    made = ResNetBlock.init(RNG, cin, cout, stride, dtype=np.float64)
    return dataclasses.replace(made, bn2=norm(cout))


def norm(channels: int) -> BatchNorm2D:
    return BatchNorm2D(normal(channels), normal(channels))


def projection(cin: int, cout: int, stride: int, bn: bool) -> Projection:
    conv = Conv2D(normal(cout, cin, 1, 1), normal(cout), stride, 0)
    return Projection(conv, norm(cout) if bn else None)


def normal(*shape: int) -> Tensor:
    return Tensor(RNG.standard_normal(shape))


def main_path(layer: ResNetBlock, x: np.ndarray) -> np.ndarray:
    """Compute what is added to the shortcut."""
    y = np.maximum(layer.bn1(layer.conv1(Tensor(x))).array, 0)
    return layer.bn2(layer.conv2(Tensor(y))).array


def test_the_worked_example():
    centre = np.zeros((1, 1, 3, 3))
    centre[0, 0, 1, 1] = 1
    conv = Conv2D(Tensor(centre), Tensor(np.zeros(1)), 1, 1)
    bn = BatchNorm2D.init(1, dtype=np.float64)
    y = ResNetBlock(conv, bn, conv, bn)(Tensor(np.array([[[1.0, 2], [3, 4]]])))
    expected = [0.183504779898, 1.183504779898, 3.000000000, 5.632990440205]
    np.testing.assert_allclose(y.array.ravel(), expected, rtol=0, atol=5e-13)


def test_the_gradients_of_the_worked_example():
    centre = np.zeros((1, 1, 3, 3))
    centre[0, 0, 1, 1] = 1
    conv = Conv2D(Tensor(centre), Tensor(np.zeros(1)), 1, 1)
    bn = BatchNorm2D.init(1, dtype=np.float64)
    x, dy = Tensor(np.array([[[1.0, 2], [3, 4]]])), Tensor(np.array([[[1.0, 0], [0, 0]]]))
    grads, dx = ResNetBlock(conv, bn, conv, bn).backward(x, dy)
    expected = [1.068040905457, 0.068041449785, -0.340205615938, 0.204123260696]
    np.testing.assert_allclose(dx.array.ravel(), expected, rtol=0, atol=5e-13)
    assert np.isclose(grads.bn2.gamma.array.item(), -0.816495220102, rtol=0, atol=5e-13)
    assert grads.bn2.beta.array.item() == 1
    for bias in (grads.conv1.bias, grads.conv2.bias):
        assert bias is not None
        assert abs(bias.array.item()) < 1e-15
    assert grads.projection is None


SHORTCUTS = [
    *[(cin, cout, None) for cin, cout in ((4, 4), (3, 5), (5, 3))],
    *[(cin, cout, bn) for cin, cout in ((4, 4), (3, 5), (5, 3)) for bn in (True, False)],
]


@pytest.mark.parametrize("stride", [1, 2])
@pytest.mark.parametrize(("cin", "cout", "bn"), SHORTCUTS)
def test_gradients_agree_with_central_differences(
    cin: int, cout: int, bn: bool | None, stride: int
):
    """Along one random direction of all parameters and x, for every shortcut."""
    layer = block(cin, cout, stride)
    if bn is not None:
        layer = dataclasses.replace(layer, projection=projection(cin, cout, stride, bn))
    x = RNG.standard_normal((2, cin, 6, 5))
    arrays = {name: tensor.array for name, tensor in parameters(layer)}
    along = {name: RNG.standard_normal(array.shape) for name, array in arrays.items()}
    along_x = RNG.standard_normal(x.shape)

    def at(step: float) -> np.ndarray:
        moved = {name: array + step * along[name] for name, array in arrays.items()}
        return with_parameters(layer, moved)(Tensor(x + step * along_x)).array

    dy = RNG.standard_normal(at(0.0).shape)
    grads, dx = layer.backward(Tensor(x), Tensor(dy))
    slopes = {name: np.vdot(tensor.array, along[name]) for name, tensor in parameters(grads)}
    assert list(slopes) == list(arrays)
    step = 1e-6
    measured = np.vdot(at(step) - at(-step), dy) / (2 * step)
    assert np.isclose(sum(slopes.values()) + np.vdot(dx.array, along_x), measured, rtol=1e-5)


def test_biases_before_a_norm_get_no_gradient():
    layer = dataclasses.replace(block(3, 5), projection=projection(3, 5, 1, bn=True))
    x = normal(2, 3, 6, 5)
    grads, _ = layer.backward(x, normal(2, 5, 6, 5))
    assert grads.projection is not None
    for conv in (grads.conv1, grads.conv2, grads.projection.conv):
        assert conv.bias is not None
        assert np.abs(conv.bias.array).max() < 1e-13


def test_a_stage_returns_the_gradients_of_its_rest_in_block_order():
    """The specification's list comes out reversed, a slip of its source."""
    blocks = [block(3, 4, 2), block(4, 4), block(4, 4), block(4, 4)]
    stage = ResNetLayer(blocks[0], tuple(blocks[1:]))
    x, dy = normal(2, 3, 9, 8), normal(2, 4, 5, 4)
    inputs = [x]
    for inner in blocks[:-1]:
        inputs.append(inner(inputs[-1]))
    grads, dx = stage.backward(x, dy)
    for inner, given, found in zip(
        reversed(blocks), reversed(inputs), reversed([grads.first, *grads.rest]), strict=True
    ):
        expected, dy = inner.backward(given, dy)
        for (name, one), (_, other) in zip(parameters(expected), parameters(found), strict=True):
            assert (one.array == other.array).all(), name
    assert (dx.array == dy.array).all()


@pytest.mark.parametrize("stride", [1, 2, 3])
@pytest.mark.parametrize(("cin", "cout"), [(4, 4), (3, 5), (5, 3)])
def test_without_a_projection_the_shortcut_subsamples_then_pads_or_slices(
    cin: int, cout: int, stride: int
):
    """Identity, pad and slice."""
    layer = block(cin, cout, stride)
    x = RNG.standard_normal((2, cin, 7, 8))
    kept = x[:, :cout, ::stride, ::stride]
    shortcut = np.pad(kept, ((0, 0), (0, cout - kept.shape[1]), (0, 0), (0, 0)))
    expected = np.maximum(main_path(layer, x) + shortcut, 0)
    np.testing.assert_allclose(layer(Tensor(x)).array, expected, rtol=1e-13)


@pytest.mark.parametrize("stride", [1, 2])
@pytest.mark.parametrize("bn", [True, False])
@pytest.mark.parametrize(("cin", "cout"), [(4, 4), (3, 5), (5, 3)])
def test_a_projection_takes_the_place_of_the_shortcut(cin: int, cout: int, stride: int, bn: bool):
    """Also where the channels are equal, and with or without a norm."""
    projected = projection(cin, cout, stride, bn)
    layer = dataclasses.replace(block(cin, cout, stride), projection=projected)
    x = RNG.standard_normal((cin, 7, 8))
    kernel, bias = projected.conv.kernel.array[:, :, 0, 0], projected.conv.bias
    assert bias is not None
    shortcut = np.einsum("oc,chw->ohw", kernel, x[:, ::stride, ::stride])
    shortcut += bias.array[:, None, None]
    if projected.bn is not None:
        shortcut = projected.bn(Tensor(shortcut)).array
    expected = np.maximum(main_path(layer, x) + shortcut, 0)
    np.testing.assert_allclose(layer(Tensor(x)).array, expected, rtol=1e-12)


def test_half_a_projection_norm_cannot_be_made():
    """The specification ignores a lone gamma or beta in silence."""
    with pytest.raises(TypeError):
        Projection(Conv2D.init(None, 3, 4, 1), BatchNorm2D(Tensor.ones(4)))  # type: ignore[call-arg]  # the mistake


def test_a_stage_runs_its_blocks_in_order():
    first, second, third = block(3, 4, 2), block(4, 4), block(4, 4)
    x = normal(2, 3, 9, 8)
    y = ResNetLayer(first, (second, third))(x)
    assert (y.array == third(second(first(x))).array).all()
    assert y.shape == (2, 4, 5, 4)
    assert (ResNetLayer(first)(x).array == first(x).array).all()


def test_a_stage_projects_in_its_first_block_alone():
    stage = ResNetLayer.init(None, 3, 4, 3, 2, project=True)
    assert stage.first.projection is not None
    assert stage.first.projection.conv.stride == 2
    assert [inner.projection for inner in stage.rest] == [None, None]
    assert [inner.conv1.stride for inner in stage.rest] == [1, 1]
