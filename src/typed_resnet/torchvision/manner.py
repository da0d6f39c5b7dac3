"""What torchvision does otherwise than the specification, in every layer of a network."""

from __future__ import annotations

import dataclasses
from typing import Any, TypeVar

from typed_resnet.layer import Layer
from typed_resnet.layers import BatchNorm2D, Conv2D, RunningStatistics
from typed_resnet.models.parameters import changed

EPS = 1e-5

Model = TypeVar("Model", bound=Layer)


def in_torchvisions_manner(net: Model) -> Model:
    """Take the bias from every convolution; give every norm stored statistics and torch's eps."""
    return changed(net, _change)


def _change(_: str, value: object) -> object:
    if isinstance(value, Conv2D):
        conv: Conv2D[Any, Any, Any, Any, Any] = value
        return dataclasses.replace(conv, bias=None)
    if isinstance(value, BatchNorm2D):
        norm: BatchNorm2D[Any] = value
        channels = norm.gamma.array.shape[0]
        statistics = RunningStatistics.init(channels, dtype=norm.gamma.dtype)
        return dataclasses.replace(norm, eps=EPS, statistics=statistics)
    return value
