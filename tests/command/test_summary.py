"""`typed-resnet summary`, as one runs it."""

from __future__ import annotations

import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

from typed_resnet.__main__ import main

from ..drawing.extents import texts
from .programs import FINE_BUT_FOR_AN_INT, NETS, shell


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
        ("misfits:net", "4", "ShapeError: + expects 3 on axis 0, got 4 (misfits.py:3)"),
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
    (folder / "misfits.py").write_text(
        "from typed_resnet import Tensor\n\nTensor.zeros(3, 4) + Tensor.zeros(4, 4)\n"
    )
    for name in ("nets", "broken", "lacking", "quits", "misfits"):
        sys.modules.pop(name, None)
    assert main(["summary", model, "--input", size]) == 2
    assert message in capsys.readouterr().err
