"""Functions of each number by itself; `relu` stands with the layers."""

from __future__ import annotations

from typed_resnet import kernels
from typed_resnet.differentiable import differentiable
from typed_resnet.layers import FunctionVjp
from typed_resnet.ops.axes import paired
from typed_resnet.runtime import typed
from typed_resnet.tensor import Shape, Tensor


@typed
@differentiable(lambda: exp_vjp)
def exp(x: Tensor[*Shape]) -> Tensor[*Shape]:
    """Raise e to each number."""
    return Tensor(kernels.exp(x.array))


@typed
def exp_vjp(x: Tensor[*Shape]) -> FunctionVjp[Tensor[*Shape], Tensor[*Shape]]:
    """Raise, and return with y the pullback dy -> dx.

    dx = dy y
    """
    return paired("exp", *kernels.exp_vjp(x.array))


@typed
@differentiable(lambda: sqrt_vjp)
def sqrt(x: Tensor[*Shape]) -> Tensor[*Shape]:
    """Take each square root; of a fraction the exact one, if it has one."""
    return Tensor(kernels.sqrt(x.array))


@typed
def sqrt_vjp(x: Tensor[*Shape]) -> FunctionVjp[Tensor[*Shape], Tensor[*Shape]]:
    """Take the root, and return with y the pullback dy -> dx.

    dx = dy / (2 y)
    """
    return paired("sqrt", *kernels.sqrt_vjp(x.array))


@typed
@differentiable(lambda: sigmoid_vjp)
def sigmoid(x: Tensor[*Shape]) -> Tensor[*Shape]:
    """Squash each number into (0, 1).

    y = 1 / (1 + exp(-x))
    """
    return Tensor(kernels.sigmoid(x.array))


@typed
def sigmoid_vjp(x: Tensor[*Shape]) -> FunctionVjp[Tensor[*Shape], Tensor[*Shape]]:
    """Squash, and return with y the pullback dy -> dx.

    dx = dy y (1 - y)
    """
    return paired("sigmoid", *kernels.sigmoid_vjp(x.array))


@typed
@differentiable(lambda: tanh_vjp)
def tanh(x: Tensor[*Shape]) -> Tensor[*Shape]:
    """Squash each number into (-1, 1): the hyperbolic tangent."""
    return Tensor(kernels.tanh(x.array))


@typed
def tanh_vjp(x: Tensor[*Shape]) -> FunctionVjp[Tensor[*Shape], Tensor[*Shape]]:
    """Squash, and return with y the pullback dy -> dx.

    dx = dy (1 - y^2)
    """
    return paired("tanh", *kernels.tanh_vjp(x.array))


@typed
@differentiable(lambda: gelu_vjp)
def gelu(x: Tensor[*Shape]) -> Tensor[*Shape]:
    """Weigh each number by how likely a normal variable is to be below it.

        y = x Φ(x)      Φ(x) = (1 + erf(x / sqrt 2)) / 2

    The exact form, as PyTorch's; Φ is within 4e-16 in float64 (see `kernels.gelu`).
    """
    return Tensor(kernels.gelu(x.array))


@typed
def gelu_vjp(x: Tensor[*Shape]) -> FunctionVjp[Tensor[*Shape], Tensor[*Shape]]:
    """Weigh, and return with y the pullback dy -> dx.

    dx = dy (Φ(x) + x φ(x)), where φ is the slope of Φ
    """
    return paired("gelu", *kernels.gelu_vjp(x.array))
