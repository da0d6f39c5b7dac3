"""What a session says of texts as they are written."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from typed_resnet.hints import Analysis, Hint, Kind, Position, Session, Severity

HEAD = """\
from typing import Literal as L
import numpy as np
from typed_resnet import Conv2D, Tensor, relu, cast
from typed_resnet.dims import B, C, CeilDiv, H, S, W

"""

STEM = "Conv2D[L[3], L[64], L[7], S, L[3]]"


def labels(analysis: Analysis, kind: Kind | None = None) -> list[str]:
    return [hint.label for hint in analysis.hints if kind in (None, hint.kind)]


def shown(text: str, hints: tuple[Hint, ...]) -> str:
    """Write a text with its hints in it, in ‹brackets›."""
    lines = text.splitlines()
    for hint in reversed(hints):
        line, column = hint.range.end.line, hint.range.end.column
        lines[line] = f"{lines[line][:column]}‹{hint.label}›{lines[line][column:]}"
    return "\n".join(lines) + "\n"


def says(session: Session, body: str, name: str = "model.py") -> tuple[str, list[str]]:
    analysis = session.analyse(name, HEAD + body)
    said = [diagnostic.message for diagnostic in analysis.diagnostics]
    return shown(HEAD + body, analysis.hints).removeprefix(HEAD), said


def test_hints_after_names_loops_and_calls(session: Session) -> None:
    body = f"""\
def f(conv: {STEM}, x: Tensor[*B, L[3], H, W]) -> None:
    y = relu(conv(x))
    for z in [y, y]:
        u, (v, n) = z, (z, 1)
    w = [q for q in [x]]
    if (k := conv(x)) is y:
        return
"""
    assert says(session, body) == (
        f"""\
def f(conv: {STEM}, x: Tensor[*B, L[3], H, W]) -> None:
    y‹: Tensor[*B, 64, ⌈H/S⌉, ⌈W/S⌉]› = relu(conv(x)‹ → [*B, 64, ⌈H/S⌉, ⌈W/S⌉]›)
    for z‹: Tensor[*B, 64, ⌈H/S⌉, ⌈W/S⌉]› in [y, y]:
        u‹: Tensor[*B, 64, ⌈H/S⌉, ⌈W/S⌉]›, (v‹: Tensor[*B, 64, ⌈H/S⌉, ⌈W/S⌉]›, n) = z, (z, 1)
    w‹: list[Tensor[*B, 3, H, W]]› = [q‹: Tensor[*B, 3, H, W]› for q in [x]]
    if (k‹: Tensor[*B, 64, ⌈H/S⌉, ⌈W/S⌉]› := conv(x)) is y:
        return
""".replace("[q‹: Tensor[*B, 3, H, W]› for q in", "[q for q‹: Tensor[*B, 3, H, W]› in"),
        [],
    )


def test_hints_of_a_sequence_say_what_it_takes_and_returns(session: Session) -> None:
    body = """\
from typed_resnet.layers import Flatten, Linear, Sequential
def main(rng: np.random.Generator) -> None:
    stem = Sequential(Conv2D.init(rng, 3, 8, 3, stride=2, padding=1), relu)
    head = Sequential(Flatten(), Linear.init(rng, 12, 2))
"""
    analysis = session.analyse("model.py", HEAD + body)
    assert labels(analysis, Kind.NAME) == [
        ": Sequential[Tensor[*B, 3, H, W] -> Tensor[*B, 8, ⌈H/2⌉, ⌈W/2⌉]]",
        ": Sequential[Flatten, Linear[12, 2]]",
    ]


def test_hints_of_layers_built_from_numbers(session: Session) -> None:
    body = """\
def main(rng: np.random.Generator) -> None:
    stem = Conv2D.init(rng, 3, 64, 7, stride=2, padding=3)
    print(stem(Tensor.zeros(5, 3, 32, 32)), len([Conv2D.init(rng, 3, 8, 1)]))
"""
    assert says(session, body) == (
        """\
