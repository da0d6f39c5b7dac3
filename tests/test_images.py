"""The pictures of the docs: small, and of nothing outside themselves."""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest

from .drawing.extents import assert_legible

IMAGES = sorted((Path(__file__).parents[1] / "docs/img").iterdir())
DRAWN = [image for image in IMAGES if image.suffix == ".svg"]


@pytest.mark.parametrize("image", IMAGES, ids=lambda image: image.name)
def test_each_is_small(image: Path) -> None:
    assert image.stat().st_size < 120_000


@pytest.mark.parametrize("image", DRAWN, ids=lambda image: image.name)
def test_each_drawing_stands_alone(image: Path) -> None:
    ElementTree.parse(image)
    asked = re.findall(r"(?:href|src)=|url\((?!#)[^)]*|@import|@font-face", image.read_text())
    assert asked == []


def test_the_model_can_be_read() -> None:
    """`make screenshots` writes it; here it is as it is in the docs."""
    (model,) = [image for image in DRAWN if image.stem == "digits"]
    assert_legible(ElementTree.parse(model).getroot())
