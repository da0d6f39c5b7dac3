"""Both judges, mypy and the run, on every program, word for word."""

from __future__ import annotations

import ast
import importlib.util
import inspect
import re
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from typed_resnet import Layer, TypedResNetError, typed
from typed_resnet.check import Report, check

from . import making

HERE = Path(__file__).parent
FILES = {kind: sorted((HERE / kind).glob("*.py")) for kind in ("accept", "reject")}
EXPECTED = re.compile(r"#\s*E: (?P<message>.+?)\s+\[(?P<code>[\w-]+)\]\s*$")
AT_RUN = re.compile(r"^\s*# R: (?P<message>.+?)\s*$")
MESSAGE = re.compile(
    r"^(?P<file>.+?):(?P<line>\d+): error: (?P<message>.+?)\s+\[(?P<code>[\w-]+)\]$"
)
COUNTEREXAMPLE = re.compile(r": at (.+) (?:they are|the remainder is) ")

SMALL = {"C": 4, "Cin": 3, "Cout": 8, "H": 9, "W": 7, "S": 2, "K": 3, "P": 1, "N": 2}
LARGE = {"C": 8, "Cin": 8, "Cout": 4, "H": 16, "W": 13, "S": 3, "K": 5, "P": 2, "N": 1}


class Assigned(dict[str, int]):
    """Numbers for symbols; one that has none yet is given a small number of its own."""

    def __missing__(self, name: str) -> int:
        self[name] = 2 + len(self) % 5
        return self[name]


@dataclass(frozen=True)
class Mistake:
    """One line that mypy must refuse, in a function that the run must refuse."""

    file: Path
    line: int
    function: str
    message: str
    code: str
    at_run: str

    def __str__(self) -> str:
        return f"{self.file.stem}:{self.function}"


def mistakes(file: Path) -> list[Mistake]:
    lines = file.read_text().splitlines()
    tree = ast.parse(file.read_text())
    found = []
    for number, line in enumerate(lines, 1):
        if expected := EXPECTED.search(line):
            owner = next(
                node
                for node in tree.body
                if isinstance(node, ast.FunctionDef | ast.ClassDef)
                and node.lineno <= number <= (node.end_lineno or 0)
            )
            following = lines[number] if number < len(lines) else ""
            at_run = AT_RUN.match(following)
            message = expected["message"]
            said = at_run["message"] if at_run else message
            found.append(Mistake(file, number, owner.name, message, expected["code"], said))
    return found


MISTAKES = [mistake for file in FILES["reject"] for mistake in mistakes(file)]
PROGRAMS = [
    (file, name)
    for file in FILES["accept"]
    for name in [
        n.name for n in ast.parse(file.read_text()).body if isinstance(n, ast.FunctionDef)
    ]
    if not name.startswith("_")
]


def load(file: Path) -> ModuleType:
    """Import a program, with every function of it under the hook."""
    name = f"{file.parent.name}.{file.stem}"
    if name not in sys.modules:
        spec = importlib.util.spec_from_file_location(name, file)
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        sys.modules[name] = module
        spec.loader.exec_module(module)
        for key, value in list(vars(module).items()):
            if inspect.isfunction(value) and value.__module__ == name:
                setattr(module, key, typed(value))
    return sys.modules[name]


def run(owner: Any, sizes: dict[str, int], batch: tuple[int, ...] = ()) -> None:
    """Call a function, or an instance of a layer, with arguments made for it."""
    callee: Callable[..., Any] = owner
    signature = owner
    if isinstance(owner, type) and issubclass(owner, Layer):
        callee = making.make_record(owner, (), sizes, batch)  # type: ignore[assignment]  # callable
        signature = owner.__call__
    callee(*making.arguments_of(inspect.unwrap(signature), sizes, batch))


@pytest.fixture(scope="session")
def report(tmp_path_factory: pytest.TempPathFactory) -> Report:
    """Let mypy judge all programs, once, on a cold cache."""
    cache = tmp_path_factory.mktemp("cache")
    folders = [str(HERE / kind) for kind in FILES]
    return check(["--config-file", str(HERE / "mypy.ini"), "--cache-dir", str(cache), *folders])


def judged(report: Report, file: Path) -> dict[int, tuple[str, str]]:
    """Say what mypy found in a file, line by line: of each mistake it speaks once."""
    found: dict[int, tuple[str, str]] = {}
    for line in report.messages:
        parsed = MESSAGE.match(line)
        if parsed and Path(parsed["file"]).resolve() == file:
            assert int(parsed["line"]) not in found, line
            found[int(parsed["line"])] = (parsed["message"], parsed["code"])
    return found


def test_every_message_is_about_a_program(report: Report) -> None:
    """mypy could read everything, and every line it says is one that the tests look at."""
    assert not report.blocked
    strays = [m for m in report.messages if not MESSAGE.match(m)]
    assert strays == []
    assert {Path(p["file"]).resolve() for m in report.messages if (p := MESSAGE.match(m))} <= {
        *FILES["accept"],
        *FILES["reject"],
    }


@pytest.mark.parametrize("file", FILES["accept"], ids=lambda file: file.stem)
def test_mypy_accepts(file: Path, report: Report) -> None:
    assert judged(report, file) == {}


@pytest.mark.parametrize("file", FILES["reject"], ids=lambda file: file.stem)
def test_mypy_rejects(file: Path, report: Report, request: pytest.FixtureRequest) -> None:
    found = judged(report, file)
    if request.config.getoption("--rewrite"):
        rewrite(file, found)
    expected = {m.line: (m.message, m.code) for m in mistakes(file)}
    assert found == expected


def rewrite(file: Path, found: dict[int, tuple[str, str]]) -> None:
    """Write what mypy says now into the file, to be reviewed as a change."""
    lines = file.read_text().splitlines()
    for number in range(1, len(lines) + 1):
        code = re.sub(r"\s+# E: .*$", "", lines[number - 1])
        message = found.get(number)
        lines[number - 1] = (
            code if message is None else f"{code}  # E: {message[0]}  [{message[1]}]"
        )
    file.write_text("\n".join(lines) + "\n")


@pytest.mark.parametrize("sizes", [SMALL, LARGE], ids=["small", "large"])
@pytest.mark.parametrize(("file", "name"), PROGRAMS, ids=lambda v: getattr(v, "stem", v))
def test_run_accepts(file: Path, name: str, sizes: dict[str, int]) -> None:
    run(getattr(load(file), name), Assigned(sizes))


@pytest.mark.parametrize("mistake", MISTAKES, ids=str)
def test_run_rejects(mistake: Mistake) -> None:
    """The run refuses what mypy refuses, at mypy's own counterexample, in the same words."""
    sizes = Assigned(SMALL)
    if counterexample := COUNTEREXAMPLE.search(mistake.message):
        for part in counterexample[1].split(", "):
            name, value = part.split(" = ")
            sizes[name] = int(value)
    if mistake.code == "shape-unknown":  # only mypy has lost it
        run(getattr(load(mistake.file), mistake.function), sizes)
        return
    ours = TypedResNetError if mistake.code != "call-arg" else TypeError  # Python's own word
    with pytest.raises(ours) as error:
        run(getattr(load(mistake.file), mistake.function), sizes)
    assert str(error.value) == mistake.at_run
