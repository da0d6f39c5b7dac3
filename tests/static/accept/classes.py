"""What people write in models: dataclasses, class methods, properties, overloads, recursion."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, NamedTuple, Self, TypeAlias, assert_type, overload
from typing import Literal as L

import numpy as np

from typed_resnet import Conv2D, Layer, Linear, Tensor, cast, global_avg_pool2d, relu
from typed_resnet.dims import Add, B, C, CeilDiv, Cin, Cout, FloorDiv, H, Mul, N, S, W


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


Half: TypeAlias = Tensor[C, CeilDiv[H, L[2]], CeilDiv[W, L[2]]]


def alias_with_numbers(
    pool: Conv2D[L[3], L[3], L[3], L[2], L[1]], x: Tensor[L[3], L[9], W]
) -> Half[L[3], L[9], W]:
    """What an alias makes of its arguments is worked out: ⌈9/2⌉ is 5."""
    y: Half[L[3], L[9], W] = pool(x)
    assert y.shape[1] == 5
    return y + pool(x)


@dataclass(frozen=True)
class Plan(Generic[C]):
    """Ints in a dataclass, of which layers are made."""

    width: C
    depth: int = 2

    def conv(self, rng: np.random.Generator) -> Conv2D[C, Mul[L[2], C], L[3], L[1], L[1]]:
        return Conv2D.init(rng, self.width, 2 * self.width, 3, padding=1)

    @property
    def wider(self) -> "Plan[Add[C, L[1]]]":
        return Plan(self.width + 1, self.depth)


def planned(rng: np.random.Generator, x: Tensor[L[8], H, W]) -> None:
    plan = Plan(7).wider
    assert_type(plan, Plan[L[8]])
    assert_type(plan.conv(rng)(x), Tensor[L[16], H, W])


class Shaped(Generic[C, H]):
    """A class of one's own that keeps the ints it was made with."""

    def __init__(self, c: C, h: H) -> None:
        self.c = c
        self.weight = Tensor.zeros(c, h)
        self.larger = Tensor.zeros(2 * c, h + 1)


def shaped(n: N) -> None:
    made = Shaped(n // 2, 2 * n)
    assert_type(made.weight, Tensor[FloorDiv[N, L[2]], Mul[L[2], N]])
    assert_type(Shaped(3, 4).larger, Tensor[L[6], L[5]])
    assert_type(Tensor.zeros(Shaped(3, 4).c + 1), Tensor[L[4]])


class Widening(Layer, Generic[Cin, Cout]):
    conv: Conv2D[Cin, Cout, L[1], L[1], L[0]]

    def __call__(self, x: Tensor[*B, Cin, H, W]) -> Tensor[*B, Cout, H, W]:
        return self.conv(x)


class Doubling(Widening[C, Mul[L[2], C]], Generic[C]):
    """Its base has sizes that are computed of its own."""


def _widen(by: Widening[Cin, Cout], x: Tensor[Cin, H, W]) -> Tensor[Cout, H, W]:
    return by(x)


def _widen_to_six(by: Widening[L[3], L[6]], x: Tensor[L[3], H, W]) -> Tensor[L[6], H, W]:
    return by(x)


def given_as_its_base(
    three: Doubling[L[3]], x: Tensor[L[3], H, W], any_: Doubling[N], y: Tensor[N, H, W]
) -> None:
    assert_type(_widen_to_six(three, x), Tensor[L[6], H, W])
    assert_type(_widen(three, x), Tensor[L[6], H, W])
    assert_type(_widen(any_, y), Tensor[Mul[N, L[2]], H, W])
