"""Networks of basic and of bottleneck blocks, in torchvision's manner."""

from __future__ import annotations

import dataclasses
from typing import Any, Final, TypeAlias, TypeVar, cast

import numpy.typing as npt

from typed_resnet.layer import Layer
from typed_resnet.layers import BatchNorm2D, Conv2D, Linear, MaxPool2D
from typed_resnet.layers.initial import Generator
from typed_resnet.models import BottleneckLayer, ResNetLayer
from typed_resnet.records import changed
from typed_resnet.runtime import typed
from typed_resnet.torchvision.basic import ResNet
from typed_resnet.torchvision.bottleneck import BottleneckResNet

EPS = 1e-5

Model = TypeVar("Model", bound=Layer)
_Classes = TypeVar("_Classes", bound=int)

Blocks: TypeAlias = tuple[int, int, int, int]

BLOCKS: Final[dict[str, tuple[Blocks, bool]]] = {
    "resnet18": ((2, 2, 2, 2), False),
    "resnet34": ((3, 4, 6, 3), False),
    "resnet50": ((3, 4, 6, 3), True),
    "resnet101": ((3, 4, 23, 3), True),
    "resnet152": ((3, 8, 36, 3), True),
}
"""The blocks of each stage, and whether they are bottlenecks."""


@typed
def of_basic_blocks(
    rng: Generator, blocks: Blocks, classes: _Classes, dtype: npt.DTypeLike
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


@typed
def of_bottlenecks(
    rng: Generator, blocks: Blocks, classes: _Classes, dtype: npt.DTypeLike
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


def in_torchvisions_manner(net: Model) -> Model:
    """Take the bias from every convolution; give every norm stored statistics and torch's eps."""
    return changed(net, _change)


def _change(_: str, value: object) -> object:
    if isinstance(value, Conv2D):
        conv = cast("Conv2D[Any, Any, Any, Any, Any]", value)  # type: ignore[redundant-cast]  # Pyright knows no arguments
        return dataclasses.replace(conv, bias=None)
    if isinstance(value, BatchNorm2D):
        norm = cast("BatchNorm2D[Any]", value)  # type: ignore[redundant-cast]  # Pyright knows no arguments
        return dataclasses.replace(norm.with_statistics(), eps=EPS)
    return value
