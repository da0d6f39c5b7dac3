"""First values of parameters."""

from __future__ import annotations

import math
from typing import TypeVarTuple

import numpy as np
import numpy.typing as npt

from typed_resnet import kernels
from typed_resnet.runtime import typed
from typed_resnet.tensor import Tensor

Sizes = TypeVarTuple("Sizes")

Generator = np.random.Generator | None
"""Where first values are drawn from; none stands for noughts."""


@typed
def drawn(rng: Generator, variance: float, *shape: *Sizes, dtype: npt.DTypeLike) -> Tensor[*Sizes]:
    """Draw from the normal distribution around 0; without a generator all is 0.

    The array cannot be written to: what kernels keep of it stays right, and need not be checked.
    A model with other numbers is another model: see `with_parameters`.
    """
    if rng is None:
        made = Tensor.zeros(*shape, dtype=dtype)
    else:
        made = Tensor.normal(rng, math.sqrt(variance), *shape, dtype=dtype)
    return Tensor(kernels.settled(made.array))
