"""Statements of a module come, go and change places: imports, classes, functions, assignments.

`HINTS_EDITS=200 HINTS_SEED=7 pytest tests/hints/test_statements.py` tries more edits, and others.
"""

from __future__ import annotations

import random
import re
from pathlib import Path

import pytest

from typed_resnet.hints import Analysis, Session
from typed_resnet.hints.parts import functions, parts
from typed_resnet.hints.statements import concerned, place_of_edit

from .test_edits import EDITS, SEED, check_as_built, fresh
from .test_loose import ANY, SCRIPT, USER, check_other_as_built
from .test_outlines import change

NEW = [
    "import os",
    "import sys, os.path",
    "from typing import Any",
    "from typed_resnet import avg_pool2d as relu",
    "from typed_resnet.dims import K, P",
    "from typed_resnet import relu as relu, Linear",
    "class Extra(Layer, Generic[C]):\n    kept: Conv2D[C, C, L[3], L[1], L[1]]",
    "def extra(x: Tensor[C, H, W]) -> Tensor[C, H, W]:\n    y = relu(x)\n    return y",
    "def relu(x: int) -> int:\n    return x",
    "class Half:\n    pass",
    "WIDTH = 3",
    "print = 3",
    "for i in range(3):\n    k = i",
    "if True:\n    flag = 1",
    "__all__ = ['DEPTH']",
    "__all__ += ['WIDTH']",
    "# a comment",
    "",
]
IMPORTED = ["Any", "Linear", "global_avg_pool2d", "K", "relu as relu", "Final as Fin", "nothing"]
TWO = """\
from typing import Any

import sys

# of one
ONE = 1


def two() -> int:
    return ONE  # here


def three() -> None:
    print(two(), sys.argv)
"""


def rearranged(text: str, chance: random.Random) -> str:
    """Let a statement come, go, or be where another is, or a name of an import."""
    lines, known = text.split("\n"), parts(text)
    part, other = chance.choice(known), chance.choice(known)
    own = lines[part.start - 1 : part.end - 1]
    match chance.choice(["come", "come", "go", "exchange", "repeat", "blank", "import"]):
        case "come":
            new = chance.choice(NEW) + chance.choice(["", "\n", "\n\n"])
            lines[part.start - 1 : part.start - 1] = new.split("\n")
        case "go":
            del lines[part.start - 1 : part.end - 1]
        case "exchange" if part.end <= other.start:
            others = lines[other.start - 1 : other.end - 1]
            lines[other.start - 1 : other.end - 1] = own
            lines[part.start - 1 : part.end - 1] = others
        case "repeat":
            lines[part.end - 1 : part.end - 1] = own
        case "blank":
            lines.insert(part.start, chance.choice(["", "# a comment"]))
        case "import":
            imports = [
                n for n, line in enumerate(lines) if re.match(r"from [\w.]+ import \w", line)
            ]
            if imports:
                place = chance.choice(imports)
                start, names = re.split(r"(?<= import )", lines[place])
                some = [*names.split(", "), chance.choice(IMPORTED)]
                some.remove(chance.choice(some))
                lines[place] = start + ", ".join(some)
    return "\n".join(lines)


@pytest.fixture(scope="module")
def script(folder: Path) -> str:
    (folder / "script.py").write_text(SCRIPT, "utf-8")
    (folder / "user.py").write_text(USER, "utf-8")
    return "script.py"


@pytest.mark.parametrize("user", [None, "user.py"])
def test_random_statements(user: str | None, session: Session, script: str) -> None:
    chance = random.Random(SEED)
    session.analyse(script, SCRIPT)
    last, small, theirs = SCRIPT, list[tuple[str, Analysis]](), list[Analysis]()
    while len(small) < EDITS:
        if user is not None:
            session.analyse(script, last)
        start = last if chance.random() < 0.6 else SCRIPT
        text = rearranged(start, chance) if chance.random() < 0.7 else change(start, chance, ANY)
        analysis = session.analyse(script, text)
        if not analysis.blocked:
            last = text
            if session.known[script].checked.kept is not None:
                small.append((text, analysis))
                if user is not None:
                    theirs.append(session.analyse(user, USER))
    check_as_built(session, script, small)
    for (text, _), analysis in zip(small, theirs, strict=False):
        check_other_as_built(session, (script, text), analysis)
    session.close("user.py")


