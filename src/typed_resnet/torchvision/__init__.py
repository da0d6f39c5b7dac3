"""The ResNets of torchvision: stages of stride 2, projections, norms with stored statistics.

Convolutions have no bias, norms an eps of 1e-5. A network is made for evaluation;
`typed_resnet.models.in_training(net)` gives it for training, where each call moves the stored
statistics. Weights are drawn as `Conv2D.init` draws them; without a generator they are 0.
"""

from __future__ import annotations

from typing import Any, TypeVar, overload
from typing import Literal as L

import numpy as np
import numpy.typing as npt

from typed_resnet.layers import BatchNorm2D, Conv2D, Linear, MaxPool2D
from typed_resnet.layers.initial import Generator
from typed_resnet.models import BottleneckLayer, ResNetLayer
from typed_resnet.torchvision.basic import ResNet as ResNet
from typed_resnet.torchvision.basic import ResNetGrads as ResNetGrads
from typed_resnet.torchvision.bottleneck import BottleneckResNet as BottleneckResNet
from typed_resnet.torchvision.bottleneck import BottleneckResNetGrads as BottleneckResNetGrads
from typed_resnet.torchvision.manner import in_torchvisions_manner

__all__ = [
    "BottleneckResNet",
    "BottleneckResNetGrads",
    "ResNet",
    "ResNetGrads",
    "resnet18",
    "resnet34",
    "resnet50",
    "resnet101",
    "resnet152",
]

_Classes = TypeVar("_Classes", bound=int)


@overload
def resnet18(*, rng: Generator = None, dtype: npt.DTypeLike = np.float32) -> ResNet[L[1000]]: ...
@overload
def resnet18(
    classes: _Classes, *, rng: Generator = None, dtype: npt.DTypeLike = np.float32
) -> ResNet[_Classes]: ...
def resnet18(
    classes: int = 1000, *, rng: Generator = None, dtype: npt.DTypeLike = np.float32
) -> ResNet[Any]:
    """Make a network of 2, 2, 2 and 2 basic blocks."""
    return _basic(rng, (2, 2, 2, 2), classes, dtype)


@overload
def resnet34(*, rng: Generator = None, dtype: npt.DTypeLike = np.float32) -> ResNet[L[1000]]: ...
@overload
def resnet34(
    classes: _Classes, *, rng: Generator = None, dtype: npt.DTypeLike = np.float32
) -> ResNet[_Classes]: ...
def resnet34(
    classes: int = 1000, *, rng: Generator = None, dtype: npt.DTypeLike = np.float32
) -> ResNet[Any]:
    """Make a network of 3, 4, 6 and 3 basic blocks."""
    return _basic(rng, (3, 4, 6, 3), classes, dtype)


@overload
def resnet50(
    *, rng: Generator = None, dtype: npt.DTypeLike = np.float32
) -> BottleneckResNet[L[1000]]: ...
@overload
def resnet50(
    classes: _Classes, *, rng: Generator = None, dtype: npt.DTypeLike = np.float32
) -> BottleneckResNet[_Classes]: ...
def resnet50(
    classes: int = 1000, *, rng: Generator = None, dtype: npt.DTypeLike = np.float32
) -> BottleneckResNet[Any]:
    """Make a network of 3, 4, 6 and 3 bottleneck blocks."""
    return _bottleneck(rng, (3, 4, 6, 3), classes, dtype)


@overload
def resnet101(
    *, rng: Generator = None, dtype: npt.DTypeLike = np.float32
) -> BottleneckResNet[L[1000]]: ...
@overload
def resnet101(
    classes: _Classes, *, rng: Generator = None, dtype: npt.DTypeLike = np.float32
) -> BottleneckResNet[_Classes]: ...
def resnet101(
    classes: int = 1000, *, rng: Generator = None, dtype: npt.DTypeLike = np.float32
) -> BottleneckResNet[Any]:
    """Make a network of 3, 4, 23 and 3 bottleneck blocks."""
    return _bottleneck(rng, (3, 4, 23, 3), classes, dtype)


@overload
def resnet152(
    *, rng: Generator = None, dtype: npt.DTypeLike = np.float32
) -> BottleneckResNet[L[1000]]: ...
@overload
def resnet152(
    classes: _Classes, *, rng: Generator = None, dtype: npt.DTypeLike = np.float32
) -> BottleneckResNet[_Classes]: ...
def resnet152(
    classes: int = 1000, *, rng: Generator = None, dtype: npt.DTypeLike = np.float32
) -> BottleneckResNet[Any]:
    """Make a network of 3, 8, 36 and 3 bottleneck blocks."""
    return _bottleneck(rng, (3, 8, 36, 3), classes, dtype)


def _basic(
    rng: Generator, blocks: tuple[int, int, int, int], classes: _Classes, dtype: npt.DTypeLike
) -> ResNet[_Classes]:
    net = ResNet(
        Conv2D.init(rng, 3, 64, 7, 2, 3, dtype=dtype),
        BatchNorm2D.init(64, dtype=dtype),
        MaxPool2D(3, 2, 1),
        ResNetLayer.init(rng, 64, 64, blocks[0], 1, dtype=dtype),
        ResNetLayer.init(rng, 64, 128, blocks[1], 2, project=True, dtype=dtype),
        ResNetLayer.init(rng, 128, 256, blocks[2], 2, project=True, dtype=dtype),
        ResNetLayer.init(rng, 256, 512, blocks[3], 2, project=True, dtype=dtype),
        Linear.init(rng, 512, classes, dtype=dtype),
    )
    return in_torchvisions_manner(net)


def _bottleneck(
    rng: Generator, blocks: tuple[int, int, int, int], classes: _Classes, dtype: npt.DTypeLike
) -> BottleneckResNet[_Classes]:
    net = BottleneckResNet(
        Conv2D.init(rng, 3, 64, 7, 2, 3, dtype=dtype),
        BatchNorm2D.init(64, dtype=dtype),
        MaxPool2D(3, 2, 1),
        BottleneckLayer.init(rng, 64, 256, blocks[0], 1, project=True, dtype=dtype),
        BottleneckLayer.init(rng, 256, 512, blocks[1], 2, project=True, dtype=dtype),
        BottleneckLayer.init(rng, 512, 1024, blocks[2], 2, project=True, dtype=dtype),
        BottleneckLayer.init(rng, 1024, 2048, blocks[3], 2, project=True, dtype=dtype),
        Linear.init(rng, 2048, classes, dtype=dtype),
    )
    return in_torchvisions_manner(net)
