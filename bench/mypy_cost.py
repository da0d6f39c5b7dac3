"""What the plugin costs: mypy with it beside mypy without, turn by turn.

    python bench/mypy_cost.py                    all comparisons
    python bench/mypy_cost.py models --turns 9   one of them
    python bench/mypy_cost.py others --count     instructions, counted by valgrind

Turns alternate, so that a busy moment of the machine falls on both alike. Times are processor
seconds of mypy's process, except the daemon's, which are those that a user waits, the client's
start with them; what its own process took is said below. Each figure is the median of the turns
with its quartiles; a ratio is taken within each turn. Python reads its modules as byte code, as
it does wherever they are installed: mypy's own are compiled once and for all, and ours shall not
be compiled in every run. Instructions are the same on a busy machine, too, and tell a hundredth,
as seconds do not; but they are not time: interpreted code waits more. Those of the daemon are the
difference of two daemons, one of which checks some edits more, by the number of these.
"""

from __future__ import annotations

import argparse
import importlib.util
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from mypy_runs import PLUGIN, Folder, folder

import typed_resnet

SOURCES: Final = Path(typed_resnet.__file__).parent
ORDERS: Final = (("with", "without"), ("without", "with"))


def compare(
    measure: Callable[[str], float], turns: int, before: Callable[[str], float] | None = None
) -> dict[str, list[float]]:
    """Measure both kinds in turn, each first every other time; a turn before is for byte code."""
    for kind in PLUGIN:
        (before or measure)(kind)
    taken: dict[str, list[float]] = {kind: [] for kind in PLUGIN}
    for turn in range(turns):
        for kind in ORDERS[turn % 2]:
            taken[kind].append(measure(kind))
    return taken


def cold(name: str, place: Folder, what: Sequence[str], turns: int, bar: float) -> None:
    """Compare runs from nothing, by the seconds of some turns or else by instructions."""

    def seconds(kind: str) -> float:
        place.forget(kind)
        return place.seconds(kind, *what)

    def instructions(kind: str) -> float:
        place.forget(kind)
        return place.instructions(kind, *what)

    if turns:
        show(name, compare(seconds, turns), bar)
    else:
        show(name, compare(instructions, 1, seconds), bar, "G")


def show(name: str, taken: dict[str, list[float]], bar: float, unit: str = "s") -> float:
    """Print a comparison; return its median ratio."""
    ratios = [a / b for a, b in zip(taken["with"], taken["without"], strict=True)]
    low, ratio, high = quartiles(ratios)
    seconds = "  ".join(f"{kind} {quartiles(taken[kind])[1]:6.2f} {unit}" for kind in taken)
    verdict = "meets" if ratio <= bar else "MISSES"
    print(
        f"{name:34} {seconds}   x {ratio:.3f} ({low:.3f} to {high:.3f}), {verdict} {bar}",
        flush=True,
    )
    return ratio


def quartiles(values: Sequence[float]) -> tuple[float, float, float]:
    if len(values) < 2:
        return values[0], values[0], values[0]
    low, middle, high = statistics.quantiles(values, n=4, method="inclusive")
    return low, middle, high


def resnets(turns: int) -> None:
    """Prove the layers and the networks from nothing."""
    with folder() as place:
        what = [str(SOURCES / name) for name in ("layers", "models")]
        cold("the ResNet sources, cold", place, what, turns, 1.15)


def others(turns: int) -> None:
    """Check code without Tensors from nothing."""
    with folder() as place:
        for package in ("rich", "packaging"):
            where = importlib.util.find_spec(package)
            assert where is not None
            shutil.copytree(Path(str(where.origin)).parent, place.path / package)

        what = ["-p", "rich", "-p", "packaging"]
        cold("code without Tensors, cold", place, what, turns, 1.02)


def model(blocks: int) -> str:
    """Write a network of residual blocks, each a class of its own; every fourth has a stride."""
    lines = [
        "from typing import Generic",
        "from typing import Literal as L",
        "from typed_resnet import BatchNorm2D, Conv2D, Layer, Tensor, relu",
        "from typed_resnet.dims import B, CeilDiv, Cin, Cout, H, W",
    ]
    for n in range(blocks):
        stride, size = (2, "CeilDiv[{}, L[2]]") if n % 4 == 0 else (1, "{}")
        lines += [
            f"class Block{n}(Layer, Generic[Cin, Cout]):",
            f"    conv1: Conv2D[Cin, Cout, L[3], L[{stride}], L[1]]",
            "    bn1: BatchNorm2D[Cout]",
            "    conv2: Conv2D[Cout, Cout, L[3], L[1], L[1]]",
            "    bn2: BatchNorm2D[Cout]",
            f"    projection: Conv2D[Cin, Cout, L[1], L[{stride}], L[0]]",
            "    def __call__(self, x: Tensor[*B, Cin, H, W]) -> "
            f"Tensor[*B, Cout, {size.format('H')}, {size.format('W')}]:",
            "        y = relu(self.bn1(self.conv1(x)))",
            "        y = self.bn2(self.conv2(y))",
            "        return relu(y + self.projection(x))",
        ]
    lines.append("class Network(Layer):")
    lines += [
        f"    block{n}: Block{n}[L[{n % 7 + 1}], L[{(n + 1) % 7 + 1}]]" for n in range(blocks)
    ]
    lines += ["    def __call__(self, x0: Tensor[L[1], H, W]) -> None:"]
    lines += [f"        x{n + 1} = self.block{n}(x{n})" for n in range(blocks)] or ["        pass"]
    return "\n".join(lines) + "\n"


