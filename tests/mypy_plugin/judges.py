"""Put programs before the judges: mypy, all in one run; the run, one at a time."""

from __future__ import annotations

import importlib.util
import inspect
import random
import re
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any

from typed_resnet import Layer, TypedResNetError, typed
from typed_resnet.check import check

from ..static import making
from .programs import Program
from .writing import PREAMBLE, written

CONFIGURATION = Path(__file__).with_name("mypy.ini")
MESSAGE = re.compile(
    r"^.+?:(?P<line>\d+): (?P<severity>\w+): (?P<text>.+?)(  \[(?P<code>[\w-]+)\])?$"
)
COUNTEREXAMPLE = re.compile(r": at (?P<at>.+) they are (?P<first>-?\d+) and (?P<second>-?\d+)$")


FOLLOWING = ("shape-unknown", "var-annotated")
"""Codes of what mypy says of the calls around a wrong one."""


@dataclass(frozen=True)
class Message:
    line: int
    text: str
    code: str


@dataclass
class Case:
    """A program, and what mypy says of it."""

    program: Program
    source: str
    messages: list[Message] = field(default_factory=list)

    @property
    def first(self) -> list[Message]:
        """The messages of the first line that has any; those on lost sizes follow from others."""
        told = [m for m in self.messages if m.code not in FOLLOWING] or self.messages
        same_line = [m for m in told if m.line == told[0].line]
        return sorted(same_line, key=lambda m: m.code in ("return-value", "assignment"))

    @property
    def counterexample(self) -> dict[str, int] | None:
        found = COUNTEREXAMPLE.search(self.first[0].text) if self.messages else None
        if found is None:
            return None
        pairs = (part.split(" = ") for part in found["at"].split(", "))
        return {name: int(number) for name, number in pairs}

    def report(self, *notes: str) -> str:
        said = [f"mypy: {m.text}  [{m.code}]" for m in self.messages] or ["mypy: accepted"]
        changed = [f"changed: {self.program.changed}"] if self.program.changed else []
        return "\n".join(["", self.source, *changed, *said, *notes])


def judge_statically(
    programs: Sequence[Program], folder: Path, cache: Path
) -> tuple[list[Case], ModuleType]:
    """Write programs into one file, let mypy judge it, and import it."""
    lines = PREAMBLE.splitlines()
    owner: dict[int, Case] = {}
    cases = []
    for program in programs:
        case = Case(program, written(program))
        lines += ["", ""]
        own = case.source.splitlines()
        owner |= dict.fromkeys(range(len(lines) + 1, len(lines) + len(own) + 1), case)
        lines += own
        cases.append(case)
    file = folder / f"{folder.name}_programs.py"
    file.write_text("\n".join(lines) + "\n")
    report = check(["--config-file", str(CONFIGURATION), "--cache-dir", str(cache), str(file)])
    assert not report.blocked, report.messages
    for message in report.messages:
        parsed = MESSAGE.match(message)
        assert parsed is not None, message
        if parsed["severity"] == "error":
            line = int(parsed["line"])
            owner[line].messages.append(Message(line, parsed["text"], parsed["code"]))
    return cases, _imported(file)


def _imported(file: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(file.stem, file)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[file.stem] = module
    spec.loader.exec_module(module)
    return module


def run(
    module: ModuleType, program: Program, sizes: Mapping[str, int], batch: tuple[int, ...],
    absent: bool,
) -> str | None:  # fmt: skip
    """Run a program under the hook; return what the run says against it."""
    owner: Any = getattr(module, program.name)
    try:
        if isinstance(owner, type) and issubclass(owner, Layer):
            callee: Any = making.make_record(owner, (), sizes, batch)
            if absent:
                object.__setattr__(callee, str(program.optional), None)
            arguments = making.arguments_of(inspect.unwrap(owner.__call__), sizes, batch)
        else:
            callee = typed(owner)
            arguments = making.arguments_of(owner, sizes, batch)
            if absent:
                arguments[list(program.layers).index(str(program.optional))] = None
    except (TypedResNetError, ValueError, ZeroDivisionError) as error:
        return f"no such arguments: {error}"
    try:
        callee(*arguments)
    except TypedResNetError as error:
        return str(error)
    except Exception as error:
        raise RuntimeError(f"the run breaks down: {error!r}") from error
    return None


def assignments(rng: random.Random, program: Program, count: int) -> list[dict[str, int]]:
    """Choose numbers for the symbols; where a quarter is taken, channels come in fours."""
    four = 4 if "ExactDiv" in written(program) else 1
    most = {"H": 40, "W": 40, "S": 4}
    least = {"H": 5, "W": 5} if rng.random() < 0.7 else {}
    return [
        {
            name: rng.randint(least.get(name, 1), most.get(name, 5))
            * (four if name.startswith("C") else 1)
            for name in sorted(symbol.__name__ for symbol in program.symbols)
        }
        for _ in range(count)
    ]
