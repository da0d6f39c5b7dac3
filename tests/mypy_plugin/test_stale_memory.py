"""In one daemon, edit after edit: what the plugin remembers is dropped with what it rests on."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from .project import daemon_in
from .test_workings import Project

FILES = {
    "image": """\
from typing import Generic
from typing import Literal as L
from typed_resnet import Tensor
from typed_resnet.dims import H, W

class Image(Tensor[L[3], H, W], Generic[H, W]):
    pass
""",
    "block": """\
from typing import Generic
from typing import Literal as L
from typed_resnet import Conv2D, Layer
from typed_resnet.dims import C

class Block(Layer, Generic[C]):
    conv: Conv2D[C, C, L[3], L[1], L[1]]
""",
    "width": "from typing import Literal as L\n\nWidth = L[8]\n",
    "rule": """\
from typing import Literal as L
from typed_resnet import Tensor
from typed_resnet.dims import CeilDiv, H

def halve(x: Tensor[H]) -> Tensor[CeilDiv[H, L[2]]]:
    raise NotImplementedError  # judged, never run
""",
    "what": "What = object\n",
    "taker": """\
from what import What

def take(what: What) -> None:
    raise NotImplementedError  # judged, never run
""",
    "ring": """\
from typing import Generic
from typing import Literal as L
from typed_resnet import Conv2D, Layer
from typed_resnet.dims import C, ExactDiv
import holder

class Block(Layer, Generic[C]):
    conv: Conv2D[C, ExactDiv[C, L[2]], L[3], L[1], L[1]]

def block(c: C) -> Block[C]:
    raise NotImplementedError  # judged, never run

def holds(x: "holder.Holder[L[8]]", y: "holder.Holder[L[6]]") -> None:
    block(6)
""",
    "holder": """\
from typing import Generic
from typed_resnet import Layer
from typed_resnet.dims import C
import ring

class Holder(Layer, Generic[C]):
    block: "ring.Block[C]"
""",
    "writer": """\
from typing import Literal as L
from holder import Holder

def write(x: Holder[L[6]]) -> None:
    raise NotImplementedError  # judged, never run

def make() -> Holder[L[8]]:
    raise NotImplementedError  # judged, never run
""",
    "part": """\
from typing import TypeVar
from ring import Block

C = TypeVar("C", bound=int)
Part = list[C]

def part(c: C) -> list[C]:
    raise NotImplementedError  # judged, never run
""",
    "wheel": """\
from typing import Generic
from typed_resnet.dims import C
from part import Part, part

class Written(Generic[C]):
    part: Part[C]

class Inferred(Generic[C]):
    def __init__(self, c: C) -> None:
        self.part = part(c)
""",
    "axle": """\
from typing import Literal as L
from wheel import Inferred, Written

def write(x: Written[L[7]]) -> None:
    raise NotImplementedError  # judged, never run

def infer(x: Inferred[L[7]]) -> None:
    raise NotImplementedError  # judged, never run
""",
    "user": """\
from typing import Literal as L
from typed_resnet import Tensor
from typed_resnet.dims import C, H, W
from block import Block
from image import Image
from rule import halve
from taker import take
from width import Width

def takes(x: Tensor[L[3], H, W]) -> Tensor[H, W]:
    raise NotImplementedError  # judged, never run

def narrow(x: Tensor[Width, H]) -> Tensor[H]:
    raise NotImplementedError  # judged, never run

def of_a_base(x: Image[H, W]) -> Tensor[H, W]:
    return takes(x)

def of_a_field(block: Block[C], x: Tensor[C, H, W]) -> Tensor[C, H, W]:
    return block.conv(x) + x

def of_an_alias(x: Tensor[L[8], H]) -> Tensor[H]:
    return narrow(x)

def of_a_rule(x: Tensor[L[9]], y: Tensor[L[5]]) -> Tensor[L[5]]:
    return halve(x) + y

def of_no_size(x: Tensor[L[9]]) -> None:
    take(x)
