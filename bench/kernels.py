"""Our kernels beside PyTorch's, turn by turn: single convolutions, whole networks, peak memory.

    python bench/kernels.py                      everything, into docs/speed.md and docs/speed.svg
    python bench/kernels.py models --turns 15    one part, printed
    python bench/kernels.py convs --threads 1
    python bench/kernels.py models --save models.json      the same in pieces, and the page from
    python bench/kernels.py page models.json convs.json    them

Each library runs in a process of its own, and turns alternate, so that a busy moment of the
machine falls on all alike. A turn is one call that brings arrays and threads back to the caches
and cores, then up to five in a row whose median counts: what a program sees that uses one library
alone. A figure is the median of the turns' ratios to PyTorch eager, with its quartiles; times are
medians.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import statistics
import subprocess
import sys
import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
from threadpoolctl import threadpool_info

HERE: Final = Path(__file__).parent
PAGE: Final = HERE.parent / "docs/speed.md"
PLOT: Final = HERE.parent / "docs/speed.svg"
FIRST: Final = "torch"
_PAUSE: Final = 0.05
"""Seconds after a turn: longer than a library's idle threads look for work on a core, which
OpenBLAS's do for some 20 ms."""
_CALLS: Final = 5
_LONG: Final = 0.5
"""Seconds after which no further call is made in a turn."""

MODELS: Final = {
    "ResNet-18, evaluation, 1 image": "resnet18 eval 1",
    "ResNet-18, evaluation, 8 images": "resnet18 eval 8",
    "ResNet-18, forward and backward, 1 image": "resnet18 train 1",
    "ResNet-18, forward and backward, 8 images": "resnet18 train 8",
    "the specification's, forward": "spec eval 1",
    "the specification's, forward and backward": "spec train 1",
}

# Channels in and out, size, window, stride: what ResNet-18 and ResNet-50 are made of.
SHAPES: Final = [
    *[(3, 64, 224, 7, 2), (64, 64, 56, 3, 1), (64, 128, 56, 3, 2), (64, 128, 56, 1, 2)],
    *[(128, 128, 28, 3, 1), (128, 256, 28, 3, 2), (256, 256, 14, 3, 1), (256, 512, 14, 3, 2)],
    *[(512, 512, 7, 3, 1), (64, 256, 56, 1, 1), (256, 64, 56, 1, 1), (256, 128, 56, 1, 1)],
    *[(128, 128, 56, 3, 2), (128, 512, 28, 1, 1), (512, 128, 28, 1, 1), (256, 512, 56, 1, 2)],
    *[(256, 256, 28, 3, 2), (256, 1024, 14, 1, 1), (1024, 256, 14, 1, 1), (512, 512, 14, 3, 2)],
    *[(512, 2048, 7, 1, 1), (2048, 512, 7, 1, 1), (1024, 2048, 14, 1, 2)],
]
CONVS: Final = {
    f"{k}x{k} / {s}, {cin} to {cout} at {size}": f"conv {cin} {cout} {size} {k} {s} 1"
    for cin, cout, size, k, s in SHAPES
}  # fmt: skip


class Library:
    """A library's process."""

    def __init__(self, name: str, threads: int) -> None:
        self.name = name
        count = {f"{kind}_NUM_THREADS": str(threads) for kind in ("OMP", "OPENBLAS", "MKL")}
        self.process = subprocess.Popen(
            [sys.executable, str(HERE / "libraries.py"), name],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=os.environ | count,
        )  # fmt: skip

    def ask(self, task: str) -> float:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        print(task, file=self.process.stdin, flush=True)
        return float(self.process.stdout.readline())

    def turn(self, task: str) -> float:
        """Run a task once unseen, then several times; return the median."""
        self.ask(task)
        times = [self.ask(task)]
        while len(times) < _CALLS and sum(times) < _LONG:
            times.append(self.ask(task))
        return statistics.median(times)

    def close(self) -> None:
        assert self.process.stdin is not None
        self.process.stdin.close()
        self.process.wait()


class Row(NamedTuple):
    what: str
    library: str
    ratios: tuple[float, float, float]
    """Lower quartile, median, upper quartile."""
    milliseconds: float
    peak: float
    """Peak resident memory over PyTorch's, or nought where it was not measured."""


