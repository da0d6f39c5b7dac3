"""Adam, and Adam with decoupled weight decay."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar, Generic, TypeVar

import numpy as np
import numpy.typing as npt

from typed_resnet.kernels.scalars import number, square_root
from typed_resnet.layer import Layer, Record
from typed_resnet.optim.alike import Arrays, arrays_like, check_rates
from typed_resnet.records import parameters, with_parameters

Model = TypeVar("Model", bound=Layer)
Grads = TypeVar("Grads", bound=Record)


@dataclass(frozen=True)
class Moments(Generic[Grads]):
    """What Adam remembers: running means of the gradients, and of their squares."""

    steps: int
    mean: Grads
    square: Grads


@dataclass(frozen=True)
class Adam:
    """Move parameters against their gradients' running mean, by its size in running terms.

        m = b1 m + (1 - b1) (g + weight_decay p)      v = b2 v + (1 - b2) (g + weight_decay p)²
        p = p - lr (m / (1 - b1^t)) / (sqrt(v / (1 - b2^t)) + eps)      at step t = 1, 2, ...

    PyTorch's rule, weight decay included; `AdamW` has the other one. The moments are records of
    the gradients' own type, of noughts at first; they are handed from step to step, and nothing
    is changed in place:

        adam, moments = Adam(1e-3), None
        for x, labels in batches:
            loss, pullback = vjp(cost, net, x, labels)
            grads, _ = pullback(Tensor.ones())
            net, moments = adam.step(net, grads, moments)

    Raises: ConfigError, where a number is out of its range.
    Source: Kingma and Ba, arXiv:1412.6980, algorithm 1, as PyTorch writes it.
    """

    lr: float = 1e-3
    betas: tuple[float, float] = (0.9, 0.999)
    eps: float = 1e-8
    weight_decay: float = 0

    decoupled: ClassVar[bool] = False

    def __post_init__(self) -> None:
        owner = type(self).__name__
        check_rates(owner, lr=self.lr, eps=self.eps, weight_decay=self.weight_decay)
        check_rates(owner, 1, **{f"betas[{i}]": beta for i, beta in enumerate(self.betas)})

    def step(
        self, model: Model, grads: Grads, moments: Moments[Grads] | None = None
    ) -> tuple[Model, Moments[Grads]]:
        """Return the model one step further, and the moments for the next step.

        Raises: ShapeError or DTypeError, where grads or moments are not like the parameters.
        """
        owner = type(self).__name__
        gradients = arrays_like(owner, model, grads)
        steps = 1 if moments is None else moments.steps + 1
        means: Arrays = {}
        squares: Arrays = {}
        if moments is not None:
            means = arrays_like(owner, model, moments.mean)
            squares = arrays_like(owner, model, moments.square)
        moved: Arrays = {}
        for name, parameter in parameters(model):
            p, g = parameter.array, gradients[name]
            decay = number(self.weight_decay, p.dtype)
            if self.decoupled:
                p = p - number(self.lr, p.dtype) * decay * p
            elif self.weight_decay:
                g = g + decay * p
            means[name] = _towards(means.get(name), g, self.betas[0])
            squares[name] = _towards(squares.get(name), g * g, self.betas[1])
            mean = means[name] / number(1 - self.betas[0] ** steps, p.dtype)
            size = square_root(squares[name] / number(1 - self.betas[1] ** steps, p.dtype))
            step = number(self.lr, p.dtype) * mean / (size + number(self.eps, p.dtype))
            moved[name] = np.asarray(p - step)
        after = Moments(steps, with_parameters(grads, means), with_parameters(grads, squares))
        return with_parameters(model, moved), after


@dataclass(frozen=True)
class AdamW(Adam):
    """Adam, but weight decay shrinks the parameters themselves, apart from the gradients.

        p = p - lr weight_decay p      before each step of Adam without decay

    Source: Loshchilov and Hutter, arXiv:1711.05101, algorithm 2, as PyTorch writes it.
    """

    weight_decay: float = 1e-2

    decoupled: ClassVar[bool] = True


def _towards(
    before: npt.NDArray[Any] | None, new: npt.NDArray[Any], beta: float
) -> npt.NDArray[Any]:
    share = np.asarray(number(1 - beta, new.dtype) * new)
    return share if before is None else np.asarray(number(beta, new.dtype) * before + share)