def test_a_name_that_the_module_defines_further_down(session: Session, script: str) -> None:
    """A full check goes over a body before it knows the name, and must not call it unknown."""
    below = SCRIPT.replace("y = self.conv(x)", "y = self.conv(y)")  # the module's, of 8 channels
    assert below != SCRIPT
    text = below.replace("stem = Stem(", "other = Stem(")
    sentence = "Conv2D[3, Cout, 3, 2, 1] expects 3 channels, got 8"
    said = [d.message for d in fresh(session, script, below).diagnostics]
    assert said == [sentence]
    analysis = session.analyse(script, text)
    assert session.known[script].checked.kept is not None
    assert sentence in [d.message for d in analysis.diagnostics]
    assert analysis == fresh(session, script, text)


def test_a_size_that_is_lost_beside_such_a_name(session: Session, script: str) -> None:
    """The body is gone over twice, and the second time nothing is left out."""
    text = SCRIPT.replace("y = self.conv(x)", "relu(y)\n        return relu(self.lost())")
    text = text.replace(
        "    def __call__", "    def lost(self):\n        return 1\n\n    def __call__", 1
    )
    for analysis in (fresh(session, script, text), session.analyse(script, text + "\nq = 1\n")):
        said = [d.message for d in analysis.diagnostics]
        assert said == ["relu expects a shape in x, got [*?] of unknown size"]


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("ONE = 1", "ONE = 2", ([2], [2], 0, 9)),
        ("# of one", "# of two", ([1], [1], 0, 6)),
        ("import sys\n", "import sys\nimport os\n", ([1], [1, 2], 1, 6)),
        ("\ndef two()", "\nNEW = 2\n\n\ndef two()", ([], [3], 3, 9)),
        ("def two() -> int:\n    return ONE  # here\n\n\n", "", ([3], [], -4, 13)),
        ("ONE = 1\n", "ONE = 1\n\n", ([], [], 1, 9)),
        ("ONE", "TWO", ([2, 3], [2, 3], 0, 13)),
        ("sys.argv)\n", "sys.argv)\n\n\nprint(3)\n", ([], [5], 3, 16)),
        ("from typing", "# first\nfrom typing", None),
    ],
)
def test_where_an_edit_is(
    before: str, after: str, expected: tuple[list[int], list[int], int, int] | None
) -> None:
    text = TWO.replace(before, after)
    assert text != TWO
    found = place_of_edit(TWO, text)
    said = found and ([*found.gone], [*found.come], found.moved, found.end)
    assert said == expected
    if found is not None:
        stand = [n for n in range(len(found.was)) if n not in found.gone]
        same = [(found.was[n].source, found.now[found.now_at(n)].source) for n in stand]
        assert all(was.rstrip() == now.rstrip() for was, now in same)
        assert [found.was_at(found.now_at(n)) for n in stand] == stand


@pytest.mark.parametrize(
    ("before", "after", "names"),
    [
        ("import sys\n", "import os\n", [None, "three"]),
        ("import sys\n", "import sys, os\n", [None]),
        ("import sys\n", "import sys.path\n", [None, "three"]),
        ("import Any", "import Any as ONE", None),  # which is defined twice then
        ("def two()", "def four()", ["four", "three"]),
        ("ONE = 1", "TWO = 1", [None, "two"]),
        ("ONE = 1\n", "", ["two"]),
        ("ONE = 1", "ONE = 1\nsome = 2", [None, None]),
        ("ONE = 1", "ONE = 2", [None]),  # who speaks of it in a body mypy knows
    ],
)
def test_who_speaks_of_a_name_that_comes_or_goes(
    before: str, after: str, names: list[str | None] | None
) -> None:
    text = TWO.replace(before, after, 1)
    assert text != TWO
    found = concerned(functions(TWO), TWO, text)
    assert (None if found is None else [part.name for part in found.new]) == names