def main(rng: np.random.Generator) -> None:
    stem‹: Conv2D[3, 64, 7, 2, 3]› = Conv2D.init(rng, 3, 64, 7, stride=2, padding=3)
    print(stem(Tensor.zeros(5, 3, 32, 32)‹ → [5, 3, 32, 32]›)‹ → [5, 64, 16, 16]›,\
 len([Conv2D.init(rng, 3, 8, 1)‹ → Conv2D[3, 8, 1, 1, 0]›]))
""",
        [],
    )


def test_a_function_without_annotations(session: Session) -> None:
    body = """\
def f(n):
    x = Tensor.zeros(3, 8, 8)
    return x + Tensor.zeros(1, 8, 8)
"""
    text, said = says(session, body)
    assert text == body.replace("x =", "x‹: Tensor[3, 8, 8]› =").replace(
        "zeros(1, 8, 8)", "zeros(1, 8, 8)‹ → [1, 8, 8]›"
    )
    assert said == ["+ expects 3 on axis 0, got 1"]


def test_no_hint_repeats_what_the_text_says(session: Session) -> None:
    body = """\
def f(x: Tensor[C, H, W]) -> Tensor[C, H, W]:
    y: Tensor[C, H, W] = relu(x)
    print(cast(Tensor[L[3], H, W], x.array))
    return relu(y)

def unsized(x: Tensor[C, H, W]) -> int:
    n = len(x.shape)
    g = f
    return n
"""
    assert says(session, body) == (body, [])


def test_a_tuple_of_no_known_length(session: Session) -> None:
    body = """\
def f(xs: list[Tensor[C, H, W]]) -> int:
    ys = tuple(xs)
    return len(ys)
"""
    text, said = says(session, body)
    assert text.splitlines()[1] == "    ys‹: tuple[Tensor[C, H, W], ...]› = tuple(xs)"
    assert said == []


def test_each_type_of_a_tuple_is_said_once(session: Session) -> None:
    body = """\
def f(x: Tensor[C, H, W], y: Tensor[H, W]) -> tuple[Tensor[C, H, W], Tensor[H, W]]:
    a, (b, _) = relu(x), (relu(y), 1)
    both = relu(a), relu(b)
    first, *rest = relu(x), relu(x), relu(x)
    print(both, first, rest)
    return relu(a), relu(b)
"""
    text, said = says(session, body)
    assert (text.splitlines()[1:4], said) == (
        [
            "    a‹: Tensor[C, H, W]›, (b‹: Tensor[H, W]›, _) = relu(x), (relu(y), 1)",
            "    both‹: tuple[Tensor[C, H, W], Tensor[H, W]]› = relu(a), relu(b)",
            "    first‹: Tensor[C, H, W]›, *rest‹: list[Tensor[C, H, W]]› = "
            "relu(x)‹ → [C, H, W]›, relu(x)‹ → [C, H, W]›, relu(x)‹ → [C, H, W]›",
        ],
        [],
    )
    assert text.splitlines()[5] == "    return relu(a), relu(b)"


def test_a_mistake_is_said_in_the_words_of_check(session: Session) -> None:
    body = f"""\
def f(conv: {STEM}, x: Tensor[L[1], H, W]) -> Tensor[L[64], H, W]:
    y = conv(x)
    return relu(conv(Tensor.zeros(3, 4, 4)))
"""
    analysis = session.analyse("model.py", HEAD + body)
    first, second = analysis.diagnostics
    assert first.message == "Conv2D[3, 64, 7, S, 3] expects 3 channels, got 1"
    assert (first.code, first.severity) == ("shape", Severity.ERROR)
    line = HEAD.count("\n") + 1
    assert (first.range.start, first.range.end) == (Position(line, 13), Position(line, 14))
    assert second.message.startswith("returns height 3//S + 1, declared H")
    assert labels(analysis, Kind.NAME) == []  # a type that a mistake has made unknown


def test_half_written_code_keeps_the_hints_around_it(session: Session) -> None:
    body = f"""\
def f(conv: {STEM}, x: Tensor[L[3], H, W]) -> None:
    a = conv(x)
    b = conv(x)
    c = conv(x)
