"""The third judge: what each operation makes of shapes, written once more, without `dims`.

A rule reads the same on numbers, where what does not fit raises, and on hints, where it only
writes down what comes out.
"""

from __future__ import annotations

from collections.abc import Callable

from .sizes import Arithmetic, Shape, Size, WrongError, axes

Rule = Callable[..., Shape]


def window(a: Arithmetic, h: Size, k: Size, s: Size, p: Size) -> Size:
    a.at_most(k, a.op("Add", h, a.op("Mul", a.number(2), p)))
    return a.op("ConvOut", h, k, s, p)


def same_shape(a: Arithmetic, left: Shape, right: Shape) -> None:
    if len(left) != len(right):
        raise WrongError
    for one, other in zip(left, right, strict=True):
        a.same(one, other)


def conv(a: Arithmetic, layer: Shape, x: Shape) -> Shape:
    cin, cout, k, s, p = layer
    batch, (c, h, w) = axes(x, 3)
    a.same(cin, c)
    return (*batch, cout, window(a, h, k, s, p), window(a, w, k, s, p))


def block(a: Arithmetic, layer: Shape, x: Shape) -> Shape:
    cin, cout, s = layer
    batch, (c, h, w) = axes(x, 3)
    a.same(cin, c)
    return (*batch, cout, a.op("CeilDiv", h, s), a.op("CeilDiv", w, s))


def pool(a: Arithmetic, layer: Shape, x: Shape) -> Shape:
    k, s, p = layer
    a.take(a.op("Mul", a.number(2), p), k)
    batch, (c, h, w) = axes(x, 3)
    return (*batch, c, window(a, h, k, s, p), window(a, w, k, s, p))


def norm(a: Arithmetic, layer: Shape, x: Shape) -> Shape:
    _, (c, _, _) = axes(x, 3)
    a.same(layer[0], c)
    return x


def linear(a: Arithmetic, layer: Shape, x: Shape) -> Shape:
    batch, (features,) = axes(x, 1)
    a.same(layer[0], features)
    return (*batch, layer[1])


def subsample(a: Arithmetic, numbers: Shape, x: Shape) -> Shape:
    batch, (c, h, w) = axes(x, 3)
    (s,) = numbers
    return (*batch, c, a.op("CeilDiv", h, s), a.op("CeilDiv", w, s))


def fit(a: Arithmetic, numbers: Shape, x: Shape) -> Shape:
    batch, (_, h, w) = axes(x, 3)
    return (*batch, numbers[0], h, w)


def pad_channels(a: Arithmetic, numbers: Shape, x: Shape) -> Shape:
    batch, (c, h, w) = axes(x, 3)
    return (*batch, a.op("Max", c, numbers[0]), h, w)


def slice_channels(a: Arithmetic, numbers: Shape, x: Shape) -> Shape:
    batch, (c, h, w) = axes(x, 3)
    return (*batch, a.op("Min", c, numbers[0]), h, w)


def zeros(a: Arithmetic, numbers: Shape) -> Shape:
    return numbers


def concat(a: Arithmetic, numbers: Shape, x: Shape, y: Shape) -> Shape:
    batch, (c, h, w) = axes(x, 3)
    others, (more, height, width) = axes(y, 3)
    same_shape(a, (*batch, h, w), (*others, height, width))
    return (*batch, a.op("Add", c, more), h, w)


def crop(a: Arithmetic, numbers: Shape, x: Shape) -> Shape:
    batch, (c, h, w) = axes(x, 3)
    a.at_most(a.number(3), h)
    a.at_most(a.number(3), w)
    two = a.number(2)
    return (*batch, c, a.op("Sub", h, two), a.op("Sub", w, two))


def enlarge(a: Arithmetic, numbers: Shape, x: Shape) -> Shape:
    batch, (c, h, w) = axes(x, 3)
    two = a.number(2)
    return (*batch, c, a.op("Mul", two, h), a.op("Mul", two, w))


def turn(a: Arithmetic, numbers: Shape, x: Shape) -> Shape:
    batch, (c, h, w) = axes(x, 3)
    return (*batch, c, w, h)


def flatten(a: Arithmetic, numbers: Shape, x: Shape) -> Shape:
    batch, (c, h, w) = axes(x, 3)
    return (*batch, a.op("Mul", c, a.op("Mul", h, w)))


def average(a: Arithmetic, numbers: Shape, x: Shape) -> Shape:
    return (*axes(x, 3)[0], axes(x, 3)[1][0])


def same(a: Arithmetic, numbers: Shape, x: Shape) -> Shape:
    return x


def combine(a: Arithmetic, numbers: Shape, x: Shape, y: Shape) -> Shape:
    same_shape(a, x, y)
    return x


LAYERS: dict[str, Rule] = {
    "Conv2D": conv,
    "ResNetBlock": block,
    "MaxPool2D": pool,
    "BatchNorm2D": norm,
    "Linear": linear,
}
FUNCTIONS: dict[str, Rule] = {
    "relu": same,
    "global_avg_pool2d": average,
    "subsample": subsample,
    "fit": fit,
    "pad_channels": pad_channels,
    "slice_channels": slice_channels,
    "Tensor.zeros": zeros,
    "concat": concat,
    "crop": crop,
    "enlarge": enlarge,
    "turn": turn,
    "flatten": flatten,
    "+": combine,
    "-": combine,
    "*": combine,
}
