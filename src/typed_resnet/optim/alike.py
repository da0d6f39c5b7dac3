"""What every optimiser asks of its arguments."""

from __future__ import annotations

import math
from typing import Any, TypeAlias

import numpy.typing as npt

from typed_resnet.errors import ConfigError, ShapeError
from typed_resnet.layer import Layer, Record
from typed_resnet.records import parameters
from typed_resnet.runtime import check_same_shape, printed_type
from typed_resnet.tensor import check_same_dtype

Arrays: TypeAlias = dict[str, npt.NDArray[Any]]
"""Arrays under the names of a model's parameters."""


def check_rates(owner: str, below: float = math.inf, /, **rates: float) -> None:
    """Accept numbers of at least 0, and less than a bound.

    Raises: ConfigError.
    """
    for name, value in rates.items():
        if isinstance(value, bool) or not 0 <= value < below:
            bound = "a number ≥ 0" if below == math.inf else f"from 0 up to {below}"
            raise ConfigError(f"{owner} expects {name} to be {bound}, got {value!r}")


def arrays_like(owner: str, model: Layer, record: Record) -> Arrays:
    """Name the arrays of a record that is like the parameters of a model.

    Raises: ShapeError or DTypeError, where it is not.
    """
    held, given = dict(parameters(model)), dict(parameters(record))
    if held.keys() != given.keys():
        raise ShapeError(
            f"{owner} expects gradients of a {printed_type(model)}, got a {printed_type(record)}"
        )
    for name, parameter in held.items():
        check_same_shape(f"{owner} of {name}", parameter.shape, given[name].shape)
        check_same_dtype(f"{owner} of {name}", parameter, given[name])
    return {name: tensor.array for name, tensor in given.items()}
