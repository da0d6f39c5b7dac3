"""Numbers wait inside a layer; from outside nobody can tell."""

import threading
from typing import Any, Generic

import numpy as np
import pytest

from typed_resnet import BatchNorm2D, Conv2D, Layer, Tensor, relu, vjp
from typed_resnet.dims import B, C, H, W
from typed_resnet.kernels import conv, lanes, noted, pending, strategies
from typed_resnet.layers import relu_vjp

RNG = np.random.default_rng(0)


class Block(Layer, Generic[C]):
    conv: Conv2D[C, C, Any, Any, Any]
    bn: BatchNorm2D[C]
    seen: list[Any]

    def __call__(self, x: Tensor[*B, C, H, W]) -> Tensor[*B, C, H, W]:
        z = self.conv(x)
        n = self.bn(z)
        a = relu(n)
        self.seen.extend(t.pending is not None for t in (z, n, a))
        return relu(n + x) if "twice" in self.seen else a


def block(*seen: str) -> Block:
    norm = BatchNorm2D.init(8).with_statistics()
    norm.statistics.mean.array[...] = RNG.standard_normal(8)
    norm.statistics.variance.array[...] = RNG.random(8) + 0.5
    return Block(Conv2D.init(RNG, 8, 8, 3, 1, 1), norm, list(seen))


def image(*batch: int) -> Tensor[*tuple[Any, ...]]:
    return Tensor(RNG.standard_normal((*batch, 8, 24, 21)).astype(np.float32))


def by_hand(made: Block, x: Any) -> np.ndarray:
    """The same, step by step outside of any layer, where nothing waits."""
    return relu(made.bn(made.conv(x))).array


