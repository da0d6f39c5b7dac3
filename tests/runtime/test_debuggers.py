"""What a debugger, a profiler and coverage see of a checked call: the check, then the function."""

from __future__ import annotations

import cProfile
import inspect
import linecache
import pstats
import re
import subprocess
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from typed_resnet import Tensor, typed
from typed_resnet.dims import C, H

MODULE = """\
import asyncio
from collections.abc import AsyncIterator, Iterator
from typing import Generic
from typed_resnet import Layer, Tensor, typed
from typed_resnet.dims import C, H

def plain(x: Tensor[C, H], y: Tensor[C, H]) -> Tensor[C, H]:
    z = x
    return z

class Net(Layer, Generic[C]):
    weight: Tensor[C, C]

    def __call__(self, x: Tensor[C, H]) -> Tensor[C, H]:
        y = x
        return y

    @classmethod
    def make(cls, c: C) -> "Net[C]":
        made = cls(Tensor.zeros(c, c))
        return made

    @property
    def column(self) -> Tensor[C]:
        found = Tensor.zeros(len(self.weight.array))
        return found

def rows(x: Tensor[C, H]) -> Iterator[Tensor[H]]:
    for row in x.array:
        yield Tensor(row)

async def later(x: Tensor[C, H]) -> Tensor[C, H]:
    await asyncio.sleep(0)
    return x

async def flowing(x: Tensor[C, H]) -> AsyncIterator[Tensor[C, H]]:
    yield x
"""

MAIN = """\
from typed_resnet import Tensor, install_import_hook
with install_import_hook("model"):
    import asyncio, model
net = model.Net.make(2)
x = Tensor.zeros(2, 3)
model.plain(x, x)
square = net.weight
model.plain(square, square)
net(x)
net.column
list(model.rows(x))
async def ask():
    await model.later(x)
    async for item in model.flowing(x):
        pass
asyncio.run(ask())
model.plain(x, Tensor.zeros(2, 4))
"""


@pytest.fixture
def main(tmp_path: Path) -> Path:
    (tmp_path / "model.py").write_text(MODULE)
    (tmp_path / "main.py").write_text(MAIN)
    return tmp_path / "main.py"


def session(main: Path, *commands: str) -> list[str]:
    """Debug a program: each place where it stops, `model.py:8`, and what else is printed."""
    ran = subprocess.run(
        [sys.executable, "-m", "pdb", main.name],
        input="\n".join([*commands, "q", "q", ""]),
        capture_output=True,
        text=True,
        cwd=main.parent,
        timeout=60,
        check=False,
    )
    said = re.sub(r"^(\(Pdb\) )+", "", ran.stdout, flags=re.MULTILINE)
    said = re.sub(r"^> (?:.*/)?(.*)\((\d+)\)\S+\(\).*$", r"\1:\2", said, flags=re.MULTILINE)
    return said.replace("--Call--\n", "into ").replace("--Return--\n", "out of ").splitlines()


def stops(main: Path, *commands: str) -> list[str]:
    """List where it stops, after line 4, by which all is imported."""
    said = session(main, "until 4", *commands)
    places = [line for line in said if re.fullmatch(r"(into |out of )?\S+(\s\S+>)?:\d+", line)]
    return places[places.index("main.py:4") + 1 :]


def test_the_check_is_three_lines_that_say_what_they_do(main: Path) -> None:
    said = session(main, "until 8", *"ssn", "ll", *"ssn")
    found = said[said.index("-> model.plain(square, square)") + 1 :]
    assert found == [
        *("into <typed model.plain>:2", "-> def plain(...):"),
        *("<typed model.plain>:3", "-> ...  # check the arguments"),
        *("<typed model.plain>:4", "-> result = plain(...)  # the function itself"),
        "  2  \tdef plain(...):",
        "  3  \t    ...  # check the arguments",
        "  4  ->\t    result = plain(...)  # the function itself",
        "  5  \t    return result  # check the result",
        *("into model.py:7", "-> def plain(x: Tensor[C, H], y: Tensor[C, H]) -> Tensor[C, H]:"),
        *("model.py:8", "-> z = x"),
        *("model.py:9", "-> return z"),
    ]


CHECK, CALL = "<typed model.plain>:3", "<typed model.plain>:4"
INTO = "into <typed model.plain>:2"
FUNCTION = ["into model.py:7", "model.py:8"]


def test_a_first_step_does_not_see_how_the_check_is_made(main: Path) -> None:
    first, second = [INTO, CHECK, CALL], [INTO, CHECK, CALL]
    assert stops(main, "until 6", *"sss", *"ssn", *"ss")[1:] == [*first, *second, *FUNCTION]


