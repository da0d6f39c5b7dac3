"""Programs as data: steps from inputs to a result, and what plain arithmetic makes of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeVar, get_origin

from typed_resnet.dims import Add

from .rules import FUNCTIONS, LAYERS
from .sizes import (
    BATCH,
    Arithmetic,
    Hints,
    Numbers,
    RefusedError,
    Shape,
    TooSmallError,
    WrongError,
    axes,
    positive,
    substituted,
    symbols,
    text,
    value,
    values,
)

Layers = Mapping[str, Shape]


@dataclass
class LayerUse:
    """A layer that a program is given, or makes."""

    kind: str
    sizes: Shape
    inner: Program | None = None
    """The program that a layer of one's own is."""
    form: str = ""
    """Empty for one layer, `tuple` for several run in a loop, `optional` for one that may lack."""

    @property
    def hint(self) -> str:
        one = f"{self.kind}[{', '.join(map(text, self.sizes))}]" if self.sizes else self.kind
        return {"": one, "tuple": f"tuple[{one}, ...]", "optional": f"{one} | None"}[self.form]

    def values(self, at: Mapping[str, int]) -> tuple[int, ...]:
        """Work its sizes out; all but a padding are at least one."""
        worked = tuple(value(size, at) for size in self.sizes)
        padding = worked[-1:] if self.kind in ("Conv2D", "MaxPool2D") else ()
        return positive(worked[: len(worked) - len(padding)]) + positive(padding, least=0)


@dataclass
class Step:
    """One line: what is called on which variables."""

    to: str
    call: str
    """A function, a sign, or the name of a layer."""
    of: list[str]
    numbers: Shape = ()


@dataclass
class Program:
    """Steps from inputs to a result."""

    name: str
    style: str
    """`function`; `layer` for a class; `make` for a function that makes its layers itself."""
    inputs: dict[str, Shape] = field(default_factory=dict)
    layers: dict[str, LayerUse] = field(default_factory=dict)
    steps: list[Step] = field(default_factory=list)
    returns: Shape = ()
    changed: str = ""
    """What was done to a program that was right."""
    inlined: frozenset[int] = frozenset()
    """The steps that are written inside the next one."""

    @property
    def symbols(self) -> set[TypeVar]:
        shapes = [*self.inputs.values(), self.returns, *(s.numbers for s in self.steps)]
        shapes += [layer.sizes for layer in self.layers.values()]
        return {symbol for shape in shapes for size in shape for symbol in symbols(size)}

    @property
    def is_bound(self) -> bool:
        """Say whether the arguments show every symbol's value, alone or as in `H + 2`."""
        shown: set[TypeVar] = set()
        shapes = [*self.inputs.values(), *(use.sizes for use in self.layers.values())]
        for size in (size for shape in shapes for size in shape if size is not BATCH):
            plain = isinstance(size, TypeVar) or get_origin(size) is Add
            shown |= symbols(size) if plain and len(symbols(size)) == 1 else set()
        batched = any(BATCH in shape for shape in self.inputs.values())
        return self.symbols <= shown and (batched or BATCH not in self.returns)

    @property
    def owned(self) -> list[TypeVar]:
        """The symbols of its layers; a layer of one's own is generic in these."""
        found = {s for use in self.layers.values() for size in use.sizes for s in symbols(size)}
        return sorted(found, key=lambda symbol: symbol.__name__)

    @property
    def is_reusable(self) -> bool:
        """Say whether it is a layer of one input whose sizes are symbols or numbers.

        Of C the run knows nothing where its parameters show max(C, 8) alone.
        """
        shapes = [*self.inputs.values()]
        counted = any(symbols(size) for step in self.steps for size in step.numbers)
        plain = all(isinstance(size, TypeVar) or not symbols(size) for size in shapes[0][-3:])
        image = len(self.returns) == 4 and BATCH in shapes[0]
        hints = "".join(use.hint for use in self.layers.values())
        shown = "ExactDiv" not in hints and "Max" not in hints
        return self.style == "layer" and plain and not counted and image and shown

    def rule(self, arithmetic: Arithmetic, layer: Shape, x: Shape) -> Shape:
        """Bring one's own layer to sizes: its input shows those that it is not generic in."""
        (taken,) = self.inputs.values()
        at = {symbol.__name__: size for symbol, size in zip(self.owned, layer, strict=True)}
        batch, last = axes(x, 3)
        for formal, actual in zip(taken[-3:], last, strict=True):
            if isinstance(formal, TypeVar):
                arithmetic.same(at.setdefault(formal.__name__, actual), actual)
            else:
                arithmetic.same(substituted(arithmetic, formal, at), actual)
        if isinstance(arithmetic, Numbers) and self.truth(at, batch, absent=False) != "right":
            raise TooSmallError
        return (*batch, *(substituted(arithmetic, s, at) for s in self.returns if s is not BATCH))

    @property
    def has_batch(self) -> bool:
        return any(BATCH in shape for shape in [*self.inputs.values(), self.returns])

    @property
    def result(self) -> str:
        return self.steps[-1].to

    @property
    def optional(self) -> str | None:
        return next((name for name, use in self.layers.items() if use.form == "optional"), None)

    def shape_after(
        self, arithmetic: Arithmetic, step: Step, shapes: Mapping[str, Shape], layers: Layers
    ) -> Shape:
        of = [shapes[name] for name in step.of]
        if step.call not in self.layers:
            numbers = step.numbers if isinstance(arithmetic, Hints) else layers[step.to]
            return FUNCTIONS[step.call](arithmetic, numbers, *of)
        use = self.layers[step.call]
        rule = LAYERS[use.kind] if use.inner is None else use.inner.rule
        if use.form == "tuple":  # a run makes two of them
            return rule(arithmetic, layers[step.call], rule(arithmetic, layers[step.call], *of))
        return rule(arithmetic, layers[step.call], *of)

    def truth(self, at: Mapping[str, int], batch: tuple[int, ...], absent: bool) -> str:
        """Run the program on plain numbers: `right`, or what is wrong first.

        `absent` leaves out the optional shortcut.
        """
        numbers = Numbers()
        try:
            layers = {name: use.values(at) for name, use in self.layers.items()} | {
                s.to: positive(tuple(value(size, at) for size in s.numbers)) for s in self.steps
            }
            shapes = {name: values(shape, at, batch) for name, shape in self.inputs.items()}
            for step in self.steps:
                if absent and step.call == self.optional:
                    shapes[step.to] = shapes[step.of[0]]
                    continue
                made = self.shape_after(numbers, step, shapes, layers)
                if min(made, default=1) < 1:
                    return "small"
                shapes[step.to] = made
        except WrongError:
            return "wrong"
        except TooSmallError:
            return "small"
        except RefusedError:
            return "refused"
        return self._returned(shapes[self.result], at, batch)

    def _returned(self, shape: Shape, at: Mapping[str, int], batch: tuple[int, ...]) -> str:
        return "right" if self.declared(at, batch) == shape else "wrong"

    def declared(self, at: Mapping[str, int], batch: tuple[int, ...]) -> Shape | None:
        """Say what the result is declared to be; None where no shape is that one."""
        try:
            return values(self.returns, at, batch)
        except TooSmallError:
            return None
