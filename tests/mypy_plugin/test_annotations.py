"""Annotations that can have no value, the shorthand, PEP 695, and ranges proved on demand."""

from pathlib import Path
from textwrap import dedent

import pytest

from typed_resnet.check import check

HEAD = """\
from typing import Any, Generic, Literal as L, TypeVar
from typed_resnet import Conv2D, Layer, MaxPool2D, Tensor, cast, relu
from typed_resnet.dims import *

class Quarter(Layer, Generic[C]):
    conv: Conv2D[C, ExactDiv[C, L[4]], L[1], L[1], L[0]]

class Inside(Layer, Generic[C]):
    quarters: tuple[Quarter[C], ...]
"""

IMPOSSIBLE = [
    ("Tensor[0, 3]", "Tensor expects axis 0 ≥ 1, got 0  [shape-range]"),
    ("Tensor[3, -1]", "Tensor expects axis 1 ≥ 1, got -1  [shape-range]"),
    ("Tensor[Sub[H, H], 3]", "Tensor expects axis 0 ≥ 1, got 0  [shape-range]"),
    ("Tensor[Sub[H, 2], Sub[2, H]]", "H - 2 and 2 - H cannot both be ≥ 1  [shape-range]"),
    ("Tensor[ExactDiv[6, 4]]", "Tensor: 4 does not divide 6  [shape-range]"),
    ("Conv2D[3, 8, 3, 0, 1]", "Conv2D expects stride ≥ 1, got 0  [shape-range]"),
    ("Conv2D[3, 8, 3, 1, -1]", "Conv2D expects padding ≥ 0, got -1  [shape-range]"),
    ("Quarter[6]", "Quarter: 4 does not divide 6  [shape-range]"),
    ("list[Quarter[2]]", "Quarter: 4 does not divide 2  [shape-range]"),
    ("Inside[6]", "Quarter: 4 does not divide 6  [shape-range]"),
]

PROGRAMS: dict[str, tuple[str, list[str]]] = {
    "bare_numbers_are_sizes": (
        """
    def f(conv: Conv2D[3, 64, 7, 2, 3], x: Tensor[*B, 3, H, W]) -> None:
        reveal_type(conv(x))
    """,
        ['note: Revealed type is "Tensor[*B, 64, ⌈H/2⌉, ⌈W/2⌉]"'],
    ),
    "type_parameters_of_python_3_12": (
        """
    class Block[Cin: int, Cout: int, S: int](Layer):
        conv: Conv2D[Cin, Cout, L[3], S, L[1]]
        shortcut: Conv2D[Cin, Cout, L[1], S, L[0]]

        def __call__[*B, H: int, W: int](
            self, x: Tensor[*B, Cin, H, W]
        ) -> Tensor[*B, Cout, CeilDiv[H, S], CeilDiv[W, S]]:
            return relu(self.conv(x) + self.shortcut(x))

    type Image[H: int, W: int] = Tensor[L[3], H, W]

    def right[H: int, W: int](block: Block[3, 8, 2], x: Image[H, W]) -> None:
        reveal_type(block(x))

    def wrong[H: int, W: int](block: Block[3, 8, 2], x: Image[H, W]) -> None:
        block(block(x))

    def none[K: int, P: OrZero, H: int](
        k: K, p: P, x: Tensor[H]
    ) -> Tensor[ConvOut[H, K, L[1], P]]:
        raise NotImplementedError  # judged, never run

    def may_be_nought(x: Tensor[L[9]]) -> None:
        reveal_type(none(2, 0, x))
        none(0, 1, x)
    """,
        [
            'note: Revealed type is "Tensor[8, ⌈H/2⌉, ⌈W/2⌉]"',
            "error: Block[3, 8, 2] expects 3 channels, got 8  [shape]",
            'note: Revealed type is "Tensor[8]"',
            "error: none expects k ≥ 1, got 0  [shape-range]",
        ],
    ),
    "a_size_that_could_not_be_solved_is_one_size": (
        """
    def join(x: Tensor[FloorDiv[C, L[4]]], y: Tensor[FloorDiv[C, L[4]]]) -> None: ...

    def call(a: Tensor[L[8]], b: Tensor[L[8]], c: Tensor[L[9]]) -> None:
        join(a, b)
        join(a, c)
    """,
        ["error: join expects 8 channels as in x, got 9  [shape]"],
    ),
    "half_made_classes_and_odd_variables": (
        """
    T = TypeVar("T", bound=str)

    class Node(Layer, Generic[C]):
        conv: Conv2D[C, ExactDiv[C, L[2]], L[1], L[1], L[0]]
        next: "Node[C] | None" = None
        later: "Later[C] | None" = None

    class Named(Layer, Generic[T, C]):
        name: T
        node: Node[C]

    class Later(Layer, Generic[C]):
        conv: Conv2D[C, C, L[1], L[1], L[0]]

    def f(node: Node[4], named: Named[str, 4], x: Tensor[4, H, W]) -> None:
        reveal_type(named.node.conv(x))
    """,
        ['note: Revealed type is "Tensor[2, H, W]"'],
    ),
    **{
        f"impossible {hint}": (f"def f(x: {hint}) -> None: ...", [f"error: {message}"])
        for hint, message in IMPOSSIBLE
    },
}


def messages(program: str, folder: Path, settings: str = "") -> list[tuple[int, str]]:
    """Check a program; return what mypy says and of which line."""
    file = folder / "program.py"
    file.write_text(HEAD + program)
    config = folder / "mypy.ini"
    config.write_text(
        f"[mypy]\nstrict = true\ndisable_error_code = no-redef\n[typed_resnet]\n{settings}\n"
    )
    options = ["--config-file", str(config), "--python-version", "3.12"]
    report = check([*options, "--cache-dir", str(folder / "cache"), str(file)])
    split = [message.removeprefix(f"{file}:").split(": ", 1) for message in report.messages]
    return [(int(line) - HEAD.count("\n"), text) for line, text in split]


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    """What mypy says of each program, of all in one run."""
    together, owners = "", []
    for name, (program, _) in PROGRAMS.items():
        text = dedent(program).strip() + "\n"
        together += text
        owners += [name] * text.count("\n")
    found: dict[str, list[str]] = {name: [] for name in PROGRAMS}
    for line, text in messages(together, tmp_path_factory.mktemp("together")):
        found[owners[line - 1]].append(text)
    return found


@pytest.mark.parametrize("name", PROGRAMS)
def test_what_mypy_says(name: str, said: dict[str, list[str]]) -> None:
    assert said[name] == PROGRAMS[name][1]


NOT_PROVED = """
def f(conv: Conv2D[C, C, L[3], L[1], L[0]], pool: MaxPool2D[L[2], L[2], L[0]], x: Tensor[C, H, W],
      y: Tensor[C, Add[H, L[6]], Add[W, L[6]]]) -> None:
    conv(x)
    pool(x)
    conv(y)
"""


def test_ranges_are_proved_on_demand(tmp_path: Path) -> None:
    assert messages(NOT_PROVED, tmp_path) == []
    assert [text for _, text in messages(NOT_PROVED, tmp_path, "prove_ranges = true")] == [
        "error: window 3 does not fit height H padded by 0 unless H ≥ 3  [shape-range]",
        "error: window 2 does not fit height H padded by 0 unless H ≥ 2  [shape-range]",
    ]
