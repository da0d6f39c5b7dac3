"""The flow of shapes, read off the source."""

from __future__ import annotations

import ast
import dataclasses

from typed_resnet.drawing import Flow
from typed_resnet.hints import Analysis, Expression
from typed_resnet.pages.flow import flows
from typed_resnet.pages.text import range_of, split

from .making import ANALYSIS, FEATURES, SOURCE


def drawn(source: str, analysis: Analysis) -> list[Flow]:
    return list(flows(ast.parse(source), split(source), analysis))


def test_each_step() -> None:
    (flow,) = drawn(SOURCE, ANALYSIS)
    assert flow.title == "Net.__call__"
    assert [(s.name, s.kind, s.shape, s.sources) for s in flow.steps] == [
        ("x", "input", "[*B, Cin, H, W]", ()),
        ("block", "layer", "[*B, Cin, H, W]", (0,)),
        ("conv1", "layer", "[*B, 64, ⌈H/2⌉, ⌈W/2⌉]", (1,)),
        ("relu", "function", "[*B, 64, ⌈H/2⌉, ⌈W/2⌉]", (2,)),
        ("+", "wrong", "?", (3, 1)),
        ("head", "layer", "[*B, 10]", (4,)),
    ]
    assert [step.lines for step in flow.steps[1:4]] == [
        ("Block[Cin, Cin, 1]",),
        ("Conv2D[Cin, 64, 7, 2, 3]",),
        (),
    ]
    assert flow.steps[1].groups == ("for block in self.blocks",)
    assert flow.steps[2].title == "line 7: self.conv1(x)"


def test_without_the_error_the_sum_is_a_sum() -> None:
    source = "def f(x):\n    return x + x\n"
    (flow,) = drawn(source, every(source, "Tensor[C]"))
    assert [(s.name, s.kind, s.shape, s.sources) for s in flow.steps] == [
        ("x", "input", "[C]", ()),
        ("+", "sum", "[C]", (0,)),
    ]


def every(source: str, typ: str, *but: type[ast.expr]) -> Analysis:
    """Give every expression of a source one type."""
    nodes = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.expr)]
    lines = split(source)
    typed = [Expression(range_of(node, lines), typ) for node in nodes if not isinstance(node, but)]
    return Analysis("f.py", expressions=tuple(typed))


def sources(source: str) -> list[tuple[str, tuple[int, ...], tuple[str, ...]]]:
    (flow,) = drawn(source, every(source, "Tensor[C]"))
    return [(step.name, step.sources, step.groups) for step in flow.steps]


def test_branches_and_loops_are_framed() -> None:
    source = """\
async def f(x):
    if x is None:
        y = a(x)
    else:
        y = b(x)
    with c(x):
        while True:
            y -= x
    return y
"""
    assert sources(source) == [
        ("x", (), ()),
        ("a", (0,), ("if x is None",)),
        ("b", (0,), ("else",)),
        ("-", (2, 0), ()),
    ]


def test_names_are_bound_in_every_way() -> None:
    source = """\
def f(x, *, z):
    y, w = a(x, key=z)
    v: T = (u := b(y)) * w
    return [c(u), v @ u]
"""
    assert sources(source) == [
        ("x", (), ()),
        ("z", (), ()),
        ("a", (0, 1), ()),
        ("b", (2,), ()),
        ("×", (3, 2), ()),
        ("c", (3,), ()),
        ("·", (4, 3), ()),
    ]


def test_of_a_tuple_the_first_tensor_is_shown() -> None:
    source = "y, back = conv(x)\n"
    analysis = every(source, f"tuple[{FEATURES}, (dy: Tensor[C]) -> Tensor[C]]")
    assert drawn(source, analysis) == []  # what is returned is called later
    (flow,) = drawn(source, every(source, f"tuple[{FEATURES}, int]"))
    assert (flow.title, flow.steps[-1].shape) == ("module", "[*B, 64, ⌈H/2⌉, ⌈W/2⌉]")


def test_what_holds_no_tensors_is_not_drawn() -> None:
    source = "def f(x):\n    return g(x + 1)\n"
    assert drawn(source, Analysis("f.py")) == []


def test_columns_are_of_letters() -> None:
    """Python's parser counts bytes."""
    source = 'def f(x):\n    return g("ééé", x)\n'
    analysis = every(source, "Tensor[C]")
    shifted = dataclasses.replace(analysis, expressions=analysis.expressions)
    (flow,) = drawn(source, shifted)
    assert flow.steps[-1].sources == (0,)
    line = source.splitlines()[1]
    (call,) = [
        e
        for e in analysis.expressions
        if line[e.range.start.column :].startswith('g("ééé"') and e.range.end.column == len(line)
    ]
    assert call.range.start.column == 11
