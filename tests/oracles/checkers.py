"""The type checkers, each in its strict mode and without our plugin; and mypy with it."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Sequence
from importlib.metadata import version
from pathlib import Path

ROOT = Path(__file__).parents[2]
PORTABLE = ROOT / "tests/oracles/portable"
LIBRARY = [
    ROOT / "src/typed_resnet" / package
    for package in ("layers", "models", "torchvision", "ops", "optim")
]
COMPUTED = [ROOT / "examples/lenet.py", ROOT / "examples/unet.py"]
"""Examples whose sizes are equal only by arithmetic: a map is flattened, or halved and doubled."""
EXAMPLES = sorted({*(ROOT / "examples").glob("*.py")} - {*COMPUTED})
BIN = Path(sys.executable).parent

Marks = set[tuple[str, int]]
Checker = Callable[[Sequence[Path], Path], str]
"""Checks files, with a folder for what it needs to write; gives what it prints."""


def mypy(paths: Sequence[Path], scratch: Path) -> str:
    options = ["--strict", "--config-file=", "--follow-imports=silent", f"--cache-dir={scratch}"]
    return run("mypy", *options, "--python-version=3.11", *map(str, paths))


def with_plugin(paths: Sequence[Path], scratch: Path) -> str:
    return run("typed-resnet", "check", f"--cache-dir={scratch / 'plugin'}", *map(str, paths))


def pyright(paths: Sequence[Path], scratch: Path) -> str:
    return _pyright("pyright", paths, scratch)


def basedpyright(paths: Sequence[Path], scratch: Path) -> str:
    return _pyright("basedpyright", paths, scratch)


def _pyright(command: str, paths: Sequence[Path], scratch: Path) -> str:
    settings = {
        "include": [os.path.relpath(path, scratch) for path in paths],  # absolute: not read
        "extraPaths": [str(ROOT / "src"), str(ROOT / "stubs")],
        "typeCheckingMode": "strict",
        "reportMissingModuleSource": False,  # only the demo's packages have stubs without source
        "pythonVersion": "3.11",
    }
    (scratch / "pyrightconfig.json").write_text(json.dumps(settings))
    return run(command, f"--pythonpath={sys.executable}", "-p", str(scratch))


def pyrefly(paths: Sequence[Path], scratch: Path) -> str:
    options = ["--preset=strict", "--python-version=3.11", "--output-format=min-text"]
    interpreter = f"--python-interpreter-path={sys.executable}"
    search = ["--search-path=src", "--search-path=stubs"]
    return run("pyrefly", "check", *options, interpreter, *search, *map(str, paths))


def ty(paths: Sequence[Path], scratch: Path) -> str:
    options = ["--output-format=concise", "--python-version=3.11", f"--python={sys.prefix}"]
    search = ["--extra-search-path=src", "--extra-search-path=stubs"]
    return run("ty", "check", *options, *search, *map(str, paths))


CHECKERS: dict[str, Checker] = {
    "mypy": mypy,
    "Pyright": pyright,
    "basedpyright": basedpyright,
    "Pyrefly": pyrefly,
    "ty": ty,
}


def versions() -> str:
    return ", ".join(f"{name} {version(name.lower())}" for name in CHECKERS)


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
    found = re.findall(r"^.*?([\w/.-]+\.py):(\d+)(.*)$", output, re.MULTILINE)
    said = [(path, line) for path, line, text in found if not REVEALED.search(text)]
    return {(Path(path).name, int(line)) for path, line in said}


REVEALED = re.compile(
    r"(?:Revealed type is|Type of .* is|revealed type:|Revealed type:) ?[\"`]?(.*?)"
    r"(?:[\"`])?(?: \[reveal-type\])?$"
)
"""How checkers answer `reveal_type`: each in a line of its own, but each in its own words."""


def revealed(output: str, file: Path) -> dict[int, str]:
    """Read what a checker says of each `reveal_type` of a file, by line."""
    lines = re.findall(rf"^.*?\b{re.escape(file.name)}:(\d+)(.*)$", output, re.MULTILINE)
    found = [(int(line), REVEALED.search(text)) for line, text in lines]
    return {line: match[1] for line, match in found if match is not None}


def marked(path: Path, *comments: str) -> Marks:
    lines = path.read_text().splitlines()
    return {
        (path.name, number)
        for number, line in enumerate(lines, 1)
        if line.endswith(tuple(f"  # {comment}" for comment in comments))
    }
