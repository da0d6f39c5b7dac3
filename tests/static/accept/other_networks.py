"""Networks as others write them: dense, squeezed, pyramids, with skips, heads, configurations."""

import math
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property, reduce
from itertools import pairwise
from typing import Generic, NamedTuple, Protocol, Self, TypeVar, assert_type
from typing import Literal as L

import numpy as np

from typed_resnet import BatchNorm2D, Conv2D, Layer, Linear, MaxPool2D, Tensor, relu
from typed_resnet import global_avg_pool2d as pooled
from typed_resnet.dims import (
    Add,
    B,
    C,
    CeilDiv,
    Cin,
    Cout,
    FloorDiv,
    H,
    K,
    Max,
    Mul,
    N,
    S,
    W,
)
from typed_resnet.layers import AvgPool2D
from typed_resnet.ops import (
    broadcast_to,
    concat,
    mean,
    reshape,
    sigmoid,
    tanh,
    unsqueeze,
    upsample,
)

Rng = np.random.Generator
Growth = TypeVar("Growth", bound=int)


class _Double(Layer, Generic[Cin, Cout]):
    a: Conv2D[Cin, Cout, L[3], L[1], L[1]]
    b: Conv2D[Cout, Cout, L[3], L[1], L[1]]

    @classmethod
    def init(cls, rng: Rng, cin: Cin, cout: Cout) -> Self:
        return cls(
            Conv2D.init(rng, cin, cout, 3, padding=1), Conv2D.init(rng, cout, cout, 3, padding=1)
        )

    def __call__(self, x: Tensor[*B, Cin, H, W]) -> Tensor[*B, Cout, H, W]:
        return relu(self.b(relu(self.a(x))))


class _UNet(Layer, Generic[C]):
    enc1: _Double[L[3], C]
    enc2: _Double[C, Mul[L[2], C]]
    middle: _Double[Mul[L[2], C], Mul[L[4], C]]
    dec2: _Double[Mul[L[6], C], Mul[L[2], C]]
    dec1: _Double[Mul[L[3], C], C]
    head: Conv2D[C, L[1], L[1], L[1], L[0]]

    @classmethod
    def init(cls, rng: Rng, c: C) -> "_UNet[C]":
        return cls(
            _Double.init(rng, 3, c),
            _Double.init(rng, c, 2 * c),
            _Double.init(rng, 2 * c, 4 * c),
            _Double.init(rng, 6 * c, 2 * c),
            _Double.init(rng, 3 * c, c),
            Conv2D.init(rng, c, 1, 1),
        )

    def __call__(
        self, x: Tensor[*B, L[3], Mul[L[4], H], Mul[L[4], W]]
    ) -> Tensor[*B, L[1], Mul[L[4], H], Mul[L[4], W]]:
        pool = MaxPool2D(2)
        skip1 = self.enc1(x)
        skip2 = self.enc2(pool(skip1))
        y = self.middle(pool(skip2))
        y2 = self.dec2(concat(upsample(y, 2), skip2, axis=-3))
        y1 = self.dec1(concat(upsample(y2, 2), skip1, axis=-3))
        return sigmoid(self.head(y1))


def u_net(
    rng: Rng, c: C, x: Tensor[N, L[3], Mul[L[4], H], Mul[L[4], W]]
) -> Tensor[N, L[1], Mul[L[4], H], Mul[L[4], W]]:
    return _UNet.init(rng, c)(x)


def list_of_skips(
    down: Sequence[_Double[C, C]], up: Sequence[_Double[Mul[L[2], C], C]], x: Tensor[*B, C, H, W]
) -> Tensor[*B, C, H, W]:
    skips: list[Tensor[*B, C, H, W]] = []
    for step in down:
        x = step(x)
        skips.append(x)
    for back, skip in zip(up, reversed(skips), strict=True):
        x = back(concat(x, skip, axis=-3))
    while skips:
        x = x + skips.pop()
    return x


