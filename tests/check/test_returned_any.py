"""Any that is returned: told wherever sizes are declared, and elsewhere where the project asks."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from typed_resnet.__main__ import main
from typed_resnet.check.messages import holds_sizes
from typed_resnet.hints import Session

PROGRAM = """\
import pickle
from typing import Literal as L
from typed_resnet import Tensor
from typed_resnet.dims import C, CeilDiv, H

def untyped(x):
    return x

def sized(x: Tensor[C, H]) -> Tensor[C, CeilDiv[H, L[2]]]:
    return untyped(x)

def count(x: Tensor[C]) -> int:
    return untyped(x)

def loaded(text: bytes) -> tuple[Tensor[C], int] | None:
    return pickle.loads(text)
"""

SIZED = [
    "10: error: returns Any, and so loses the sizes of Tensor[C, ⌈H/2⌉]  [no-any-return]",
    "16: error: returns Any, and so loses the sizes of tuple[Tensor[C], int] | None"
    "  [no-any-return]",
]
COUNT = '13: error: Returning Any from function declared to return "int"  [no-any-return]'


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "free.py").write_text(PROGRAM)
    (tmp_path / "kept").mkdir()
    (tmp_path / "kept" / "__init__.py").write_text(PROGRAM)
    return tmp_path


def test_sizes_alone_where_nobody_asks(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "free.py"]) == 1
    *said, _ = capsys.readouterr().out.splitlines()
    assert said == [f"free.py:{told}" for told in SIZED]


def test_all_where_the_project_asks(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "--warn-return-any", "free.py"]) == 1
    *said, _ = capsys.readouterr().out.splitlines()
    assert said == [f"free.py:{told}" for told in sorted([*SIZED, COUNT])]


def test_all_in_the_part_that_asks(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "mypy.ini").write_text("[mypy]\n[mypy-kept.*]\nwarn_return_any = True\n")
    assert main(["check", "free.py", "kept"]) == 1
    *said, _ = capsys.readouterr().out.splitlines()
    kept = [f"kept/__init__.py:{told}" for told in sorted([*SIZED, COUNT])]
    assert sorted(said) == sorted([*(f"free.py:{told}" for told in SIZED), *kept])


def test_none_in_the_part_that_declines(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "mypy.ini").write_text("[mypy]\n[mypy-kept.*]\nwarn_return_any = False\n")
    assert main(["check", "kept"]) == 0
    assert "no errors" in capsys.readouterr().out


def test_the_same_in_json(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "--output", "json", "free.py"]) == 1
    records = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    said = [f"{r['line']}: error: {r['message']}  [{r['code']}]" for r in records]
    assert said == SIZED


def test_the_same_in_an_editor(folder: Path) -> None:
    told = Session().analyse("free.py", PROGRAM).diagnostics
    said = [f"{d.range.start.line + 1}: error: {d.message}  [{d.code}]" for d in told]
    assert said == SIZED


NET = """
from typed_resnet import Layer

class Net(Layer):
    def __call__(self, x: Tensor[C]) -> Tensor[C]:
        return untyped(x)

net = Net()
"""


def test_the_same_in_a_summary(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "any_net.py").write_text(PROGRAM + NET)
    main(["summary", "any_net:net", "--input", "4"])
    out = " ".join(capsys.readouterr().out.split())
    assert "returns Any, and so loses the sizes of Tensor[C]" in out
    assert "Returning Any" not in out  # of `count`, which has none


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Tensor[C, H]", True),
        ("Conv2D[Literal[3], D, K, S, P]", True),
        ("Block[FloorDiv[D, Literal[2]]]", True),
        ("tuple[C, str]", True),
        ("Callable[[int], Tensor[D]]", True),
        ("def (x: int) -> Tensor[D]", True),
        ("def (x: int) -> str", False),
        ("dict[str, list[Page]] | None", False),
        ("Literal['C', 'H']", False),
        ("ndarray[tuple[Any, ...], dtype[floating[_32Bit]]]", False),
    ],
)
def test_what_holds_sizes(text: str, expected: bool) -> None:
    assert holds_sizes(text) is expected
