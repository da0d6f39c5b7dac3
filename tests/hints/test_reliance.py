"""What a function comes to rely on by an edit of it alone is known where that is edited next.

Of `Holder[8]` no value can be where it holds an `Inner[8]`, and no number of channels that Inner
declares fits 8: who says `Holder[8]` names Inner nowhere.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from typed_resnet.hints import Session

HEAD = """\
from typing import Generic
from typing import Literal as L
from typed_resnet import Conv2D, Layer, Tensor
from typed_resnet.dims import C, ExactDiv
"""
INNER = """
class Inner(Layer, Generic[C]):
    conv: Conv2D[C, ExactDiv[C, L[2]], L[1], L[1], L[0]]
"""
OUTER = """
from inner import Inner
class Holder(Layer, Generic[C]):
    inner: Inner[C]
class Plain(Layer, Generic[C]):
    conv: Conv2D[C, C, L[1], L[1], L[0]]
def narrow(c: C) -> Holder[C]:
    raise NotImplementedError  # judged, never run
def plain(c: C) -> Plain[C]:
    raise NotImplementedError  # judged, never run
"""
USE = """
from outer import Holder, narrow, plain
def use() -> None:
    n = 3
    print(n)
def made() -> None:
    m = plain(8)
    print(m)
"""
SAID = ["Inner: 3 does not divide 8"]


@pytest.mark.parametrize(
    ("name", "before", "after"),
    [
        ("use", "n = 3", "n = narrow(8)"),
        ("use", "n = 3", "n: Holder[L[8]] | None = None"),
        ("use", "def use() -> None", "def use(h: Holder[L[8]]) -> None"),
        ("outer", "def plain(c: C) -> Plain[C]", "def plain(c: C) -> Holder[C]"),
    ],
    ids=["a call", "an annotation", "a signature", "of a file that is used"],
)
def test_a_field_within_a_field_of_another_file(
    name: str, before: str, after: str, session: Session, folder: Path
) -> None:
    texts = {"inner": HEAD + INNER, "outer": HEAD + OUTER, "use": HEAD + USE}
    for module, text in texts.items():
        (folder / f"{module}.py").write_text(text, "utf-8")
    for module, text in texts.items():
        assert session.analyse(f"{module}.py", text).diagnostics == ()
    texts[name] = texts[name].replace(before, after)
    session.analyse(f"{name}.py", texts[name])
    assert session.analyse("use.py", texts["use"]).diagnostics == ()
    inner = texts["inner"].replace("ExactDiv[C, L[2]]", "ExactDiv[C, L[3]]")
    session.analyse("inner.py", inner)
    said = session.analyse("use.py", texts["use"]).diagnostics
    assert [diagnostic.message for diagnostic in said] == SAID
    session.analyse("inner.py", texts["inner"])
    assert session.analyse("use.py", texts["use"]).diagnostics == ()