"""
    whole = session.analyse("model.py", HEAD + body)
    broken = session.analyse("model.py", HEAD + body.replace("b = conv(x)", "b = conv(\n    ("))
    assert broken.blocked
    assert {diagnostic.code for diagnostic in broken.diagnostics} == {"syntax"}
    a, _, c = whole.hints
    assert broken.hints[0] == a
    assert broken.hints[1].range == c.range.shifted(1)
    assert len(broken.hints) == 2
    assert session.analyse("model.py", HEAD + body) == whole


def test_columns_count_characters(session: Session) -> None:
    body = """\
def f(x: Tensor[C, H, W]) -> None:
    é = "é⌈😀"; y = relu(x); z = relu(relu(y))
"""
    assert says(session, body)[0].endswith("""\
    é = "é⌈😀"; y‹: Tensor[C, H, W]› = relu(x);\
 z‹: Tensor[C, H, W]› = relu(relu(y)‹ → [C, H, W]›)
""")


def test_a_text_not_saved_counts_in_other_files(session: Session, folder: Path) -> None:
    own = "def own(x: Tensor[C, H, W]) -> Tensor[C, {}, W]:\n    return Tensor(x.array)\n"
    user = "from own import own\n\ndef f(x: Tensor[C, H, W]) -> None:\n    y = own(x)\n"
    (folder / "own.py").write_text(HEAD + own.format("H"))
    assert ": Tensor[C, H, W]" in says(session, user)[0]
    session.analyse("own.py", HEAD + own.format("CeilDiv[H, L[2]]"))
    assert ": Tensor[C, ⌈H/2⌉, W]" in says(session, user)[0]
    session.close("own.py")
    assert ": Tensor[C, H, W]" in says(session, user)[0]


def test_a_text_not_saved_counts_when_mypy_starts_anew(session: Session, folder: Path) -> None:
    """So it does where a further file is opened, or a text imports what was not read."""
    (folder / "own.py").write_text(HEAD + "x = Tensor.zeros(3)\n")
    session.analyse("own.py", HEAD + "x = Tensor.zeros(4)\n")
    for body in (
        "from own import x\ny = relu(x)\n",
        "import colorsys\nfrom own import x\ny = relu(x)\n",
    ):
        built = session.project.manager
        shown, _ = says(session, body, "opened.py")
        assert session.project.manager is not built, "nothing was started anew"
        assert "y‹: Tensor[4]›" in shown
    session.close("own.py")
    session.close("opened.py")


def test_a_file_that_is_on_no_disk_counts_in_others(folder: Path) -> None:
    session = Session()
    session.analyse("unsaved.py", HEAD + "x = Tensor.zeros(3)\n")
    session.analyse("unfinished.py", HEAD + "x = Tensor.zeros(\n")
    assert says(session, "from unsaved import x\ny = relu(x)\n", "user.py") == (
        "from unsaved import x\ny‹: Tensor[3]› = relu(x)\n",
        [],
    )


def test_a_change_on_disk_counts(session: Session, folder: Path) -> None:
    other = "def other(x: Tensor[C, H, W]) -> Tensor[C, {}, W]:\n    return Tensor(x.array)\n"
    user = "from other import other\n\ndef f(x: Tensor[C, H, W]) -> None:\n    y = other(x)\n"
    assert says(session, user, "user.py")[1] != []
    (folder / "other.py").write_text(HEAD + other.format("H"))
    assert says(session, user, "user.py") == (user.replace("y =", "y‹: Tensor[C, H, W]› ="), [])
    (folder / "other.py").write_text(HEAD + other.format("L[5]"))
    assert says(session, user, "user.py") == (user.replace("y =", "y‹: Tensor[C, 5, W]› ="), [])


def test_a_new_import_is_read_from_the_cache(session: Session) -> None:
    """Left to mypy's fine-grained mode, it and all that it imports would be read without."""
    body = "import unittest.mock\n\nx: unittest.mock.Mock = 1\n"
    said = says(session, body)[1]
    assert said[-1].startswith("Incompatible types in assignment")
    start = time.perf_counter()
    says(session, body + "y = 2\n")
    assert time.perf_counter() - start < 0.5


def test_a_file_that_is_broken_on_disk(folder: Path) -> None:
    (folder / "broken.py").write_text(HEAD + "x = Tensor.zeros(\n")
    session = Session()
    broken = session.analyse("broken.py")
    assert (broken.blocked, broken.hints) == (True, ())
    assert [diagnostic.code for diagnostic in broken.diagnostics] == ["syntax"]
    assert labels(session.analyse("broken.py", HEAD + "x = Tensor.zeros(3)\n")) == [": Tensor[3]"]


