"""What people write in models: dataclasses, class methods, properties, overloads, recursion."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, NamedTuple, Self, TypeAlias, assert_type, overload
from typing import Literal as L

import numpy as np

from typed_resnet import Conv2D, Layer, Linear, Tensor, cast, global_avg_pool2d, relu
from typed_resnet.dims import B, C, CeilDiv, Cin, Cout, H, N, S, W


@dataclass
class Head(Generic[C]):
    """No Layer, but generic in a size all the same."""

    fc: Linear[C, L[10]]

    def run(self, x: Tensor[*B, C, H, W]) -> Tensor[*B, L[10]]:
        return self.fc(global_avg_pool2d(x))

    @classmethod
    def build(cls, rng: np.random.Generator, channels: C) -> "Head[C]":
        return cls(Linear.init(rng, channels, 10))

    def same(self) -> Self:
        return self


def build_a_head(rng: np.random.Generator, x: Tensor[L[2], L[5], H, W]) -> None:
    head = Head.build(rng, 5)
    assert_type(head, Head[L[5]])
    assert_type(head.same().run(x), Tensor[L[2], L[10]])


Scale: TypeAlias = float | np.float32


def _scaled(x: Tensor[C, H], by: Tensor[C, H] | Scale) -> Tensor[C, H]:
    return x * by


def a_union_with_an_alias(x: Tensor[H, W]) -> None:
    """The alias stands for several of its items."""
    assert_type(_scaled(x, np.float32(2)), Tensor[H, W])
    assert_type(_scaled(x, x), Tensor[H, W])


class Pair(NamedTuple):
    small: Tensor[L[3], L[8], L[8]]
    large: Tensor[L[3], L[16], L[16]]


def of_a_pair(pool: Conv2D[L[3], L[3], L[3], L[2], L[1]]) -> None:
    pair = Pair(Tensor.zeros(3, 8, 8), Tensor.zeros(3, 16, 16))
    assert_type(pair.small + pool(pair.large), Tensor[L[3], L[8], L[8]])


@overload
def channels_first(x: Tensor[H, W]) -> Tensor[L[1], H, W]: ...
@overload
def channels_first(x: Tensor[C, H, W]) -> Tensor[C, H, W]: ...
def channels_first(x: Tensor[H, W] | Tensor[C, H, W]) -> Tensor[L[1], H, W] | Tensor[C, H, W]:
    if x.array.ndim == 3:
        return cast(Tensor[C, H, W], x.array)
    return cast(Tensor[L[1], H, W], x.array[np.newaxis])


def overloads(grey: Tensor[L[28], W], colour: Tensor[L[3], H, W]) -> None:
    assert_type(channels_first(grey), Tensor[L[1], L[28], W])
    assert_type(channels_first(colour), Tensor[L[3], H, W])


def add_all(xs: Sequence[Tensor[C, H, W]]) -> Tensor[C, H, W]:
    total = xs[0]
    for x in xs[1:]:
        total = total + x
    return total


def comprehension(
    convs: list[Conv2D[Cin, Cout, L[3], S, L[1]]], x: Tensor[Cin, H, W]
) -> Tensor[Cout, CeilDiv[H, S], CeilDiv[W, S]]:
    return add_all([conv(x) for conv in convs])


def repeat(conv: Conv2D[C, C, L[3], L[1], L[1]], x: Tensor[C, H, W], n: int) -> Tensor[C, H, W]:
    return x if n == 0 else repeat(conv, conv(x), n - 1)


def either(flag: bool, x: Tensor[C, H, W], y: Tensor[N, H, W]) -> None:
    z = x if flag else y
    assert_type(relu(z), Tensor[C, H, W] | Tensor[N, H, W])


def closure(conv: Conv2D[Cin, Cout, L[3], S, L[1]], x: Tensor[Cin, H, W]) -> None:
    def block(t: Tensor[N, Cin, H, W]) -> Tensor[N, Cout, CeilDiv[H, S], CeilDiv[W, S]]:
        return relu(conv(t))

    batch: Tensor[L[2], Cin, H, W] = Tensor(np.stack([x.array, x.array]))
    assert_type(block(batch), Tensor[L[2], Cout, CeilDiv[H, S], CeilDiv[W, S]])


def callable_value(conv: Conv2D[C, C, L[3], L[1], L[1]], x: Tensor[C, H, W]) -> None:
    f: Callable[[Tensor[C, H, W]], Tensor[C, H, W]] = conv
    assert_type(f(x), Tensor[C, H, W])
    assert_type([f(t) for t in (x, x)], list[Tensor[C, H, W]])
    assert_type(list(map(conv, [x])), list[Tensor[C, H, W]])


def cast_from_array(x: Tensor[L[3], H, W]) -> None:
    assert_type(cast(Tensor[L[3], H, W], x.array), Tensor[L[3], H, W])


class Twice(Layer, Generic[C]):
    inner: Conv2D[C, C, L[3], L[1], L[1]]

    @property
    def kernel(self) -> Tensor[C, C, L[3], L[3]]:
        return self.inner.kernel

    def __call__(self, x: Tensor[*B, C, H, W]) -> Tensor[*B, C, H, W]:
        return self.inner(self.inner(x))


class TwiceThree(Twice[L[3]]):
    pass


def inherited(layer: TwiceThree, x: Tensor[L[3], H, W]) -> None:
    assert_type(layer.kernel, Tensor[L[3], L[3], L[3], L[3]])
    assert_type(layer(x), Tensor[L[3], H, W])