def counted(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    calls: list[int] = []

    def conv2d(*arguments: Any) -> np.ndarray:
        calls.append(1)
        return conv.conv2d(*arguments)

    monkeypatch.setattr(pending, "conv2d", conv2d)
    return calls


@pytest.mark.parametrize("batch", [(), (0,), (1,), (3,), (2, 2)])
def test_numbers_wait_inside_and_are_there_outside(batch: tuple[int, ...]) -> None:
    made, x = block(), image(*batch)
    y = made(x)
    assert made.seen == [True, True, True]
    assert y.pending is None
    assert y.shape == x.shape
    np.testing.assert_allclose(y.array, by_hand(made, x), rtol=0, atol=2e-4)


@pytest.mark.parametrize("dtype", [np.float64, np.longdouble])
def test_other_scalars_do_not_wait(dtype: type) -> None:
    made = Conv2D.init(RNG, 2, 2, 3, 1, 1, dtype=dtype)
    assert made(Tensor(np.ones((1, 2, 5, 5), dtype))).pending is None


def test_a_chain_is_one_convolution(monkeypatch: pytest.MonkeyPatch) -> None:
    calls = counted(monkeypatch)
    block()(image(2))
    assert calls == [1]


class Chain(Layer, Generic[C]):
    conv: Conv2D[C, C, Any, Any, Any]
    length: int
    waited: list[int]

    def __call__(self, x: Tensor[*B, C, H, W]) -> Tensor[*B, C, H, W]:
        y = x
        for _ in range(self.length):
            y = relu(self.conv(y))
            self.waited.append(0 if y.pending is None else y.pending.chain)
        return y


def chain(length: int) -> Chain:
    kernel = RNG.standard_normal((8, 8, 3, 3)).astype(np.float32) / 8
    return Chain(Conv2D(Tensor(kernel), None, 1, 1), length, [])


def test_convolutions_wait_for_each_other_but_not_without_end() -> None:
    made, x = chain(20), image(1)
    y, want = made(x), x
    assert made.waited == [*range(1, 9), *range(1, 9), *range(1, 5)]
    for _ in range(20):
        want = relu(made.conv(want))
    np.testing.assert_array_equal(y.array, want.array)


def test_a_convolution_is_computed_by_the_strategy_of_its_call() -> None:
    class Exact(Layer, Generic[C]):
        conv: Conv2D[C, C, Any, Any, Any]

        def __call__(self, x: Tensor[*B, C, H, W]) -> Tensor[*B, C, H, W]:
            with strategies("exact"):
                y = relu(self.conv(x))
            return self.conv(y)

    with noted() as taken:
        Exact(chain(1).conv)(image(1))
    assert taken == ["winograd F2", "winograd F4"]


def test_what_is_held_is_computed_once(monkeypatch: pytest.MonkeyPatch) -> None:
    calls, kept = counted(monkeypatch), []

    class Keeping(Layer, Generic[C]):
        conv: Conv2D[C, C, Any, Any, Any]

        def __call__(self, x: Tensor[*B, C, H, W]) -> Tensor[*B, C, H, W]:
            z = self.conv(x)
            kept.append(z)
            return relu(z) + z

    made, x = Keeping(Conv2D.init(RNG, 8, 8, 3, 1, 1)), image(2)
    y = made(x)
    assert calls == [1]
    z = made.conv(x).array
    np.testing.assert_array_equal(kept[0].array, z)
    np.testing.assert_array_equal(y.array, np.maximum(z, 0) + z)


def test_inputs_and_parameters_may_change_after_the_call() -> None:
    kernel = RNG.standard_normal((8, 8, 3, 3)).astype(np.float32)
    made, x = Conv2D(Tensor(kernel), None, 1, 1), image(2)
    outer = Block(made, block().bn, [])
    y = outer(x)
    before = y.array.copy()
    x.array[...] = 0
    kernel[...] = 0
    np.testing.assert_array_equal(y.array, before)
    assert not made(x).array.any()


def test_no_input_is_written_to() -> None:
    made, x = block("twice"), image(2)
    x.array.flags.writeable = False
    before = x.array.copy()
    y = made(x)
    _, pullback = made.conv.vjp(x)
    pullback(y)
    np.testing.assert_array_equal(x.array, before)
    want = np.maximum(made.bn(made.conv(x)).array + before, 0)
    np.testing.assert_allclose(y.array, want, rtol=0, atol=2e-4)


def test_an_error_inside_leaves_nothing_waiting() -> None:
    made = block()
    with pytest.raises(TypeError):
        made(image(1).array[:, :7])
    y = made(image(1))
    assert y.pending is None


def test_several_threads_at_once() -> None:
    made, x = block(), image(4)
    want, got = made(x).array, []
    threads = [threading.Thread(target=lambda: got.append(made(x).array)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for y in got:
        np.testing.assert_array_equal(y, want)


class Pulled(Layer, Generic[C]):
    """Two convolutions, whose kernels' gradients it looks at as they come."""

    first: Conv2D[C, C, Any, Any, Any]
    second: Conv2D[C, C, Any, Any, Any]
    seen: list[Any]

    def __call__(self, x: Tensor[*B, C, H, W]) -> Tensor[*B, C, H, W]:
        return self.second(self.first(x))

    def vjp(self, x: Tensor[*B, C, H, W]) -> Any:
        a, first = self.first.vjp(x)
        y, second = self.second.vjp(a)

        def back(dy: Any) -> Any:
            dsecond, da = second(dy)
            dfirst, dx = first(da)
            self.seen.extend(d.kernel.pending is not None for d in (dfirst, dsecond))
            if "added" in self.seen:
                return dfirst.kernel + dsecond.kernel, dx
            return (dfirst.kernel, dsecond.kernel), dx

        return y, back


@pytest.fixture
def two_lanes(monkeypatch: pytest.MonkeyPatch) -> None:
    """On a machine of one core too."""
    made = lanes._Lanes()
    made.others, made.width = made.others or [lanes._lane()], 2
    monkeypatch.setattr(lanes, "_lanes", made)


def pulled(window: int, *seen: str) -> Pulled:
    convs = (Conv2D.init(RNG, 32, 32, window, 1, window // 2, bias=False) for _ in range(2))
    return Pulled(*convs, list(seen))


@pytest.mark.usefixtures("two_lanes")
@pytest.mark.parametrize("window", [3, 5])
def test_gradients_of_kernels_wait_inside_a_pullback_and_are_there_outside(window: int) -> None:
    made = pulled(window)
    x, dy = (Tensor(RNG.standard_normal((1, 32, 40, 37)).astype(np.float32)) for _ in range(2))
    a, first = made.first.vjp(x)
    _, second = made.second.vjp(a)
    want_second, da = second(dy)
    want_first, want_dx = first(da)
    assert want_first.kernel.pending is None  # a layer alone is the outermost
    _, pullback = made.vjp(x)
    (dfirst, dsecond), dx = pullback(dy)
    assert made.seen == [True, True]
    assert dfirst.pending is None
    assert dsecond.pending is None
    x.array[...] = dy.array[...] = 0  # what is written now changes nothing
    np.testing.assert_array_equal(dfirst.array, want_first.kernel.array)
    np.testing.assert_array_equal(dsecond.array, want_second.kernel.array)
    np.testing.assert_array_equal(dx.array, want_dx.array)


@pytest.mark.usefixtures("two_lanes")
def test_gradients_that_wait_can_be_reckoned_with_inside() -> None:
    made = pulled(3, "added")
    x = Tensor(RNG.standard_normal((1, 32, 40, 37)).astype(np.float32))
    y, pullback = made.vjp(x)
    total, dx = pullback(y)
    made.seen.remove("added")
    (dfirst, dsecond), again = made.vjp(x)[1](y)
    np.testing.assert_array_equal(total.array, dfirst.array + dsecond.array)
    np.testing.assert_array_equal(dx.array, again.array)


@pytest.mark.usefixtures("two_lanes")
def test_reverse_mode_leaves_no_gradient_waiting() -> None:
    made = pulled(3)
    x = Tensor(RNG.standard_normal((1, 32, 40, 37)).astype(np.float32))

    def function(first: Any, second: Any, x: Any) -> Any:
        return second(first(x))

    y, pullback = vjp(function, made.first, made.second, x)
    dfirst, dsecond, dx = pullback(y)
    assert dfirst.kernel.pending is None
    assert dsecond.kernel.pending is None
    (want_first, want_second), want_dx = made.vjp(x)[1](y)
    np.testing.assert_array_equal(dfirst.kernel.array, want_first.array)
    np.testing.assert_array_equal(dsecond.kernel.array, want_second.array)
    np.testing.assert_array_equal(dx.array, want_dx.array)


def test_a_pullback_is_called_as_its_author_wants() -> None:
    class Twice(Layer):
        def vjp(self, x: Any) -> tuple[Any, Any]:
            def pullback(dy: Any, *, scale: int) -> Any:
                return dy * scale

            return x, pullback

    assert Twice().vjp(3)[1](5, scale=2) == 10


@pytest.mark.parametrize("last", [True, False])
@pytest.mark.parametrize("shape", [(3, 4, 5), (2, 8, 6, 7)])
def test_a_sum_that_waits_is_masked_as_it_is_made(shape, last):
    """As in a residual block's pullback; numbers lie channels last or first."""
    x, a, b = (RNG.standard_normal(shape).astype(np.float32) for _ in range(3))
    if last:
        x, a, b = (np.moveaxis(np.moveaxis(z, -3, -1).copy(), -1, -3) for z in (x, a, b))
    _, pullback = pending.settled(relu_vjp, Tensor(x))

    def back():
        d = pullback(Tensor(a) + Tensor(b))
        assert d.pending is not None
        return d, pullback(d + Tensor(a))

    once, twice = pending.settled(back)
    np.testing.assert_array_equal(once.array, np.where(x > 0, a + b, 0))
    np.testing.assert_array_equal(twice.array, np.where(x > 0, a + b + a, 0))
