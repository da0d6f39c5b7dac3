"""How long an editor waits: from start to the first hints, and from an edit to new ones.

    python -m bench.language_server

Drives `typed-resnet lsp` as an editor does, on a model file of 500 lines, in a new folder whose
cache of mypy's is empty the first time. The pause that the server makes before it checks an edit
is part of the figures. Prints seconds, and the memory of the server and of mypy's process.
"""

from __future__ import annotations

import asyncio
import os
import statistics
import sys
import tempfile
import time
from itertools import count
from pathlib import Path

from lsprotocol import types as lsp
from pygls.lsp.client import LanguageClient

HEAD = """\
from typing import Generic
from typing import Literal as L

from typed_resnet import BatchNorm2D, Conv2D, Layer, Tensor, relu
from typed_resnet.dims import B, CeilDiv, Cin, Cout, H, S, W
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
LINES = 500
EDITS = 30


def model() -> str:
    blocks = (LINES - HEAD.count("\n")) // BLOCK.count("\n") + 1
    return HEAD + "".join(BLOCK.format(number=number) for number in range(blocks))


class Editor:
    """An editor with one file."""

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

    def open(self, text: str) -> None:
        item = lsp.TextDocumentItem(self.uri, "python", 0, text)
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


def in_a_body(text: str, edit: int) -> str:
    """Write a line in the method of the block in the middle, and another in its place."""
    before, found, after = text.partition(f"class Block{text.count('class') // 2}(")
    return before + found + after.replace("y = y + z", f"n = {edit}\n        y = y + z", 1)


def in_a_class(text: str, edit: int) -> str:
    """Declare a field of that block otherwise; the method that uses it fits it or not."""
    before, found, after = text.partition(f"class Block{text.count('class') // 2}(")
    window = ("L[5], S, L[2]", "L[3], S, L[1]")[edit % 2]
    return before + found + after.replace("L[3], S, L[1]", window, 1)


def everywhere(text: str, edit: int) -> str:
    """Declare a field of every block otherwise."""
    return text.replace("L[3], S, L[1]", ("L[5], S, L[2]", "L[3], S, L[1]")[edit % 2])


KINDS = {"in a body": in_a_body, "in a class": in_a_class, "in 30 classes": everywhere}


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


async def session(folder: Path, text: str, edits: int) -> None:
    (folder / "model.py").write_text(text)
    begun = time.perf_counter()
    editor = Editor(folder)
    await editor.start()
    editor.open(text)
    found = await editor.hints()
    print(f"start to the first {found} hints  {time.perf_counter() - begun:.2f} s")
    if edits:
        versions = count(1)
        for kind, change in KINDS.items():
            waited = [
                await wait(editor, next(versions), change(text, edit)) for edit in range(edits)
            ]
            print(f"{kind}, {edits} edits  {spread(waited)}")
        sizes = ", ".join(f"{megabytes(process):.0f} MB" for process in children())
        print(f"memory of the server and of mypy's process  {sizes}")
    await editor.stop()


def main() -> None:
    text = model()
    print(f"a model file of {len(text.splitlines())} lines")
    with tempfile.TemporaryDirectory() as folder:
        os.environ["MYPY_CACHE_DIR"] = str(Path(folder, "cache"))
        for title, edits in (("with an empty cache", 0), ("again", EDITS)):
            print(f"\n{title}")
            asyncio.run(session(Path(folder), text, edits))


if __name__ == "__main__":
    main()
