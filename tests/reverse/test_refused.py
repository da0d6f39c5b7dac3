"""`vjp` of functions and layers of one's own: what is refused."""

from __future__ import annotations

import numpy as np
import pytest

from typed_resnet import (
    BatchNorm2D,
    Conv2D,
    GradientError,
    MaxPool2D,
    Tensor,
    TypedResNetError,
    global_avg_pool2d,
    pad_channels,
    vjp,
)
from typed_resnet.ops import Labels

from .samples import whole


class TestWhatIsRefused:
    @pytest.mark.parametrize(
        "leave",
        [
            lambda x: Tensor(x.array),
            lambda x: Tensor(np.sin(x)),
            lambda x: Tensor(np.asarray(x)),
            Tensor,
            lambda x: x + np.ones(2),
            lambda x: Tensor(np.ones(2) * x),
            lambda x: Tensor(np.array([float(x.array[0])])),
        ],
    )
    def test_numpy_never_loses_a_gradient_in_silence(self, leave):
        with pytest.raises(GradientError, match=r"`differentiable`.*`detach\(\)\.array`"):
            vjp(leave, Tensor(np.array([1.0, 2.0])))

    def test_detached_numbers_are_constants(self):
        x = Tensor(np.array([1.0, 2.0]))
        _, pullback = vjp(lambda x: x * Tensor(x.detach().array), x)
        assert pullback(x).array.tolist() == [1, 4]
        assert x.detach() is x

    def test_a_derivative_of_a_derivative(self):
        def slope(x):
            y, pullback = vjp(lambda x: x * x, x)
            return pullback(y)

        with pytest.raises(GradientError, match="a derivative of a derivative is not offered"):
            vjp(slope, whole(3))

    def test_calls_inside_one_another_do_not_mix(self):
        def mixed(x):
            return vjp(lambda z: z * x, whole(2))[0]

        with pytest.raises(GradientError, match="expects tensors of one call"):
            vjp(mixed, whole(3))

    def test_calls_inside_one_another_on_constants(self):
        def scaled(x):
            constant = x.detach()
            slope = vjp(lambda z: z * z, constant)[1](whole(1))
            return slope * x

        y, pullback = vjp(scaled, whole(3))
        assert y.array.tolist() == [18]
        assert pullback(whole(1)).array.tolist() == [6]

    def test_a_traced_tensor_that_got_out(self):
        out = []
        vjp(lambda x: (out.append(x), x)[1], whole(1))
        with pytest.raises(GradientError):
            _ = out[0].array
        with pytest.raises(GradientError, match="expects tensors of one call"):
            vjp(lambda x: x + out[0], whole(1))

    def test_nothing_to_differentiate(self):
        with pytest.raises(GradientError, match="expects a tensor or a layer"):
            vjp(lambda: whole(1))
        with pytest.raises(GradientError, match="expects a tensor or a layer"):
            vjp(lambda labels: whole(1), Labels([1]))
        with pytest.raises(GradientError, match=r"expects tensors of floats, got 3"):
            vjp(lambda x: 3, whole(1))

    def test_the_sentences_are_those_of_a_plain_call(self):
        conv = Conv2D.init(None, 3, 8, 3, 2, 1)
        norm, pool = BatchNorm2D.init(4), MaxPool2D(7)
        wrong = [
            (conv, Tensor.zeros(4, 8, 8)),
            (norm, Tensor.zeros(3, 8, 8)),
            (pool, Tensor.zeros(3, 4, 4)),
            (global_avg_pool2d, Tensor.zeros(3)),
            (lambda x: x + Tensor.zeros(3), Tensor.zeros(4)),
            (lambda x: Tensor.zeros(3, dtype=np.float64) * x, Tensor.zeros(3)),
            (lambda x: pad_channels(x, 0), Tensor.zeros(3, 4, 4)),
        ]
        for function, x in wrong:
            with pytest.raises(TypedResNetError) as plain:
                function(x)
            with pytest.raises(TypedResNetError) as traced:
                vjp(function, x)
            assert type(traced.value) is type(plain.value)
            assert str(traced.value) == str(plain.value)
