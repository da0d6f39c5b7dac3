"""Make the pictures of the docs: a page, a terminal, an editor and a model, as people see them.

make screenshots
"""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
from examples.own_block import digits
from playwright.sync_api import expect
from rich.console import Console
from scripts.vscode import window

from typed_resnet import Tensor
from typed_resnet.drawing import svg
from typed_resnet.hints import Session
from typed_resnet.pages import page, show
from typed_resnet.summary import flow, summarize

IMAGES = Path("docs/img")
README = Path("README.md")
WRONG = '''\
"""A residual block that forgets its stride on the shortcut."""

from typing import Generic
from typing import Literal as L

from typed_resnet import Conv2D, Layer, Tensor, relu
from typed_resnet.dims import C, CeilDiv, H, W


class Block(Layer, Generic[C]):
    conv1: Conv2D[C, C, L[3], L[2], L[1]]
    conv2: Conv2D[C, C, L[3], L[1], L[1]]

    def __call__(self, x: Tensor[C, H, W]) -> Tensor[C, CeilDiv[H, L[2]], CeilDiv[W, L[2]]]:
        y = relu(self.conv1(x))
        return relu(self.conv2(y) + x)
'''
TERMINAL = 132
"""Letters in a line of the terminal."""


def main() -> int:
    chromium = shutil.which("chromium")
    if chromium is None:
        print("chromium is missing: apt-get install chromium", file=sys.stderr)
        return 2
    IMAGES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        analysed(Path(folder), chromium)
    net, image = digits(), Tensor(np.zeros((1, 8, 8), np.float32))
    (IMAGES / "digits.svg").write_text(svg(flow(summarize(net, image), image)), "utf-8")
    return 0


def analysed(folder: Path, chromium: str) -> None:
    """Show files with a mistake: README's in the terminal; one as a page, light and dark."""
    block = re.search(r"^```python\n(# block.py\n.*?)^```$", README.read_text(), re.S | re.M)
    assert block is not None
    terminal("block.py", block[1])
    editor(folder, "block.py", block[1])
    file = folder / "residual.py"
    file.write_text(WRONG)
    html = folder / "page.html"
    html.write_text(page(file.name, WRONG, Session().analyse(str(file), WRONG)), "utf-8")
    for scheme, number in (("light", 1), ("dark", 0)):
        shot(chromium, html, IMAGES / f"page-{scheme}.png", number)


def terminal(name: str, text: str) -> None:
    """Show a file in a terminal."""
    console = Console(
        record=True, width=TERMINAL, file=io.StringIO(), force_terminal=True, highlight=False
    )
    show(name, text, Session().analyse(name, text), console)
    drawn = console.export_svg(title=f"typed-resnet hints {name}")
    own = re.sub(r"@font-face \{.*?\}\s*", "", drawn, flags=re.DOTALL)  # not from elsewhere
    (IMAGES / "terminal.svg").write_text(own, "utf-8")


def editor(folder: Path, name: str, text: str) -> None:
    """Show a file in VS Code, with what it says of the first error."""
    project = folder / "project"
    project.mkdir()
    (project / name).write_text(text)
    with window(project, name, folder / "home") as page:
        expect(page.locator(".squiggly-error").first).to_be_visible(timeout=120_000)
        page.locator(".view-lines").click()
        page.keyboard.press("Control+B")  # no list of files
        page.keyboard.press("F8")
        expect(page.locator(".zone-widget")).to_contain_text("expects")
        page.screenshot(path=IMAGES / "vscode.png")


def shot(chromium: str, html: Path, out: Path, scheme: int) -> None:
    quiet = ["--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars"]
    wanted = [f"--blink-settings=preferredColorScheme={scheme}", "--window-size=980,990"]
    command = [chromium, *quiet, *wanted, f"--screenshot={out.absolute()}", html.as_uri()]
    subprocess.run(command, check=True, capture_output=True)


if __name__ == "__main__":
    sys.exit(main())
