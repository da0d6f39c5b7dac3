"""The hook's verdict on random signatures and calls is that of a direct solver.

The solver is written from what sizes mean, and shares nothing with the library: it tries every
value for every symbol.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeVar, TypeVarTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from typed_resnet import ConfigError, ShapeError, Tensor, typed
from typed_resnet import dims as operators
from typed_resnet.runtime import HintError

LARGEST = 9
VARIABLES = {name: TypeVar(name, bound=int) for name in "HWC"}  # type: ignore[misc]  # made here
BATCH = TypeVarTuple("BATCH")
MEANINGS: dict[str, Callable[[int, int], int]] = {
    "Add": lambda a, b: a + b,
    "Sub": lambda a, b: a - b,
    "Mul": lambda a, b: a * b,
    "FloorDiv": lambda a, b: a // b,
    "CeilDiv": lambda a, b: (a + b - 1) // b,
    "ExactDiv": lambda a, b: a // b if a % b == 0 else -(10**6),
    "Min": min,
    "Max": max,
}


@dataclass(frozen=True)
class Size:
    """A size as drawn: a number, a symbol, or an operation on a symbol and a second size."""

    operator: str
    left: str | int
    right: str | int = 0

    def hint(self) -> Any:
        if self.operator == "is":
            return _hint(self.left)
        return getattr(operators, self.operator)[_hint(self.left), _hint(self.right)]

    def value(self, sizes: Mapping[str, int]) -> int:
        left = sizes[self.left] if isinstance(self.left, str) else self.left
        if self.operator == "is":
            return left
        right = sizes[self.right] if isinstance(self.right, str) else self.right
        return MEANINGS[self.operator](left, right)


def _hint(size: str | int) -> Any:
    return VARIABLES[size] if isinstance(size, str) else Literal[size]


symbols = st.sampled_from("HWC")
numbers = st.integers(1, LARGEST)
bare = st.builds(Size, st.just("is"), symbols)
sizes = st.one_of(
    bare,
    bare,
    st.builds(Size, st.just("is"), numbers),
    st.builds(Size, st.sampled_from(sorted(MEANINGS)), symbols, st.integers(1, 3)),
    st.builds(Size, st.sampled_from(["Add", "Mul", "Min", "Max", "CeilDiv"]), symbols, symbols),
)


@dataclass(frozen=True)
class Shape:
    """`Tensor[...]`, perhaps with a star in front."""

    axes: tuple[Size, ...]
    star: bool

    def hint(self) -> Any:
        axes = tuple(size.hint() for size in self.axes)
        return Tensor[(*BATCH, *axes)] if self.star else Tensor[axes]

    def meets(self, value: object, sizes: Mapping[str, int], batch: tuple[int, ...]) -> bool:
        if not isinstance(value, Tensor):
            return False
        wanted = (*(batch if self.star else ()), *(size.value(sizes) for size in self.axes))
        return value.array.shape == wanted


@dataclass(frozen=True)
class Int:
    size: Size

    def hint(self) -> Any:
        return self.size.hint()

    def meets(self, value: object, sizes: Mapping[str, int], batch: tuple[int, ...]) -> bool:
        return isinstance(value, int) and value == self.size.value(sizes)


@dataclass(frozen=True)
class Group:
    """A list, a tuple or a union of what `inside` says."""

    kind: str
    inside: tuple[Any, ...]

    def hint(self) -> Any:
        hints = tuple(each.hint() for each in self.inside)
        if self.kind == "list":
            return list[hints[0]]  # type: ignore[valid-type]  # made here
        if self.kind == "tuple":
            return tuple[hints]  # type: ignore[valid-type]  # made here
        return hints[0] | hints[1] | None

    def meets(self, value: Any, sizes: Mapping[str, int], batch: tuple[int, ...]) -> bool:
        if self.kind == "list":
            return isinstance(value, list) and all(
                self.inside[0].meets(each, sizes, batch) for each in value
            )
        if self.kind == "tuple":
            return isinstance(value, tuple) and all(
                each.meets(v, sizes, batch) for each, v in zip(self.inside, value, strict=True)
            )
        return value is None or any(each.meets(value, sizes, batch) for each in self.inside)


shapes = st.builds(Shape, st.lists(sizes, max_size=3).map(tuple), st.booleans())
simple_shapes = st.builds(Shape, st.lists(bare, max_size=3).map(tuple), st.booleans())
ints = st.builds(Int, sizes)
formals = st.one_of(
    shapes,
    ints,
    st.builds(Group, st.just("list"), st.tuples(shapes)),
    st.builds(Group, st.just("tuple"), st.tuples(shapes, ints)),
    st.builds(Group, st.just("union"), st.tuples(shapes, shapes)),
)
every_symbol = Shape((Size("is", "H"), Size("is", "W"), Size("is", "C")), star=True)


@st.composite
def values(draw: st.DrawFn, formal: Any, near: Mapping[str, int], batch: tuple[int, ...]) -> Any:
    """Draw a value that nearly fits: most of its sizes are those of `near`."""
    if isinstance(formal, Shape):
        axes = [max(0, size.value(near)) for size in formal.axes]
        shape = [*(batch if formal.star else ()), *axes]
        if shape and draw(st.integers(0, 3)) == 0:
            shape[draw(st.integers(0, len(shape) - 1))] = draw(st.integers(0, 5))
        if draw(st.integers(0, 15)) == 0:
            shape.append(1)
        return Tensor.zeros(*shape)
    if isinstance(formal, Int):
        off = draw(st.sampled_from([0, 0, 0, 1, -1]))
        return max(formal.size.value(near), -5) + off
    if formal.kind == "list":
        return draw(st.lists(values(formal.inside[0], near, batch), max_size=3))
    if formal.kind == "tuple":
        return tuple(draw(values(each, near, batch)) for each in formal.inside)
    return draw(st.one_of(st.none(), *(values(each, near, batch) for each in formal.inside)))


@st.composite
def calls(draw: st.DrawFn) -> tuple[list[Any], list[Any], Any, Any]:
    """Draw formals and their values, a result's formal and its value."""
    near = {name: draw(st.integers(1, 5)) for name in "HWC"}
    batch = tuple(draw(st.lists(st.integers(0, 2), max_size=2)))
    wanted = [*draw(st.lists(formals, max_size=3)), every_symbol]
    wanted = draw(st.permutations(wanted))
    result = draw(st.one_of(shapes, ints))
    given = [draw(values(formal, near, batch)) for formal in wanted]
    return wanted, given, result, draw(values(result, near, batch))


