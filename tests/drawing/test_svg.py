"""The picture of a flow: what is in it, and that it can be read."""

from __future__ import annotations

import re
from itertools import pairwise
from xml.etree import ElementTree

from hypothesis import given
from hypothesis import strategies as st

from typed_resnet.drawing import Flow, Step, svg
from typed_resnet.drawing.flow import folded
from typed_resnet.drawing.placing import placed
from typed_resnet.drawing.wires import wires

from .extents import SVG, assert_legible, texts


def step(name: str, *sources: int, shape: str = "8 × 8", groups: str = "") -> Step:
    return Step(name, "layer", shape, sources, (f"Type[{name}]",), tuple(groups.split()))


RESIDUAL = Flow(
    "Residual",
    (
        Step("x", "input", "3 × 8 × 8"),
        step("conv1", 0, groups="block"),
        step("conv2", 1, groups="block"),
        step("projection", 0, groups="block"),
        Step("+", "sum", "8 × 8", (2, 3), (), ("block",)),
        step("skipped", 4),
        Step("+", "sum", "8 × 8", (5, 4)),
    ),
)


def test_what_is_beside_the_main_path_stands_beside_it() -> None:
    boxes = placed(RESIDUAL).boxes
    assert [box.row for box in boxes] == [0, 1, 2, 1, 3, 4, 5]
    assert [box.lane for box in boxes] == [0, 0, 0, 1, 0, 0, 0]


def test_a_wire_that_skips_a_step_goes_round_it() -> None:
    layout = placed(RESIDUAL)
    lines = list(wires(RESIDUAL, layout))
    arc = lines[-1]
    skipped = layout.boxes[5]
    assert arc[0] == (layout.boxes[4].middle, layout.boxes[4].bottom)
    assert arc[-1][0] == layout.boxes[6].right
    assert all(x > skipped.right for x, _ in arc[2:-1])


def test_each_step_is_in_the_picture_with_its_shape_and_what_else_it_says() -> None:
    picture = ElementTree.fromstring(svg(RESIDUAL))
    written = [text.what for text in texts(picture)]
    assert written.count("8 × 8") == 6
    for expected in ("Residual", "x", "3 × 8 × 8", "conv1", "Type[conv1]", "projection", "block"):
        assert expected in written
    assert_legible(picture)


def test_a_shape_that_changes_stands_out() -> None:
    picture = ElementTree.fromstring(svg(RESIDUAL))
    changed = [t.text for t in picture.iter(f"{SVG}text") if t.get("class") == "changed"]
    assert changed == ["3 × 8 × 8", "8 × 8", "8 × 8"]  # of x, conv1 and projection


def chain(count: int, *, odd: int | None = None) -> Flow:
    """Blocks of two steps with a sum, one after another; one of them may be of another shape."""
    steps = [Step("x", "input", "8 × 8")]
    for block in range(count):
        groups = ("stage", f"rest.{block}")
        shape = "4 × 4" if block == odd else "8 × 8"
        last = len(steps) - 1
        steps.append(Step("conv", "layer", shape, (last,), (), groups))
        steps.append(Step("+", "sum", shape, (last + 1, last), (), groups))
    steps.append(Step("head", "layer", "10", (len(steps) - 1,)))
    return Flow("Chain", tuple(steps))


def test_groups_that_repeat_are_drawn_once() -> None:
    few = folded(chain(30))
    assert [s.name for s in few.steps] == ["x", "conv", "+", "head"]
    assert few.steps[1].groups == ("stage", "rest.0–29 ×30")
    assert few.steps[-1].sources == (2,)
    assert_legible(ElementTree.fromstring(svg(chain(30))))


def test_groups_that_differ_are_not_folded() -> None:
    assert [s.groups[-1] for s in folded(chain(7, odd=3)).steps[1:-1:2]] == [
        "rest.0–2 ×3",
        "rest.3",
        "rest.4–6 ×3",
    ]
    assert folded(chain(2)) == chain(2)


def test_what_takes_of_a_group_inside_keeps_it() -> None:
    flow = chain(4)
    head = Step("head", "layer", "10", (8, 4))
    assert folded(Flow("", (*flow.steps[:-1], head))).steps[-1] == head


HOSTILE = "<script>alert(1)</script>&\"']]>\x00\x1b\ud800￾"


def test_any_text_is_text() -> None:
    made = Step(HOSTILE, "layer", HOSTILE, (), (HOSTILE,), (HOSTILE,), HOSTILE)
    text = svg(Flow(HOSTILE, (made,)))
    picture = ElementTree.fromstring(text.encode())
    shown = re.sub(r"[\x00\x1b\ud800￾]", "�", HOSTILE)
    assert [extent.what for extent in texts(picture)] == [shown] * 5
    assert {element.tag.removeprefix(SVG) for element in picture.iter()} == {
        *("svg", "style", "rect", "text", "path", "g", "title")
    } - {"path"}


@st.composite
def flows(draw: st.DrawFn) -> Flow:
    """Draw any flow: steps take what they like of those before, in groups that are never apart."""
    steps = [Step("x", "input", "3 × 8 × 8")]
    for number in range(draw(st.integers(0, 25))):
        sources = draw(st.lists(st.integers(0, len(steps) - 1), max_size=3, unique=True))
        depth = draw(st.integers(0, 3))
        inner = steps[-1].groups[:depth]
        opened = [f"g{number}{i}" for i in range(draw(st.integers(0, 3 - len(inner))))]
        lines = tuple(draw(st.lists(st.text("ab[]", max_size=30), max_size=2)))
        name = draw(st.text("abc", min_size=1, max_size=20))
        shape = draw(st.sampled_from(["8 × 8", "64 × 112 × 112"]))
        steps.append(Step(name, "layer", shape, tuple(sources), lines, (*inner, *opened)))
    return Flow("Any", tuple(steps))


@given(flows())
def test_every_flow_can_be_read(flow: Flow) -> None:
    picture = ElementTree.fromstring(svg(flow))
    written = list(texts(picture))
    drawn = [box for box in picture.iter(f"{SVG}rect") if box.get("class") == "box"]
    names = {step.name for step in flow.steps}
    assert names <= {text.what for text in written}
    assert len(drawn) == len(folded(flow).steps)
    assert_legible(picture)


@given(flows())
def test_wires_go_through_no_box(flow: Flow) -> None:
    """A line bends outside of boxes, and goes straight from bend to bend."""
    layout = placed(flow)
    for line in wires(flow, layout):
        for (x, y), (to_x, to_y) in pairwise(line):
            assert x == to_x or y == to_y
            for box in layout.boxes:
                across = min(x, to_x) < box.right and box.x < max(x, to_x)
                down = min(y, to_y) < box.bottom and box.y < max(y, to_y)
                inside_x = box.x < x < box.right if x == to_x else across
                inside_y = box.y < y < box.bottom if y == to_y else down
                assert not (inside_x and inside_y), (line, box)
