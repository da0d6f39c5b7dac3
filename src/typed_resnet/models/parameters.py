"""The parameters of a layer, by name."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterator
from typing import Any, cast

from typed_resnet.layer import Layer
from typed_resnet.tensor import Tensor


def parameters(layer: Layer) -> Iterator[tuple[str, Tensor[*tuple[Any, ...]]]]:
    """Name every tensor that a layer holds: `layer1.rest.0.conv1.kernel`."""
    if dataclasses.is_dataclass(layer):
        for field in dataclasses.fields(layer):
            yield from _named(field.name, getattr(layer, field.name))


def parameter_count(layer: Layer) -> int:
    """Count the numbers that all parameters hold."""
    return sum(math.prod(tensor.array.shape) for _, tensor in parameters(layer))


def _named(name: str, value: object) -> Iterator[tuple[str, Tensor[*tuple[Any, ...]]]]:
    if isinstance(value, Tensor):
        yield name, value
    elif isinstance(value, Layer):
        for inner, tensor in parameters(value):
            yield f"{name}.{inner}", tensor
    elif isinstance(value, tuple):
        for index, item in enumerate(cast(tuple[object, ...], value)):
            yield from _named(f"{name}.{index}", item)