def mark(edit: int) -> str:
    """Mark an edit: within a second, mypy tells files by their length."""
    return f"  # {'.' * edit}"


def models(turns: int) -> None:
    """Prove ever longer networks, the library itself read from the cache."""
    more: dict[int, float] = {}
    unit = "s" if turns else "G"
    with folder() as place:
        edits = iter(range(10**6))

        def measure_blocks(blocks: int, run: Callable[..., float]) -> Callable[[str], float]:
            def measure(kind: str) -> float:
                (place.path / "model.py").write_text(f"{model(blocks)}{mark(next(edits))}\n")
                return run(kind, "model.py")

            return measure

        for blocks in (0, 100, 300, 1000):
            seconds = measure_blocks(blocks, place.seconds)
            measure = seconds if turns else measure_blocks(blocks, place.instructions)
            taken = compare(measure, min(turns or 1, 3 if blocks == 1000 else turns or 1), seconds)
            show(f"a network of {blocks} blocks", taken, 1.3, unit)
            more[blocks] = statistics.median(taken["with"]) - more.get(0, 0)
    for blocks in (100, 300, 1000):
        of_one = more[blocks] / blocks * 1e3
        print(f"    a block of {blocks} takes {of_one:.2f} m{unit} with the plugin")


LINE: Final = "        y = self.bn2(self.conv2(y))\n"
BODY: Final = "        y = relu(self.bn2(self.conv2(relu(self.bn1(self.conv1(x))))))"


def edited(blocks: int, edit: int) -> str:
    """Edit the body of the first block of a network."""
    return model(blocks).replace(LINE, f"        y = relu(y){mark(edit)}\n{LINE}", 1)


def daemon(turns: int) -> None:
    """Wait for the daemon after an edit of one block of a hundred."""
    if not turns:
        return daemon_counted()
    with folder() as place:
        edits = iter(range(10**6))

        def measure(kind: str) -> float:
            (place.path / "model.py").write_text(edited(100, next(edits)))
            begin = time.perf_counter()
            place.daemon(kind, "check", "model.py")
            return time.perf_counter() - begin

        try:
            for kind in PLUGIN:
                place.daemon(kind, "start", "--", *place.options(kind))
                measure(kind)
            before = {kind: place.daemon_seconds(kind) for kind in PLUGIN}
            show("the daemon after an edit", compare(measure, 4 * turns), 1.1)
            own = [place.daemon_seconds(kind) - before[kind] for kind in PLUGIN]
            with_it, without = (seconds * 1e3 / (4 * turns + 1) for seconds in own)
            print(
                f"    its check alone takes {with_it:.0f} ms of the processor with the plugin,"
                f" {without:.0f} without, x {with_it / without:.3f}"
            )
        finally:
            for kind in PLUGIN:
                place.daemon(kind, "stop")
    return None


def daemon_counted() -> None:
    """Count what the daemon's check takes after an edit, of a network and of a file of ours."""
    head = (SOURCES / "models" / "bottleneck.py").read_text()
    assert BODY in head
    files: dict[str, tuple[int, Callable[[int], str]]] = {
        "a file of the models": (12, lambda edit: head.replace(BODY, f"{BODY}{mark(edit)}")),
        "4 blocks": (12, lambda edit: edited(4, edit)),
        "100 blocks": (3, lambda edit: edited(100, edit)),
    }
    for name, (more, text) in files.items():
        with folder() as place:
            taken = {}
            for kind in PLUGIN:
                few, many = (
                    place.daemon_instructions(kind, "model.py", [*map(text, range(edits))])
                    for edits in (2, 2 + more)  # what is first needed is then read
                )
                taken[kind] = [(many - few) * 1e3 / more]
            show(f"daemon, {name}", taken, 1.1, "M")


def imports(turns: int) -> None:
    """Import the plugin, and its rules, which wait for the first Tensor, after mypy itself."""
    with folder() as place:
        for what in ("typed_resnet.mypy_plugin", "typed_resnet.mypy_plugin.hooks"):
            text = f"import time, mypy.main; b = time.process_time(); import {what};"
            text += "print(time.process_time() - b)"
            taken = []
            for _ in range(turns + 1):
                said = subprocess.run(
                    [sys.executable, "-c", text],
                    env=place.environment, capture_output=True, text=True, check=True,
                ).stdout  # fmt: skip
                taken.append(float(said) * 1e3)
            low, middle, high = quartiles(taken[1:])  # the first compiles it
            print(f"import {what:31} {middle:6.1f} ms ({low:.1f} to {high:.1f})")


COMPARISONS: Final = {
    "imports": imports,
    "resnets": resnets,
    "others": others,
    "models": models,
    "daemon": daemon,
}
COUNTED: Final = ("resnets", "others", "models", "daemon")
"""Those whose instructions can be counted."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("comparisons", nargs="*", choices=[*COMPARISONS, []], default=[])
    parser.add_argument("--turns", type=int, default=5)
    parser.add_argument("--count", action="store_true", help="instructions instead of seconds")
    chosen = parser.parse_args()
    for name in chosen.comparisons or (COUNTED if chosen.count else COMPARISONS):
        COMPARISONS[name](0 if chosen.count and name in COUNTED else chosen.turns)


if __name__ == "__main__":
    main()
