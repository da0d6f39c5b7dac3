"""`vjp` of functions and layers of one's own: what flows where, and what is refused."""

from __future__ import annotations

import threading
from fractions import Fraction
from typing import Literal as L
from typing import NamedTuple

import numpy as np
import pytest

from typed_resnet import (
    Conv2D,
    DTypeError,
    GradientError,
    Layer,
    Linear,
    ShapeError,
    Tensor,
    global_avg_pool2d,
    pad_channels,
    relu,
    slice_channels,
    typed,
    vjp,
)
from typed_resnet.dims import B
from typed_resnet.models import in_training, parameters, with_parameters
from typed_resnet.ops import Labels, cross_entropy, cross_entropy_vjp
from typed_resnet.optim import SGD
from typed_resnet.tensor import Shape

from .samples import Smooth, numbers, smooth, whole


class Pair(NamedTuple):
    first: Tensor
    second: Tensor


class Branches(Layer):
    path: list[Linear[L[2], L[2]]]
    heads: dict[str, Linear[L[2], L[2]]]

    def __call__(self, x: Tensor[*B, L[2]]) -> Tensor[*B, L[2]]:
        for layer in self.path:
            x = layer(x)
        return self.heads["a"](x)


def line(seed: int) -> Linear[L[2], L[2]]:
    return Linear.init(np.random.default_rng(seed), 2, 2, bias=False, dtype=np.float64)


