"""An edit of what is neither class nor function, of `__all__`, and of what another file imports.

`HINTS_EDITS=200 HINTS_SEED=7 pytest tests/hints/test_loose.py` tries more edits, and others.
"""

from __future__ import annotations

import gc
import random
import weakref
from pathlib import Path

import pytest

from typed_resnet.hints import Analysis, Session

from .test_edits import EDITS, SEED, built, check_as_built, fresh
from .test_outlines import change

SCRIPT = """\
import sys
from typing import Final, Generic, NamedTuple, TypeVar
from typing import Literal as L

import numpy as np

from typed_resnet import Conv2D, Layer, Tensor, relu
from typed_resnet.dims import B, C, CeilDiv, Cout, H, N, W

__all__ = ["DEPTH", "Half", "Images", "Stem", "halved", "stem"]

K5 = TypeVar("K5", bound=int)
WIDTH: Final = 8
DEPTH: L[3] = 3
Images = Tensor[N, L[3], H, W]


class Stem(Layer, Generic[Cout]):
    conv: Conv2D[L[3], Cout, L[3], L[2], L[1]]

    def __call__(
        self, x: Tensor[*B, L[3], H, W]
    ) -> Tensor[*B, Cout, CeilDiv[H, L[2]], CeilDiv[W, L[2]]]:
        y = self.conv(x)
        return relu(y)


class Half(NamedTuple, Generic[C, H, W]):
    left: Tensor[C, H, W]
    right: Tensor[C, H, W]


rng = np.random.default_rng(0)
stem = Stem(Conv2D.init(rng, 3, WIDTH, 3, stride=2, padding=1))
found: Tensor[L[8], L[16], L[16]] | None = None


def halved(x: Images[L[2], H, W]) -> Tensor[L[2], L[8], CeilDiv[H, L[2]], CeilDiv[W, L[2]]]:
    y = stem(x)
    return y


def same(x: Tensor[K5, H, W]) -> Tensor[K5, H, W]:
    y = relu(x)
    return y


def main() -> None:
    image = Tensor[L[2], L[3], L[32], L[32]](np.zeros((2, 3, 32, 32)))
    y = halved(image)
    print(y.shape, DEPTH, found)


for _ in range(DEPTH):
    found = stem(Tensor[L[3], L[32], L[32]](np.zeros((3, 32, 32))))
assert found is not None
again = same(found)
both = Half(found, again)
if __name__ == "__main__":
    y = both.left + both.right
    main()
    sys.exit(y.shape[0])
"""
USER = """\
from typing import Literal as L

from typed_resnet import Tensor
from typed_resnet.dims import CeilDiv, H, N, W

from script import DEPTH, Half, Images, Stem, halved, stem


class Holder(Stem[L[8]]):
    depth: int = DEPTH


def use(x: Images[N, H, W], holder: Holder) -> Tensor[N, L[8], CeilDiv[H, L[2]], CeilDiv[W, L[2]]]:
    y = holder(x)
    z = stem(x)
    return y + z


def both(x: Tensor[L[2], L[3], L[32], L[32]]) -> Half[L[8], L[16], L[16]]:
    y = halved(x)
    print(y.shape)
    raise NotImplementedError  # judged, never run
"""
ANY: str = r"\s*\S"
"""Of a line that is not blank, the beginning."""


@pytest.fixture(scope="module")
def script(folder: Path) -> str:
    (folder / "script.py").write_text(SCRIPT, "utf-8")
    (folder / "user.py").write_text(USER, "utf-8")
    return "script.py"


def test_random_edits_say_what_a_full_check_says(session: Session, script: str) -> None:
    chance = random.Random(SEED)
    assert session.analyse(script, SCRIPT).diagnostics == ()
    last, small = SCRIPT, list[tuple[str, Analysis]]()
    while len(small) < EDITS:
        text = change(last if chance.random() < 0.6 else SCRIPT, chance, ANY)
        analysis = session.analyse(script, text)
        if not analysis.blocked:
            last = text
            if session.known[script].checked.kept is not None:
                small.append((text, analysis))
    check_as_built(session, script, small)


def check_other_as_built(session: Session, edited: tuple[str, str], said: Analysis) -> None:
    """Compare what was said of the user with a full check, or with a build, of it and a text."""
    path, text = edited
    session.analyse(path, text)
    is_said = said == fresh(session, "user.py", USER)
    assert is_said or said == built(session, "user.py", USER), text


