"""In one daemon, random edits of several modules at once: it says what a check from nothing says.

`DAEMON_EDITS=200 DAEMON_SEED=7 pytest tests/mypy_plugin/test_random_edits.py` tries more, and
others. Each edit puts one piece of text for another, or back; a program is any choice of these.
"""

from __future__ import annotations

import os
import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from .project import Project

EDITS = int(os.environ.get("DAEMON_EDITS", "5"))
SEED = int(os.environ.get("DAEMON_SEED", "20261130"))

FILES = {
    "sizes": """\
from typing import Final, Generic, NamedTuple, Protocol, TypeAlias, TypeVar
from typing import Literal as L
from typed_resnet import Conv2D, Tensor
from typed_resnet.dims import B, C, CeilDiv, H, N, W

WIDTH: Final = 8
Width = L[8]
D = TypeVar("D", bound=int, default=L[8])
Same: TypeAlias = Conv2D[C, C, L[3], L[1], L[1]]
Half: TypeAlias = Tensor[C, CeilDiv[H, L[2]], W]

class Body(Protocol[C]):
    def __call__(self, x: Tensor[*B, C, H, W], /) -> Tensor[*B, C, H, W]: ...

class Wide(Protocol[C]):
    def widths(self, x: Tensor[C], /) -> Tensor[C]: ...

class Both(NamedTuple, Generic[C, N]):
    first: Tensor[C]
    second: Tensor[N]

class Plan(Generic[D]):
    width: D
""",
    "rules": """\
from collections.abc import Callable
from typing import Generic, ParamSpec, TypeVar, overload
from typing import Literal as L
from typed_resnet import Conv2D, Layer, Tensor, relu
from typed_resnet.dims import Add, B, C, CeilDiv, ExactDiv, FloorDiv, H, Mul, N, W
from sizes import Body, Both, Half, Same, Wide

P = ParamSpec("P")
R = TypeVar("R")

def traced(f: Callable[P, R]) -> Callable[P, R]:
    return f

def halve(x: Tensor[C, H, W]) -> Half[C, H, W]:
    raise NotImplementedError  # judged, never run

def half(c: C) -> FloorDiv[C, L[2]]:
    h = c // 2
    return h

def residual(body: Body[C], x: Tensor[C, H, W]) -> Tensor[C, H, W]:
    return body(x) + x

def wide(what: Wide[C]) -> Tensor[Mul[L[2], C]]:
    raise NotImplementedError  # judged, never run

def both(x: Tensor[C], y: Tensor[N]) -> Both[C, N]:
    return Both(x, y)

@traced
def widen(x: Tensor[C, H, W]) -> Tensor[Mul[L[2], C], H, W]:
    raise NotImplementedError  # judged, never run

@overload
def pick(x: Tensor[C]) -> Tensor[C]: ...
@overload
def pick(x: Tensor[C, N]) -> Tensor[N]: ...
def pick(x: Tensor[C] | Tensor[C, N]) -> Tensor[C] | Tensor[N]:
    raise NotImplementedError  # judged, never run

class Part(Layer, Generic[C]):
    conv: Same[C]
    down: Conv2D[C, ExactDiv[C, L[2]], L[1], L[1], L[0]]

    @property
    def kernel(self) -> Tensor[C, C, L[3], L[3]]:
        return self.conv.kernel

    def widths(self, x: Tensor[C]) -> Tensor[C]:
        return x

    def __call__(self, x: Tensor[*B, C, H, W]) -> Tensor[*B, C, H, W]:
        return relu(self.conv(x))

    forward = __call__
""",
    "parts": """\
from typing import Generic
from typing import Literal as L
import numpy as np
from typed_resnet import Conv2D, Layer, Tensor
from typed_resnet.dims import B, C, H, W
from typed_resnet.layers import Sequential
from rules import Part, half, halve
import sizes

class Block(Layer, Generic[C]):
    part: Part[C]

    def __call__(self, x: Tensor[*B, C, H, W]) -> Tensor[*B, C, H, W]:
        return self.part.forward(x) + x

class Narrow(Block[L[8]]):
    pass

class Maker:
    def __init__(self, rng: np.random.Generator, width: sizes.Width = 8) -> None:
        self.conv = Conv2D.init(rng, width, 4, 3, 1, 1)
        self.joined = Sequential(self.conv, Conv2D.init(rng, 4, 2, 1))
        self.inner = half(width)
""",
    "models": """\
import functools
from typing import Literal as L
import numpy as np
from typed_resnet import Conv2D, Tensor
from typed_resnet.dims import C, CeilDiv, H, N, W
from parts import Block, Maker, Narrow
from rules import both, half, halve, pick, residual, wide, widen
from sizes import WIDTH, Plan, Same

def of_a_field(block: Block[L[6]], x: Tensor[L[6], H, W]) -> Tensor[L[6], H, W]:
    return block.part.conv(x) + block(x)

def of_a_base(net: Narrow, x: Tensor[L[8], H, W]) -> Tensor[L[8], H, W]:
    return net(x)

def of_a_rule(x: Tensor[C, L[9], W]) -> Tensor[C, L[5], W]:
    return halve(x)

def of_a_name(rng: np.random.Generator, x: Tensor[L[8], H, W]) -> Tensor[L[4], H, W]:
    return Conv2D.init(rng, WIDTH, half(8), 1)(x)

def of_a_protocol(same: Same[C], x: Tensor[C, H, W]) -> Tensor[C, H, W]:
    return residual(same, x)

def of_a_layer(block: Block[C], x: Tensor[C, H, W]) -> Tensor[C, H, W]:
    return residual(block, x)

def of_members(block: Block[L[10]]) -> Tensor[L[20]]:
    return wide(block.part)

def of_a_tuple(x: Tensor[L[3]], y: Tensor[L[5]]) -> Tensor[L[5]]:
    return both(x, y).second

def of_a_decorator(x: Tensor[L[3], H, W]) -> Tensor[L[6], H, W]:
    return widen(x)

def of_overloads(x: Tensor[L[3]], y: Tensor[L[2], L[3]]) -> Tensor[L[3]]:
    return pick(x) + pick(y)

def of_an_attribute(maker: Maker, x: Tensor[L[8], H, W]) -> Tensor[L[2], H, W]:
    maker.conv(x)
    return maker.joined(x)

def of_an_inferred_size(maker: Maker) -> L[4]:
    return maker.inner

def of_a_default(plan: Plan) -> L[8]:
    return plan.width

def of_a_property(block: Block[C]) -> Tensor[C, C, L[3], L[3]]:
    return block.part.kernel

def of_a_part(x: Tensor[L[4], H, W]) -> Tensor[L[4], CeilDiv[H, L[2]], W]:
    return functools.partial(halve, x)()

def of_many(xs: list[Tensor[C, L[8], W]]) -> list[Tensor[C, L[4], W]]:
    return list(map(halve, xs))
""",
}

