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
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np
from speed_page import FIRST, Row, Without, line, write, write_from
from tasks import CONVS, MODELS, flop
from threadpoolctl import threadpool_info

HERE: Final = Path(__file__).parent
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
    if options.turns < 2:
        parser.error(f"--turns expects two or more, for quartiles, got {options.turns}")
    if options.part == "page":
        write_from(options.pieces)
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


if __name__ == "__main__":
    main()
