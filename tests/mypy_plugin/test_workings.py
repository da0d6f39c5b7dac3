"""Whatever mypy is run with: caches, parsers, workers, the daemon, a changed rule."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from .project import SOURCES, Project

MODEL = """\
from typing import Literal as L
from typed_resnet import Tensor
from typed_resnet.dims import CeilDiv, H, W
from typed_resnet.layers import subsample

def halve(x: Tensor[L[3], H, W]) -> Tensor[L[3], CeilDiv[H, L[2]], CeilDiv[W, L[2]]]:
    {line}
    return subsample(x, 2)
"""
RIGHT = MODEL.format(line="pass")
WRONG = MODEL.format(line="x + Tensor.zeros(3, 1, 1)")
BY_THREE = (
    RIGHT.replace("2", "3") + "# within a second, mypy's daemon tells files by their length\n"
)
USER = """\
from model import halve
from typed_resnet import Tensor

def use() -> None:
    halve(Tensor.zeros(3, 9, 9)) + Tensor.zeros(3, 5, 4)
"""
IN_MODEL = "model.py:7: error: + expects height H, got 1: at H = 2 they are 2 and 1  [shape]"
IN_USER = "user.py:5: error: + expects 5 on axis 2, got 4  [shape]"
IN_USER_BY_THREE = "user.py:5: error: + expects 3 on axis 1, got 5  [shape]"

STEPS = [
    (RIGHT, [IN_USER]),
    (WRONG, [IN_MODEL, IN_USER]),
    (WRONG, [IN_MODEL, IN_USER]),
    (BY_THREE, [IN_USER_BY_THREE]),
    (RIGHT, [IN_USER]),
]
"""Edits of `model.py`, one after another, and what mypy must say after each."""

WAYS = {
    "sqlite": ["--sqlite-cache"],
    "binary": [],
    "json": ["--no-fixed-format-cache"],
    "no-incremental": ["--no-incremental"],
    "two workers": ["-n", "2"],
    "old parser": ["--no-native-parser"],
    "new parser": ["--native-parser"],
    "fine-grained": ["--cache-fine-grained"],
}


@pytest.fixture
def project(tmp_path: Path) -> Project:
    made = Project(tmp_path)
    made.write("mypy.ini", "[mypy]\nplugins = typed_resnet.mypy_plugin\nstrict = true\n")
    made.write("model.py", RIGHT)
    made.write("user.py", USER)
    return made


@pytest.mark.parametrize(
    "way", [way if way == "sqlite" else pytest.param(way, marks=pytest.mark.slow) for way in WAYS]
)
def test_messages_follow_the_files(way: str, project: Project) -> None:
    """Cold, warm, and after each edit, mypy says what it would say from nothing."""
    for source, expected in STEPS:
        project.write("model.py", source)
        said = project.run("mypy", *WAYS[way], "model.py", "user.py")
        assert sorted(said) == expected  # workers and the daemon have an order of their own


def test_daemon_follows_the_files(project: Project) -> None:
    try:
        project.run("mypy.dmypy", "start")
        for source, expected in STEPS:
            project.write("model.py", source)
            said = project.run("mypy.dmypy", "check", "model.py", "user.py")
            assert sorted(said) == expected
        project.run("mypy.dmypy", "status")
        assert project.run("mypy.dmypy", "recheck") == [IN_USER]
        project.write("user.py", USER.replace("5, 4", "5, 5"))
        assert project.run("mypy.dmypy", "recheck") == []
    finally:
        project.run("mypy.dmypy", "stop")


def test_rules_wait_for_a_tensor(project: Project) -> None:
    """Of a program without Tensors mypy asks the plugin's rules nothing."""
    program = (
        "import sys\nfrom mypy import api\n"
        "assert api.run([sys.argv[1]])[2] == 0\n"
        "print('typed_resnet.mypy_plugin.hooks' in sys.modules)"
    )
    for text, waited in (("import fractions\n", "False\n"), (RIGHT, "True\n")):
        project.write("one.py", text)
        said = subprocess.run(
            [sys.executable, "-c", program, "one.py"],
            cwd=project.folder,
            env={**os.environ, "PYTHONPATH": str(project.sources)},
            capture_output=True, text=True, check=True,
        ).stdout  # fmt: skip
        assert said == waited


def change_a_sentence(sources: Path) -> None:
    file = sources / "typed_resnet" / "dims" / "reasons.py"
    text = file.read_text()
    assert "they are" in text
    file.write_text(text.replace("they are", "they become"))


@pytest.fixture
def copied(project: Project, tmp_path: Path) -> Project:
    """Use a copy of the library, which may be changed."""
    sources = tmp_path / "library"
    shutil.copytree(SOURCES / "typed_resnet", sources / "typed_resnet")
    project.write("model.py", WRONG)
    return Project(project.folder, sources)


CHANGED = [IN_MODEL.replace("they are", "they become"), IN_USER]


@pytest.mark.slow
def test_changed_rule_is_not_answered_from_a_cache(copied: Project) -> None:
    """Mypy hashes the module it is told of; the digest of all sources stands for the rest."""
    assert copied.run("mypy", "model.py", "user.py") == [IN_MODEL, IN_USER]
    change_a_sentence(copied.sources)
    assert copied.run("mypy", "model.py", "user.py") == CHANGED


@pytest.mark.slow
def test_changed_rule_restarts_the_daemon(copied: Project) -> None:
    """`dmypy run` compares what plugins say of themselves, and starts afresh."""
    try:
        assert copied.run("mypy.dmypy", "run", "model.py", "user.py") == [IN_MODEL, IN_USER]
        change_a_sentence(copied.sources)
        assert copied.run("mypy.dmypy", "run", "model.py", "user.py") == CHANGED
    finally:
        copied.run("mypy.dmypy", "stop")


@pytest.mark.slow
def test_changed_setting_is_not_answered_from_a_cache(project: Project) -> None:
    """A lost size is an error from the moment that the configuration says strict."""
    lost = "def lost(n: int, x: Tensor[H]) -> None:\n    x + Tensor.zeros(n)\n"
    project.write("model.py", RIGHT + "\n" + lost)
    configuration = (project.folder / "mypy.ini").read_text()
    assert project.run("mypy", "model.py") == []
    project.write("mypy.ini", configuration + "[typed_resnet]\nstrict = true\n")
    said = project.run("mypy", "model.py")
    assert said
    assert all(message.endswith("[shape-unknown]") for message in said)
    project.write("mypy.ini", configuration)
    assert project.run("mypy", "model.py") == []


@pytest.mark.parametrize("changed", ["dims/ranges.py", "mypy_plugin/calls.py"])
def test_digest_is_of_every_source(changed: str, copied: Project) -> None:
    """A line more in any module that decides gives the plugin another version."""
    digest = "from typed_resnet.mypy_plugin import __version__; print('x error: ' + __version__)"
    copied.write("digest.py", digest)
    before = copied.run("digest")
    with (copied.sources / "typed_resnet" / changed).open("a") as file:
        file.write("\n# changed\n")
    assert copied.run("digest") != before
