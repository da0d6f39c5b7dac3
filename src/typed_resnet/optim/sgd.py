"""Stochastic gradient descent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar

from typed_resnet.kernels.scalars import number
from typed_resnet.layer import Layer, Record
from typed_resnet.optim.alike import Arrays, arrays_like, check_rates
from typed_resnet.records import parameters, with_parameters

Model = TypeVar("Model", bound=Layer)
Grads = TypeVar("Grads", bound=Record)


@dataclass(frozen=True)
class SGD:
    """Move parameters against their gradients, with momentum and weight decay.

        v = momentum v + (g + weight_decay p)      p = p - lr v

    PyTorch's rule. The velocity v is a record of the gradients' own type, of noughts at first; it
    is handed from step to step, and nothing is changed in place. With a function
    `cost(net, x, labels)` that returns the loss of a batch:

        sgd, velocity = SGD(0.1, momentum=0.9), None
        for x, labels in batches:
            loss, pullback = vjp(cost, net, x, labels)
            grads, _ = pullback(Tensor.ones())
            net, velocity = sgd.step(net, grads, velocity)

    Raises: ConfigError, where a number is less than 0 or not finite.
    Source: Sutskever et al., ICML 2013, section 2, as PyTorch writes it.
    """

    lr: float
    momentum: float = 0
    weight_decay: float = 0

    def __post_init__(self) -> None:
        check_rates("SGD", **vars(self))

    def step(
        self, model: Model, grads: Grads, velocity: Grads | None = None
    ) -> tuple[Model, Grads]:
        """Return the model one step further, and the velocity for the next step.

        Raises: ShapeError or DTypeError, where grads or velocity are not like the parameters.
        """
        gradients = arrays_like("SGD", model, grads)
        old = None if velocity is None else arrays_like("SGD", model, velocity)
        moved: Arrays = {}
        velocities: Arrays = {}
        for name, parameter in parameters(model):
            p, v = parameter.array, gradients[name]
            if self.weight_decay:
                v = v + number(self.weight_decay, p.dtype) * p
            if old is not None:
                v = number(self.momentum, p.dtype) * old[name] + v
            moved[name], velocities[name] = p - number(self.lr, p.dtype) * v, v
        return with_parameters(model, moved), with_parameters(grads, velocities)
