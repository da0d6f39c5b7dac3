"""Stochastic gradient descent."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy.typing as npt

from typed_resnet.errors import ConfigError, ShapeError
from typed_resnet.kernels.scalars import number
from typed_resnet.layer import Layer, Record
from typed_resnet.records import parameters, with_parameters
from typed_resnet.runtime import check_same_shape, printed_type
from typed_resnet.tensor import check_same_dtype

Model = TypeVar("Model", bound=Layer)
Grads = TypeVar("Grads", bound=Record)


@dataclass(frozen=True)
class SGD:
    """Move parameters against their gradients, with momentum and weight decay.

        v = momentum v + (g + weight_decay p)      p = p - lr v

    PyTorch's rule. The velocity v is a record of the gradients' own type, of noughts at first; it
    is handed from step to step, and nothing is changed in place:

        sgd, velocity = SGD(0.1, momentum=0.9), None
        for x, labels in batches:
            logits, pullback = net.vjp(x)
            loss, dloss = cross_entropy_vjp(logits, labels)
            grads, _ = pullback(dloss(Tensor.ones()))
            net, velocity = sgd.step(net, grads, velocity)

    Raises: ConfigError, where a number is less than 0 or not finite.
    Source: Sutskever et al., ICML 2013, section 2, as PyTorch writes it.
    """

    lr: float
    momentum: float = 0
    weight_decay: float = 0

    def __post_init__(self) -> None:
        for name, value in vars(self).items():
            if isinstance(value, bool) or not 0 <= value < math.inf:
                raise ConfigError(f"SGD expects {name} to be a number ≥ 0, got {value!r}")

    def step(
        self, model: Model, grads: Grads, velocity: Grads | None = None
    ) -> tuple[Model, Grads]:
        """Return the model one step further, and the velocity for the next step.

        Raises: ShapeError or DTypeError, where grads or velocity are not like the parameters.
        """
        gradients = _as_in(model, grads)
        old = None if velocity is None else _as_in(model, velocity)
        moved: dict[str, npt.NDArray[Any]] = {}
        velocities: dict[str, npt.NDArray[Any]] = {}
        for name, parameter in parameters(model):
            p, v = parameter.array, gradients[name]
            if self.weight_decay:
                v = v + number(self.weight_decay, p.dtype) * p
            if old is not None:
                v = number(self.momentum, p.dtype) * old[name] + v
            moved[name], velocities[name] = p - number(self.lr, p.dtype) * v, v
        return with_parameters(model, moved), with_parameters(grads, velocities)


def _as_in(model: Layer, record: Record) -> dict[str, npt.NDArray[Any]]:
    """Name the arrays of a record that is like the parameters of a model."""
    held, given = dict(parameters(model)), dict(parameters(record))
    if held.keys() != given.keys():
        raise ShapeError(
            f"SGD expects gradients of a {printed_type(model)}, got a {printed_type(record)}"
        )
    for name, parameter in held.items():
        check_same_shape(f"SGD of {name}", parameter.array.shape, given[name].array.shape)
        check_same_dtype(f"SGD of {name}", parameter, given[name])
    return {name: tensor.array for name, tensor in given.items()}
