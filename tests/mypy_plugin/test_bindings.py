"""What a local name stands for: one assignment, or nothing that is known."""

from __future__ import annotations

from textwrap import indent

import pytest

from typed_resnet.check import check

HEAD = """\
from contextlib import nullcontext
from typing import Any, Final, Literal as L
from typed_resnet import Tensor
from typed_resnet.dims import *

WIDTH: Final = 8
HEIGHT = 9
"""

KNOWN = {
    "d = 2 * c": "2*C",
    "d = e = 2 * c": "2*C",
    "d: int = c + c": "2*C",
    "(d, e), f = (2 * c, c), c": "2*C",
    "[d, e] = [2 * c, c]": "2*C",
    "if (d := 2 * c) > 3:\n    print()": "2*C",
    "d = -c + 3 * c": "2*C",
    "d = max(c, min(c, 4), c)": "C",
    "e = 2\nf = e * c\nd = f - c": "C",
    "d = WIDTH // 2": "4",
    "e = [d for d in (1, 2)]\nd = 2 * c": "2*C",
    "def inner(d: int) -> None:\n    d += 1\nd = 2 * c": "2*C",
    "try:\n    d = 2 * c\nfinally:\n    print()": "2*C",
    "with nullcontext():\n    d = 2 * c": "2*C",
    "for _ in range(3):\n    d = 2 * c": "2*C",
    "match c:\n    case 3 | 4:\n        d = 2 * c": "2*C",
}

UNKNOWN = [
    "d = c + 0\nd = 2 * c - c",
    "d = 2 * c\nd += 1",
    "d = 2 * c\nfor d in range(3):\n    print()",
    "d = 2 * c\nfor e, *d in [(1, 2, 3)]:  # type: ignore[assignment]\n    print()",
    "d = 2 * c\nif (d := 7) > c:\n    print()",
    "with nullcontext(3) as d:\n    print()",
    "d = 2 * c\nwith nullcontext((1, 2)) as (e, d):\n    print()",
    "d = 2 * c\ndel d\nd = c + c",
    "d = 2 * c\nmatch [3, 9]:\n    case [_, d]:\n        print()",
    "d = 2 * c\nmatch 3 * c:\n    case int() as d:\n        print()",
    "d = 2 * c\ndef inner() -> None:\n    nonlocal d\n    d = 3\ninner()",
    "d = 2 * c if c > 3 else c",
    "d = 2 * c\n(d, e), f = (c + 0, c), c",
    "e = d = 2 * c\nd = 3",
    "e = c + 0\ne += 1\nd = 2 * e",
    "d = d0()",
    "d = HEIGHT // 3",
    "e = [1, 2]\nd = min(e)",
    "e = [1, 2]\nd = min(*e)",
    "d = d + 1  # type: ignore[has-type]",
]

MORE = "def d0() -> int:\n    return 3\n"


def _program(bodies: list[str]) -> str:
    functions = [
        f"def f{i}(c: C) -> None:\n{indent(body, '    ')}\n    reveal_type(Tensor.zeros(d))\n"
        for i, body in enumerate(bodies)
    ]
    return "\n".join([HEAD, MORE, *functions])


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """Let mypy reveal, for each body, what a tensor of d elements is; all in one run."""
    file = tmp_path_factory.mktemp("bindings") / "program.py"
    file.write_text(_program([*KNOWN, *UNKNOWN]))
    report = check([str(file), "--no-incremental"])
    starts = [n for n, line in enumerate(file.read_text().splitlines(), 1) if "def f" in line]
    messages = [""] * len(starts)
    for message in report.messages:
        _, line, *rest = message.removeprefix(str(file)).split(":", 2)
        owner = max(i for i, start in enumerate(starts) if start <= int(line))
        messages[owner] += rest[0].strip() + "\n"
    return messages


@pytest.mark.parametrize("body", KNOWN)
def test_one_assignment_is_followed(body: str, said: list[str]) -> None:
    message = said[list(KNOWN).index(body)]
    assert message == f'note: Revealed type is "Tensor[{KNOWN[body]}]"\n'


@pytest.mark.parametrize("body", UNKNOWN)
def test_what_else_may_bind_a_name_makes_it_unknown(body: str, said: list[str]) -> None:
    message = said[len(KNOWN) + UNKNOWN.index(body)]
    assert "Tensor.zeros expects a shape in shape, got [?] of unknown size" in message
    assert message.count("error: ") == 1
