"""A folder of one's own, without configuration, in which the command is run."""

from __future__ import annotations

from pathlib import Path

import pytest

from .programs import NETS, RIGHT, WRONG


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with programs right and wrong, in which the command is run."""
    (tmp_path / "right.py").write_text(RIGHT)
    (tmp_path / "wrong.py").write_text(WRONG.format(comment=""))
    (tmp_path / "nets.py").write_text(NETS)
    monkeypatch.chdir(tmp_path)
    return tmp_path