def measure(tasks: dict[str, str], names: Sequence[str], turns: int, threads: int) -> list[Row]:
    """Time each task in each library; a task of a network has processes of its own."""
    rows: list[Row] = []
    shared = [Library(name, threads) for name in names]
    for what, task in tasks.items():
        alone = not task.startswith("conv")
        libraries = [Library(name, threads) for name in names] if alone else shared
        times: dict[str, list[float]] = {name: [] for name in names}
        for turn in range(turns + 1):
            for library in libraries:
                seconds = library.turn(task)
                time.sleep(_PAUSE)
                if turn:  # the first makes the arrays
                    times[library.name].append(seconds)
        peaks = {library.name: library.ask("peak") if alone else 0.0 for library in libraries}
        for name in names[1:]:
            ratios = [a / b for a, b in zip(times[name], times[FIRST], strict=True)]
            low, middle, high = statistics.quantiles(ratios, n=4)
            peak = peaks[name] / peaks[FIRST] if alone else 0.0
            median = statistics.median(times[name]) * 1e3
            rows.append(Row(what, name, (low, middle, high), median, peak))
            print(line(rows[-1]), flush=True)
        if alone:
            for library in libraries:
                library.close()
    for library in shared:
        library.close()
    return rows


def line(row: Row) -> str:
    low, middle, high = row.ratios
    memory = f"{row.peak:.2f}" if row.peak else ""
    spread = f"{low:.2f} to {high:.2f}"
    figures = f"{row.milliseconds:.1f} | {middle:.2f} | {spread} | {memory}"
    return f"| {row.what} | {row.library} | {figures} |"


def machine(threads: int) -> str:
    """Say which machine, which BLAS, and how fast its products are."""
    library = Library("typed_resnet", threads)
    best = min(library.ask("matmul") for _ in range(9))
    library.close()
    blas = [info for info in threadpool_info() if info["user_api"] == "blas"]
    kernel = blas[0].get("architecture", "unknown") if blas else "unknown"
    return (
        f"NumPy {np.__version__}, BLAS kernel {kernel}, {threads} threads; a product of two"
        f" 2048 x 2048 matrices runs at {2 * 2048**3 / best / 1e9:.0f} GF/s."
    )


def table(rows: Iterable[Row]) -> str:
    head = "| | library | ms | / PyTorch eager | quartiles | peak memory / PyTorch's |"
    return "\n".join([head, "|---|---|--:|--:|--:|--:|", *map(line, rows)])


def plot(rows: Sequence[Row]) -> str:
    """Draw a bar for each row; the line at 1 is PyTorch eager."""
    wide, high, left = 300, 18, 330
    bars = []
    for index, row in enumerate(rows):
        y, width = 20 + index * high, wide * min(row.ratios[1], 2) / 2
        colour = "#3b7a57" if row.ratios[1] < 1 else "#b5651d"
        bars.append(
            f'<text x="{left - 8}" y="{y + 12}" text-anchor="end">{row.what}</text>'
            f'<rect x="{left}" y="{y}" width="{width:.0f}" height="{high - 4}" fill="{colour}"/>'
            f'<text x="{left + width + 4:.0f}" y="{y + 12}">{row.ratios[1]:.2f}</text>'
        )
    bottom = 24 + len(rows) * high
    one = left + wide / 2
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{left + wide + 60}" height="{bottom + 8}"'
        ' font-family="sans-serif" font-size="11">'
        f'<text x="{one}" y="12" text-anchor="middle">PyTorch eager = 1</text>'
        f"{''.join(bars)}"
        f'<line x1="{one}" y1="16" x2="{one}" y2="{bottom}" stroke="#666" stroke-dasharray="3"/>'
        "</svg>\n"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("part", nargs="?", choices=["models", "convs", "page"])
    parser.add_argument("pieces", nargs="*", type=Path, help="for page: what was saved")
    parser.add_argument("--turns", type=int, default=9)
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--also", nargs="*", default=[], choices=["torch.compile"])
    parser.add_argument("--save", type=Path, help="where to keep a part's figures")
    options = parser.parse_args()
    if options.part == "page":
        pieces = [json.loads(path.read_text()) for path in options.pieces]
        write([(said, [Row(*row) for row in rows]) for said, rows in pieces])
        return
    names = [FIRST, "typed_resnet", *options.also]
    tasks = {"models": MODELS, "convs": CONVS}
    parts = [options.part] if options.part else list(tasks)
    said = machine(options.threads)
    print(said)
    found = {part: measure(tasks[part], names, options.turns, options.threads) for part in parts}
    if options.save:
        rows = [row for part in found.values() for row in part]
        options.save.write_text(json.dumps([said, rows]))
    if options.part is None:
        write([(said, rows) for rows in found.values()])


def write(pieces: Sequence[tuple[str, list[Row]]]) -> None:
    """Put the figures into the page, and draw them."""
    said = dict.fromkeys(said for said, _ in pieces)
    body = "\n\n".join([*said, *(table(rows) for _, rows in pieces), f"![ratios]({PLOT.name})"])
    text = re.sub(r"(?s)(<!-- figures -->\n).*(\n<!-- end -->)", rf"\1{body}\2", PAGE.read_text())
    PAGE.write_text(text)
    PLOT.write_text(plot([row for _, rows in pieces for row in rows]))


if __name__ == "__main__":
    main()