""",
}

EDITS = {
    "a base class": (
        "image", "Tensor[L[3], H, W]", "Tensor[L[1], H, W]",
        "user.py:17: error: takes expects 3 on axis 0, got 1  [shape]",
    ),
    "the type of a field": (
        "block", "L[3], L[1]", "L[3], L[2]",
        "user.py:20: error: + expects height ⌈H/2⌉, got H: at H = 2 they are 1 and 2  [shape]",
    ),
    "an alias of a size": (
        "width", "L[8]", "L[9]",
        "user.py:23: error: narrow expects 9 on axis 0, got 8  [shape]",
    ),
    "a rule": (
        "rule", "L[2]", "L[3]",
        "user.py:26: error: + expects 3 on axis 0, got 5  [shape]",
    ),
    "what takes no size": (
        "what", "What = object",
        "from typing import Literal as L\nfrom typed_resnet import Tensor\nWhat = Tensor[L[8]]",
        "user.py:29: error: take expects 8 on axis 0, got 9  [shape]",
    ),
    "a field of a class that stands in a field of what is named": (
        "ring", "ExactDiv[C, L[2]]", "ExactDiv[C, L[4]]",
        "ring.py:13: error: Block: 4 does not divide 6  [shape-range]\n"
        "ring.py:14: error: Block: 4 does not divide 6  [shape-range]\n"
        "writer.py:4: error: Block: 4 does not divide 6  [shape-range]",
    ),
    "a base of a class that stands in a field": (
        "ring", "class Block(Layer, Generic[C])",
        "class By4(Layer, Generic[C]):\n"
        "    conv4: Conv2D[C, ExactDiv[C, L[4]], L[3], L[1], L[1]]\n\n"
        "class Block(By4[C], Generic[C])",
        "ring.py:16: error: Block: 4 does not divide 6  [shape-range]\n"
        "ring.py:17: error: Block: 4 does not divide 6  [shape-range]\n"
        "writer.py:4: error: Block: 4 does not divide 6  [shape-range]",
    ),
    "a field more": (
        "ring", "L[1], L[1]]\n",
        "L[1], L[1]]\n    by4: Conv2D[ExactDiv[C, L[4]], C, L[3], L[1], L[1]]\n",
        "ring.py:14: error: Block: 4 does not divide 6  [shape-range]\n"
        "ring.py:15: error: Block: 4 does not divide 6  [shape-range]\n"
        "writer.py:4: error: Block: 4 does not divide 6  [shape-range]",
    ),
    "what an alias in a field stands for": (
        "part", "Part = list[C]", "Part = Block[C]",
        "axle.py:4: error: Block: 2 does not divide 7  [shape-range]",
    ),
    "what is inferred for a field": (
        "part", "-> list[C]", "-> Block[C]",
        "axle.py:7: error: Block: 2 does not divide 7  [shape-range]",
    ),
}  # fmt: skip
"""What is edited: the module, what stands there, what is put for it, and what mypy then says."""


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    made = Project(tmp_path_factory.mktemp("daemon"))
    made.write("mypy.ini", "[mypy]\nplugins = typed_resnet.mypy_plugin\nstrict = true\n")
    for name, text in FILES.items():
        made.write(f"{name}.py", text)
    try:
        made.run("mypy.dmypy", "start")
        yield made
    finally:
        made.run("mypy.dmypy", "stop")


@pytest.mark.parametrize("edit", EDITS)
def test_verdict_follows_an_edit(edit: str, project: Project) -> None:
    module, before, after, error = EDITS[edit]
    text = FILES[module]
    files = [f"{name}.py" for name in FILES]
    assert project.run("mypy.dmypy", "check", *files) == []
    try:
        # Within a second, mypy's daemon tells files by their length.
        project.write(f"{module}.py", f"{text.replace(before, after)}# edited\n")
        assert project.run("mypy.dmypy", "check", *files) == error.splitlines()
    finally:
        project.write(f"{module}.py", text)
    assert project.run("mypy.dmypy", "check", *files) == []


def test_a_cache_is_not_trusted_where_a_field_within_a_field_has_changed(tmp_path: Path) -> None:
    """Nothing that `writer` names has changed, nor what mypy takes for its interface."""
    made = Project(tmp_path)
    made.write("mypy.ini", "[mypy]\nplugins = typed_resnet.mypy_plugin\nstrict = true\n")
    for name in ("holder", "ring", "writer"):
        made.write(f"{name}.py", FILES[name])
    assert made.run("mypy", "writer.py") == []
    made.write("ring.py", FILES["ring"].replace("ExactDiv[C, L[2]]", "ExactDiv[C, L[4]]"))
    wrong = "error: Block: 4 does not divide 6  [shape-range]"
    expected = [f"ring.py:13: {wrong}", f"ring.py:14: {wrong}", f"writer.py:4: {wrong}"]
    assert sorted(made.run("mypy", "writer.py")) == expected


def test_a_method_is_not_looked_into(tmp_path: Path) -> None:
    """Who relies on the fields of a class is checked again where one has sizes, not else."""
    for name in ("holder", "ring", "writer"):
        (tmp_path / f"{name}.py").write_text(FILES[name])
    daemon = daemon_in(tmp_path, "holder", "ring", "writer")
    ring = tmp_path / "ring.py"
    last = "    conv: Conv2D[C, ExactDiv[C, L[2]], L[3], L[1], L[1]]\n"
    for more, is_told in (
        ("    def width(self) -> int:\n        return 1\n", False),
        ("    number: int\n", False),
        ("    conv2: Conv2D[C, C, L[3], L[1], L[1]]\n", True),
    ):
        ring.write_text(FILES["ring"].replace(last, last + more))
        assert daemon.update([("ring", str(ring))], []) == []
        daemon.flush_cache()
        daemon.manager.fscache.flush()
        assert ("writer.write" in daemon.processed_targets) is is_told