class TestWhatFlows:
    def test_a_polynomial_in_fractions(self):
        """Of x^2 y - x: 2 x y - 1, and x^2."""
        x, y = whole(3, "1/2"), whole(5, 7)
        z, pullback = vjp(lambda x, y: x * x * y - x, x, y)
        assert z.array.tolist() == [42, Fraction(5, 4)]
        dx, dy = pullback(whole(1, 2))
        assert dx.array.tolist() == [29, 2 * 6]
        assert dy.array.tolist() == [9, Fraction(1, 2)]

    def test_a_parameter_used_twice_gets_the_sum_of_both_uses(self):
        net, x = smooth(times=2), numbers(3, 2, 4, 5)
        grads, dx = vjp(net, x)[1](x)
        first = smooth(times=1)
        between, back_first = vjp(first, x)
        second_grads, dbetween = vjp(first, between)[1](x)
        first_grads, dx_by_parts = back_first(dbetween)
        np.testing.assert_array_equal(dx.array, dx_by_parts.array)
        total = first_grads.conv.kernel + second_grads.conv.kernel
        np.testing.assert_array_equal(grads.conv.kernel.array, total.array)

    def test_what_does_not_matter_gets_noughts_of_its_own_scalars(self):
        net = smooth()
        grads, _ = vjp(net, numbers(2, 4, 4))[1](numbers(2, 4, 4))
        assert not grads.unused.weight.array.any()
        assert grads.unused.weight.dtype == np.float64
        x = whole(1, 2)
        y, pullback = vjp(lambda x, y: y, x, x)
        assert y.array.tolist() == [1, 2]
        dx, dy = pullback(x)
        assert all(type(value) is Fraction for value in dx.array)
        assert (dx.array.tolist(), dy.array.tolist()) == ([0, 0], [1, 2])

    def test_a_result_that_depends_on_nothing(self):
        constant = whole(1, 1)
        y, pullback = vjp(lambda x: constant, whole(4))
        assert y is constant
        assert pullback(constant).array.tolist() == [0]

    def test_the_gradients_of_a_layer_are_a_layer_of_its_class(self):
        net = smooth(times=3)
        grads, _ = vjp(net, numbers(2, 4, 4))[1](numbers(2, 4, 4))
        assert type(grads) is Smooth
        assert (grads.times, grads.norm.eps) == (3, net.norm.eps)
        shapes = {name: tensor.shape for name, tensor in parameters(net)}
        assert {name: tensor.shape for name, tensor in parameters(grads)} == shapes

    def test_statistics_are_no_parameters(self):
        net = in_training(smooth(times=1).norm.with_statistics())
        x = numbers(3, 2, 4, 5)
        _, pullback = vjp(net, x)
        assert net.statistics is not None
        assert net.statistics.batches == 1
        grads, _ = pullback(x)
        assert grads.statistics is net.statistics

    def test_branches_and_loops_follow_the_numbers(self):
        @typed
        def halved(x: Tensor[*Shape]) -> Tensor[*Shape]:
            half = Tensor(np.full(x.shape, 0.5))
            while abs(x.detach().array).max() > 1:
                x = x * half
            return -x if x.detach().array[0] < 0 else x

        dy = Tensor(np.ones(2))
        for start, slope in (([-5.0, 1.0], -1 / 8), ([3.0, 1.0], 1 / 4), ([0.5, 1.0], 1)):
            _, pullback = vjp(halved, Tensor(np.array(start)))
            assert pullback(dy).array.tolist() == [slope, slope]

    def test_tuples_go_in_and_come_out(self):
        def both(pair, z):
            x, y = pair
            return (x * y, (z - x, y))

        x, y, z = whole(2), whole(3), whole(5)
        (xy, (rest, same)), pullback = vjp(both, (x, y), z)
        assert [t.array.tolist() for t in (xy, rest, same)] == [[6], [3], [3]]
        (dx, dy), dz = pullback((whole(1), (whole(10), whole(100))))
        assert [t.array.tolist() for t in (dx, dy, dz)] == [[3 - 10], [2 + 100], [10]]

    @pytest.mark.parametrize(
        "hold",
        [lambda x, y: [x, y], lambda x, y: {"a": x, "b": y}, Pair],
        ids=["list", "dict", "named tuple"],
    )
    def test_lists_dicts_and_named_tuples_are_as_good_as_tuples(self, hold):
        """d(x y) and d(x + y) of x = 2, y = 3, for cotangents 1 and 10."""

        def product_and_sum(held):
            x, y = held.values() if isinstance(held, dict) else held
            return hold(x * y, x + y)

        made, pullback = vjp(product_and_sum, hold(whole(2), whole(3)))
        gradients = pullback(hold(whole(1), whole(10)))
        for held, expected in ((made, [[6], [5]]), (gradients, [[13], [12]])):
            assert type(held) is type(made)
            values = held.values() if isinstance(held, dict) else held
            assert [t.array.tolist() for t in values] == expected

    def test_layers_in_lists_and_dicts_have_gradients_and_are_moved(self):
        net, x = Branches([line(1), line(2)], {"a": line(3)}), numbers(2)
        y, pullback = vjp(net, x)
        grads, _ = pullback(y)
        names = ["path.0.weight", "path.1.weight", "heads.a.weight"]
        assert [name for name, _ in parameters(net)] == names
        slopes = [t.array for _, t in parameters(grads)]
        assert all((slope != 0).any() for slope in slopes)
        moved, _ = SGD(1.0).step(net, grads)
        assert (type(moved.path), type(moved.heads)) == (list, dict)
        for (_, old), slope, (_, new) in zip(
            parameters(net), slopes, parameters(moved), strict=True
        ):
            np.testing.assert_array_equal(new.array, old.array - slope)

    def test_layers_are_arguments_of_functions(self):
        """A step along the gradients changes the loss by the sum of their squares."""
        net, x, labels = smooth(), numbers(3, 2, 4, 5), Labels([0, 1, 1])

        def loss(net, x, labels):
            return cross_entropy(net.unused(global_avg_pool2d(net(x))), labels)

        value, pullback = vjp(loss, net, x, labels)
        dnet, dx = pullback(Tensor(np.array(1.0)))
        assert value.array == loss(net, x, labels).array
        gradients, step = dict(parameters(dnet)), 1e-6

        def after(step):
            moved = {n: t.array + step * gradients[n].array for n, t in parameters(net)}
            return loss(
                with_parameters(net, moved), Tensor(x.array + step * dx.array), labels
            ).array

        slope = (after(step) - after(-step)) / (2 * step)
        squares = sum((t.array**2).sum() for t in (dx, *gradients.values()))
        assert slope == pytest.approx(squares, rel=1e-6)

    def test_labels_have_no_gradient_and_take_no_place(self):
        z, labels = numbers(4, 3), Labels([0, 2, 1, 1])
        loss, pullback = vjp(cross_entropy, z, labels)
        by_hand, dloss = cross_entropy_vjp(z, labels)
        one = Tensor(np.array(1.0))
        assert loss.array == by_hand.array
        np.testing.assert_array_equal(pullback(one).array, dloss(one).array)

    def test_layers_made_inside_of_traced_tensors(self):
        """A convolution of a scaled kernel, as in weight standardisation."""
        conv, x = (
            Conv2D.init(np.random.default_rng(0), 2, 3, 3, dtype=np.float64),
            numbers(2, 5, 5),
        )
        scale = Tensor(np.full(conv.kernel.shape, 3.0))
        _, pullback = vjp(lambda k: Conv2D(k * scale, conv.bias, 1, 0)(x), conv.kernel)
        _, plain = Conv2D(conv.kernel * scale, conv.bias, 1, 0).vjp(x)
        dy = numbers(3, 3, 3)
        expected = plain(dy)[0].kernel.array * 3
        np.testing.assert_array_equal(pullback(dy).array, expected)

    def test_channels_padded_and_sliced(self):
        x = numbers(2, 2, 2)
        _, pullback = vjp(lambda x: slice_channels(pad_channels(x, 5), 3), x)
        dy = numbers(3, 2, 2, seed=1)
        np.testing.assert_array_equal(pullback(dy).array, dy.array[:2])

    def test_scalars_are_converted_and_back(self):
        x = Tensor(np.array([1.5, -2], np.float32))
        _, pullback = vjp(lambda x: x.astype(np.float64) * x.astype(np.float64), x)
        dx = pullback(Tensor(np.ones(2)))
        assert dx.dtype == np.float32
        assert dx.array.tolist() == [3, -4]

    def test_a_constant_on_the_left(self):
        c, x = whole(2, 3), whole(5, 7)
        for function, slope in (
            (lambda x: c + x, [1, 1]),
            (lambda x: c - x, [-1, -1]),
            (lambda x: c * x, [2, 3]),
        ):
            y, pullback = vjp(function, x)
            assert pullback(whole(1, 1)).array.tolist() == slope
            assert type(y) is Tensor

    def test_a_chain_of_many_thousands(self):
        x, one = whole(1), whole(1)

        def many(x):
            for _ in range(20_000):
                x = x + one
            return x

        y, pullback = vjp(many, x)
        assert y.array.tolist() == [20_001]
        assert pullback(one).array.tolist() == [1]


