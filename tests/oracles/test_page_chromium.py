"""The page of a file and the picture of a model, as Chromium shows and prints them."""

from __future__ import annotations

import re
import shutil
import subprocess
import zlib
from pathlib import Path

import numpy as np
import png
import pytest
from tests.drawing.test_svg import RESIDUAL
from tests.pages.making import ANALYSIS, SOURCE

from typed_resnet.drawing import svg
from typed_resnet.hints import Analysis
from typed_resnet.pages.html import page

pytestmark = pytest.mark.oracle

CHROMIUM = shutil.which("chromium")
DARK = "--blink-settings=preferredColorScheme=0"
LIGHT = "--blink-settings=preferredColorScheme=1"
PAGE = {LIGHT: (255, 255, 255), DARK: (20, 24, 31)}
"""The colour of the page."""


def chromium(*arguments: str) -> str:
    assert CHROMIUM is not None, "chromium is missing: apt-get install chromium"
    quiet = ["--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars"]
    finished = subprocess.run(
        [CHROMIUM, *quiet, *arguments], capture_output=True, text=True, check=True, timeout=120
    )
    return finished.stdout


def shot(file: Path, scheme: str, width: int = 1000) -> Path:
    out = file.with_suffix(f".{width}.png")
    chromium(scheme, f"--window-size={width},900", f"--screenshot={out}", str(file))
    return out


@pytest.fixture
def file(tmp_path: Path) -> Path:
    (tmp_path / "page.html").write_text(page("net.py", SOURCE, ANALYSIS), "utf-8")
    return tmp_path / "page.html"


@pytest.mark.parametrize("scheme", [LIGHT, DARK], ids=["light", "dark"])
def test_the_page_is_as_its_reader_likes_it(file: Path, scheme: str) -> None:
    """The ground is of one colour, what stands on it differs from it, and errors are red."""
    colours = png.read(shot(file, scheme)).astype(int)
    assert tuple(colours[-1, -1]) == PAGE[scheme]
    contrast = np.abs(colours - PAGE[scheme]).max(axis=(1, 2))
    assert contrast.max() > 180
    red = (colours[..., 0] - colours[..., 1:].max(axis=2)) > 100
    assert red.sum() > 50
    assert not _cut_at_the_right(colours)


def _cut_at_the_right(colours: np.ndarray) -> bool:
    """Say whether anything reaches the right edge of a picture."""
    return bool((colours[:, -2:] != colours[-1, -1]).any())


def test_on_a_narrow_screen_nothing_is_cut(file: Path) -> None:
    assert not _cut_at_the_right(png.read(shot(file, LIGHT, 500)).astype(int))


def test_what_is_too_long_for_a_line_hangs_below_it(tmp_path: Path) -> None:
    """Of a function's lines the first alone begins at the left, its body's ends nowhere there."""
    file = tmp_path / "page.html"
    text = f"def f(x: int) -> list[int]:\n    return [{'x, ' * 60}]\n"
    file.write_text(page("f.py", text, Analysis("f.py")), "utf-8")
    colours = png.read(shot(file, LIGHT, 600)).astype(int)[100:, 65:]  # no title, no numbers
    ink = np.abs(colours - PAGE[LIGHT]).max(axis=2) > 120
    left = [np.flatnonzero(row)[0] for row in ink if row.any()]
    assert len(left) > 40
    assert min(left[:10]) < 10
    assert min(left[20:]) > 35


def test_the_page_is_what_was_written(file: Path) -> None:
    """No text of the source has become an element, and no style was refused."""
    dom = chromium("--dump-dom", str(file))
    assert "&lt;b&gt;ten&lt;/b&gt; classes &amp; " in dom
    assert dom.count("<svg") == 1
    assert "<b>" not in dom


@pytest.mark.parametrize("scheme", [LIGHT, DARK], ids=["light", "dark"])
def test_on_paper_there_is_no_dark_ground(file: Path, scheme: str, tmp_path: Path) -> None:
    """Whatever its reader's scheme is, it prints in black, and its hints with it."""
    out = tmp_path / "page.pdf"
    chromium(scheme, "--no-pdf-header-footer", f"--print-to-pdf={out}", str(file))
    paper = out.read_bytes()
    drawn = b" ".join(
        _inflated(paper[start.end() :]) for start in re.finditer(b"stream\r?\n", paper)
    )
    fills = {
        tuple(float(part) for part in found.split())
        for found in re.findall(rb"((?: [\d.]+){3}) rg\b", drawn)
    }
    assert (0, 0, 0) in fills
    assert {fill for fill in fills if max(fill) - min(fill) > 0.1} == set()
    assert paper.count(b"/Type /Page\n") == 1


def _inflated(data: bytes) -> bytes:
    try:
        return zlib.decompressobj().decompress(data)
    except zlib.error:
        return b""


@pytest.mark.parametrize("scheme", [LIGHT, DARK], ids=["light", "dark"])
def test_the_picture_of_a_model(scheme: str, tmp_path: Path) -> None:
    file = tmp_path / "model.svg"
    file.write_text(svg(RESIDUAL), "utf-8")
    colours = png.read(shot(file, scheme)).astype(int)
    assert tuple(colours[3, 3]) == PAGE[scheme]
    ink = np.abs(colours - PAGE[scheme]).max(axis=2) > 150
    assert ink.sum() > 500
