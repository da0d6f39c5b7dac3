"""Functions and layers that state a vjp of their own."""

from __future__ import annotations

from typing import Generic

import numpy as np
import pytest

from typed_resnet import (
    ConfigError,
    GradientError,
    Layer,
    ShapeError,
    Tensor,
    typed,
    vjp,
)
from typed_resnet.dims import C
from typed_resnet.layers import FunctionVjp
from typed_resnet.ops import differentiable
from typed_resnet.tensor import Shape

from .samples import whole


@typed
@differentiable(lambda: cubed_vjp)
def cubed(x: Tensor[*Shape], times: int = 1) -> Tensor[*Shape]:
    return Tensor(times * x.array**3)


@typed
def cubed_vjp(x: Tensor[*Shape], times: int = 1) -> FunctionVjp[Tensor[*Shape], Tensor[*Shape]]:
    return Tensor(times * x.array**3), lambda dy: Tensor(3 * times * x.array**2 * dy.array)


class Scale(Layer, Generic[C]):
    """A layer with a vjp of its own, of two tensors."""

    factor: Tensor[C]

    def __call__(self, x: Tensor[C], y: Tensor[C]) -> Tensor[C]:
        return Tensor(self.factor.array * x.array + y.array)

    def vjp(self, x: Tensor[C], y: Tensor[C]):
        def back(dz: Tensor[C]):
            return Scale(Tensor(x.array * dz.array)), Tensor(self.factor.array * dz.array), dz

        return self(x, y), back


class TestOnesOwn:
    def test_a_function_with_its_vjp(self):
        x = whole(2, -1)
        y, pullback = vjp(lambda x: cubed(x, times=5) + x, x)
        assert y.array.tolist() == [42, -6]
        assert pullback(whole(1, 1)).array.tolist() == [61, 16]

    def test_a_layer_with_its_vjp(self):
        layer, x = Scale(whole(3)), whole(5)
        z, pullback = vjp(layer, x, x)
        assert z.array.tolist() == [20]
        grads, dx, dy = pullback(whole(2))
        assert [t.array.tolist() for t in (grads.factor, dx, dy)] == [[10], [6], [2]]
        assert vjp(lambda x: layer(x, x), x)[1](whole(1)).array.tolist() == [4]

    def test_gradients_are_made_without_the_constructor(self):
        class Positive(Layer):
            value: Tensor[()]

            def __post_init__(self) -> None:
                if not self.value.array > 0:
                    raise ConfigError("positive")

            def __call__(self, x: Tensor[()]) -> Tensor[()]:
                return x - self.value

        layer = Positive(Tensor(np.array(1.0)))
        grads, _ = vjp(layer, Tensor(np.array(3.0)))[1](Tensor(np.array(1.0)))
        assert grads.value.array == -1

    def test_a_vjp_that_forgets_an_argument(self):
        def forgetful_vjp(x: Tensor, y: Tensor):
            return x, lambda dz: (dz,)

        @differentiable(lambda: forgetful_vjp)
        def forgetful(x: Tensor, y: Tensor) -> Tensor:
            return x

        _, pullback = vjp(forgetful, whole(1), whole(2))
        with pytest.raises(GradientError, match="forgetful expects its vjp to give 2 gradients"):
            pullback(whole(1))

    def test_a_gradient_of_another_shape(self):
        def wrong_vjp(x: Tensor):
            return x, lambda dy: Tensor(dy.array.sum(keepdims=True))

        @differentiable(lambda: wrong_vjp)
        def wrong(x: Tensor) -> Tensor:
            return x

        _, pullback = vjp(wrong, whole(1, 2))
        with pytest.raises(ShapeError, match="a gradient of wrong expects 2 on axis 0, got 1"):
            pullback(whole(1, 1))
