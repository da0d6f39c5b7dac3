"""Make the pictures of the docs: a page, a terminal and a model, as people see them.

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
from rich.console import Console

from typed_resnet import Tensor
from typed_resnet.drawing import svg
from typed_resnet.hints import Session
from typed_resnet.pages import page, show
from typed_resnet.summary import flow, summarize

IMAGES = Path("docs/img")
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
TERMINAL = 148
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
    """Show a file with a mistake: in the terminal, and as a page, light and dark."""
    file = folder / "block.py"
    file.write_text(WRONG)
    analysis = Session().analyse(str(file), WRONG)
    console = Console(
        record=True, width=TERMINAL, file=io.StringIO(), force_terminal=True, highlight=False
    )
    show(file.name, WRONG, analysis, console)
    drawn = console.export_svg(title="typed-resnet hints block.py")
    own = re.sub(r"@font-face \{.*?\}\s*", "", drawn, flags=re.DOTALL)  # not from elsewhere
    (IMAGES / "terminal.svg").write_text(own, "utf-8")
    html = folder / "page.html"
    html.write_text(page(file.name, WRONG, analysis), "utf-8")
    for scheme, number in (("light", 1), ("dark", 0)):
        shot(chromium, html, IMAGES / f"page-{scheme}.png", number)


def shot(chromium: str, html: Path, out: Path, scheme: int) -> None:
    quiet = ["--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars"]
    wanted = [f"--blink-settings=preferredColorScheme={scheme}", "--window-size=980,960"]
    command = [chromium, *quiet, *wanted, f"--screenshot={out.absolute()}", html.as_uri()]
    subprocess.run(command, check=True, capture_output=True)


if __name__ == "__main__":
    sys.exit(main())
