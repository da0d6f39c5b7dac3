"""An edit of one function is checked alone, and nothing is said that a full check would not say.

`HINTS_EDITS=200 HINTS_SEED=7 pytest tests/hints/test_edits.py` tries more edits, and others.
"""

from __future__ import annotations

import os
import random
import re
from pathlib import Path

import pytest

from typed_resnet.hints import Analysis, Session
from typed_resnet.hints.bodies import edited
from typed_resnet.hints.parts import functions
from typed_resnet.hints.standing import Standing

EXAMPLES = Path(__file__).parents[2] / "examples"
EDITS = int(os.environ.get("HINTS_EDITS", "12"))
SEED = int(os.environ.get("HINTS_SEED", "1"))

TEXT = """\
from typed_resnet import relu

class A:
    x: int

    @property
    def f(self) -> int:
        # one
        return 1

    def g(self) -> int:
        return 2
    # the last

    def one(self) -> int: return 3

def h(
    x: int,
) -> int:
    def inner() -> int:
        return 4
    return inner() + x
"""
WRITTEN = [
    "q = 1",
    "return x",
    "print(x.shape)",
    "x = y = 3",
    "for i in [1, 2]: w = i",
    "z: int = 'a'",
    "assert isinstance(x, int)",
    "def inner(a: int) -> int:\n{}    return a",
    "del x",
    "class A: pass",
    "import os",
    "yield 1",
    "self.k = 1",
    "break",
    "x: int = 1  # type: ignore",
]


def change(text: str, chance: random.Random) -> str:
    """Do what people do to a line: write another, take it out, say it twice, change a word."""
    lines = text.split("\n")
    place = chance.choice([n for n, line in enumerate(lines) if line.startswith("    ")])
    line = lines[place]
    indent = line[: len(line) - len(line.lstrip())]
    words = [*re.finditer(r"\b[a-z]\w*\b|\b\d+\b", line)]
    match chance.choice(["write", "remove", "blank", "repeat", "comment", "rename", "exchange"]):
        case "write":
            lines.insert(place, indent + chance.choice(WRITTEN).format(indent))
        case "remove":
            del lines[place]
        case "blank":
            lines.insert(place, "")
        case "repeat":
            lines.insert(place, line)
        case "comment":
            lines[place] = f"{line}  # a note"
        case "rename" if words:
            word = chance.choice(words)
            other = chance.choice(re.findall(r"\b[a-z]\w*\b|\b\d+\b", text))
            lines[place] = line[: word.start()] + other + line[word.end() :]
        case "exchange" if place + 1 < len(lines):
            lines[place : place + 2] = lines[place + 1], lines[place]
    return "\n".join(lines)


def fresh(session: Session, path: str, text: str) -> Analysis:
    """Check all of a text, whatever was known of it."""
    session.project.standing = Standing()
    session.known.clear()
    return session.analyse(path, text)


@pytest.mark.parametrize("name", ["lenet", "own_block", "unet"])
def test_small_edits_say_what_a_full_check_says(name: str, session: Session, folder: Path) -> None:
    path, saved = f"{name}.py", (EXAMPLES / f"{name}.py").read_text("utf-8")
    (folder / path).write_text(saved, "utf-8")
    chance = random.Random(SEED)
    session.analyse(path, saved)
    built, last = session.project.manager, saved
    small: list[tuple[str, Analysis]] = []
    while len(small) < EDITS:
        text = change(last if chance.random() < 0.85 else saved, chance)
        analysis = session.analyse(path, text)
        if not analysis.blocked:
            last = text
            if session.known[path].checked.change is not None:
                small.append((text, analysis))
    assert session.project.manager is built, "a small edit was not survived"
    check_as_built(session, path, small)


def check_as_built(session: Session, path: str, said: list[tuple[str, Analysis]]) -> None:
    """Compare what was said of each text with a full check, and of the last with a new build.

    A build has the last word: after other edits mypy's daemon may leave out what a build says.
    """
    for text, analysis in said:
        is_said = analysis == fresh(session, path, text)
        assert is_said or analysis == built(session, path, text), text
    text, analysis = said[-1]
    assert analysis == built(session, path, text), "a build says something else"


def built(session: Session, path: str, text: str) -> Analysis:
    """Check a text anew: mypy's daemon may leave something out after others."""
    saved = Path(path).read_text("utf-8")
    Path(path).write_text(text, "utf-8")
    session.project.stop()
    try:
        return fresh(session, path, text)
    finally:
        Path(path).write_text(saved, "utf-8")


def line_of(text: str, part: str) -> int:
    return text[: text.index(part)].count("\n") + 1


@pytest.mark.parametrize(
    ("before", "after", "function"),
    [
        ("return 1", "return 11", "def f"),
        (
            "        # one\n",
            "        # two\n        x = 1\n",
            None,
        ),  # may belong to the line above
        ("        return 2\n", "        x = 2\n        return x\n", "def g"),
        ("    # the last\n", "        return 5\n", "def g"),
        (
            "            return 4\n".replace("            ", "        "),
            "        return 44\n",
            "def h",
        ),
        ("return inner() + x\n", "return x\n", "def h"),
        ("return 1", "return 1)", None),
        ("        return 2\n", "        return (\n", None),
        ("        return 2\n", "    x = 3\n", None),
        ("        return 2\n", "        return 2\n    y = 3\n", None),
        ("        return 2\n", "        '''\n", None),
        ("        return 2\n", "        self.y = 2\n", None),
        ("        return 2\n", "        yield 2\n", None),
        ("        return 2\n", "        import os\n", None),
        ("        return 2\n", "        class B: pass\n", None),
        ("        return 2\n", "        return 2  # type: ignore\n", None),
        ("        return 2\n", "        break\n", None),
        ("        return 2\n", "", None),
        ("return 3", "return 33", None),
        ("    x: int,", "    x: str,", None),
        ("    x: int\n", "    x: str\n", None),
        ("@property", "@staticmethod", None),
        ("def g(self)", "def gg(self)", None),
    ],
)
def test_an_edit_is_small_where_it_changes_one_body(
    before: str, after: str, function: str | None
) -> None:
    text = TEXT.replace(before, after, 1)
    assert text != TEXT
    edit = edited(functions(TEXT), TEXT, text)
    if function is None:
        assert edit is None
    else:
        assert edit is not None
        assert edit.function.line == line_of(TEXT, function)
        assert edit.apply(functions(TEXT)) == functions(text)


def test_functions_whose_bodies_stand_apart() -> None:
    lines = TEXT.split("\n")
    found = functions(TEXT)
    assert [lines[f.line - 1].split("(")[0].strip() for f in found] == ["def f", "def g", "def h"]
    assert [lines[f.end - 1].strip() for f in found] == [
        "return 1",
        "return 2",
        "return inner() + x",
    ]
