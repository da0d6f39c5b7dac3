"""What a layer's pullback returns: for each parameter a gradient of its shape, under its name.

`vjp(x)` returns y and a pullback; `pullback(dy)` returns the gradients of `sum(y dy)`: those of
the parameters as a record of the same field names, and that of x.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeAlias, TypeVar

from typed_resnet.dims import C, Cin, Cout, K, Mul
from typed_resnet.layer import Record
from typed_resnet.tensor import Tensor

In = TypeVar("In", bound=int)
Out = TypeVar("Out", bound=int)
G = TypeVar("G", bound=int)
KH = TypeVar("KH", bound=int)
KW = TypeVar("KW", bound=int)

X = TypeVar("X")
Y = TypeVar("Y")
Grads = TypeVar("Grads")

Vjp: TypeAlias = tuple[Y, Callable[[Y], tuple[Grads, X]]]
"""`Vjp[Y, Grads, X]`: y, and dy -> (gradients of the parameters, dx)."""

FunctionVjp: TypeAlias = tuple[Y, Callable[[Y], X]]
"""`FunctionVjp[Y, X]`: y, and dy -> dx, of what has no parameters."""


class Conv2DGrads(Record, Generic[Cin, Cout, K]):
    kernel: Tensor[Cout, Cin, K, K]
    bias: Tensor[Cout] | None


class BatchNorm2DGrads(Record, Generic[C]):
    gamma: Tensor[C]
    beta: Tensor[C]


class LinearGrads(Record, Generic[In, Out]):
    weight: Tensor[Out, In]
    bias: Tensor[Out] | None


class LayerNormGrads(Record, Generic[In]):
    gamma: Tensor[In]
    beta: Tensor[In]


class GeneralConv2DGrads(Record, Generic[Cin, Cout, G, KH, KW]):
    kernel: Tensor[Mul[G, Cout], Cin, KH, KW]
    bias: Tensor[Mul[G, Cout]] | None
