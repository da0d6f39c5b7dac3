"""The page of a file: all of it is there, and all of it is text."""

from __future__ import annotations

import dataclasses
import re
from html.parser import HTMLParser

from hypothesis import example, given
from hypothesis import strategies as st

from typed_resnet.hints import Analysis, Diagnostic, Expression, Hint, Kind, Position, Range
from typed_resnet.pages.html import page
from typed_resnet.pages.text import split

from .making import ANALYSIS, FEATURES, SOURCE, at

VOID = {"meta"}


class Reader(HTMLParser):
    """Reads a page as a browser does, and refuses one whose elements are not closed in order."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[tuple[str, dict[str, str | None]]] = []
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.code: list[str] = []
        """The text of each line of source, without its hints."""
        self.hints: list[str] = []
        self.typed: list[tuple[str, str]] = []
        self.messages: list[str] = []
        self.bad: list[str] = []
        self.styles: list[str] = []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        if tag in VOID:
            return
        self.open.append((tag, dict(attrs)))
        if tag == "code":
            self.code.append("")
        if self.kinds(-1) & {"message"}:
            self.messages.append("")
        if (typ := dict(attrs).get("data-type")) is not None:
            self.typed.append((typ, ""))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop()[0] == tag

    def kinds(self, depth: int) -> set[str]:
        return set((self.open[depth][1].get("class") or "").split()) if self.open else set()

    def handle_data(self, data: str) -> None:
        tags = [tag for tag, _ in self.open]
        if "hint" in self.kinds(-1):
            self.hints.append(data)
        elif "code" in tags:
            self.code[-1] += data
            self.bad += [data] * ("bad" in self.kinds(-1))
            if any("data-type" in attributes for _, attributes in self.open):
                self.typed[-1] = (self.typed[-1][0], self.typed[-1][1] + data)
        elif "message" in self.kinds(-1):
            self.messages[-1] += data
        elif tags[-1:] == ["style"]:
            self.styles.append(data)


def test_the_source_is_there_word_for_word() -> None:
    read = Reader(page("net.py", SOURCE, ANALYSIS))
    assert read.code == SOURCE.splitlines()
    assert read.hints == [
        ": Block[Cin, Cin, 1]",
        f": {FEATURES}",
        " → [*B, 64, ⌈H/2⌉, ⌈W/2⌉]",
    ]


def test_what_is_pointed_at_has_its_type() -> None:
    """But for functions, whose calls have theirs."""
    read = Reader(page("net.py", SOURCE, ANALYSIS))
    assert ("Conv2D[Cin, 64, 7, 2, 3]", "self.conv1") in [(t, s[:10]) for t, s in read.typed]
    assert ("Tensor[*B, Cin, H, W]", "x") in read.typed
    assert len(read.typed) == len(ANALYSIS.expressions) - 1


def test_the_rest_of_a_long_line_hangs_below_its_beginning() -> None:
    text = page("net.py", SOURCE, ANALYSIS)
    indents = re.findall(r'</a><code(?: style="--indent: (\d+)")?>', text.replace("\n", ""))
    assert [int(indent or 0) for indent in indents] == [0, 4, 0, 4, 8, 12, 8, 8]


def test_an_error_is_marked_and_said() -> None:
    text = page("net.py", SOURCE, ANALYSIS)
    read = Reader(text)
    assert read.bad == ["x"]
    assert read.messages[-1] == "+ expects height ⌈H/2⌉, got H: at H = 2 they are 1 and 2 "
    assert "net.py:4: H is the height of x" in text
    assert '<a href="#L8">line 8</a>' in text
    assert "3 shapes inferred, 1 error" in text
    assert read.messages[0] == "a note without a code"


def test_its_flows_are_drawn_with_one_style() -> None:
    text = page("net.py", SOURCE, ANALYSIS)
    assert text.count("<svg ") == 1
    assert len(Reader(text).styles) == 1
    assert "How shapes flow" not in page("net.py", SOURCE, Analysis("net.py"))


def test_nothing_outside_is_asked_for() -> None:
    text = page("net.py", SOURCE, ANALYSIS)
    assert not re.search(r"<script|<link|<img|<iframe|@import|url\(|\bon\w+=", text)
    assert re.findall(r"(?:href|src)=\"([^\"]*)\"", text) == [
        *(f"#L{n}" for n in (7, 8)),
        *(f"#L{n}" for n in range(1, 9)),
    ]


HOSTILE = "</code></style><script>alert(\"x\")</script><img src=x onerror='y'>&lt;\x00\x1b\ud800"
TAGS = Reader(page("net.py", SOURCE, ANALYSIS)).tags


def assert_harmless(name: str, text: str, analysis: Analysis) -> None:
    read = Reader(page(name, text, analysis))
    assert read.tags <= TAGS | {"title"}
    assert not any(attribute.startswith("on") for attribute in read.attributes)
    shown = [
        re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]", "�", line)
        for line in split(text)
    ]
    assert read.code == shown


def test_hostile_text_is_text() -> None:
    """In the source, in the file's name, in types, messages, codes and paths."""
    source = f"x = relu(y)  # {HOSTILE}\n"
    place = at(source, "relu(y)")
    wrong = Diagnostic(place, HOSTILE, HOSTILE, related=())
    analysis = Analysis(
        HOSTILE,
        (Hint(Kind.NAME, at(source, "x"), HOSTILE), Hint(Kind.CALL, place, HOSTILE)),
        (wrong,),
        (Expression(place, f"Tensor[{HOSTILE}]"), Expression(at(source, "y"), HOSTILE)),
    )
    assert_harmless(HOSTILE, source, analysis)


def positions(text: str) -> st.SearchStrategy[Position]:
    lines = max(len(split(text)), 1)
    return st.builds(Position, st.integers(0, lines - 1), st.integers(0, 30))


@st.composite
def anything(draw: st.DrawFn) -> tuple[str, Analysis]:
    """Draw any text, with ranges anywhere in it, across one another too."""
    text = draw(st.text("ab<>&\"'=()#\n\t\\é⌈\x00", max_size=60))
    place = positions(text)
    ranges = st.builds(lambda a, b: Range(min(a, b), max(a, b)), place, place)
    types = st.sampled_from(["Tensor[<b>]", "Conv2D[3]", '"', "(x) -> y"])
    analysis = Analysis(
        "x.py",
        tuple(draw(st.lists(st.builds(Hint, st.sampled_from(Kind), ranges, types), max_size=4))),
        tuple(draw(st.lists(st.builds(Diagnostic, ranges, types, st.none()), max_size=3))),
        tuple(draw(st.lists(st.builds(Expression, ranges, types), max_size=6))),
    )
    return text, analysis


@given(anything())
@example(("x = '''\n<b>\n'''\n", dataclasses.replace(ANALYSIS, hints=())))
def test_any_text_with_ranges_anywhere(drawn: tuple[str, Analysis]) -> None:
    """Half-written code too: what does not nest is left out, and the text stays."""
    text, analysis = drawn
    assert_harmless("x.py", text, analysis)
