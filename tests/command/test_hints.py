"""`typed-resnet hints`, as one runs it."""

from __future__ import annotations

from pathlib import Path

import pytest

from typed_resnet.__main__ import main

from .programs import RIGHT, SENTENCE


def test_hints_of_a_program(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "stem.py").write_text(RIGHT + "\ny = stem\nhalf = Tensor.zeros(3, 4)\n")
    assert main(["hints", "stem.py"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "stem.py"
    (named,) = [line for line in lines if "half = " in line]
    assert named.endswith("   half: Tensor[3, 4]")


def test_hints_of_what_is_wrong(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["hints", "wrong.py"]) == 1
    assert f"~ {SENTENCE}  [shape]" in capsys.readouterr().out


def test_hints_as_a_page(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["hints", "wrong.py", "--html", "wrong.html"]) == 1
    assert capsys.readouterr().out.endswith("1 error\n")
    text = Path("wrong.html").read_text()
    assert f"{SENTENCE} " in text
    assert main(["hints", "wrong.py", "--html", "nowhere/wrong.html"]) == 2
    assert "--html cannot write nowhere/wrong.html: No such file" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (None, "cannot read other.py: No such file or directory"),
        (b"x = '\xff'\n", "cannot read other.py: it is not UTF-8"),
    ],
)
def test_hints_of_what_cannot_be_read(
    folder: Path, text: bytes | None, message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    if text is not None:
        (folder / "other.py").write_bytes(text)
    assert main(["hints", "other.py"]) == 2
    assert message in capsys.readouterr().err


def test_hints_of_what_is_no_python(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "other.py").write_text("def f(:\n")
    assert main(["hints", "other.py"]) == 2
    assert "but it could not be checked" in capsys.readouterr().out
