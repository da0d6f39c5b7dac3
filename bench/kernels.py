"""Our kernels beside PyTorch's, turn by turn: single convolutions, whole networks, peak memory.

    python bench/kernels.py                      everything, into docs/speed.md and docs/speed.svg
    python bench/kernels.py models --turns 15    one part, printed
    python bench/kernels.py convs --threads 1 --only typed_resnet
    python bench/kernels.py models --only typed_resnet "ONNX Runtime" --save models.json
    python bench/kernels.py models --only torch.compile --save compiled.json      (compiles anew)
    python bench/kernels.py convs --save convs.json
    python bench/kernels.py models --isa avx2 --save avx2.json      held to AVX2
    python bench/kernels.py page models.json compiled.json convs.json avx2.json      from pieces

Each library runs in a process of its own, and turns alternate, so that a busy moment of the
machine falls on all alike. A turn is one call that brings arrays and threads back to the caches
and cores, then up to five in a row whose median counts: what a program sees that uses one library
alone. A figure is the median of the turns' ratios to PyTorch eager, with its quartiles; times are
medians. The fraction of the peak takes the flop of direct convolutions, whatever a library does
in their place, over those of a product of two 2048 x 2048 matrices in the same time.
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import re
import statistics
import subprocess
import sys
import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple, TypeAlias

import numpy as np
from threadpoolctl import threadpool_info

HERE: Final = Path(__file__).parent
PAGE: Final = HERE.parent / "docs/speed.md"
PLOT: Final = HERE.parent / "docs/speed.svg"
FIRST: Final = "torch"
OURS: Final = "typed_resnet"
OTHERS: Final = {
    "models": ["typed_resnet", "ONNX Runtime", "torch.compile"],
    "convs": ["typed_resnet", "ONNX Runtime"],
}
"""What is timed beside PyTorch eager, whose kernels `torch.compile` takes for a convolution."""
ISA: Final = {
    "avx2": {
        "ONEDNN_MAX_CPU_ISA": "AVX2",
        "MKL_ENABLE_INSTRUCTIONS": "AVX2",
        "ATEN_CPU_CAPABILITY": "avx2",
        "OPENBLAS_CORETYPE": "Haswell",
        "NPY_DISABLE_CPU_FEATURES": "AVX512F AVX512CD AVX512_SKX AVX512_CLX AVX512_CNL AVX512_ICL"
        " AVX512_SPR",
    }
}
"""What holds libraries to the instructions of machines older than this one. ONNX Runtime has no
such variable: it is left out."""
_DEAF: Final = "ONNX Runtime"
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


ASKED: Final = dict(zip(MODELS, (0.85, 0.75, 0.95, 0.9, 0.55, 0.45), strict=True))
"""Our time over PyTorch eager's, as asked for."""


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
        """Ask for seconds, or for mebibytes.

        Raises: LookupError, with the library's reason, where it has none.
        """
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        print(task, file=self.process.stdin, flush=True)
        answer, *reason = self.process.stdout.readline().split(maxsplit=1) or ["-", "it ended"]
        if answer == "-":
            raise LookupError(*reason)
        return float(answer)

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
    of_peak: float
    """The fraction of the peak of matrix products."""
    memory: float
    """Peak resident memory over PyTorch's, or nought where it was not measured."""


class Without(NamedTuple):
    """A task that a library could not do."""

    what: str
    library: str
    reason: str


Piece: TypeAlias = tuple[str, list[Row | Without]]
"""What is said of the machine, and what was measured on it."""


