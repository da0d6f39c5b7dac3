"""How long an editor waits: from start to the first hints, and from an edit to new ones.

    python -m bench.language_server

Drives `typed-resnet lsp` as an editor does, on two model files of 500 lines: one of blocks that
stand side by side, one of stages of blocks of units, and the first once more beside a file that
uses it. The first start is in a new folder, whose cache of mypy's is empty. The pause that the
server makes before it checks an edit is part of the figures. Prints seconds, and the memory of the
server and of mypy's process.
"""

from __future__ import annotations

import asyncio
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from lsprotocol import types as lsp
from pygls.lsp.client import LanguageClient

HEAD = """\
from typing import Generic
from typing import Literal as L

from typed_resnet import BatchNorm2D, Conv2D, Layer, Tensor, relu
from typed_resnet.dims import B, C, CeilDiv, Cin, Cout, H, N, S, W

__all__ = ["WIDTH", "Block0"]

WIDTH: L[8] = 8
"""
BLOCK = '''

class Block{number}(Layer, Generic[Cin, Cout, S]):
    """A residual block."""

    conv1: Conv2D[Cin, Cout, L[3], S, L[1]]
    bn1: BatchNorm2D[Cout]
    conv2: Conv2D[Cout, Cout, L[3], L[1], L[1]]
    bn2: BatchNorm2D[Cout]
    shortcut: Conv2D[Cin, Cout, L[1], S, L[0]]

    def __call__(self, x: Tensor[*B, Cin, H, W]) -> Tensor[*B, Cout, CeilDiv[H, S], CeilDiv[W, S]]:
        y = relu(self.bn1(self.conv1(x)))
        y = self.bn2(self.conv2(y))
        z = self.shortcut(x)
        y = y + z
        return relu(y)
'''
UNIT = '''

class Unit(Layer, Generic[Cin, Cout, S]):
    """A convolution, normalised."""

    conv: Conv2D[Cin, Cout, L[3], S, L[1]]
    norm: BatchNorm2D[Cout]

    def __call__(self, x: Tensor[*B, Cin, H, W]) -> Tensor[*B, Cout, CeilDiv[H, S], CeilDiv[W, S]]:
        return relu(self.norm(self.conv(x)))
'''
STAGE = '''

class Block{number}(Layer, Generic[C]):
    first: Unit[C, C, L[1]]
    second: Unit[C, C, L[1]]

    def __call__(self, x: Tensor[*B, C, H, W]) -> Tensor[*B, C, H, W]:
        y = self.first(x)
        y = self.second(y)
        return relu(y + x)


class Stage{number}(Layer, Generic[Cin, Cout]):
    """A unit that halves the height and width, and a block."""

    down: Unit[Cin, Cout, L[2]]
    block: Block{number}[Cout]

    def __call__(
        self, x: Tensor[*B, Cin, H, W]
    ) -> Tensor[*B, Cout, CeilDiv[H, L[2]], CeilDiv[W, L[2]]]:
        y = self.down(x)
        return self.block(y)


def run{number}(stage: Stage{number}[L[8], L[16]], x: Tensor[N, L[8], H, W]) -> None:
    y = stage(x)
    for _ in range(3):
        y = stage.block(y)
    print(y.shape)
'''
LINES = 500
EDITS = 30


def model(head: str, part: str) -> str:
    parts = (LINES - head.count("\n")) // part.count("\n") + 1
    return head + "".join(part.format(number=number) for number in range(parts))


