"""Half-written, strange and wrong programs: the plugin never breaks down.

`odd/*.test` holds them, a case after each `[case name]`. `# E: part of a message  [code]` wants an
error on its line, `# once: …` wants no other beside it, `# fine` wants none; of the other lines
only mypy's survival is asked.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from typed_resnet.check import check

from .judges import CONFIGURATION, MESSAGE, Message

ODD = sorted((Path(__file__).parent / "odd").glob("*.test"))
PRELUDE = """\
from typing import Any, Generic, TypeVar, TypeVarTuple
from typing import Literal as L
from typed_resnet import Conv2D, Layer, Tensor, global_avg_pool2d, pad_channels, relu
from typed_resnet.dims import B, C, Cin, Cout, H, K, N, P, S, W
from typed_resnet.dims import Add, CeilDiv, ConvOut, ExactDiv, FloorDiv, Max, Min, Mul, Sub
T1 = TypeVar("T1")
"""
BROKEN = "please report it"
"""What the plugin says where it failed itself."""

WANTED = re.compile(r"  # (?P<how>E|once): ?(?P<text>.*?) *\[(?P<code>[\w-]+)\]$")


@dataclass(frozen=True)
class Case:
    name: str
    lines: tuple[str, ...]

    @property
    def source(self) -> str:
        return PRELUDE + "\n".join(self.lines) + "\n"


def cases() -> Iterator[Case]:
    for file in ODD:
        for part in re.split(r"^\[case ", file.read_text(), flags=re.MULTILINE)[1:]:
            name, _, body = part.partition("]\n")
            yield Case(f"{file.stem}_{name}", tuple(body.rstrip().splitlines()))


CASES = {case.name: case for case in cases()}


@pytest.fixture(scope="module", params=["strict", pytest.param("lenient", marks=pytest.mark.slow)])
def messages(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, mypy_cache: Path
) -> dict[str, list[Message]]:
    """Let mypy judge all programs in one run, strictly and not."""
    folder = tmp_path_factory.mktemp("odd")
    configuration, cache = CONFIGURATION, mypy_cache
    if request.param == "lenient":
        configuration, cache = folder / "mypy.ini", folder / "cache"
        configuration.write_text(CONFIGURATION.read_text().replace("strict = true", ""))
    files = []
    for case in CASES.values():
        files.append(folder / f"{case.name}.py")
        files[-1].write_text(case.source)
    options = ["--config-file", str(configuration), "--cache-dir", str(cache)]
    report = check([*options, *map(str, files)])
    assert not report.blocked, report.messages
    found: dict[str, list[Message]] = defaultdict(list)
    for message in report.messages:
        parsed = MESSAGE.match(message)
        assert parsed is not None, message
        if parsed["severity"] == "error":
            line = int(parsed["line"]) - PRELUDE.count("\n")
            name = Path(message.split(":")[0]).stem
            found[name].append(Message(line, parsed["text"], parsed["code"]))
    return found


def test_nothing_is_left_unjudged(messages: dict[str, list[Message]]) -> None:
    """The plugin's own net, which says that it failed on a call, catches nothing."""
    said = [message for found in messages.values() for message in found]
    assert said
    assert not [message for message in said if BROKEN in message.text]


@pytest.mark.parametrize("name", CASES)
def test_verdicts(name: str, messages: dict[str, list[Message]]) -> None:
    """Each line that says what it wants gets it."""
    unmet = []
    for number, line in enumerate(CASES[name].lines, 1):
        said = [message for message in messages[name] if message.line == number]
        wanted = WANTED.search(line)
        if line.endswith("  # fine") and said:
            unmet.append(f"{line}\n    {said}")
        elif wanted and (
            (wanted["how"] == "once" and len(said) > 1)
            or not any(wanted["text"] in m.text and wanted["code"] == m.code for m in said)
        ):
            unmet.append(f"{line}\n    {said or 'nothing said'}")
    assert not unmet, "\n".join(unmet)


def test_an_alias_of_a_submodule_is_none_of_the_package_whatever_its_line(
    tmp_path: Path, mypy_cache: Path
) -> None:
    (tmp_path / "maps").mkdir()
    image, wrong = "Image = Tensor[L[3], H, W]", "def f(x: Image[L[0], W]) -> None: ..."
    (tmp_path / "maps/sub.py").write_text(f"{PRELUDE}\n{image}\n")
    (tmp_path / "maps/__init__.py").write_text(f"{PRELUDE}from maps.sub import Image\n{wrong}\n")
    options = ["--config-file", str(CONFIGURATION), "--cache-dir", str(mypy_cache)]
    report = check([*options, str(tmp_path / "maps")])
    (message,) = report.messages
    line = PRELUDE.count("\n") + 2
    assert message.endswith(f"{line}: error: Tensor expects axis 1 ≥ 1, got 0  [shape-range]")