def flop(task: str) -> int:
    """Count the flop of direct convolutions; forward and backward, three times the forward's."""
    what, *rest = task.split()
    if what == "conv":
        cin, cout, size, window, stride, n = map(int, rest)
        return 2 * n * cin * cout * window**2 * (-(-size // stride)) ** 2
    mode, n = rest
    shapes = [(3, 64, 224, 7, 2)]
    cin, size = 64, 56 if what == "resnet18" else 55
    for cout in (64, 128, 256, 512):
        stride = 2 if what == "resnet18" and cout != cin else 1
        shapes.append((cin, cout, size, 3, stride))
        shapes += [(cin, cout, size, 1, stride)] * (stride == 2)
        size //= stride
        shapes += [(cout, cout, size, 3, 1)] * 3
        cin = cout
    total = sum(flop(f"conv {' '.join(map(str, shape))} {n}") for shape in shapes)
    return total * (3 if mode == "train" else 1)


def measure(
    tasks: dict[str, str], names: Sequence[str], turns: int, threads: int, peak: float
) -> list[Row | Without]:
    """Time each task in each library; a task of a network has processes of its own."""
    rows: list[Row | Without] = []
    shared = [Library(name, threads) for name in names]
    for what, task in tasks.items():
        alone = not task.startswith("conv")
        libraries = [Library(name, threads) for name in names] if alone else shared
        times: dict[str, list[float]] = {}
        for library in libraries:
            try:
                library.ask(task)  # makes the arrays
                times[library.name] = []
            except LookupError as error:
                if not ("train" in task and library.name == "ONNX Runtime"):  # has no gradients
                    rows.append(Without(what, library.name, str(error)))
                    print(line(rows[-1]), flush=True)
        able = [library for library in libraries if library.name in times]
        for _ in range(turns):
            for library in able:
                times[library.name].append(library.turn(task))
                time.sleep(_PAUSE)
        peaks = {library.name: library.ask("peak") if alone else 0.0 for library in able}
        first = statistics.median(times[FIRST])
        rows.append(Row(what, FIRST, (1, 1, 1), first * 1e3, flop(task) / first / peak, 0))
        for name in [library.name for library in able][1:]:
            ratios = [a / b for a, b in zip(times[name], times[FIRST], strict=True)]
            low, middle, high = statistics.quantiles(ratios, n=4)
            memory = peaks[name] / peaks[FIRST] if alone else 0.0
            seconds = statistics.median(times[name])
            of_peak = flop(task) / seconds / peak
            rows.append(Row(what, name, (low, middle, high), seconds * 1e3, of_peak, memory))
            print(line(rows[-1]), flush=True)
        if alone:
            for library in libraries:
                library.close()
    for library in shared:
        library.close()
    return rows


def line(row: Row | Without) -> str:
    if isinstance(row, Without):
        return f"| {row.what} | {row.library} | {row.reason} | | | | |"
    low, middle, high = row.ratios
    memory = f"{row.memory:.2f}" if row.memory else ""
    spread = f"{low:.2f} to {high:.2f}" if row.library != FIRST else ""
    asked = f" ({ASKED[row.what]:.2f} asked)" if row.what in ASKED and row.library == OURS else ""
    figures = (
        f"{row.milliseconds:.1f} | {middle:.2f}{asked} | {spread} | {row.of_peak:.2f} | {memory}"
    )
    return f"| {row.what} | {row.library} | {figures} |"


def peak_of(threads: int) -> float:
    """Measure how fast a product of two 2048 x 2048 matrices is, in flop a second."""
    library = Library("typed_resnet", threads)
    best = min(library.ask("matmul") for _ in range(9))
    library.close()
    return 2 * 2048**3 / best


def machine(threads: int, peak: float, isa: str | None) -> str:
    """Say which machine, which BLAS, and how fast its products are."""
    held = f"Held to {isa.upper()}: " if isa else ""
    blas = [info for info in threadpool_info() if info["user_api"] == "blas"]
    kernel = blas[0].get("architecture", "unknown") if blas else "unknown"
    return (
        f"{held}NumPy {np.__version__}, BLAS kernel {kernel}, {threads} threads; a product of two"
        f" 2048 x 2048 matrices runs at {peak / 1e9:.0f} GF/s."
    )


def table(rows: Iterable[Row | Without]) -> str:
    head = (
        "| | library | ms | / PyTorch eager | quartiles | of the peak | peak memory / PyTorch's |"
    )
    return "\n".join([head, "|---|---|--:|--:|--:|--:|--:|", *map(line, rows)])


def plot(rows: Sequence[Row]) -> str:
    """Draw a bar for each of our rows; the line at 1 is PyTorch eager."""
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
    parser.add_argument("--only", nargs="*", help="libraries to time beside PyTorch")
    parser.add_argument("--isa", choices=[*ISA], help="hold the libraries to these instructions")
    parser.add_argument("--save", type=Path, help="where to keep a part's figures")
    options = parser.parse_args()
    if options.part == "page":
        pieces: dict[str | None, list[Piece]] = {}
        for path in options.pieces:
            said, saved, isa = json.loads(path.read_text())
            pieces.setdefault(isa, []).append((said, [_row(row) for row in saved]))
        write([part for held in pieces.values() for part in _merged(held)])
        return
    if options.isa and not ISA[options.isa].items() <= os.environ.items():
        command = [sys.executable, *sys.argv]  # anew: BLAS reads the variables when it is loaded
        os.execve(sys.executable, command, os.environ | ISA[options.isa])
    tasks = {"models": MODELS, "convs": CONVS}
    parts = [options.part] if options.part else list(tasks)
    peak = peak_of(options.threads)
    said = machine(options.threads, peak, options.isa)
    print(said)
    found: dict[str, list[Row | Without]] = {}
    for part in parts:
        others = OTHERS[part] if options.only is None else options.only
        names = [FIRST, *(name for name in others if not (options.isa and name == _DEAF))]
        found[part] = measure(tasks[part], names, options.turns, options.threads, peak)
    if options.save:
        rows = [row for part in found.values() for row in part]
        options.save.write_text(json.dumps([said, rows, options.isa]))
    if options.part is None:
        write([(said, rows) for rows in found.values()])


def _merged(pieces: list[Piece]) -> list[Piece]:
    """Put pieces of one part together: a task's rows side by side, each library's first one."""
    said = "\n\n".join(dict.fromkeys(said for said, _ in pieces))
    found: dict[tuple[str, str], Row | Without] = {}
    for _, rows in pieces:
        for row in rows:
            found.setdefault((row.what, row.library), row)
    parts = [[row for what in tasks for row in found.values() if row.what == what]
             for tasks in (MODELS, CONVS)]  # fmt: skip
    return [(said, rows) for rows in parts if rows]


def _row(saved: list[Any]) -> Row | Without:
    return Without(*saved) if len(saved) == len(Without._fields) else Row(*saved)


def write(pieces: Sequence[Piece]) -> None:
    """Put the figures into the page, and draw those of the machine as it is, which come first."""
    parts = []
    for said, some in itertools.groupby(pieces, key=lambda piece: piece[0]):
        parts += [said, *(table(rows) for _, rows in some)]
    body = "\n\n".join([*parts, f"![ratios]({PLOT.name})"])
    text = re.sub(r"(?s)(<!-- figures -->\n).*(\n<!-- end -->)", rf"\1{body}\2", PAGE.read_text())
    PAGE.write_text(text)
    shown = [rows for said, rows in pieces if said == pieces[0][0]]
    every = [row for rows in shown for row in rows if isinstance(row, Row)]
    PLOT.write_text(plot([row for row in every if row.library == OURS]))


if __name__ == "__main__":
    main()
