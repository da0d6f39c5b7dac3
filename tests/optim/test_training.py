"""Ten steps from equal weights, against the stored losses of PyTorch."""

from pathlib import Path

import numpy as np

from typed_resnet import ResNet, ResNetConfig, Tensor
from typed_resnet.models import with_parameters
from typed_resnet.ops import Labels
from typed_resnet.optim import SGD

from .training import losses

DATA = Path(__file__).parents[1] / "data"


def test_ten_steps_have_the_losses_of_pytorch():
    """`scripts/make_resnet_reference.py` made them; SGD's numbers are as there."""
    config = ResNetConfig(
        stem_out_channels=3,
        stage1_out_channels=3,
        stage2_out_channels=4,
        stage3_out_channels=5,
        stage4_out_channels=2,
        stage2_blocks=1,
        stage3_blocks=3,
        stage4_blocks=1,
        use_projection_shortcuts=True,
    )
    with np.load(DATA / "resnet.npz") as arrays:
        weights = {key.removeprefix("projections/"): arrays[key] for key in arrays}
    net = with_parameters(ResNet.zero_init(config, 2, 3), weights)
    with np.load(DATA / "training.npz") as stored:
        x, labels, expected = stored["x"], stored["labels"], stored["losses"]
    found = losses(net, Tensor(x), Labels(labels), SGD(0.05, momentum=0.9, weight_decay=5e-3))
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-6)
    assert found[-1] < found[0]
