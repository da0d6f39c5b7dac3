"""Other checkers, without our plugin: they accept the library and refuse what is wrong.

Measured with mypy 2.4.1, Pyright 1.1.414, Pyrefly 1.4.1, ty 0.0.105:

- Without the plugin a number stays an `int` unless its place is annotated; Pyright takes the
  annotation into account only where no argument of `MaxPool2D` is left out, and gives `Any` to
  a size of `ResNetConfig` that is left out (the others give its default).
- ty gives up on a call that two overloads match, other than the first one, where a leading `*B` is
  among the arguments: what comes out of a strided `Conv2D` is unknown to it, channels included.
  A stride of 1, the general rule, blocks, stages and networks it follows.
- ty reads `forward = __call__` as the first overload alone, so `conv.forward(x)` gets the sizes of
  stride 1 whatever the stride is: with ty, call the layer.
"""

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

pytestmark = pytest.mark.oracle

ROOT = Path(__file__).parents[2]
PORTABLE = Path(__file__).parent / "portable"
LIBRARY = [
    ROOT / "src/typed_resnet" / package
    for package in ("layers", "models", "torchvision", "ops", "optim")
]
EXAMPLES = sorted((ROOT / "examples").glob("*.py"))
BIN = Path(sys.executable).parent

Marks = set[tuple[str, int]]


def mypy(paths: list[Path], scratch: Path) -> str:
    options = ["--strict", "--config-file=", "--follow-imports=silent", f"--cache-dir={scratch}"]
    return run("mypy", *options, "--python-version=3.11", *map(str, paths))


def pyright(paths: list[Path], scratch: Path) -> str:
    settings = {
        "include": [os.path.relpath(path, scratch) for path in paths],  # absolute: not read
        "extraPaths": [str(ROOT / "src"), str(ROOT / "stubs")],
        "typeCheckingMode": "strict",
        "reportMissingModuleSource": False,  # only the demo's packages have stubs without source
        "pythonVersion": "3.11",
    }
    (scratch / "pyrightconfig.json").write_text(json.dumps(settings))
    return run("pyright", f"--pythonpath={sys.executable}", "-p", str(scratch))


def pyrefly(paths: list[Path], scratch: Path) -> str:
    interpreter = f"--python-interpreter-path={sys.executable}"
    options = ["--preset=strict", "--python-version=3.11", "--output-format=min-text"]
    search = ["--search-path=src", "--search-path=stubs"]
    return run("pyrefly", "check", *options, interpreter, *search, *map(str, paths))


def ty(paths: list[Path], scratch: Path) -> str:
    options = ["--output-format=concise", "--python-version=3.11", f"--python={sys.prefix}"]
    search = ["--extra-search-path=src", "--extra-search-path=stubs"]
    return run("ty", "check", *options, *search, *map(str, paths))


def run(command: str, *arguments: str) -> str:
    finished = subprocess.run(
        [BIN / command, *arguments],
        cwd=ROOT,
        env=os.environ | {"MYPYPATH": "src:stubs", "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert finished.returncode in (0, 1), finished.stdout + finished.stderr
    assert "No source files found" not in finished.stdout
    return finished.stdout


def errors(output: str) -> Marks:
    """Find the lines that a checker refuses: `path/reject.py:37:16 … error`."""
    found = re.findall(r"^.*?([\w/.-]+\.py):(\d+).*$", output, re.MULTILINE)
    return {(Path(path).name, int(line)) for path, line in found}


def marked(path: Path, *comments: str) -> Marks:
    lines = path.read_text().splitlines()
    return {
        (path.name, number)
        for number, line in enumerate(lines, 1)
        if line.endswith(tuple(f"  # {comment}" for comment in comments))
    }


@pytest.mark.parametrize("checker", [mypy, pyright, pyrefly, ty])
def test_the_library_examples_and_portable_programs_are_accepted(
    checker: Callable[[list[Path], Path], str], tmp_path: Path
) -> None:
    """No plugin, the strictest settings, not one complaint."""
    output = checker([*LIBRARY, *EXAMPLES, PORTABLE / "accept.py"], tmp_path)
    assert errors(output) == set(), output


@pytest.mark.parametrize("checker", [mypy, pyright, pyrefly, ty])
def test_wrong_programs_are_refused_on_just_the_wrong_lines(
    checker: Callable[[list[Path], Path], str], tmp_path: Path
) -> None:
    reject = PORTABLE / "reject.py"
    comments = ["refused"] if checker is ty else ["refused", "refused, but ty"]
    output = checker([reject], tmp_path)
    assert errors(output) == marked(reject, *comments), output