class Editor:
    """An editor with one file, beside which there may be others."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.uri = (folder / "model.py").as_uri()
        self.client = LanguageClient("bench", "1")

    async def start(self) -> None:
        command = [sys.executable, "-m", "typed_resnet", "lsp"]
        await self.client.start_io(*command)
        folder = lsp.WorkspaceFolder(self.folder.as_uri(), "bench")
        await self.client.initialize_async(
            lsp.InitializeParams(lsp.ClientCapabilities(), workspace_folders=[folder])
        )
        self.client.initialized(lsp.InitializedParams())

    def open(self, text: str, name: str = "model.py") -> None:
        item = lsp.TextDocumentItem((self.folder / name).as_uri(), "python", 0, text)
        self.client.text_document_did_open(lsp.DidOpenTextDocumentParams(item))

    def write(self, version: int, text: str) -> None:
        document = lsp.VersionedTextDocumentIdentifier(version, self.uri)
        change = lsp.TextDocumentContentChangeWholeDocument(text)
        self.client.text_document_did_change(lsp.DidChangeTextDocumentParams(document, [change]))

    async def hints(self) -> int:
        everything = lsp.Range(lsp.Position(0, 0), lsp.Position(10_000, 0))
        document = lsp.TextDocumentIdentifier(self.uri)
        found = await self.client.text_document_inlay_hint_async(
            lsp.InlayHintParams(document, everything)
        )
        return len(found or [])

    async def stop(self) -> None:
        await self.client.shutdown_async(None)
        self.client.exit(None)
        await self.client.stop()


def children() -> list[int]:
    """List the processes below this one."""
    found = [os.getpid()]
    for process in found:
        for entry in Path(f"/proc/{process}/task").glob("*/children"):
            found += map(int, entry.read_text().split())
    return found[1:]


def megabytes(process: int) -> float:
    return int(Path(f"/proc/{process}/statm").read_text().split()[1]) * 4096 / 1e6


Change = Callable[[str, int], str]


def in_the_middle(was: str, *ways: str) -> Change:
    """Write one line of the block in the middle otherwise, in one way after the other."""

    def change(text: str, edit: int) -> str:
        middle = text.count("class Block") // 2
        before, found, after = text.partition(f"class Block{middle}(")
        assert was in after
        return before + found + after.replace(was, ways[edit % len(ways)].format(edit), 1)

    return change


def in_the_first(was: str, *ways: str) -> Change:
    """Write the first such line otherwise."""
    return lambda text, edit: text.replace(was, ways[edit % len(ways)], 1)


def everywhere(was: str, *ways: str) -> Change:
    """Write all such lines otherwise."""
    return lambda text, edit: text.replace(was, ways[edit % len(ways)])


@dataclass(frozen=True)
class Model:
    """A file, and what is done to it."""

    name: str
    text: str
    kinds: dict[str, Change]
    beside: str = ""
    """Another file, which uses it, and is open, too."""


FIELD = "L[3], S, L[1]", "L[5], S, L[2]", "L[3], S, L[1]"
"""A field that the method which uses it fits or, where it is S twice, does not."""
TAKEN = "x: Tensor[*B, Cin, H, W]", "x: Tensor[*B, Cout, H, W]", "x: Tensor[*B, Cin, H, W]"
SIZE = "WIDTH: L[8] = 8", "WIDTH: L[9] = 9", "WIDTH: L[8] = 8"
SHOWN = '"WIDTH", ', "", '"WIDTH", '
IMPORTED = "Literal as L", "Literal as L, Any", "Literal as L"
BLOCKS = Model(
    "blocks side by side",
    model(HEAD, BLOCK),
    {
        "in a body": in_the_middle("y = y + z", "n = {}\n        y = y + z"),
        "a line more or less": in_the_middle("y = y + z", "n = 1\n        y = y + z", "y = y + z"),
        "in a class": in_the_middle(*FIELD),
        "in a signature": in_the_middle(*TAKEN),
        "in all classes": everywhere(*FIELD),
        "in an assignment": everywhere(*SIZE),
        "in what is exported": everywhere(*SHOWN),
        "in an import": everywhere(*IMPORTED),
    },
)
INNER = "x: Tensor[*B, C, H, W]", "x: Tensor[*B, C, W, H]", "x: Tensor[*B, C, H, W]"
STAGES = Model(
    "stages of blocks of units",
    model(HEAD + UNIT, STAGE),
    {
        "in a body": in_the_middle("self.second(y)", "self.second(y)\n        n = {}"),
        "a line more or less": in_the_middle(
            "self.second(y)", "self.second(y)\n        n = 1", "self.second(y)"
        ),
        "in a class": in_the_middle("Unit[C, C, L[1]]", "Unit[C, C, L[2]]", "Unit[C, C, L[1]]"),
        "in a signature": in_the_middle(*INNER),
        "in the class that all use": everywhere(*FIELD),
        "in the signature that all use": in_the_first(*TAKEN),
        "in an assignment": everywhere(*SIZE),
    },
)
USER = """\
from typing import Literal as L

from model import WIDTH, Block0
from typed_resnet import Tensor
from typed_resnet.dims import H, N, W


def use(block: Block0[L[8], L[8], L[1]], x: Tensor[N, L[8], H, W]) -> Tensor[N, L[8], H, W]:
    y = block(x)
    print(y.shape, WIDTH)
    return y
"""
USED = Model(
    "blocks side by side, of which another file uses one",
    BLOCKS.text,
    {
        "in a body": BLOCKS.kinds["in a body"],
        "in a class": BLOCKS.kinds["in a class"],
        "in the class that the other uses": in_the_first(*FIELD),
        "in the signature that the other uses": in_the_first(*TAKEN),
    },
    USER,
)


def spread(waited: list[float]) -> str:
    low, median, high = statistics.quantiles(waited, n=4)
    late = sorted(waited)[int(0.9 * len(waited))]
    return (
        f"median {median:.0f} ms, quartiles {low:.0f} to {high:.0f} ms,"
        f" 90 % within {late:.0f} ms, most {max(waited):.0f} ms"
    )


async def wait(editor: Editor, version: int, text: str) -> float:
    """Write a text, and say how many milliseconds its hints take."""
    begun = time.perf_counter()
    editor.write(version, text)
    assert await editor.hints()
    waited = 1000 * (time.perf_counter() - begun)
    await asyncio.sleep(0.05)
    return waited


async def session(folder: Path, model: Model, edits: int) -> None:
    (folder / "model.py").write_text(model.text)
    begun = time.perf_counter()
    editor = Editor(folder)
    await editor.start()
    if model.beside:
        (folder / "user.py").write_text(model.beside)
        editor.open(model.beside, "user.py")
    editor.open(model.text)
    found = await editor.hints()
    print(f"start to the first {found} hints  {time.perf_counter() - begun:.2f} s")
    if edits:
        versions = count(1)
        for kind, change in model.kinds.items():
            waited = [
                await wait(editor, next(versions), change(model.text, edit))
                for edit in range(edits)
            ]
            print(f"{kind}, {edits} edits  {spread(waited)}")
        sizes = ", ".join(f"{megabytes(process):.0f} MB" for process in children())
        print(f"memory of the server and of mypy's process  {sizes}")
    await editor.stop()


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        os.environ["MYPY_CACHE_DIR"] = str(Path(folder, "cache"))
        print("with an empty cache")
        asyncio.run(session(Path(folder), BLOCKS, 0))
        for model in (BLOCKS, STAGES, USED):
            print(f"\n{model.name}, {len(model.text.splitlines())} lines")
            asyncio.run(session(Path(folder), model, EDITS))


if __name__ == "__main__":
    main()
