"""The network of bottlenecks: its figures, its formula, its gradients, what it refuses."""

from typing import Any

import numpy as np
import pytest

from typed_resnet import (
    ConfigError,
    ResNetConfig,
    Tensor,
    TypedResNetError,
    global_avg_pool2d,
    relu,
)
from typed_resnet.models import BottleneckResNet, parameters, with_parameters

SMALL: dict[str, Any] = {
    "stem_out_channels": 4,
    "stem_kernel": 3,
    "stem_stride": 1,
    "stem_padding": 1,
    "pool_kernel": 2,
    "stage1_out_channels": 8,
    "stage2_out_channels": 8,
    "stage3_out_channels": 12,
    "stage4_out_channels": 4,
    "stage1_blocks": 2,
    "stage2_blocks": 1,
    "stage3_blocks": 1,
    "stage4_blocks": 1,
}
WIDE: dict[str, Any] = {
    f"stage{stage}_out_channels": width for stage, width in enumerate((256, 512, 1024, 2048), 1)
}


def small(projections: bool, rng: np.random.Generator) -> BottleneckResNet:
    """Give every parameter a value of its own."""
    config = ResNetConfig(**SMALL, use_projection_shortcuts=projections)
    net = BottleneckResNet.zero_init(config, 2, 3, dtype=np.float64)
    values = {name: rng.standard_normal(tensor.array.shape) for name, tensor in parameters(net)}
    return with_parameters(net, values)


@pytest.mark.parametrize(
    ("blocks", "count", "depth"),
    [((3, 4, 6, 3), 25_557_032, 18), ((3, 4, 23, 3), 44_549_160, 35)],
)
def test_without_the_biases_of_convolutions_it_holds_what_torchvisions_do(
    blocks: tuple[int, ...], count: int, depth: int
):
    """Stages have torchvision's parameters; only their strides differ."""
    counts: dict[str, Any] = {f"stage{s}_blocks": n for s, n in enumerate(blocks, 1)}
    config = ResNetConfig(**WIDE, **counts, use_projection_shortcuts=True)
    net = BottleneckResNet.zero_init(config, 3, 1000)
    biases = [
        tensor.array.size
        for name, tensor in parameters(net)
        if name.endswith(".bias") and not name.startswith("classifier")
    ]
    assert net.parameter_count - sum(biases) == count
    assert net.depth == depth


@pytest.mark.parametrize("projections", [True, False])
def test_it_runs_its_layers_in_order(projections: bool):
    rng = np.random.default_rng(0)
    net = small(projections, rng)
    x = Tensor(rng.standard_normal((2, 2, 8, 9)))
    y = net.initial_pool(relu(net.initial_bn(net.initial_conv(x))))
    assert y.shape == (2, 4, 4, 4)
    for stage, width in ((net.layer1, 8), (net.layer2, 8), (net.layer3, 12), (net.layer4, 4)):
        assert (stage.first.projection is not None) == (projections and width != y.shape[1])
        y = stage(y)
        assert y.shape == (2, width, 4, 4)
    expected = net.classifier(global_avg_pool2d(y))
    assert (net(x).array == expected.array).all()
    assert (net.forward(x).array == expected.array).all()
    assert (net.vjp(x)[0].array == expected.array).all()


@pytest.mark.parametrize("projections", [True, False])
def test_gradients_agree_with_central_differences(projections: bool):
    """Along one random direction of all parameters and x."""
    rng = np.random.default_rng(0)
    net = small(projections, rng)
    x = rng.standard_normal((2, 2, 8, 9))
    held = {name: tensor.array for name, tensor in parameters(net)}
    along = {name: rng.standard_normal(array.shape) for name, array in held.items()}
    along_x = rng.standard_normal(x.shape)

    def at(step: float) -> np.ndarray:
        moved = {name: array + step * along[name] for name, array in held.items()}
        return with_parameters(net, moved)(Tensor(x + step * along_x)).array

    dy = rng.standard_normal((2, 3))
    grads, dx = net.backward(Tensor(x), Tensor(dy))
    slopes = {name: np.vdot(tensor.array, along[name]) for name, tensor in parameters(grads)}
    assert list(slopes) == list(held)
    step = 1e-7
    measured = np.vdot(at(step) - at(-step), dy) / (2 * step)
    assert np.isclose(sum(slopes.values()) + np.vdot(dx.array, along_x), measured, rtol=1e-5)


@pytest.mark.parametrize("projections", [True, False])
def test_of_noughts_every_logit_is_nought_and_only_the_last_bias_gets_a_gradient(
    projections: bool,
):
    config = ResNetConfig(**SMALL, use_projection_shortcuts=projections)
    net = BottleneckResNet.zero_init(config, 2, 3, dtype=np.float64)
    for name, tensor in parameters(net):
        assert (tensor.array == (1 if name.endswith("gamma") else 0)).all()
    rng = np.random.default_rng(0)
    x, dy = Tensor(rng.standard_normal((2, 2, 8, 9))), Tensor(rng.standard_normal((2, 3)))
    assert (net(x).array == 0).all()
    grads, dx = net.backward(x, dy)
    assert not dx.array.any()
    reached = [name for name, tensor in parameters(grads) if tensor.array.any()]
    assert reached == ["classifier.bias"]


@pytest.mark.parametrize("stage", [1, 2, 3, 4])
def test_a_width_that_four_does_not_divide_is_refused(stage: int):
    config = ResNetConfig(**SMALL | {f"stage{stage}_out_channels": 6})
    with pytest.raises(ConfigError, match=r"^BottleneckBlock: 4 does not divide 6$"):
        BottleneckResNet.zero_init(config, 2, 3)


def test_zero_channels_and_zero_classes_are_refused():
    for channels, classes in ((0, 3), (2, 0)):
        with pytest.raises(TypedResNetError, match="≥ 1, got 0"):
            BottleneckResNet.zero_init(ResNetConfig(**SMALL), channels, classes)
