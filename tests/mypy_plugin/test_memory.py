"""What the plugin remembers changes what it costs, never what it says."""

from __future__ import annotations

import random
from pathlib import Path
from textwrap import dedent

import pytest
from mypy.nodes import MypyFile
from mypy.options import Options
from mypy.plugin import Plugin

from typed_resnet.check import check
from typed_resnet.mypy_plugin.memory import Memory
from typed_resnet.mypy_plugin.recall import CheckCall

from .judges import CONFIGURATION, judge_statically
from .project import daemon_in
from .random_programs import random_programs


def test_memory_changes_no_message(
    tmp_path: Path, mypy_cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """60 random programs: mypy says the same of them with every call judged anew."""
    (tmp_path / "first").mkdir()
    # The first run may check the library, too, whose calls are not to be counted.
    judge_statically(random_programs(random.Random(7), 60), tmp_path / "first", mypy_cache)
    judged = {"remembering": 0, "forgetting": 0}
    said = {}
    judge = CheckCall._judge
    for kind in judged:

        def counted(*call: object, kind: str = kind) -> object:
            judged[kind] += 1
            return judge(*call)  # type: ignore[arg-type]  # as they came

        monkeypatch.setattr(CheckCall, "_judge", counted)
        if kind == "forgetting":
            monkeypatch.setattr(CheckCall, "_likeness", lambda *call: None)
        folder = tmp_path / kind
        folder.mkdir()
        cases, _ = judge_statically(random_programs(random.Random(7), 60), folder, mypy_cache)
        said[kind] = [case.messages for case in cases]
    assert said["remembering"] == said["forgetting"]
    assert any(said["remembering"])
    assert judged["remembering"] < judged["forgetting"]


def test_a_file_of_many_classes_is_forgotten_once() -> None:
    """In the daemon each class of it is defined anew, but nothing new can rely on the old one."""
    memory, file = Memory(Plugin(Options())), MypyFile([], [])
    file._fullname = "model"
    for _ in range(2):
        memory.meet_file(file)
        for name in ("Block", "Network"):
            memory.meet_class(f"model.{name}")
            memory.filled.add(name)
            memory.grow()
        assert memory.filled == {"Block", "Network"}
    memory.meet_class("model.Block")  # again, without its file
    assert not memory.filled


def test_what_a_constructor_makes_is_no_other_classs(tmp_path: Path, mypy_cache: Path) -> None:
    """Square inherits what makes a Pair, and takes other sizes of it, and alike calls of it."""
    file = tmp_path / "pairs.py"
    file.write_text(
        dedent(
            """\
            from typing import Generic, assert_type
            from typing import Literal as L
            from typed_resnet import Tensor
            from typed_resnet.dims import H, W

            class Pair(Generic[H, W]):
                def __init__(self, x: Tensor[H, W], y: Tensor[W, H]) -> None:
                    self.x, self.y = x, y

            class Square(Pair[H, H], Generic[H]):
                pass

            def f(wide: Tensor[L[3], L[4]], high: Tensor[L[4], L[3]]) -> None:
                assert_type(Pair(wide, high), Pair[L[3], L[4]])
                assert_type(Pair(wide, high), Pair[L[3], L[4]])
                Square(wide, high)
                Pair(wide, wide)

            def g(square: Tensor[L[3], L[3]]) -> None:
                assert_type(Square(square, square), Square[L[3]])
                assert_type(Pair(square, square), Pair[L[3], L[3]])
                assert_type(Square(square, square), Square[L[3]])
            """
        )
    )
    configuration = ["--config-file", str(CONFIGURATION), "--cache-dir", str(mypy_cache)]
    assert [
        line.rpartition(": error: ")[2] for line in check([*configuration, str(file)]).messages
    ] == [
        "Square expects width 3, got 4  [shape]",
        "Pair expects width 4 as in x, got 3  [shape]",
    ]


VALUES = """\
from collections.abc import Callable
from typing import Literal as L
from typed_resnet import Conv2D, Tensor
from typed_resnet.dims import C, H, W

def values(
    keeps: Callable[[Tensor[C]], Tensor[C]],
    turns: Callable[[Tensor[C]], Tensor[H]],
    several: Callable[[Tensor[C], Tensor[H]], Tensor[W]],
    x: Tensor[C],
    y: Tensor[H],
) -> Tensor[W]:
    keeps(keeps(x))
    keeps(turns(x))
    turns(turns(x))
    several(keeps(x), turns(x))
    return several(x, x)

def pulled(conv: Conv2D[L[3], L[8], L[1], L[1], L[0]], x: Tensor[L[3], H, W]) -> None:
    y, back = conv.vjp(x)
    back(y)[1] + x
    back(y)[1] + y
    back(x)
"""


def test_values_are_told_from_one_another(tmp_path: Path, mypy_cache: Path) -> None:
    """Two functions that take the same may give what is not; and each takes only what it takes."""
    file = tmp_path / "values.py"
    file.write_text(VALUES)
    configuration = ["--config-file", str(CONFIGURATION), "--cache-dir", str(mypy_cache)]
    messages = check([*configuration, str(file)]).messages
    assert [line.partition(".py:")[2].replace(" error:", "") for line in messages] == [
        "14: keeps expects C channels, got H: at C = 1, H = 2 they are 1 and 2  [shape]",
        "15: turns expects C channels, got H: at C = 1, H = 2 they are 1 and 2  [shape]",
        "17: several expects height H, got C: at C = 1, H = 2 they are 2 and 1  [shape]",
        "22: + expects 3 on axis 0, got 8  [shape]",
        "23: back expects 8 on axis 0, got 3  [shape]",
    ]


OWN = """\
from typing import Generic
from typing import Literal as L
import numpy as np
from typed_resnet import Conv2D, Layer, Tensor
from typed_resnet.dims import B, C, H, W

class Own(Layer, Generic[C]):
    conv: Conv2D[C, C, L[3], L[1], L[1]]

    def __call__(self, x: Tensor[*B, C, H, W]) -> Tensor[*B, C, H, W]:
        return self.conv(x)

def own(x: Tensor[C, H, W]) -> Tensor[C, H, W]:
    return x

def calls(layer: Own[C], x: Tensor[C, H, W]) -> Tensor[C, H, W]:
    return layer(own(layer.conv(x)))

def made(rng: np.random.Generator, c: C, x: Tensor[C, H, W]) -> Tensor[C, H, W]:
    back = Conv2D.init(rng, c, c, 3, 1, 1).vjp(x)[1]
    return back(x)[1]
"""


def test_what_rests_on_the_library_alone_is_known_after_an_edit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A convolution is made, called and pulled back as before; of one's own, all may be new."""
    file = tmp_path / "model.py"
    file.write_text(OWN)
    daemon = daemon_in(tmp_path, "model")

    def edit(end: str) -> None:
        daemon.flush_cache()
        daemon.manager.fscache.flush()
        file.write_text(f"{OWN}{end}\n")
        assert daemon.update([("model", str(file))], []) == []

    edit("# once")
    judged = set()
    judge = CheckCall._judge

    def noted(self: CheckCall, *call: object) -> object:
        judged.add(self.fullname)
        return judge(self, *call)  # type: ignore[arg-type]  # as they came

    monkeypatch.setattr(CheckCall, "_judge", noted)
    edit("# once more")
    assert judged == {"model.Own.__call__", "model.own"}


OVERLOADED = """\
from typing import overload
from typing import Literal as L
from typed_resnet import Conv2D, Tensor
from typed_resnet.dims import C, Cin, Cout, H, W

@overload
def pick(x: Tensor[C]) -> Tensor[C]: ...
@overload
def pick(x: Tensor[C], y: Tensor[C]) -> Tensor[C]: ...
def pick(x: Tensor[C], y: Tensor[C] | None = None) -> Tensor[C]:
    return x if y is None else y

def picked(x: Tensor[L[3]], y: Tensor[L[5]]) -> None:
    pick(x)
    pick(x, x)
    pick(x, y)
    pick(x)

def convolved(
    conv: Conv2D[Cin, Cout, L[3], L[1], L[1]], x: Tensor[Cin, H, W]
) -> Tensor[Cout, H, W]:
    return conv(x)
"""


def test_of_overloads_that_is_the_last_which_takes_all(
    tmp_path: Path, mypy_cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Three overloads of a convolution are for 3x3; mypy asks of all, and takes the first."""
    file = tmp_path / "overloaded.py"
    file.write_text(OVERLOADED)
    asked: list[str] = []
    check_one = CheckCall._check

    def noted(self: CheckCall, *call: object) -> object:
        asked.append(self.fullname)
        return check_one(self, *call)  # type: ignore[arg-type]  # as they came

    configuration = ["--config-file", str(CONFIGURATION), "--cache-dir", str(mypy_cache)]
    (tmp_path / "first.py").write_text("import typed_resnet\n")  # checks the library, if need be
    assert check([*configuration, str(tmp_path / "first.py")]).messages == []
    monkeypatch.setattr(CheckCall, "_check", noted)
    assert check([*configuration, str(file)]).messages == [
        f"{file}:16: error: pick expects 3 channels as in x, got 5  [shape]"
    ]
    convolutions = [name for name in asked if name == "typed_resnet.layers.conv.Conv2D.__call__"]
    assert len(convolutions) == 1