def solutions(
    wanted: list[Any], given: list[Any]
) -> Iterator[tuple[dict[str, int], tuple[int, ...]]]:
    """Try every value for every symbol."""
    found = given[wanted.index(every_symbol)].array.shape
    batch = found[:-3]
    for numbers in itertools.product(range(1, LARGEST + 1), repeat=3):
        sizes = dict(zip("HWC", numbers, strict=True))
        pairs = zip(wanted, given, strict=True)
        if all(formal.meets(value, sizes, batch) for formal, value in pairs):
            yield sizes, batch


def refuses(call: Callable[[], object]) -> bool:
    try:
        call()
    except (ShapeError, ConfigError, HintError):  # the last for a literal
        return True
    return False


# Under the hook beartype picks, in a strategy too, one item of a list by `random`; of a good list.
@pytest.mark.filterwarnings("ignore:Do not use the `random` module inside strategies")
@settings(max_examples=400)
@given(calls())
def test_the_verdict_is_the_solvers(call: tuple[list[Any], list[Any], Any, Any]) -> None:
    wanted, given, result, returned = call
    ran = []

    def body(*arguments: Any) -> Any:
        ran.append(arguments)
        return returned

    names = [f"x{place}" for place in range(len(wanted))]
    namespace: dict[str, Any] = {"body": body}
    exec(f"def f({', '.join(names)}): return body({', '.join(names)})", namespace)
    function = namespace["f"]
    hints = {name: formal.hint() for name, formal in zip(names, wanted, strict=True)}
    function.__annotations__ = {**hints, "return": result.hint()}

    solved = list(solutions(wanted, given))
    axes = result.axes if isinstance(result, Shape) else ()
    computed = [axis for axis in axes if axis.operator != "is"]
    possible = [s for s, _ in solved if all(axis.value(s) >= 1 for axis in computed)]
    good = [
        sizes
        for sizes, batch in solved
        if sizes in possible and result.meets(returned, sizes, batch)
    ]
    assert refuses(lambda: typed(function)(*given)) is (not good)
    assert bool(ran) is bool(possible)