def test_a_configuration_that_cannot_be_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mypy.ini").write_text("[mypy]\nplugins = nowhere\n")
    session = Session()
    analysis = session.analyse("model.py", "x = 1\n")
    assert analysis.blocked
    assert 'Error importing plugin "nowhere"' in analysis.diagnostics[0].message
    (tmp_path / "mypy.ini").unlink()
    assert not session.analyse("model.py", "x = 1\n").blocked


@pytest.mark.parametrize(
    ("name", "wrong", "said"),
    [
        ("mypy.ini", "[mypy\nstrict = true\n", "mypy.ini: File contains no section headers."),
        ("mypy.ini", "[mypy]\nstrikt = true\n", "mypy.ini: [mypy]: Unrecognized option: strikt"),
        ("mypy.ini", "[mypy]\nstrict = maybe\n", "mypy.ini: [mypy]: strict: Not a boolean"),
        ("pyproject.toml", "[tool.mypy\n", "pyproject.toml: Expected ']' at the end of a table"),
    ],
)
def test_a_configuration_that_is_read_in_part(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, wrong: str, said: str
) -> None:
    """So mypy goes on with what it understands, and so do we; changed, it is read again."""
    monkeypatch.chdir(tmp_path)
    session = Session()
    (tmp_path / name).write_text(wrong.splitlines()[0].rstrip("]") + "]\n")
    assert session.analyse("model.py", HEAD + "x = Tensor.zeros(2)\n").complaint == ""
    (tmp_path / name).write_text(wrong)
    for _ in range(2):
        analysis = session.analyse("model.py", HEAD + "x = Tensor.zeros(3)\n")
        assert analysis.complaint.startswith(said)
        assert labels(analysis) == [": Tensor[3]"]
    (tmp_path / name).unlink()
    assert session.analyse("model.py", HEAD + "x = Tensor.zeros(4)\n").complaint == ""


def test_an_option_that_mypy_refuses(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mypy.ini").write_text("[mypy]\npython_version = 2.7\n")
    analysis = Session().analyse("model.py", "x = 1\n")
    assert analysis.blocked
    (told,) = analysis.diagnostics
    assert told.message.startswith(
        "typed-resnet: error: Mypy no longer supports checking Python 2"
    )


def test_what_a_configuration_asks_of_mypy_itself_is_left_to_mypy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    reports = "any_exprs_report = reports\njunit_xml = report.xml\nincremental = false\n"
    (tmp_path / "mypy.ini").write_text(f"[mypy]\n{reports}")
    (tmp_path / "model.py").write_text(HEAD + "x = Tensor.zeros(3)\n")
    assert labels(Session().analyse("model.py")) == [": Tensor[3]"]
    assert {file.name for file in tmp_path.iterdir()} <= {"mypy.ini", "model.py", ".mypy_cache"}


def test_every_expression_with_sizes_is_known(session: Session) -> None:
    analysis = session.analyse("model.py", HEAD + "x = Tensor.zeros(3, 4)\nprint(relu(-x))\n")
    line = HEAD.count("\n") + 1
    types = [(e.range.start.column, e.type) for e in analysis.expressions
             if e.range.start.line == line]  # fmt: skip
    assert [d.message for d in analysis.diagnostics] == []
    assert types == [(6, "Tensor[3, 4]"), (11, "Tensor[3, 4]"), (12, "Tensor[3, 4]")]


def test_lines_end_as_they_do_elsewhere(session: Session) -> None:
    """A form feed ends no line, for Python and for editors; a carriage return may."""
    text = (HEAD + "f = '\x0c'\nx = Tensor.zeros(3)\n").replace("\n", "\r\n")
    analysis = session.analyse("model.py", text)
    assert labels(analysis) == [": Tensor[3]"]
    assert analysis.hints[0].range.end == Position(HEAD.count("\n") + 1, 1)


def test_there_is_no_such_file(session: Session) -> None:
    with pytest.raises(FileNotFoundError):
        session.analyse("nowhere.py")