CHANGES = [
    ("sizes", "WIDTH: Final = 8", "WIDTH: Final = 16"),
    ("sizes", "Width = L[8]", "Width = L[9]"),
    ("sizes", "default=L[8]", "default=L[9]"),
    ("sizes", "Conv2D[C, C, L[3], L[1], L[1]]", "Conv2D[C, C, L[3], L[2], L[1]]"),
    ("sizes", "CeilDiv[H, L[2]], W]", "CeilDiv[H, L[3]], W]"),
    ("sizes", "/) -> Tensor[*B, C, H, W]", "/) -> Tensor[*B, C, W, H]"),
    ("sizes", "second: Tensor[N]", "second: Tensor[C]"),
    ("sizes", "class Plan(Generic[D])", "class Plan(Both[D, D], Generic[D])"),
    ("rules", "-> Half[C, H, W]", "-> Half[C, W, H]"),
    ("rules", "h = c // 2", "h = c // 3"),
    ("rules", "-> FloorDiv[C, L[2]]", "-> FloorDiv[C, L[4]]"),
    ("rules", "def residual(body: Body[C]", "def residual(body: Body[L[8]]"),
    ("rules", "widths(self, x: Tensor[C])", "widths(self, x: Tensor[L[5]])"),
    ("rules", "what: Wide[C]", "what: Wide[ExactDiv[C, L[3]]]"),
    ("sizes", "x: Tensor[C], /) -> Tensor[C]", "x: Tensor[C], /) -> Tensor[C, C]"),
    ("rules", "-> Both[C, N]", "-> Both[N, C]"),
    ("rules", "@traced\n", ""),
    ("rules", "-> Tensor[Mul[L[2], C], H, W]", "-> Tensor[Add[L[2], C], H, W]"),
    ("rules", "Callable[P, R]) -> Callable[P, R]", "Callable[P, R]) -> Callable[[], R]"),
    ("rules", "def pick(x: Tensor[C, N]) -> Tensor[N]", "def pick(x: Tensor[N, C]) -> Tensor[N]"),
    ("rules", "ExactDiv[C, L[2]]", "ExactDiv[C, L[4]]"),
    ("rules", "kernel(self) -> Tensor[C, C, L[3]", "kernel(self) -> Tensor[C, C, L[1]"),
    ("rules", "forward = __call__", "forward = None"),
    ("rules", "class Part(Layer,", "class Other(Layer, Generic[C]):\n    by: Tensor[ExactDiv[C, "
     "L[8]]]\n\nclass Part(Other[C],"),
    ("parts", "part: Part[C]", "part: Part[ExactDiv[C, L[2]]]"),
    ("parts", "class Narrow(Block[L[8]])", "class Narrow(Block[L[4]])"),
    ("parts", "width: sizes.Width = 8", "width: L[4] = 4"),
    ("parts", "Conv2D.init(rng, 4, 2, 1)", "Conv2D.init(rng, 5, 2, 1)"),
    ("parts", "self.inner = half(width)", "self.inner = width"),
    ("parts", "Part, half, halve", "Part, halve\nhalf = halve"),
    ("models", "half(8), 1)", "half(9), 1)"),
    ("models", "block: Block[L[6]]", "block: Block[L[5]]"),
]  # fmt: skip
"""What is edited: the module, what stands there, and what is put for it, or back."""


