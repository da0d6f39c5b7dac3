"""A file in the terminal."""

from __future__ import annotations

import io

from rich.console import Console

from typed_resnet.hints import Analysis
from typed_resnet.pages.terminal import show

from .making import ANALYSIS, SOURCE


def printed(width: int, source: str = SOURCE, analysis: Analysis = ANALYSIS) -> list[str]:
    out = io.StringIO()
    show("net.py", source, analysis, Console(file=out, width=width, highlight=False))
    return out.getvalue().splitlines()


def test_shapes_stand_beside_their_lines() -> None:
    lines = printed(150)
    assert lines[0] == "net.py"
    assert lines[1] == "1  class Net(Layer):"
    column = 3 + max(map(len, SOURCE.splitlines())) + 3
    loop = "5          for block in self.blocks:"
    assert lines[5] == f"{loop:<{column}}block: Block[Cin, Cin, 1]"
    call = "7          y = relu(self.conv1(x))"
    assert lines[7] == f"{call:<{column}}y: Tensor[*B, 64, ⌈H/2⌉, ⌈W/2⌉]"
    assert lines[8] == f"{'':<{column}}self.conv1(x) → [*B, 64, ⌈H/2⌉, ⌈W/2⌉]"


def test_in_a_narrow_terminal_they_stand_below() -> None:
    lines = printed(80)
    assert lines[5:7] == [
        "5          for block in self.blocks:",
        "           block: Block[Cin, Cin, 1]",
    ]


def test_what_is_wrong_is_underlined_and_said() -> None:
    lines = printed(150)
    start = lines.index("8          return self.head(y + x)")
    column = lines[start].rindex("x")
    sentence = "+ expects height ⌈H/2⌉, got H: at H = 2 they are 1 and 2  [shape]"
    assert lines[start + 1] == f"{'~':>{column + 1}} {sentence}"
    assert lines[start + 2] == f"{'':<{column}}net.py:4: H is the height of x"
    assert lines[-1] == "3 shapes inferred, 1 error"


def test_a_text_that_is_no_python_is_shown_as_it_is() -> None:
    lines = printed(80, "def f(:\n\n\tx = '''\n", Analysis("f.py", blocked=True))
    assert lines[:4] == ["net.py", "1  def f(:", "2", "3      x = '''"]
    assert lines[4:] == ["0 shapes inferred, no errors, but it could not be checked"]


def test_markup_of_the_terminal_is_text() -> None:
    source = "x = '[bold]no[/bold]'  # :smile:\n"
    assert printed(80, source, Analysis("f.py"))[1] == f"1  {source.rstrip()}"