def test_random_edits_of_what_another_file_imports(session: Session, script: str) -> None:
    chance = random.Random(SEED)
    session.analyse(script, SCRIPT)
    assert session.analyse("user.py", USER).diagnostics == ()
    last, small = SCRIPT, list[tuple[str, Analysis, Analysis]]()
    while len(small) < EDITS:
        session.analyse(script, last)
        text = change(last if chance.random() < 0.6 else SCRIPT, chance, ANY)
        analysis = session.analyse(script, text)
        if not analysis.blocked:
            last = text
            if session.known[script].checked.kept is not None:
                small.append((text, analysis, session.analyse("user.py", USER)))
    check_as_built(session, script, [(text, own) for text, own, _ in small])
    for text, _, others in small:
        check_other_as_built(session, (script, text), others)
    session.close("user.py")


def test_another_file_says_what_has_changed(session: Session, script: str) -> None:
    session.analyse(script, SCRIPT)
    assert session.analyse("user.py", USER).diagnostics == ()
    session.analyse(script, SCRIPT)
    session.analyse(script, SCRIPT.replace("N, L[3], H, W]\n", "N, L[4], H, W]\n"))
    assert session.known[script].checked.kept is not None
    said = session.analyse("user.py", USER).diagnostics
    lines = [USER.split("\n")[d.range.start.line].strip() for d in said]
    assert lines == ["y = holder(x)", "z = stem(x)", "y = halved(x)"]
    session.analyse(script, SCRIPT)
    assert session.analyse("user.py", USER).diagnostics == ()
    session.close("user.py")


def test_another_file_that_was_read_from_the_cache(script: str) -> None:
    """It is read in whole, for else each edit of what it uses would be a full check."""
    session = Session()
    session.analyse("user.py", USER)
    session.analyse(script, SCRIPT)
    session.analyse(script, SCRIPT.replace("WIDTH: Final = 8", "WIDTH: Final = 9"))
    assert session.known[script].checked.kept is not None


def test_what_was_found_of_earlier_texts_is_let_go(session: Session, script: str) -> None:
    session.analyse(script, SCRIPT)
    earlier = weakref.ref(session.known[script].checked)
    for width in (9, 10):
        session.analyse(script, SCRIPT.replace("WIDTH: Final = 8", f"WIDTH: Final = {width}"))
        assert session.known[script].checked.kept is not None
    gc.collect()
    assert earlier() is None


@pytest.mark.parametrize("extra", ["", "    # more\n"])
def test_an_edit_of_several_statements(extra: str, session: Session, script: str) -> None:
    session.analyse(script, SCRIPT)
    text = SCRIPT.replace("L[8]", "L[9]").replace("    main()\n", f"    main()\n{extra}")
    analysis = session.analyse(script, text)
    assert session.known[script].checked.kept is not None
    assert len({d.range.start.line for d in analysis.diagnostics}) == 2
    assert analysis == fresh(session, script, text)


@pytest.mark.parametrize(
    ("before", "after", "wrong"),
    [
        ("WIDTH: Final = 8", "WIDTH: Final = 9", ["found = stem(", "return y\n\n\ndef same"]),
        ("DEPTH: L[3] = 3", "DEPTH: L[4] = 3", ["= 3\nImages"]),
        ("N, L[3], H, W]\n", "N, L[4], H, W]\n", ["y = stem(x)", "y = halved(image)"]),
        ("= same(found)", "= found", []),
        ("is not None\nagain", "is None\nagain", ["again = same(", "both = Half("]),
        ("both.left + both.right", "both.left + both.rigth", ["y = both.left"]),
        ('"Half", ', "", None),
    ],
)
def test_what_a_module_has_besides_classes_and_functions(
    before: str, after: str, wrong: list[str] | None, session: Session, script: str
) -> None:
    text = SCRIPT.replace(before, after, 1)
    assert text != SCRIPT
    session.analyse(script, SCRIPT)
    analysis = session.analyse(script, text)
    assert (session.known[script].checked.kept is None) == (wrong is None)
    said = {d.range.start.line for d in analysis.diagnostics}
    assert said == {text[: text.index(part)].count("\n") for part in wrong or []}
    assert analysis == fresh(session, script, text)
