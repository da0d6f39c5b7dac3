"""An edit of one class or signature: what is around it is kept, as far as it still holds.

Either the statements that it concerns are put in the place of those before, or mypy is given an
outline of the text: each of the tests is for both.

`HINTS_EDITS=200 HINTS_SEED=7 pytest tests/hints/test_outlines.py` tries more edits, and others.
"""

from __future__ import annotations

import random
import re
from pathlib import Path

import pytest

from typed_resnet.hints import Analysis, Session
from typed_resnet.hints.analysing import declarations_rest_on
from typed_resnet.hints.outline import edited_statement, without_bodies
from typed_resnet.hints.parts import functions
from typed_resnet.hints.standing import Standing
from typed_resnet.hints.statements import concerned

from .test_edits import EDITS, SEED, check_as_built, fresh

MODEL = """\
from abc import abstractmethod
from typing import Generic, Protocol
from typing import Literal as L

from typed_resnet import BatchNorm2D, Conv2D, Layer, Linear, Tensor, global_avg_pool2d, relu
from typed_resnet.dims import B, C, CeilDiv, Cin, Cout, ExactDiv, H, N, S, W

WIDTH: L[8] = 8


class Narrow(Layer, Generic[C]):
    squeeze: Conv2D[C, ExactDiv[C, L[2]], L[1], L[1], L[0]]
    expand: Conv2D[ExactDiv[C, L[2]], C, L[1], L[1], L[0]]

    def __call__(self, x: Tensor[*B, C, H, W]) -> Tensor[*B, C, H, W]:
        y = self.squeeze(x)
        return self.expand(relu(y))


class Holder(Layer, Generic[C]):
    inner: Narrow[C]
    width: int

    def __call__(self, x: Tensor[*B, C, H, W]) -> Tensor[*B, C, H, W]:
        y = self.inner(x)
        y = relu(y)
        return y + x


class Base(Layer, Generic[Cin, Cout, S]):
    conv: Conv2D[Cin, Cout, L[3], S, L[1]]
    norm: BatchNorm2D[Cout]

    @property
    def filters(self) -> int:
        kernel = self.conv.kernel
        return kernel.shape[0]

    def convolve(self, x: Tensor[*B, Cin, H, W]) -> Tensor[*B, Cout, CeilDiv[H, S], CeilDiv[W, S]]:
        y = self.conv(x)
        return self.norm(y)


class Derived(Base[Cin, Cout, S]):
    shortcut: Conv2D[Cin, Cout, L[1], S, L[0]]

    def __call__(self, x: Tensor[*B, Cin, H, W]) -> Tensor[*B, Cout, CeilDiv[H, S], CeilDiv[W, S]]:
        y = self.convolve(x)
        z = self.shortcut(x)
        n = self.filters
        return relu(y + z)


class Shaped(Protocol[C]):
    @property
    def width(self) -> C: ...

    @abstractmethod
    def apply(self, x: Tensor[C, H, W]) -> Tensor[C, H, W]:
        y = relu(x)
        return y


class Shapes(Generic[C]):
    width: C
    kept: Narrow[C]

    def __init__(self, width: C, kept: Narrow[C]) -> None:
        self.width = width
        self.kept = kept

    def apply(self, x: Tensor[C, H, W]) -> Tensor[C, H, W]:
        y = self.kept(x)
        return y


def through(shaped: Shaped[C], x: Tensor[C, H, W]) -> Tensor[C, H, W]:
    y = shaped.apply(x)
    return relu(y)


def narrow(c: C) -> Holder[C]:
    raise NotImplementedError(c)  # judged, never run


def both(x: Tensor[L[8], H, W], shapes: Shapes[L[8]]) -> Tensor[L[8], H, W]:
    held = narrow(8)
    y = held(x)
    z = through(shapes, y)
    for _ in range(3):
        z = held(z)
    return z + y


class Network(Layer):
    stem: Derived[L[3], L[8], L[2]]
    holder: Holder[L[8]]
    head: Linear[L[8], L[10]]

    def __call__(self, x: Tensor[N, L[3], H, W]) -> Tensor[N, L[10]]:
        y = self.stem(x)
        y = self.holder(y)
        pooled = global_avg_pool2d(y)
        return self.head(pooled)


def outside(network: Network, x: Tensor[N, L[3], L[32], L[32]]) -> Tensor[N, L[10]]:
    stem = network.stem
    y = stem(x)
    print(y.shape, WIDTH)
    return network(x)
"""
WRITTEN = [
    "extra: Conv2D[L[3], L[8], L[3], L[1], L[1]]",
    "inner: int",
    "width: L[8]",
    "y = relu",
    "def f(self) -> int:\n        return 3",
]