class TestPullbacks:
    def test_one_is_called_once_and_lets_go(self):
        y, pullback = vjp(relu, whole(1, -1))
        pullback(y)
        with pytest.raises(GradientError, match=r"expects one call.*keep=True"):
            pullback(y)

    def test_one_that_is_kept_is_called_again(self):
        net, x = smooth(), numbers(2, 4, 4)
        y, pullback = vjp(net, x, keep=True)
        once, again = pullback(y), pullback(y)
        np.testing.assert_array_equal(once[1].array, again[1].array)
        twice = pullback(y + y)
        np.testing.assert_allclose(twice[1].array, 2 * once[1].array)

    def test_a_cotangent_unlike_the_result_is_refused_and_costs_nothing(self):
        y, pullback = vjp(relu, Tensor(np.zeros((2, 3), np.float32)))
        with pytest.raises(ShapeError, match="relu expects 3 on axis 1, got 4"):
            pullback(Tensor.zeros(2, 4))
        with pytest.raises(DTypeError, match="relu expects float32, got float64"):
            pullback(Tensor(np.zeros((2, 3))))
        with pytest.raises(GradientError, match="the pullback of relu expects a cotangent like"):
            pullback((y, y))
        assert pullback(y).shape == (2, 3)


def test_threads_know_nothing_of_each_other():
    """Sixteen threads share a network, each with its own x; all begin at once."""
    net, start = smooth(), threading.Barrier(16)
    xs = [numbers(2, 6, 6, seed=seed) for seed in range(16)]
    found: dict[int, object] = {}

    def work(index: int) -> None:
        start.wait()
        for _ in range(20):
            y, pullback = vjp(net, xs[index])
            grads, dx = pullback(y)
            found[index] = (grads.conv.kernel.array, dx.array)

    threads = [threading.Thread(target=work, args=(index,)) for index in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for index, x in enumerate(xs):
        y, pullback = vjp(net, x)
        grads, dx = pullback(y)
        kernel, dx_found = found[index]  # type: ignore[misc]  # a pair of arrays
        np.testing.assert_array_equal(kernel, grads.conv.kernel.array)
        np.testing.assert_array_equal(dx_found, dx.array)
