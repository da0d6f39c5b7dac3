"""What all commands have in common: help, what they lack, and where they write."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from typed_resnet.__main__ import main

from .programs import HALVED, shell


@pytest.mark.parametrize(
    "arguments", [["--help"], [], ["check", "--help"], ["hints", "-h"], ["summary", "-h"]]
)
def test_help(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        main(arguments)
    assert end.value.code == 0
    assert "usage: typed-resnet" in capsys.readouterr().out


@pytest.mark.parametrize("arguments", [["chekc"], ["summary"], ["summary", "nets:net"]])
def test_no_such_command(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        main(arguments)
    assert end.value.code == 2
    assert "usage: typed-resnet" in capsys.readouterr().err


@pytest.mark.parametrize(
    "command", [["check", "x.py"], ["hints", "x.py"], ["summary", "m:n", "--input", "3"]]
)
def test_without_mypy(command: list[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Only `pip install typed-resnet`: the command says what more it needs."""
    (tmp_path / "sitecustomize.py").write_text(
        "import sys\nsys.modules['mypy'] = None  # type: ignore\n"
    )
    finished = shell(*command, PYTHONPATH=str(tmp_path))
    assert finished.returncode == 2
    assert "needs mypy: pip install 'typed-resnet[check]'" in finished.stderr


@pytest.mark.parametrize(
    "command",
    [
        ["check", "wrong.py"],
        ["check", "--output", "sarif", "wrong.py"],
        ["check", "--version"],
        ["hints", "right.py"],
        ["summary", "nets:small", "--input", "4"],
        ["--help"],
    ],
    ids=lambda words: words[0],
)
def test_a_reader_that_has_enough(folder: Path, command: list[str]) -> None:
    """What is written to `head` when it is gone ends the command as it ends other commands."""
    reader, writer = os.pipe()
    os.close(reader)
    finished = subprocess.run(
        [sys.executable, "-m", "typed_resnet", *command],
        env=os.environ | {"PYTHONUNBUFFERED": ""},
        stdout=writer,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
    os.close(writer)
    assert (finished.returncode, finished.stderr) == (128 + signal.SIGPIPE, "")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a disk without space")
@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_a_disk_without_space(folder: Path, unbuffered: str) -> None:
    with open("/dev/full", "w") as full:
        finished = subprocess.run(
            [sys.executable, "-m", "typed_resnet", "check", "right.py"],
            env=os.environ | {"PYTHONUNBUFFERED": unbuffered},
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert finished.returncode == 2
    assert finished.stderr == (
        "typed-resnet: what it found could not be written: [Errno 28] No space left on device\n"
    )


@pytest.mark.parametrize(
    ("command", "said"),
    [
        (["check", "wrong.py"], "+ expects height ceil(H/2), got H: at H = 2 they are 1 and 2"),
        (["hints", "wrong.py"], "conv(x) -> [C, ceil(H/2), ceil(W/2)]"),
        (["summary", "nets:net", "--input", "3x32x32", "--symbolic"], "[*B, 64, ceil(H/2), "),
    ],
    ids=["check", "hints", "summary"],
)
@pytest.mark.parametrize("encoding", ["ascii", "cp1252"])
def test_a_terminal_without_our_letters(
    folder: Path, command: list[str], said: str, encoding: str
) -> None:
    (folder / "wrong.py").write_text(HALVED)
    finished = shell(*command, PYTHONIOENCODING=encoding)
    assert finished.stderr == ""
    assert said in finished.stdout


@pytest.mark.parametrize("output", ["json", "sarif"])
def test_output_for_programs_is_in_any_encoding(folder: Path, output: str) -> None:
    (folder / "wrong.py").write_text(HALVED)
    finished = shell("check", "--output", output, "wrong.py", PYTHONIOENCODING="ascii")
    assert "+ expects height \\u2308H/2\\u2309, got H" in finished.stdout