def write(project: Project, chosen: frozenset[int], edit: int) -> None:
    for name, text in FILES.items():
        for place in sorted(chosen):
            module, before, after = CHANGES[place]
            if module == name:
                text = text.replace(before, after)  # noqa: PLW2901 -- one change after another
        # Within a second, mypy's daemon tells files by their length: each edit has its own.
        project.write(f"{name}.py", f"{text}#{edit * '#'}\n")


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    made = Project(tmp_path)
    made.write(
        "mypy.ini",
        "[mypy]\nplugins = typed_resnet.mypy_plugin\nstrict = true\n"
        "disable_error_code = empty-body\nlocal_partial_types = true\n"
        "[typed_resnet]\nstrict = true\n",
    )
    write(made, frozenset(), 0)
    try:
        made.run("mypy.dmypy", "start")
        yield made
    finally:
        made.run("mypy.dmypy", "stop")


def from_nothing(project: Project) -> list[str]:
    """Check all modules anew, the library alone read from a cache."""
    cache = project.folder / "cache"
    for name in FILES:
        for file in cache.rglob(f"{name}.*"):
            if "typed_resnet" not in file.parts:
                file.unlink()
    files = [f"{name}.py" for name in FILES]
    return sorted(project.run("mypy", "--cache-dir", str(cache), *files))


def test_each_change_is_one() -> None:
    for module, before, after in CHANGES:
        assert FILES[module].count(before) == 1, before
        assert after == "" or after not in FILES[module].replace(before, ""), after


def test_edits_are_checked_as_from_nothing(project: Project) -> None:
    """Some edits change several modules, and some take back what was changed before."""
    rng = random.Random(SEED)
    files = [f"{name}.py" for name in FILES]
    assert project.run("mypy.dmypy", "check", *files) == from_nothing(project) == []
    chosen: frozenset[int] = frozenset()
    for edit in range(1, EDITS + 1):
        moved = rng.sample(range(len(CHANGES)), rng.choice((1, 1, 2, 3)))
        back = rng.sample(sorted(chosen), min(len(chosen), rng.choice((0, 1, 2))))
        chosen = chosen.symmetric_difference(moved) - set(back)
        write(project, chosen, edit)
        said = sorted(project.run("mypy.dmypy", "check", *files))
        changes = [CHANGES[place] for place in sorted(chosen)]
        assert said == from_nothing(project), f"seed {SEED}, edit {edit}: {changes}"
