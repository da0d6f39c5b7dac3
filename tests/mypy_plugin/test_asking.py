"""The plugin asks for the types of arguments; mypy does not check them a second time."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import mypy.api
import pytest

from typed_resnet.mypy_plugin.recall import CheckCall

NARROWING = """
from typed_resnet import Tensor
from typed_resnet.dims import C

def step(x: Tensor[C], again: bool) -> Tensor[C]:
    return x

def chain(x: Tensor[C], n: int | None) -> Tensor[C]:
    return {calls}

def listed(x: Tensor[C], n: int | None) -> list[Tensor[C]]:
    return [step(step(x, n is not None and n > 1), m) for m in (True, False)]
"""

ASSIGNING = """
from typed_resnet import Tensor
from typed_resnet.dims import C

def both(x: Tensor[C], y: Tensor[C]) -> Tensor[C]:
    return x

def same(x: Tensor[C]) -> Tensor[C]:
    return x

def right(x: Tensor[C]) -> Tensor[C]:
    y: Tensor[C] | None = None
    return both(same(y := x), same(y))

def wrong(x: Tensor[C]) -> Tensor[C]:
    y: Tensor[C] | None = x
    return both(same(same(y) if (y := None) is not None else x), same(y))
"""


def said(text: str, folder: Path, cache: Path) -> str:
    (folder / "program.py").write_text(text)
    (folder / "mypy.ini").write_text("[mypy]\nstrict = true\nplugins = typed_resnet.mypy_plugin\n")
    options = ["--config-file", str(folder / "mypy.ini"), "--cache-dir", str(cache)]
    return mypy.api.run([*options, str(folder / "program.py")])[0]


def test_an_argument_that_narrows_within_itself_is_checked_once(
    tmp_path: Path, mypy_cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Twelve calls, each within the next: that each is asked of twice would be 4,096 questions."""
    calls = "x"
    for _ in range(12):
        calls = f"step({calls}, n is not None and n > 1)"
    asked: Counter[str] = Counter()
    check = CheckCall.__call__

    def counted(self: CheckCall, context: object) -> object:
        asked[self.fullname] += 1
        return check(self, context)  # type: ignore[arg-type]  # as it came

    monkeypatch.setattr(CheckCall, "__call__", counted)
    assert "Success" in said(NARROWING.format(calls=calls), tmp_path, mypy_cache)
    assert 14 <= asked["program.step"] <= 20


def test_what_an_argument_assigns_is_seen_by_the_next(tmp_path: Path, mypy_cache: Path) -> None:
    lines = said(ASSIGNING, tmp_path, mypy_cache).splitlines()
    assert {line.split(":")[1] for line in lines if " error: " in line} == {"17"}, lines