class _DenseLayer(Layer, Generic[Cin, Growth]):
    norm: BatchNorm2D[Cin]
    conv: Conv2D[Cin, Growth, L[3], L[1], L[1]]

    @classmethod
    def init(cls, rng: Rng, cin: Cin, growth: Growth) -> Self:
        return cls(BatchNorm2D.init(cin), Conv2D.init(rng, cin, growth, 3, 1, 1))

    def __call__(self, x: Tensor[*B, Cin, H, W]) -> Tensor[*B, Add[Cin, Growth], H, W]:
        return concat(x, self.conv(relu(self.norm(x))), axis=-3)


def dense_block(
    rng: Rng, cin: Cin, x: Tensor[*B, Cin, H, W]
) -> Tensor[*B, FloorDiv[Add[Cin, L[24]], L[2]], FloorDiv[H, L[2]], FloorDiv[W, L[2]]]:
    first = _DenseLayer.init(rng, cin, 8)
    second = _DenseLayer.init(rng, cin + 8, 8)
    third = _DenseLayer.init(rng, cin + 16, 8)
    y = third(second(first(x)))
    return AvgPool2D(2)(Conv2D.init(rng, cin + 24, (cin + 24) // 2, 1)(y))


class _Squeezed(Layer, Generic[C]):
    down: Linear[C, Max[L[8], FloorDiv[C, L[16]]]]
    up: Linear[Max[L[8], FloorDiv[C, L[16]]], C]

    @classmethod
    def init(cls, rng: Rng, c: C) -> "_Squeezed[C]":
        reduced = max(8, c // 16)
        return cls(Linear.init(rng, c, reduced), Linear.init(rng, reduced, c))

    def __call__(self, x: Tensor[*B, C, H, W]) -> Tensor[*B, C, H, W]:
        *b, c, h, w = x.shape
        scale = sigmoid(self.up(relu(self.down(mean(x, axis=(-2, -1))))))
        return x * broadcast_to(unsqueeze(unsqueeze(scale, -1), -1), *b, c, h, w)


def squeezed(rng: Rng, c: C, x: Tensor[N, C, H, W]) -> Tensor[N, C, H, W]:
    return _Squeezed.init(rng, c)(x)


def pyramid_of_branches(
    one: Conv2D[Cin, Cout, L[1], L[1], L[0]],
    five: Conv2D[Cin, Cout, L[5], L[1], L[2]],
    x: Tensor[*B, Cin, H, W],
) -> Tensor[*B, Mul[L[3], Cout], H, W]:
    *b, _, h, w = x.shape
    whole = one(unsqueeze(unsqueeze(mean(x, axis=(-2, -1)), -1), -1))
    branches = one(x), five(x), broadcast_to(whole, *b, whole.shape[-3], h, w)
    return concat(*branches, axis=-3)


class _Pyramid(NamedTuple, Generic[C, H, W]):
    fine: Tensor[C, H, W]
    coarse: Tensor[C, CeilDiv[H, L[2]], CeilDiv[W, L[2]]]


def feature_pyramid(
    lateral: tuple[Conv2D[L[8], C, L[1], L[1], L[0]], Conv2D[L[16], C, L[1], L[1], L[0]]],
    fine: Tensor[L[8], Mul[L[2], H], Mul[L[2], W]],
    coarse: Tensor[L[16], H, W],
) -> Tensor[C, Mul[L[2], H], Mul[L[2], W]]:
    top = lateral[1](coarse)
    made = _Pyramid(lateral[0](fine) + upsample(top, 2), top)
    assert_type(made, _Pyramid[C, Mul[L[2], H], Mul[L[2], W]])
    return made.fine


def generator(
    up: Conv2D[Mul[L[2], C], C, L[3], L[1], L[1]],
    out: Conv2D[C, L[3], L[3], L[1], L[1]],
    dense: Linear[N, Mul[L[2], Mul[C, L[16]]]],
    z: Tensor[*B, N],
) -> Tensor[*B, L[3], L[16], L[16]]:
    *b, _ = z.shape
    c = up.kernel.shape[0]
    y = relu(up(upsample(reshape(dense(z), *b, 2 * c, 4, 4), 2)))
    return tanh(out(upsample(y, 2)))


def siamese(
    trunk: _Double[L[1], C],
    head: Linear[C, N],
    a: Tensor[*B, L[1], H, W],
    b: Tensor[*B, L[1], H, W],
) -> Tensor[*B, N]:
    def embed(x: Tensor[*B, L[1], H, W]) -> Tensor[*B, N]:
        return head(pooled(trunk(x)))

    one, other = map(embed, (a, b))
    return (one - other) * (one - other)


@dataclass(frozen=True)
class _Heads(Generic[N, K]):
    logits: Tensor[N, K]
    box: Tensor[N, L[4]]


def heads(
    classes: Linear[C, K], boxes: Linear[C, L[4]], x: Tensor[N, C, H, W]
) -> Tensor[N, Add[K, L[4]]]:
    match _Heads(logits=classes(pooled(x)), box=boxes(pooled(x))):
        case _Heads(logits=logits, box=box):
            return concat(logits, box, axis=-1)


@dataclass(frozen=True)
class _Config(Generic[C, K]):
    width: C
    classes: K
    depth: int = 2

    @property
    def wide(self) -> Mul[L[2], C]:
        return 2 * self.width


class _Configured(Layer, Generic[C, K]):
    stem: Conv2D[L[3], C, L[3], L[1], L[1]]
    body: tuple[Conv2D[C, C, L[3], L[1], L[1]], ...]
    widen: Conv2D[C, Mul[L[2], C], L[1], L[1], L[0]]
    head: Linear[Mul[L[2], C], K]

    @classmethod
    def of(cls, rng: Rng, config: _Config[C, K]) -> "_Configured[C, K]":
        width = config.width
        body = (Conv2D.init(rng, width, width, 3, padding=1) for _ in range(config.depth))
        return cls(
            Conv2D.init(rng, 3, width, 3, padding=1),
            tuple(body),
            Conv2D.init(rng, width, config.wide, 1),
            Linear.init(rng, 2 * width, config.classes),
        )

    def __call__(self, x: Tensor[*B, L[3], H, W]) -> Tensor[*B, K]:
        y = self.stem(x)
        for conv in self.body:
            y = relu(conv(y)) + y
        return self.head(pooled(self.widen(y)))


def configured(rng: Rng, c: C, x: Tensor[N, L[3], H, W]) -> Tensor[N, L[10]]:
    assert_type(_Configured.of(rng, _Config(64, 5)), _Configured[L[64], L[5]])
    return _Configured.of(rng, _Config(c, 10))(x)


class _Keeps(Protocol):
    def __call__(self, x: Tensor[*B, C, H, W], /) -> Tensor[*B, C, H, W]: ...


def registered(x: Tensor[*B, C, H, W]) -> Tensor[*B, C, H, W]:
    table: dict[str, _Keeps] = {"relu": relu, "sigmoid": sigmoid, "none": lambda x: x}
    return table["relu"](table["sigmoid"](table["none"](x)))


def of_several_kinds(
    shortcut: Conv2D[C, C, L[1], L[1], L[0]] | MaxPool2D[L[3], L[1], L[1]] | None,
    x: Tensor[*B, C, H, W],
) -> Tensor[*B, C, H, W]:
    match shortcut:
        case Conv2D() | MaxPool2D():
            return shortcut(x) + x
        case None:
            return x


class _Shortened(Layer, Generic[Cin, Cout, S]):
    conv: Conv2D[Cin, Cout, L[3], S, L[1]]
    project: Conv2D[Cin, Cout, L[1], S, L[0]] | None

    def __call__(self, x: Tensor[*B, Cin, H, W]) -> Tensor[*B, Cout, CeilDiv[H, S], CeilDiv[W, S]]:
        y = self.conv(x)
        if (project := self.project) is not None:
            y = y + project(x)
        return y + (self.project(x) if self.project is not None else y)


def shortened(
    layer: _Shortened[Cin, Cout, S], x: Tensor[*B, Cin, H, W]
) -> Tensor[*B, Cout, CeilDiv[H, S], CeilDiv[W, S]]:
    return layer(x)


class _Encoder(Layer, ABC, Generic[C]):
    @abstractmethod
    def features(self, x: Tensor[*B, L[3], H, W]) -> Tensor[*B, C, H, W]: ...

    def summed_up(self, x: Tensor[*B, L[3], H, W]) -> Tensor[*B, C]:
        return pooled(self.features(x))


class _Sixteen(_Encoder[L[16]]):
    conv: Conv2D[L[3], L[16], L[3], L[1], L[1]]

    def features(self, x: Tensor[*B, L[3], H, W]) -> Tensor[*B, L[16], H, W]:
        return relu(self.conv(x))


def encoded(encoder: _Sixteen, head: Linear[L[16], N], x: Tensor[*B, L[3], H, W]) -> Tensor[*B, N]:
    assert_type(encoder.summed_up(x), Tensor[*B, L[16]])
    return head(encoder.summed_up(x))


class _Adds:
    def add(self, x: Tensor[*B, C, H, W], y: Tensor[*B, C, H, W]) -> Tensor[*B, C, H, W]:
        return x + y


class _Mixed(Layer, _Adds, Generic[C]):
    conv: Conv2D[C, C, L[3], L[1], L[1]]

    def __call__(self, x: Tensor[*B, C, H, W]) -> Tensor[*B, C, H, W]:
        return self.add(x, self.conv(x))


def mixed(layer: _Mixed[C], x: Tensor[*B, C, H, W]) -> Tensor[*B, C, H, W]:
    return layer(x)


class _Lazy(Generic[C]):
    def __init__(self, rng: Rng, c: C) -> None:
        self.rng = rng
        self.c: C = c

    @cached_property
    def conv(self) -> Conv2D[C, Mul[L[2], C], L[3], L[1], L[1]]:
        return Conv2D.init(self.rng, self.c, 2 * self.c, 3, padding=1)


def lazy(rng: Rng, c: C, x: Tensor[*B, C, H, W]) -> Tensor[*B, Mul[L[2], C], H, W]:
    return _Lazy(rng, c).conv(x)


def layers_in_turn(
    convs: Sequence[Conv2D[C, C, L[3], L[1], L[1]]],
    norms: Sequence[BatchNorm2D[C]],
    x: Tensor[*B, C, H, W],
) -> Tensor[*B, C, H, W]:
    for place, (conv, norm) in enumerate(zip(convs, norms, strict=True)):
        x = relu(norm(conv(x))) if place else norm(conv(x))
    for first, second in pairwise(convs):
        x = second(first(x))
    maps = {place: conv(x) for place, conv in enumerate(convs)}
    return reduce(lambda y, conv: conv(y), reversed(convs), maps[0])


def _stages(
    convs: Iterable[Conv2D[C, C, L[3], L[1], L[1]]], x: Tensor[*B, C, H, W]
) -> Iterator[Tensor[*B, C, H, W]]:
    for conv in convs:
        x = conv(x)
        yield x


@contextmanager
def _halved(x: Tensor[*B, C, H, W]) -> Iterator[Tensor[*B, C, H, W]]:
    yield x / 2.0


def one_by_one(
    convs: Sequence[Conv2D[C, C, L[3], L[1], L[1]]], x: Tensor[*B, C, H, W]
) -> Tensor[*B, C, H, W]:
    *_, last = _stages(convs, x)
    with _halved(next(_stages(convs, x))) as half:
        return last + half


def rows_of_patches(x: Tensor[N, C, H, W]) -> Tensor[N, C, CeilDiv[H, L[2]], W]:
    n, c, h, w = x.shape
    rows = math.ceil(h / 2)
    return Tensor.zeros(n, c, rows, w)
