"""The specification's networks: figures, sizes, stored results of PyTorch."""

from pathlib import Path

import numpy as np
import pytest

from typed_resnet import (
    ResNet,
    ResNetConfig,
    ShapeError,
    Tensor,
    TypedResNetError,
    relu,
    resnet18,
    resnet18_config,
    resnet18_config_with_projections,
    resnet18_with_projections,
)
from typed_resnet.models import parameter_count, parameters, with_parameters

STORED = Path(__file__).parents[1] / "data" / "resnet.npz"
# As in scripts/make_resnet_reference.py.
SMALL = {
    "stem_out_channels": 3,
    "stage1_out_channels": 3,
    "stage2_out_channels": 4,
    "stage3_out_channels": 5,
    "stage4_out_channels": 2,
    "stage1_blocks": 2,
    "stage2_blocks": 1,
    "stage3_blocks": 3,
    "stage4_blocks": 1,
}


def stored(case: str) -> dict[str, np.ndarray]:
    with np.load(STORED) as arrays:
        start = f"{case}/"
        return {key.removeprefix(start): arrays[key] for key in arrays if key.startswith(start)}


@pytest.mark.parametrize(("case", "projections"), [("plain", False), ("projections", True)])
def test_a_small_network_gives_pytorchs_logits_and_gradients(case: str, projections: bool):
    arrays = stored(case)
    config = ResNetConfig(**SMALL, use_projection_shortcuts=projections)
    net = with_parameters(ResNet.zero_init(config, 2, 3), arrays)
    y, pullback = net.vjp(Tensor(arrays["x"]))
    np.testing.assert_allclose(y.array, arrays["y"], rtol=1e-12, atol=1e-13)
    assert (net(Tensor(arrays["x"])).array == y.array).all()
    grads, dx = pullback(Tensor(arrays["dy"]))
    found = dict(parameters(grads))
    assert list(found) == [name for name, _ in parameters(net)]
    largest = max(np.abs(arrays[f"d{name}"]).max() for name in found)
    for name, tensor in (("x", dx), *found.items()):
        np.testing.assert_allclose(
            tensor.array, arrays[f"d{name}"], rtol=1e-9, atol=1e-12 * largest, err_msg=name
        )


@pytest.mark.parametrize(
    ("channels", "classes", "estimate", "plain", "projected"),
    [
        (3, 1000, 521_984, 11_519_592, 11_694_312),
        (3, 10, 15_104, 11_011_722, 11_186_442),
        (1, 10, 8_832, 11_005_450, 11_180_170),
        (1, 2, 4_736, 11_001_346, 11_176_066),
    ],
)
def test_the_figures_of_resnet18(
    channels: int, classes: int, estimate: int, plain: int, projected: int
):
    for net, count in (
        (resnet18(channels, classes), plain),
        (resnet18_with_projections(channels, classes), projected),
    ):
        assert net.depth == 10
        assert net.parameter_count_estimate == estimate
        assert net.parameter_count == count


def test_depth_counts_blocks():
    for blocks, depth in (((3, 4, 6, 3), 18), ((1, 1, 1, 1), 6)):
        counts = {f"stage{stage}_blocks": count for stage, count in enumerate(blocks, 1)}
        assert ResNet.zero_init(ResNetConfig(**SMALL | counts), 1, 2).depth == depth


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("make", [resnet18, resnet18_with_projections])
def test_without_a_generator_every_logit_is_exactly_nought(make, dtype: type):
    net = make(3, 10, dtype=dtype)
    x = np.random.default_rng(0).standard_normal((2, 3, 32, 32)).astype(dtype)
    y = net(Tensor(x))
    assert y.dtype == dtype
    assert y.shape == (2, 10)
    assert (y.array == 0).all()


@pytest.mark.parametrize("make", [resnet18, resnet18_with_projections])
def test_without_a_generator_only_the_last_bias_gets_a_gradient(make):
    rng = np.random.default_rng(0)
    x, dy = rng.standard_normal((2, 3, 32, 32)), rng.standard_normal((2, 4))
    grads, dx = make(3, 4, dtype=np.float64).backward(Tensor(x), Tensor(dy))
    assert not dx.array.any()
    for name, tensor in parameters(grads):
        if name == "classifier.bias":
            np.testing.assert_allclose(tensor.array, dy.sum(0))
        else:
            assert not tensor.array.any(), name


