"""The oldest and the newest mypy that we support say of every program what it is marked with."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PROGRAMS = ROOT / "tests" / "static"
EXPECTED = re.compile(r"#\s*E: (?P<message>.+?)\s+\[(?P<code>[\w-]+)\]\s*$")

Said = set[tuple[str, int, str, str]]
"""File, line, message, code."""


def supported() -> str:
    """Read which mypy the package asks for: `mypy>=1.19,<2.5`."""
    with (ROOT / "pyproject.toml").open("rb") as file:
        extras = tomllib.load(file)["project"]["optional-dependencies"]
    return str(next(wanted for wanted in extras["check"] if wanted.startswith("mypy")))


def oldest() -> str:
    return supported().partition(",")[0].replace(">=", "==") + ".*"


def marked() -> Said:
    return {
        (str(file.relative_to(PROGRAMS)), number, found["message"], found["code"])
        for file in PROGRAMS.glob("*ject/*.py")
        for number, line in enumerate(file.read_text().splitlines(), 1)
        if (found := EXPECTED.search(line))
    }


@pytest.mark.oracle
@pytest.mark.parametrize("mypy", [oldest(), supported()], ids=["oldest", "newest"])
def test_every_program_is_judged_alike(mypy: str, tmp_path: Path) -> None:
    packages = tmp_path / "packages"
    install = [sys.executable, "-m", "pip", "install", "-q", "--target", str(packages), mypy]
    subprocess.run(install, check=True, capture_output=True)
    paths = os.pathsep.join([str(packages), str(ROOT / "src")])
    done = subprocess.run(
        [sys.executable, "-m", "typed_resnet", "check", "--config-file", "mypy.ini",
         "--cache-dir", str(tmp_path / "cache"), "--output", "json", "accept", "reject"],
        cwd=PROGRAMS, env={**os.environ, "PYTHONPATH": paths},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (1, ""), done.stdout + done.stderr
    records = [json.loads(line) for line in done.stdout.splitlines()]
    said = {(r["file"], r["line"], r["message"], r["code"]) for r in records}
    assert said == marked()
    assert len(said) == len(records)
