"""The command `typed-resnet`, as one runs it in a folder of one's own, without configuration."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

from typed_resnet.__main__ import main

from .drawing.extents import texts

RIGHT = """\
from typing import Literal as L
from typed_resnet import Conv2D, Tensor
from typed_resnet.dims import CeilDiv, H, W

def stem(
    conv: Conv2D[L[3], L[64], L[7], L[2], L[3]], x: Tensor[L[3], H, W]
) -> Tensor[L[64], CeilDiv[H, L[2]], CeilDiv[W, L[2]]]:
    return conv(x)
"""

WRONG = """\
from typing import Literal as L
from typed_resnet import Conv2D, Tensor

def gray(conv: Conv2D[L[3], L[64], L[7], L[2], L[3]], x: Tensor[L[1], L[32], L[32]]) -> None:
    conv(x){comment}
"""

HALVED = """\
from typing import Literal as L
from typed_resnet import Conv2D, Tensor
from typed_resnet.dims import C, H, W

def residual(conv: Conv2D[C, C, L[3], L[2], L[1]], x: Tensor[C, H, W]) -> None:
    conv(x) + x
"""

HEAD = """\
from typing import Literal as L
from typed_resnet import Tensor
from typed_resnet.dims import FloorDiv, H
"""

SENTENCE = "Conv2D[3, 64, 7, 2, 3] expects 3 channels, got 1"

NETS = """\
from typing import Literal as L
from typed_resnet import Layer, Linear, Tensor, resnet18
from typed_resnet.dims import B, C, H, W
import numpy as np

small = Linear.init(np.random.default_rng(0), 4, 2)

def net() -> Layer:
    return resnet18(3, 10)

def needs(classes: int) -> Layer:
    return resnet18(3, classes)

def fails() -> Layer:
    raise RuntimeError("no\\nluck")

class Divides(Layer):
    by: int

    def __call__(self, x: Tensor[*B, H, W]) -> Tensor[*B, H, W]:
        return x * (1 / self.by)

divides = Divides(0)

class Sums(Layer):
    def __call__(self, x: Tensor[*B, H, W], y: Tensor[*B, H, W]) -> Tensor[*B, H, W]:
        return x + y

sums = Sums()

def exits() -> Layer:
    raise SystemExit(3)

class Halves(Layer):
    scale: float

    def __call__(self, x: Tensor[*B, C, H, W]) -> Tensor[*B, C, H, W]:
        return Tensor(x.array[..., ::2, :])

class Model(Layer):
    halves: Halves

    def __call__(self, x: Tensor[*B, C, H, W]) -> Tensor[*B, C, H, W]:
        return self.halves(x)

def lies() -> Layer:
    return Model(Halves(1.0))
"""

FINE_BUT_FOR_AN_INT = """\
class Fine(Layer):
    linear: Linear[L[4], L[2]]

    def __call__(self, x: Tensor[*B, L[4]]) -> Tensor[*B, L[2]]:
        return self.linear(x)

