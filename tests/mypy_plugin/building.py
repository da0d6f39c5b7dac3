"""Grow programs that are right."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Literal, TypeVar, get_args, get_origin

from typed_resnet import dims
from typed_resnet.dims import Add, C, CeilDiv, Cin, Cout, ExactDiv, FloorDiv, H, N, S, Sub, W

from .programs import LayerUse, Program, Step
from .sizes import BATCH, INFIX, Hints, Shape, Size, TooSmallError, symbols, value

CHANNELS = (C, Cin, Cout)
HINTS = Hints()
PLAIN = LayerUse("", ())


def right(rng: random.Random, name: str, known: Sequence[Program] = ()) -> Program:
    """Make a program that is right, for all values of its symbols that let its windows fit."""
    while True:
        program = Builder(rng, name, known).build()
        if program.is_bound and (program.symbols or program.truth({}, (), False) == "right"):
            return program


class Builder:
    """Grows one program that is right."""

    def __init__(self, rng: random.Random, name: str, known: Sequence[Program] = ()) -> None:
        self.rng = rng
        self.known = known
        """Layers of one's own that are written already."""
        self.symbolic = rng.random() < 0.6
        styles = ("function", "layer") if self.symbolic else ("function", "layer", "make")
        self.program = Program(name, rng.choice(styles))
        self.shapes: dict[str, Shape] = {}
        batch = rng.choice(((), (), (BATCH,), (N,) if self.symbolic else (Literal[2],)))
        if self.program.style == "make" and BATCH in batch:
            batch = ()
        self.x = self.take((*batch, self.channels(), *self.extents()))

    def channels(self) -> Size:
        if self.symbolic and self.rng.random() < 0.7:
            return self.rng.choice(CHANNELS)
        return Literal[self.rng.choice((1, 2, 3, 4, 6, 8))]

    def extents(self) -> Shape:
        if not self.symbolic:
            return (Literal[self.rng.randint(5, 20)], Literal[self.rng.randint(5, 20)])
        most = [H, W] if self.rng.random() < 0.9 else [H, H]
        return tuple(
            axis if self.rng.random() < 0.9 else self.rng.choice((Literal[16], Add[axis, 2]))
            for axis in most
        )

    def stride(self) -> Size:
        if self.symbolic and self.rng.random() < 0.12:
            return S
        return Literal[self.rng.choice((1, 1, 2, 2, 3))]

    def take(self, shape: Shape) -> str:
        name = f"x{len(self.program.inputs)}"
        self.program.inputs[name] = self.shapes[name] = shape
        return name

    def call(self, call: str, *of: str, numbers: Shape = ()) -> str:
        step = Step(f"y{len(self.program.steps)}", call, list(of), numbers)
        layers = {name: use.sizes for name, use in self.program.layers.items()}
        if call in layers and self.program.layers[call].form == "tuple":
            shape = self.shapes[of[0]]
        else:
            shape = self.program.shape_after(HINTS, step, self.shapes, layers)
        self.program.steps.append(step)
        self.shapes[step.to] = shape
        return step.to

    def layer(self, kind: str, *sizes: Size, form: str = "", inner: Program | None = None) -> str:
        name = f"{kind.removesuffix('2D').lower()}{len(self.program.layers)}"
        self.program.layers[name] = LayerUse(kind, sizes, inner, form)
        return name

    def count(self, x: str) -> Size:
        return self.shapes[x][-3]

    def padded(self) -> tuple[Size, Size]:
        """Choose a window that keeps the size at stride 1, or, rarely, any."""
        k = self.rng.choice((1, 3, 3, 3, 5))
        p = k // 2 if self.rng.random() < 0.85 else self.rng.randint(0, 2)
        return Literal[k], Literal[p]

    def conv(self, x: str, cout: Size | None = None, s: Size = None) -> str:
        k, p = self.padded()
        s = s if s is not None else self.stride()
        sizes = (self.count(x), cout or self.channels(), k, s, p)
        return self.call(self.layer("Conv2D", *sizes), x)

    def build(self) -> Program:
        x = self.x
        for _ in range(self.rng.randint(1, 3)):
            x = self.rng.choice(self.MOVES)(self, x)
        self.rng.choice(self.ENDS)(self, x)
        program = self.program
        program.returns = tuple(respelled(self.rng, a) for a in self.shapes[program.result])
        once = [sum(s.to in later.of for later in program.steps) == 1 for s in program.steps]
        plain = lambda step: self.program.layers.get(step.call, PLAIN).form == ""  # noqa: E731
        program.inlined = frozenset(
            i
            for i, (step, after) in enumerate(zip(program.steps, program.steps[1:], strict=False))
            if once[i]
            and step.to in after.of
            and plain(step)
            and plain(after)
            and self.rng.random() < 0.4
        )
        return program

    def simple(self, x: str) -> str:
        match self.rng.randrange(6):
            case 0:
                return self.call("relu", x)
            case 1:
                return self.call(self.layer("BatchNorm2D", self.count(x)), x)
            case 2:
                k, s, p = self.rng.choice(((3, 2, 1), (2, 2, 0), (3, 3, 0), (3, 1, 1), (2, 1, 1)))
                return self.call(self.layer("MaxPool2D", *(Literal[n] for n in (k, s, p))), x)
            case 3:
                return self.call("subsample", x, numbers=(Literal[self.rng.randint(1, 3)],))
            case 4:
                sizes = (self.count(x), self.channels(), self.stride())
                return self.call(self.layer("ResNetBlock", *sizes), x)
        return self.conv(x)

    def moved(self, x: str) -> str:
        return self.call(self.rng.choice(("crop", "enlarge", "turn")), x)

    def counted(self, x: str) -> str:
        if self.rng.random() < 0.5:
            return self.call("fit", x, numbers=(self.channels(),))
        if self.rng.random() < 0.5 or not written_as_int(self.count(x)):
            name = self.rng.choice(("pad_channels", "slice_channels"))
            return self.call(name, x, numbers=(self.channels(),))
        more = Literal[self.rng.randint(1, 4)]
        return self.call("pad_channels", x, numbers=(Add[self.count(x), more],))

    def zeros(self, x: str) -> str:
        """Add noughts of the same shape, its sizes worked out as ints."""
        shape = tuple(respelled(self.rng, size) for size in self.shapes[x])
        if BATCH in shape or not all(map(written_as_int, shape)):
            return self.simple(x)
        return self.call("+", x, self.call("Tensor.zeros", numbers=shape))

    def residual(self, x: str) -> str:
        cout, s = self.channels(), self.stride()
        k = self.rng.choice((1, 3, 5))
        odd = lambda n, s: (Literal[n], s, Literal[n // 2])  # noqa: E731
        y = self.call(self.layer("Conv2D", self.count(x), cout, *odd(k, s)), x)
        if self.rng.random() < 0.5:
            y = self.call("relu", y)
        if self.rng.random() < 0.6:
            y = self.call(self.layer("Conv2D", cout, cout, *odd(3, Literal[1])), y)
        if self.rng.random() < 0.3:
            y = self.call(self.layer("BatchNorm2D", cout), y)
        if cout == self.count(x) and s == Literal[1] and self.rng.random() < 0.8:
            short = x
        elif self.rng.random() < 0.7:
            short = self.call(self.layer("Conv2D", self.count(x), cout, *odd(1, s)), x)
        else:
            short = self.call("subsample", x, numbers=(s,))
            short = self.call("fit", short, numbers=(cout,))
        both = [y, short] if self.rng.random() < 0.7 else [short, y]
        return self.call(self.rng.choice("++-*"), *both)

    def own(self, x: str) -> str:
        """Call a layer of one's own, its channels and numbers put for its symbols."""
        if not self.known or self.program.style == "make":
            return self.simple(x)
        inner = self.rng.choice(self.known)
        (taken,) = inner.inputs.values()
        at = dict(zip(taken[-3:], self.shapes[x][-3:], strict=True))
        if any(not isinstance(s, TypeVar) and s != at[s] for s in at) or len(at) < 3:
            return self.simple(x)
        chosen = (at.get(s, Literal[2] if s is S else self.channels()) for s in inner.owned)
        return self.call(self.layer(inner.name, *chosen, inner=inner), x)

    def bottleneck(self, x: str) -> str:
        inner = ExactDiv[self.count(x), Literal[4]]
        if not symbols(self.count(x)):
            channels = value(self.count(x), {})
            if channels % 4:
                return self.residual(x)
            inner = Literal[channels // 4]
        elif not any_divides(4, self.count(x)):  # min(C, 3)/4 is no size
            return self.residual(x)
        one, three = (Literal[1], Literal[1], Literal[0]), (Literal[3], Literal[1], Literal[1])
        y = self.call(self.layer("Conv2D", self.count(x), inner, *one), x)
        y = self.call(self.layer("Conv2D", inner, inner, *three), y)
        y = self.call(self.layer("Conv2D", inner, self.count(x), *one), y)
        return self.call("+", y, x)

    def branches(self, x: str) -> str:
        (k, p), s = self.padded(), self.stride()
        made = [
            self.call(self.layer("Conv2D", self.count(x), self.channels(), k, s, p), x)
            for _ in range(2)
        ]
        joined = self.call("concat", *made)
        if self.rng.random() < 0.3:
            return self.call("+", joined, self.call("concat", *reversed(made)))
        return joined

    def halves(self, x: str) -> str:
        """Pool or convolve to H//2: two ways that agree."""
        pooled = self.call(self.layer("MaxPool2D", *(Literal[n] for n in (2, 2, 0))), x)
        two = Literal[2]
        conv = self.layer("Conv2D", self.count(x), self.count(x), two, two, Literal[0])
        return self.call("+", pooled, self.call(conv, x))

    def loop(self, x: str) -> str:
        c = self.count(x)
        sizes = (c, c, Literal[3], Literal[1], Literal[1])
        if self.rng.random() < 0.3:
            return self.call(self.layer("ResNetBlock", c, c, Literal[1], form="tuple"), x)
        return self.call(self.layer("Conv2D", *sizes, form="tuple"), x)

    def stop(self, x: str) -> None:
        if not self.program.steps:
            self.conv(x)

    def head(self, x: str) -> None:
        pooled = self.call("global_avg_pool2d", x)
        self.call(self.layer("Linear", self.count(x), self.channels()), pooled)

    def flat(self, x: str) -> None:
        flat = self.call("flatten", x)
        if BATCH not in self.shapes[flat] and self.rng.random() < 0.5:
            self.call(self.layer("Linear", self.shapes[flat][-1], Literal[3]), flat)

    def optional(self, x: str) -> None:
        if self.program.style == "make":
            return self.stop(self.residual(x))
        c = self.count(x)
        y = self.call(self.layer("Conv2D", c, c, Literal[3], Literal[1], Literal[1]), x)
        same = (c, c, Literal[1], Literal[1], Literal[0])
        short = self.call(self.layer("Conv2D", *same, form="optional"), x)
        self.call("+", y, short)
        return None

    MOVES = (simple, simple, simple, moved, counted, zeros, own, own, residual, residual,
             bottleneck, branches, halves, loop)  # fmt: skip
    ENDS = (stop, stop, stop, stop, head, flat, optional)


def any_divides(n: int, size: Size) -> bool:
    """Say whether n divides a size where all its symbols are one small number."""
    for number in range(1, 4 * n):
        try:
            worked = value(size, {symbol.__name__: number for symbol in symbols(size)})
        except TooSmallError:
            continue
        if worked > 0 and worked % n == 0:
            return True
    return False


def written_as_int(size: Size) -> bool:
    """Say whether `expression` can write a size."""
    if size is BATCH or isinstance(size, TypeVar) or get_origin(size) is Literal:
        return size is not BATCH
    return get_origin(size).__name__ in INFIX and all(map(written_as_int, get_args(size)))


def respelled(rng: random.Random, size: Size) -> Size:
    """Write a size in another way that is equal for all values."""
    if size is BATCH or isinstance(size, TypeVar) or get_origin(size) is Literal:
        return size
    inner = tuple(respelled(rng, argument) for argument in get_args(size))
    name = get_origin(size).__name__
    known = [get_args(a)[0] if get_origin(a) is Literal else None for a in inner]
    chance = rng.random()
    if name == "ConvOut" and known[1] is not None and known[3] is not None and chance < 0.9:
        h, s, slack = inner[0], inner[2], 2 * known[3] - known[1]
        if slack == -1 and chance < 0.6:
            return h if known[2] == 1 else CeilDiv[h, s]
        wide = Add[h, slack] if slack > 0 else Sub[h, -slack] if slack else h
        return Add[FloorDiv[wide, s], 1]
    if name == "CeilDiv" and known[1] is not None and chance < 0.7:
        if known[1] == 2 and chance < 0.3:
            return Sub[inner[0], FloorDiv[inner[0], 2]]
        return FloorDiv[Add[inner[0], known[1] - 1], inner[1]]
    if name in ("Add", "Mul") and chance < 0.5:
        return getattr(dims, name)[inner[1], inner[0]]
    return getattr(dims, name)[inner]