@pytest.fixture(scope="module")
def path(folder: Path) -> str:
    (folder / "outlined.py").write_text(MODEL, "utf-8")
    return "outlined.py"


@pytest.fixture(params=["_replant", "keeping"], ids=["statements", "outline"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """The one way of the two that is open: the other comes to nothing."""
    (other,) = {"_replant", "keeping"} - {request.param}
    monkeypatch.setattr(Standing, other, lambda *_: None)
    return str(request.param)


def change(text: str, chance: random.Random, where: str = r"    \S|class|def") -> str:
    """Change what a class or function declares, in a line that is in no body, or another line."""
    lines = text.split("\n")
    heads = [n for n, line in enumerate(lines) if re.match(where, line)]
    place = chance.choice(heads)
    line = lines[place]
    words = [*re.finditer(r"\b[A-Za-z]\w*\b|\b\d+\b", line)]
    match chance.choice(["rename", "rename", "rename", "remove", "repeat", "write"]):
        case "rename":
            word = chance.choice(words)
            others = re.findall(r"\b[A-Za-z]\w*\b|\b\d+\b", chance.choice([text, line]))
            lines[place] = line[: word.start()] + chance.choice(others) + line[word.end() :]
        case "remove":
            del lines[place]
        case "repeat":
            lines.insert(place, line)
        case "write":
            lines.insert(place, "    " + chance.choice(WRITTEN))
    return "\n".join(lines)


@pytest.mark.usefixtures("way")
def test_random_edits_say_what_a_full_check_says(session: Session, path: str) -> None:
    chance = random.Random(SEED)
    assert session.analyse(path, MODEL).diagnostics == ()
    built, last = session.project.manager, MODEL
    kept: list[tuple[str, Analysis]] = []
    while len(kept) < EDITS:
        text = change(last, chance)
        analysis = session.analyse(path, text)
        if not analysis.blocked:
            if session.known[path].checked.kept is not None:
                kept.append((text, analysis))
            last = text
        if chance.random() < 0.4:
            last = MODEL
            session.analyse(path, MODEL)
    assert session.project.manager is built, "an edit was not survived"
    check_as_built(session, path, kept)


WRONG = {
    "a field": (
        "conv: Conv2D[Cin, Cout, L[3], S, L[1]]",
        "conv: Conv2D[Cin, Cout, L[3], S, L[0]]",
        ["return self.norm(y)"],
    ),
    "a field that a subclass inherits": (
        "norm: BatchNorm2D[Cout]",
        "norm: BatchNorm2D[Cout]\n    shortcut: int",
        ["shortcut: Conv2D[Cin, Cout, L[1], S, L[0]]"],
    ),
    "a field within a field": (
        "squeeze: Conv2D[C, ExactDiv[C, L[2]], L[1], L[1], L[0]]",
        "squeeze: Conv2D[C, ExactDiv[C, L[3]], L[1], L[1], L[0]]",
        [
            "return self.expand(relu(y))",
            "held = narrow(8)",
            "holder: Holder[L[8]]",
            "both(x: Tensor[L[8], H, W], shapes: Shapes[L[8]])",
        ],
    ),
    "a member of a Protocol": (
        "def width(self) -> C: ...",
        "def depth(self) -> C: ...",
        ["z = through(shapes, y)"],
    ),
    "a signature of a Protocol": (
        "def apply(self, x: Tensor[C, H, W]) -> Tensor[C, H, W]:\n        y = relu(x)",
        "def apply(self, x: Tensor[C, W, H]) -> Tensor[C, H, W]:\n        y = relu(x)",
        ["y = relu(x)\n        return y", "return relu(y)\n", "z = through(shapes, y)"],
    ),
    "a signature of a class": (
        "def convolve(self, x: Tensor[*B, Cin, H, W])",
        "def convolve(self, x: Tensor[*B, Cout, H, W])",
        ["y = self.conv(x)", "y = self.convolve(x)"],
    ),
    "a signature of a function": (
        "def narrow(c: C) -> Holder[C]:",
        "def narrow(c: C) -> Narrow[L[4]]:",
        ["y = held(x)", "z = held(z)"],
    ),
    "the type of a property": (
        "def filters(self) -> int:",
        "def filters(self) -> str:",
        ["return kernel.shape[0]"],
    ),
    "a field that is taken out": ("    head: Linear[L[8], L[10]]\n", "", ["self.head(pooled)"]),
}
"""What is edited: what stands there, what is put for it, and on which lines something is wrong."""


@pytest.mark.usefixtures("way")
@pytest.mark.parametrize("edit", WRONG)
def test_what_uses_what_has_changed_is_checked_again(
    edit: str, session: Session, path: str
) -> None:
    before, after, wrong = WRONG[edit]
    text = MODEL.replace(before, after, 1)
    assert text != MODEL
    assert session.analyse(path, MODEL).diagnostics == ()
    analysis = session.analyse(path, text)
    assert session.known[path].checked.kept is not None, "all was checked again"
    lines = text.split("\n")
    said = {d.range.start.line for d in analysis.diagnostics}
    for part in wrong:
        first = text[: text.index(part)].count("\n")
        assert any(first <= n <= first + part.count("\n") for n in said), (part, said)
    assert len(said) == len(wrong), [lines[n] for n in said]
    again = session.analyse(path, MODEL)
    assert session.known[path].checked.kept is not None, "all was checked again"
    assert again.diagnostics == ()


def test_a_class_that_is_named_where_it_is_no_type(session: Session, path: str) -> None:
    """Whoever calls it outside of functions is concerned, too."""
    used = MODEL.replace("    width: int\n", "    width: int = both.__code__.co_argcount\n")
    text = used.replace("def both(x: ", "def both(y: ")
    found = concerned(functions(used), used, text)
    assert found is not None
    assert [part.name for part in found.new] == ["Holder", "narrow", "both", "Network", "outside"]
    session.analyse(path, used)
    assert session.analyse(path, text) == fresh(session, path, text)


@pytest.mark.parametrize(
    ("name", "rests"), [("Narrow", False), ("Shaped", True), ("Shapes", True), ("narrow", False)]
)
def test_what_is_to_meet_a_protocol_is_no_guess(
    name: str, rests: bool, session: Session, path: str
) -> None:
    """Of a class that is named as a type no function counts, if it meets no Protocol."""
    session.analyse(path, MODEL)
    manager = session.project.manager
    assert manager is not None
    assert declarations_rest_on(manager, "outlined", name) is rests


@pytest.mark.usefixtures("way")
def test_a_field_named_as_a_type_variable(session: Session, path: str) -> None:
    """Analysing a method of a subclass again, mypy takes it for one."""
    text = MODEL.replace("conv: Conv2D[Cin, Cout, L[3], S", "S: Conv2D[Cin, Cout, L[3], S")
    session.analyse(path, MODEL)
    assert session.analyse(path, text) == fresh(session, path, text)
    inside = text.replace("n = self.filters", "n = 3")
    assert session.analyse(path, inside) == fresh(session, path, inside)


def test_an_edit_that_begins_in_the_class_before(session: Session, path: str) -> None:
    """What it takes out of that class is not to be said any more."""
    field = "    extra: Conv2D[L[3], L[8], L[3], L[1], L[1]]\n"
    before = MODEL.replace("class Base(", f"{field}class Base(").replace(
        "    norm: BatchNorm2D[Cout]\n", "    norm: BatchNorm2D[Cout]\n    width: int\n"
    )
    assert before.count("\n") == MODEL.count("\n") + 2
    session.analyse(path, before)
    assert session.analyse(path, MODEL) == fresh(session, path, MODEL)


@pytest.mark.usefixtures("way")
def test_what_is_said_at_no_line_is_not_said_for_ever(session: Session, path: str) -> None:
    """Of a field that is inherited mypy says once more what is wrong, in what it made of it."""
    wrong = MODEL.replace("norm: BatchNorm2D[Cout]", "norm: BatchNorm2D[BatchNorm2D]")
    session.analyse(path, MODEL)
    said = session.analyse(path, wrong).diagnostics
    assert said[0].range.start.line == 0, "mypy has put it somewhere"
    assert session.analyse(path, MODEL).diagnostics == ()


@pytest.mark.parametrize("line", ["    return 3", "    break", "    yield 3"])
def test_what_could_not_run_is_checked_with_all_else(line: str) -> None:
    """There mypy leaves off, and knows nothing of what follows."""
    text = MODEL.replace("    width: int", line)
    for edited in (concerned, edited_statement):
        with pytest.raises(SyntaxError):
            edited(functions(MODEL), MODEL, text)


def test_an_outline_ends_where_the_text_does() -> None:
    known = functions(MODEL)
    ends = [len(MODEL.split("\n")[f.end - 1]) for f in known]
    outline = without_bodies(MODEL, zip(known[:2], ends[:2], strict=True))
    first = next(line for line in outline.split("\n") if "..." in line)
    assert outline.count("\n") == MODEL.count("\n")
    assert first == "        (" + " " * (ends[0] - 13) + "...)"
    assert functions(outline)[:2] == known[:2]


@pytest.mark.parametrize(
    ("before", "after", "name"),
    [
        ("inner: Narrow[C]", "inner: Narrow[C]\n    more: int", "Holder"),
        ("def narrow(c: C)", "def narrow(c: C, d: int)", "narrow"),
        ("class Holder(", "class Holding(", "Holding"),
        ("WIDTH: L[8] = 8", "WIDTH: L[9] = 9", None),
        ("from abc import abstractmethod", "from abc import ABC", None),
        ("Tensor[N, L[10]]", "Tensor[N, L[11]]", None),  # in two statements
    ],
)
def test_an_edit_is_of_one_statement(before: str, after: str, name: str | None) -> None:
    text = MODEL.replace(before, after)
    assert text != MODEL
    edited = edited_statement(functions(MODEL), MODEL, text)
    assert (None if edited is None else edited.name) == name


@pytest.mark.parametrize(
    ("before", "after", "names"),
    [
        ("head: Linear[L[8], L[10]]", "head: Linear[L[8], L[9]]", ["Network", "outside"]),
        ("kept: Narrow[C]", "kept: Narrow[C]\n    more: int", ["Shapes", "both"]),
        ("width: int", "width: L[8]", ["Holder", "narrow", "Network", "outside"]),
        ("def both(", "@once\ndef both(", ["both"]),
        ("def both(", "def neither(", ["neither"]),
        ("y = self.kept(x)", "from os import path", None),
        ("y = self.kept(x)", "y = self.kept(x)  # type: ignore", None),
        ("WIDTH: L[8] = 8", "WIDTH: L[9] = 9", [None]),
        ("WIDTH: L[8] = 8", "Network: L[9] = 9", None),  # a class, too
        ("WIDTH: L[8] = 8", "__all__ = ['Network']", [None, "outside"]),
        ("WIDTH: L[8] = 8", "__all__ = ['Conv2D']", None),  # it is hidden from others, or not
        ("abc import abstractmethod", "abc import ABC, abstractmethod", [None]),
        ("abc import abstractmethod", "abc import ABC", [None, "Shaped", "through"]),
        ("import Generic, Protocol", "import Generic", [None, "Shaped", "through"]),
        ("from abc import abstractmethod", "from abc import *", None),
        ("def narrow(", "depth = 3\n\n\ndef narrow(", [None, None]),
        ("def narrow(", "def gone() -> None: ...\n\n\ndef narrow(", ["gone"]),
        ("print(y.shape, WIDTH)", "print(y.shape, both)", ["outside"]),
        ("apply(self, x: Tensor[C, H, W])", "apply(self, x: Tensor[C, W, H])", ["Shaped"]),
        ("def __init__(self, width: C", "def __init__(self, width: int", ["Shapes", "both"]),
        (
            "def filters(self) -> int",
            "def filters(self) -> str",
            ["Base", "Derived", "Network", "outside"],
        ),
        ("y = self.squeeze(x)\n", "y = self.squeeze(x)  # here\n", ["Narrow"]),
        ("class Narrow(", "class Holder(", None),  # two of one name
        ("class Narrow(Layer, Generic[C]):", "class B(Layer, Generic[C]):", None),
    ],
)
def test_what_speaks_of_what_is_edited_is_concerned(
    before: str, after: str, names: list[str | None] | None
) -> None:
    text = MODEL.replace(before, after, 1)
    assert text != MODEL
    found = concerned(functions(MODEL), MODEL, text)
    assert (None if found is None else [part.name for part in found.new]) == names
    if found is not None:
        lines, alone = text.split("\n"), found.alone(text).split("\n")
        assert {line for line in alone if line} <= {*lines}
        assert all(line in ("", lines[n]) for n, line in enumerate(alone[: len(lines)]))
        for some, whole in ((found.own, MODEL.split("\n")), (found.new, lines)):
            heads = ["\n".join(whole[part.start - 1 :][:2]) for part in some]
            assert all((p.name or "") in head for p, head in zip(some, heads, strict=True))
