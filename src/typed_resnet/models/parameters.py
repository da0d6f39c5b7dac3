"""How much a model holds, and in which mode its norms are."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterator
from typing import Any, TypeVar, cast

from typed_resnet.layer import Layer
from typed_resnet.layers import RunningStatistics
from typed_resnet.records import changed, parameters, walk

Model = TypeVar("Model", bound=Layer)


def parameter_count(layer: Layer) -> int:
    """Count the numbers that all parameters hold."""
    return sum(math.prod(tensor.shape) for _, tensor in parameters(layer))


def in_training(model: Model) -> Model:
    """Let norms take the batch's statistics, and the stored ones follow them.

    The model that is returned shares all arrays with the one that is given.
    """
    return _in_mode(model, True)


def in_evaluation(model: Model) -> Model:
    """Let norms take the stored statistics."""
    return _in_mode(model, False)


def statistics(layer: Layer) -> Iterator[tuple[str, RunningStatistics[Any]]]:
    """Name the stored statistics of every norm: `layer1.rest.0.bn1.statistics`."""
    for name, value in walk("", layer):
        if isinstance(value, RunningStatistics):
            yield name, value


def _in_mode(model: Model, training: bool) -> Model:
    def change(_: str, value: object) -> object:
        if isinstance(value, RunningStatistics):
            stored = cast("RunningStatistics[Any]", value)  # type: ignore[redundant-cast]  # Pyright knows no arguments
            return dataclasses.replace(stored, training=training)
        return value

    return changed(model, change)