fine = Fine(small)
wrong: int = "text"
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with programs right and wrong, in which the command is run."""
    (tmp_path / "right.py").write_text(RIGHT)
    (tmp_path / "wrong.py").write_text(WRONG.format(comment=""))
    (tmp_path / "nets.py").write_text(NETS)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def shell(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "typed_resnet", *arguments],
        env=os.environ | environment,
        capture_output=True,
        text=True,
        check=False,
    )


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


def test_summary(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sys.modules.pop("nets", None)
    assert main(["summary", "nets:net", "--input", "3x32x32"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[-1] == "mypy and the arrays agree in all 36 rows"
    row = next(line for line in lines if "initial_conv" in line)
    sizes = "Conv2D[Cin, C0, K, S, P] [64, 16, 16] [64, 16, 16] 9,472 37 KiB 64 KiB 2.408 M"
    assert row.split()[1:-1] == [*sizes.split(), "unrolled"]
    total = next(line for line in lines if "total" in line)
    assert total.split()[1] == "11,011,722"  # section 13 of the specification


def test_summary_for_all_inputs(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sys.modules.pop("nets", None)
    assert main(["summary", "nets:net", "--input", "2x3x32x32", "--symbolic"]) == 0
    out = capsys.readouterr().out
    assert "[*B, 64, ⌈H/2⌉, ⌈W/2⌉]" in out
    assert "[2, 64, 16, 16]" in out
    assert "Conv2D[3, 64, 7, 2, 3]" in out


def test_summary_draws(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sys.modules.pop("nets", None)
    arguments = ["summary", "nets:net", "--input", "3x32x32", "--symbolic", "--svg", "net.svg"]
    assert main(arguments) == 0
    words = {text.what for text in texts(ElementTree.parse("net.svg").getroot())}
    assert {"initial_conv", "64 × 16 × 16", "[*B, 64, ⌈H/2⌉, ⌈W/2⌉]"} <= words
    (folder / "folder").mkdir()
    assert main([*arguments[:-1], "folder"]) == 2
    assert "--svg cannot write folder: Is a directory" in capsys.readouterr().err


def test_summary_tells_what_mypy_finds_wrong(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sys.modules.pop("nets", None)
    (folder / "nets.py").write_text(NETS + FINE_BUT_FOR_AN_INT)
    assert main(["summary", "nets:fine", "--input", "4"]) == 0
    out = capsys.readouterr().out
    assert "mypy finds errors in the model's source:" in out
    assert "nets.py" in out


def test_summary_finds_a_layer_that_lies(folder: Path) -> None:
    finished = shell("summary", "nets:lies", "--input", "2x8x8", TYPED_RESNET_CHECKS="0")
    assert finished.returncode == 1, finished.stderr
    assert "[2, 4, 8] ≠" in finished.stdout
    assert "mypy and the arrays disagree at halves" in finished.stdout


@pytest.mark.parametrize(
    ("model", "size", "message"),
    [
        ("nowhere:net", "3x32x32", "no module nowhere here, nor installed"),
        ("nets:nothing", "3x32x32", "module nets has no nothing"),
        ("nets", "3x32x32", "MODEL is a module and a name in it, as in nets:small, got 'nets'"),
        ("nets:np", "3x32x32", "nets:np is no layer, and makes none: it is a module"),
        ("nets:needs", "3x32x32", "nets:needs needs arguments: name a function that needs none"),
        ("nets:fails", "3x32x32", "nets:fails cannot be called: RuntimeError: no luck"),
        ("nets:exits", "3x32x32", "nets:exits cannot be called: SystemExit: 3 (nets.py:"),
        ("nets:divides", "3x2", "Divides on [3, 2] fails: ZeroDivisionError: division by zero"),
        ("nets:sums", "3x2", "Sums takes x and y, and a summary brings one tensor"),
        ("nets:small", "4x9000000000x9000000000", " is more than memory holds"),
        ("nets:small", f"{10**30}", f"--input {10**30} is more than memory holds"),
        ("./nets.py:small", "4", "MODEL is a module and a name in it, as in nets:small, got './"),
        ("quits:net", "4", "module quits cannot be imported: SystemExit: 0 (quits.py:2)"),
        ("nets:small", "4x", "--input is sizes ≥ 1 with x between, as in 3x224x224, got '4x'"),
        ("nets:small", "0", "--input is sizes ≥ 1 with x between, as in 3x224x224, got '0'"),
        ("nets:small", "5", "Linear[4, 2] expects 4 features, got 5"),
        ("nets:net", "32x32", "expects [*B, 3, H, W], got [32, 32]"),
        ("broken:net", "4", "module broken cannot be imported: SyntaxError"),
        ("lacking:net", "4", "module lacking needs nonsense, which is not installed"),
    ],
)
def test_summary_of_what_is_wrong(
    folder: Path, model: str, size: str, message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "broken.py").write_text("def f(:\n")
    (folder / "lacking.py").write_text("import nonsense\n")
    (folder / "quits.py").write_text("import sys\nsys.exit(0)\n")
    for name in ("nets", "broken", "lacking", "quits"):
        sys.modules.pop(name, None)
    assert main(["summary", model, "--input", size]) == 2
    assert message in capsys.readouterr().err


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


def test_an_interrupted_check(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C is no error of ours to be traced."""

    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("mypy.build.build", interrupted)
    assert main(["check", "right.py"]) == 128 + signal.SIGINT


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