@pytest.mark.parametrize("stop", ["b", "tbreak"])
def test_a_breakpoint_by_name_stops_before_the_check(main: Path, stop: str) -> None:
    assert stops(main, "until 8", f"{stop} model.plain", "c", *"nss", *"nnn")[1:] == [
        *(CHECK, CALL, *FUNCTION),
        *("model.py:9", "out of model.py:9", "<typed model.plain>:5"),
    ]


@pytest.mark.parametrize(
    ("name", "file"),
    [
        ("Net.__call__", "Net.__call__"),
        ("Net.column.fget", "Net.column"),
        ("rows", "rows"),
        ("later", "later"),
        ("flowing", "flowing"),
    ],
)
def test_breakpoints_stop_in_whatever_is_checked(main: Path, name: str, file: str) -> None:
    check = [f"<typed model.{file}>:3", f"<typed model.{file}>:4"]
    assert stops(main, f"b model.{name}", "c", "n") == check


def test_a_breakpoint_in_the_original_stops_in_its_body(main: Path) -> None:
    """By file and line, by the function that is wrapped, where a condition holds."""
    by_name = ["b model.plain.__wrapped__", "c", "c"]
    assert stops(main, *by_name) == ["model.py:8", "model.py:8"]
    assert stops(main, "b model.py:8, x.shape == (2, 2)", "c", "r") == [
        *("model.py:8", "out of model.py:9"),
    ]
    said = session(main, "until 4", "tbreak model.py:8, x.shape == (2, 2)", "c", "until", "w")
    found = said[said.index("model.py:9") :]
    above = [line for line in found if re.match(r"^  .*\(", line)]
    assert [re.sub(r".*/", "", line).strip() for line in above[-2:]] == [
        "main.py(8)<module>()",
        "<typed model.plain>(4)plain()",
    ]


def test_a_condition_sees_the_arguments_before_they_are_checked(main: Path) -> None:
    said = session(main, "until 4", "b model.plain, y.shape[1] == 4", "c", "p y", "up", "p x")
    assert said[said.index(CHECK) :][2:6] == [
        "Tensor[2, 4](float32)",
        *("main.py:17", "-> model.plain(x, Tensor.zeros(2, 4))"),
        "Tensor[2, 3](float32)",
    ]


def test_after_an_error_the_arguments_can_be_looked_at(main: Path) -> None:
    said = session(main, "c", "p x, y", "up", "p net")
    assert said[said.index(CHECK) :][1:6] == [
        "-> ...  # check the arguments",
        "(Tensor[2, 3](float32), Tensor[2, 4](float32))",
        *("main.py:17", "-> model.plain(x, Tensor.zeros(2, 4))"),
        "Net[2]",
    ]


@typed
def doubled(x: Tensor[C, H]) -> Tensor[C, H]:
    return x + x


@typed
def wrong(x: Tensor[C, H]) -> Tensor[C, H]:
    return Tensor.zeros(*x.shape, 1)  # type: ignore[return-value]  # what is tested


def test_a_traceback_says_which_part_failed() -> None:
    def lines(call: Callable[[Any], object], argument: object) -> list[str]:
        with pytest.raises(TypeError) as caught:
            call(argument)
        said = "".join(traceback.format_exception(caught.value))
        return [line.strip() for line in said.splitlines()]

    file = f'File "<typed {__name__}.'
    said = lines(doubled, 3)
    assert "...  # check the arguments" in said
    assert said[said.index("...  # check the arguments") - 1].startswith(f"{file}doubled>")
    said = lines(wrong, Tensor.zeros(1, 2))
    assert said[said.index("return result  # check the result") - 1].startswith(f"{file}wrong>")


def test_a_profile_tells_the_check_from_the_function() -> None:
    profile = cProfile.Profile()
    x = Tensor.zeros(2, 3)
    doubled(x)
    profile.runcall(lambda: [doubled(x) for _ in range(5)])
    stats: Any = pstats.Stats(profile)
    counts = {
        file: count for (file, _, name), (_, count, *_) in stats.stats.items() if name == "doubled"
    }
    assert counts == {__file__: 5, f"<typed {__name__}.doubled>": 5}


def test_the_lines_of_a_check_stay_readable() -> None:
    """What is shown stays, also where a program asks for changed files."""
    linecache.checkcache()
    file = doubled.__code__.co_filename
    assert linecache.getline(file, 2) == "def doubled(...):\n"
    assert inspect.getsource(doubled).splitlines()[1].startswith("def doubled(x: Tensor")
