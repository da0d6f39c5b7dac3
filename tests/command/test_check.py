"""`typed-resnet check`, as one runs it."""

from __future__ import annotations

import json
import signal
from pathlib import Path

import pytest

from typed_resnet.__main__ import main

from .programs import HEAD, SENTENCE, WRONG, shell


def test_check_a_program_that_is_right(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "right.py"]) == 0
    assert capsys.readouterr().out == "1 file, 1 function checked: no errors\n"


def test_check_a_program_that_is_wrong(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "wrong.py"]) == 1
    out = capsys.readouterr().out
    assert out.splitlines() == [
        f"wrong.py:5: error: {SENTENCE}  [shape]",
        "1 file, 1 function checked: 1 error",
    ]


def test_check_names_a_size_without_its_parameters(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """To mypy they are Any, of which it says nothing without `disallow_any_generics`."""
    half = "Half = FloorDiv[H, L[2]]\n"
    halves = "def f(x: Tensor[H]) -> Tensor[Half]:\n    return x[::2]\n"
    (folder / "half.py").write_text(HEAD + half + halves)
    assert main(["check", "half.py"]) == 1
    said = (
        "half.py:5: error: Half without its parameters is no size: write Half[…]  [shape-unknown]"
    )
    assert capsys.readouterr().out.splitlines()[0] == said


def test_check_names_a_tensor_without_its_sizes(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Where it is written that is said, by any name, and nothing of what is made of it."""
    imports = "from typed_resnet import Conv2D\nfrom typed_resnet.dims import W\n"
    aliases = "Feature = Tensor\nImage = Tensor[L[3], H, W]\n"
    used = "def f(x: Feature, y: Image) -> list[Tensor]:\n    return [x + x, y + y]\n"
    given = "def g(conv: Conv2D, x: Image[H, W]) -> None:\n    conv(x)\n"
    (folder / "bare.py").write_text(HEAD + imports + aliases + used + given)
    assert main(["check", "bare.py"]) == 1
    *said, _ = capsys.readouterr().out.splitlines()
    bare = ((8, "Feature"), (8, "Image"), (8, "Tensor"), (10, "Conv2D"))
    assert said == [
        f"bare.py:{line}: error: {name} without its parameters is of unknown sizes:"
        f" write {name}[…]  [shape-unknown]"
        for line, name in bare
    ]


def test_check_says_json(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "--output", "json", "wrong.py"]) == 1
    (line,) = capsys.readouterr().out.splitlines()
    record = json.loads(line)
    assert (record["line"], record["message"], record["code"]) == (5, SENTENCE, "shape")


def test_an_error_is_silenced_by_its_code(folder: Path) -> None:
    (folder / "wrong.py").write_text(WRONG.format(comment="  # type: ignore[shape]"))
    assert main(["check", "wrong.py"]) == 0


def test_another_code_does_not_silence_it(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "wrong.py").write_text(WRONG.format(comment="  # type: ignore[arg-type]"))
    assert main(["check", "wrong.py"]) == 1
    assert SENTENCE in capsys.readouterr().out


@pytest.mark.parametrize("text", ["def f(:\n", None], ids=["no Python", "no file"])
def test_check_what_cannot_be_checked(folder: Path, text: str | None) -> None:
    if text is not None:
        (folder / "other.py").write_text(text)
    finished = shell("check", "other.py")
    assert finished.returncode == 2
    assert "Traceback" not in finished.stdout + finished.stderr
    assert "other.py" in finished.stdout + finished.stderr


def test_an_interrupted_check(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C is no error of ours to be traced."""

    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("mypy.build.build", interrupted)
    assert main(["check", "right.py"]) == 128 + signal.SIGINT
