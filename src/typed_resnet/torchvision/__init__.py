"""The ResNets of torchvision: stages of stride 2, projections, norms with stored statistics.

Convolutions have no bias, norms an eps of 1e-5. A network is made for evaluation;
`typed_resnet.models.in_training(net)` gives it for training, where each call moves the stored
statistics. Weights are drawn as `Conv2D.init` draws them; without a generator they are 0.
"""

from __future__ import annotations

from typing import Any, TypeVar, cast, overload
from typing import Literal as L

import numpy as np
import numpy.typing as npt

from typed_resnet.layers.initial import Generator
from typed_resnet.runtime import typed
from typed_resnet.torchvision.basic import ResNet as ResNet
from typed_resnet.torchvision.basic import ResNetGrads as ResNetGrads
from typed_resnet.torchvision.bottleneck import BottleneckResNet as BottleneckResNet
from typed_resnet.torchvision.bottleneck import BottleneckResNetGrads as BottleneckResNetGrads
from typed_resnet.torchvision.making import BLOCKS, of_basic_blocks, of_bottlenecks
from typed_resnet.torchvision.weights import load as load
from typed_resnet.torchvision.weights import save as save

__all__ = [
    "BottleneckResNet",
    "BottleneckResNetGrads",
    "ResNet",
    "ResNetGrads",
    "load",
    "resnet18",
    "resnet34",
    "resnet50",
    "resnet101",
    "resnet152",
    "save",
]

_Classes = TypeVar("_Classes", bound=int)


@overload
def resnet18(*, rng: Generator = None, dtype: npt.DTypeLike = np.float32) -> ResNet[L[1000]]: ...
@overload
def resnet18(
    classes: _Classes, *, rng: Generator = None, dtype: npt.DTypeLike = np.float32
) -> ResNet[_Classes]: ...
@typed
def resnet18(
    classes: _Classes = cast(Any, 1000),
    *,
    rng: Generator = None,
    dtype: npt.DTypeLike = np.float32,
) -> ResNet[_Classes]:
    """Make a network of 2, 2, 2 and 2 basic blocks."""
    return of_basic_blocks(rng, BLOCKS["resnet18"][0], classes, dtype)


@overload
def resnet34(*, rng: Generator = None, dtype: npt.DTypeLike = np.float32) -> ResNet[L[1000]]: ...
@overload
def resnet34(
    classes: _Classes, *, rng: Generator = None, dtype: npt.DTypeLike = np.float32
) -> ResNet[_Classes]: ...
@typed
def resnet34(
    classes: _Classes = cast(Any, 1000),
    *,
    rng: Generator = None,
    dtype: npt.DTypeLike = np.float32,
) -> ResNet[_Classes]:
    """Make a network of 3, 4, 6 and 3 basic blocks."""
    return of_basic_blocks(rng, BLOCKS["resnet34"][0], classes, dtype)


@overload
def resnet50(
    *, rng: Generator = None, dtype: npt.DTypeLike = np.float32
) -> BottleneckResNet[L[1000]]: ...
@overload
def resnet50(
    classes: _Classes, *, rng: Generator = None, dtype: npt.DTypeLike = np.float32
) -> BottleneckResNet[_Classes]: ...
@typed
def resnet50(
    classes: _Classes = cast(Any, 1000),
    *,
    rng: Generator = None,
    dtype: npt.DTypeLike = np.float32,
) -> BottleneckResNet[_Classes]:
    """Make a network of 3, 4, 6 and 3 bottleneck blocks."""
    return of_bottlenecks(rng, BLOCKS["resnet50"][0], classes, dtype)


@overload
def resnet101(
    *, rng: Generator = None, dtype: npt.DTypeLike = np.float32
) -> BottleneckResNet[L[1000]]: ...
@overload
def resnet101(
    classes: _Classes, *, rng: Generator = None, dtype: npt.DTypeLike = np.float32
) -> BottleneckResNet[_Classes]: ...
@typed
def resnet101(
    classes: _Classes = cast(Any, 1000),
    *,
    rng: Generator = None,
    dtype: npt.DTypeLike = np.float32,
) -> BottleneckResNet[_Classes]:
    """Make a network of 3, 4, 23 and 3 bottleneck blocks."""
    return of_bottlenecks(rng, BLOCKS["resnet101"][0], classes, dtype)


@overload
def resnet152(
    *, rng: Generator = None, dtype: npt.DTypeLike = np.float32
) -> BottleneckResNet[L[1000]]: ...
@overload
def resnet152(
    classes: _Classes, *, rng: Generator = None, dtype: npt.DTypeLike = np.float32
) -> BottleneckResNet[_Classes]: ...
@typed
def resnet152(
    classes: _Classes = cast(Any, 1000),
    *,
    rng: Generator = None,
    dtype: npt.DTypeLike = np.float32,
) -> BottleneckResNet[_Classes]:
    """Make a network of 3, 8, 36 and 3 bottleneck blocks."""
    return of_bottlenecks(rng, BLOCKS["resnet152"][0], classes, dtype)
