"""What stands where in a picture, computed from its SVG alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations
from xml.etree import ElementTree

SVG = "{http://www.w3.org/2000/svg}"
WIDEST = 0.62
"""How wide a letter is of its height, in the widest of the fonts that are named first."""


@dataclass(frozen=True)
class Extent:
    """A rectangle, and what it is of."""

    what: str
    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: Extent) -> bool:
        beside = self.right <= other.left or other.right <= self.left
        return not beside and not (self.bottom <= other.top or other.bottom <= self.top)

    def holds(self, other: Extent) -> bool:
        across = self.left <= other.left and other.right <= self.right
        return across and self.top <= other.top and other.bottom <= self.bottom


def texts(picture: ElementTree.Element) -> Iterator[Extent]:
    """Walk all lines of text, each as wide as its letters may be."""
    for text in picture.iter(f"{SVG}text"):
        size, x, y = (float(text.attrib[name]) for name in ("font-size", "x", "y"))
        width = WIDEST * size * len(text.text or "")
        left = x - width if text.get("text-anchor") == "end" else x
        yield Extent(text.text or "", left, y - 0.8 * size, left + width, y + 0.25 * size)


def boxes(picture: ElementTree.Element, kind: str = "box") -> Iterator[Extent]:
    for box in picture.iter(f"{SVG}rect"):
        if box.get("class") == kind:
            x, y, width, height = (float(box.attrib[k]) for k in ("x", "y", "width", "height"))
            yield Extent(kind, x, y, x + width, y + height)


def overlaps(extents: list[Extent]) -> list[tuple[str, str]]:
    return [(a.what, b.what) for a, b in combinations(extents, 2) if a.meets(b)]


def assert_legible(picture: ElementTree.Element) -> None:
    """No text meets another, each box holds its own, and all is inside the picture."""
    written, drawn = list(texts(picture)), list(boxes(picture))
    assert overlaps(written) == []
    assert overlaps(drawn) == []
    for box in drawn:
        assert [text.what for text in written if box.meets(text) and not box.holds(text)] == []
    _, _, width, height = map(float, picture.attrib["viewBox"].split())
    page = Extent("page", 0, 0, width, height)
    assert [e for e in [*written, *drawn, *boxes(picture, "frame")] if not page.holds(e)] == []
