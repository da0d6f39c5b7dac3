"""Code without Tensors: mypy says the same with the plugin and without, hooks live or not."""

from __future__ import annotations

import importlib.util
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

SOME = ("packaging", "pluggy")
MANY = ("rich", "hypothesis", "_pytest", "packaging", "pathspec", "markdown_it", "jaxtyping")


def start(folder: Path, packages: Sequence[str], *, plugin: bool) -> subprocess.Popen[str]:
    """Start mypy on packages, and on a file that imports ours, so that our hooks are live."""
    name = "with" if plugin else "without"
    configuration = folder / f"{name}.ini"
    line = "plugins = typed_resnet.mypy_plugin\n" if plugin else ""
    configuration.write_text(f"[mypy]\nstrict = true\ndisallow_any_expr = true\n{line}")
    options = ["--config-file", str(configuration), "--cache-dir", str(folder / name)]
    chosen = [option for package in packages for option in ("-p", package)]
    return subprocess.Popen(
        [sys.executable, "-m", "mypy", *options, *chosen, "-m", "typed_resnet"],
        cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


def said(mypy: subprocess.Popen[str]) -> list[str]:
    """Collect what mypy says of other people's files."""
    out, err = mypy.communicate()
    assert err == ""
    assert mypy.returncode in (0, 1), out[-2000:]
    return [line for line in out.splitlines()[:-1] if "typed_resnet" not in line]


@pytest.mark.parametrize(
    "packages", [SOME, pytest.param(MANY, marks=pytest.mark.slow)], ids=["some", "many"]
)
def test_same_messages(packages: Sequence[str], tmp_path: Path) -> None:
    for package in packages:  # what lies among the installed packages, mypy is silent about
        where = importlib.util.find_spec(package)
        assert where is not None
        shutil.copytree(Path(str(where.origin)).parent, tmp_path / package)
    runs = [start(tmp_path, packages, plugin=plugin) for plugin in (True, False)]
    with_plugin, without = map(said, runs)
    assert with_plugin == without
    assert len(without) > 10