def test_zero_init_fills_all_with_noughts_but_gammas():
    net = ResNet.zero_init(resnet18_config_with_projections, 1, 2)
    for name, tensor in parameters(net):
        assert (tensor.array == (1 if name.endswith("gamma") else 0)).all()


def test_projections_stand_where_channels_change():
    plain, projected = resnet18(1, 2), resnet18_with_projections(1, 2)
    stages = [getattr(projected, f"layer{stage}") for stage in range(1, 5)]
    assert [stage.first.projection is not None for stage in stages] == [False, True, True, True]
    assert not [name for name, _ in parameters(plain) if "projection" in name]


@pytest.mark.parametrize(
    ("size", "after_stem", "after_pool"),
    [
        *[(5, 3, 1), (8, 4, 1), (9, 5, 2), (12, 6, 2), (13, 7, 3), (16, 8, 3), (28, 14, 6)],
        *[(32, 16, 7), (64, 32, 15), (224, 112, 55)],
    ],
)
def test_the_sizes_on_the_way(size: int, after_stem: int, after_pool: int):
    config = ResNetConfig(**SMALL, use_projection_shortcuts=True)
    net = ResNet.init(np.random.default_rng(0), config, 2, 3)
    x: Tensor = Tensor.zeros(2, size, size + 1)
    stem = relu(net.initial_bn(net.initial_conv(x)))
    assert stem.shape[:2] == (3, after_stem)
    pooled = net.initial_pool(stem)
    assert pooled.shape[:2] == (3, after_pool)
    y = pooled
    for stage, channels in ((net.layer1, 3), (net.layer2, 4), (net.layer3, 5), (net.layer4, 2)):
        y = stage(y)
        assert y.shape == (channels, *pooled.shape[1:])
    assert net(x).shape == (3,)


@pytest.mark.parametrize("size", [1, 2, 3, 4])
def test_images_smaller_than_the_pool_are_refused_where_the_specification_saturates(size: int):
    net = resnet18(1, 2)
    with pytest.raises(ShapeError, match=r"window 3 does not fit height \d padded by 0"):
        net(Tensor.zeros(1, size, 16))


@pytest.mark.parametrize("batch", [(), (3,), (2, 2), (0,)])
def test_any_leading_axes(batch: tuple[int, ...]):
    net = ResNet.init(np.random.default_rng(0), ResNetConfig(**SMALL), 2, 3)
    assert net(Tensor.zeros(*batch, 2, 16, 17)).shape == (*batch, 3)


def test_images_that_collapse_to_one_place_see_no_convolution_of_a_block():
    """Every norm of a block then returns its beta."""
    net = ResNet.init(np.random.default_rng(0), ResNetConfig(**SMALL), 2, 3, dtype=np.float64)
    x = Tensor(np.random.default_rng(1).standard_normal((2, 8, 8)))
    stem = net.initial_pool(relu(net.initial_bn(net.initial_conv(x))))
    assert stem.shape == (3, 1, 1)
    assert (net.layer1(stem).array == stem.array).all()


def test_zero_channels_and_zero_classes_are_refused():
    with pytest.raises(TypedResNetError, match="≥ 1, got 0"):
        resnet18(0, 10)
    with pytest.raises(TypedResNetError, match="≥ 1, got 0"):
        resnet18(3, 0)


def test_parameters_are_named_counted_and_replaced():
    net = ResNet.init(np.random.default_rng(0), ResNetConfig(**SMALL), 2, 3)
    arrays = {name: tensor.array for name, tensor in parameters(net)}
    assert "layer3.rest.1.conv2.kernel" in arrays
    assert parameter_count(net) == sum(array.size for array in arrays.values())
    again = with_parameters(ResNet.zero_init(ResNetConfig(**SMALL), 2, 3), arrays)
    x = Tensor(np.random.default_rng(1).standard_normal((2, 16, 17)).astype(np.float32))
    assert (again(x).array == net(x).array).all()
    with pytest.raises(KeyError):
        with_parameters(net, {})


def test_a_generator_makes_a_network_that_sees():
    x = Tensor(np.random.default_rng(1).standard_normal((3, 32, 32)).astype(np.float32))
    net = resnet18(3, 10, np.random.default_rng(0))
    assert net(x).array.std() > 0
    assert net.parameter_count == ResNet.zero_init(resnet18_config, 3, 10).parameter_count
