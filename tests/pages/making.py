"""Analyses written by hand, on texts: no mypy is asked."""

from __future__ import annotations

from typed_resnet.hints import (
    Analysis,
    Diagnostic,
    Expression,
    Hint,
    Kind,
    Position,
    Range,
    Related,
    Severity,
)

SOURCE = '''\
class Net(Layer):
    """Ends in <b>ten</b> classes & "no more"."""

    def __call__(self, x: Tensor[*B, Cin, H, W]) -> Tensor[*B, L[10]]:
        for block in self.blocks:
            x = block(x)
        y = relu(self.conv1(x))
        return self.head(y + x)
'''


def at(text: str, snippet: str, turn: int = 0) -> Range:
    """Find where a snippet stands in a text, for the n-th time."""
    place = -1
    for _ in range(turn + 1):
        place = text.index(snippet, place + 1)
    start, end = (text[:to].split("\n") for to in (place, place + len(snippet)))
    return Range(Position(len(start) - 1, len(start[-1])), Position(len(end) - 1, len(end[-1])))


def typed(snippet: str, typ: str, turn: int = 0) -> Expression:
    return Expression(at(SOURCE, snippet, turn), typ)


FEATURES = "Tensor[*B, 64, ⌈H/2⌉, ⌈W/2⌉]"
WRONG = Diagnostic(
    at(SOURCE, "x", 4),
    "+ expects height ⌈H/2⌉, got H: at H = 2 they are 1 and 2",
    "shape",
    related=(Related("net.py", at(SOURCE, "x: Tensor"), "H is the height of x"),),
)
NOTE = Diagnostic(at(SOURCE, "relu"), "a note without a code", None, Severity.NOTE)

ANALYSIS = Analysis(
    "net.py",
    hints=(
        Hint(Kind.NAME, at(SOURCE, "y", 1), FEATURES),
        Hint(Kind.CALL, at(SOURCE, "self.conv1(x)"), FEATURES),
        Hint(Kind.LOOP, at(SOURCE, "block"), "Block[Cin, Cin, 1]"),
    ),
    diagnostics=(WRONG, NOTE),
    expressions=(
        typed("x", "Tensor[*B, Cin, H, W]", 1),
        typed("block(x)", "Tensor[*B, Cin, H, W]"),
        typed("block", "Block[Cin, Cin, 1]", 2),
        typed("x", "Tensor[*B, Cin, H, W]", 2),
        typed("relu(self.conv1(x))", FEATURES),
        typed("relu", f"(x: {FEATURES}) -> {FEATURES}"),
        typed("self.conv1(x)", FEATURES),
        typed("self.conv1", "Conv2D[Cin, 64, 7, 2, 3]"),
        typed("self.head(y + x)", "Tensor[*B, 10]"),
        typed("self.head", "Linear[64, 10]"),
    ),
)
"""As mypy would have it, but for names that are only targets."""
