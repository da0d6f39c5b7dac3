"""What becomes of mypy's process: it is killed, it ends, it looks a second time."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from asyncio.subprocess import PIPE
from pathlib import Path

import pytest

from .editor import COMMAND, FIRST, HEAD, NET, Editor, started

pytestmark = pytest.mark.asyncio(loop_scope="module")


def workers(folder: Path) -> list[int]:
    """List the processes of mypy below this one that work in a folder."""
    found = [os.getpid()]
    for process in found:
        for entry in Path(f"/proc/{process}/task").glob("*/children"):
            found += map(int, entry.read_text().split())
    name = b"typed_resnet.hints.worker"
    return [
        p
        for p in found
        if name in Path(f"/proc/{p}/cmdline").read_bytes()
        and Path(f"/proc/{p}/cwd").resolve() == folder.resolve()
    ]


@pytest.mark.skipif(sys.platform != "linux", reason="finds processes in /proc")
async def test_a_worker_that_is_killed_is_started_again(tmp_path: Path) -> None:
    """In a workspace of its own: what is killed says nothing of what it has covered."""
    client = await started(tmp_path)
    try:
        editor = Editor(client, tmp_path)
        editor.write("net.py", HEAD + "x = Tensor.zeros(3)\n")
        assert await editor.hints("net.py") == [(FIRST, 1, ": Tensor[3]")]
        (process,) = workers(tmp_path)
        os.kill(process, signal.SIGKILL)
        editor.write("net.py", HEAD + "x = Tensor.zeros(4)\n")
        await editor.hints("net.py")
        editor.write("net.py", HEAD + "x = Tensor.zeros(5)\n")
        assert await editor.hints("net.py") == [(FIRST, 1, ": Tensor[5]")]
    finally:
        await client.shutdown_session()
        await client.stop()


async def test_the_server_ends_without_a_word() -> None:
    """An editor is told of a server that fails where it was asked to end."""
    asked = [
        {"id": 1, "method": "initialize", "params": {"capabilities": {}}},
        {"id": 2, "method": "shutdown"},
        {"method": "exit"},
    ]
    written = b""
    for message in asked:
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        written += b"Content-Length: %d\r\n\r\n%s" % (len(body), body)
    server = await asyncio.create_subprocess_exec(*COMMAND, stdin=PIPE, stdout=PIPE, stderr=PIPE)
    _, said = await server.communicate(written)
    assert (server.returncode, said) == (0, b"")


BLIND = """\
from typed_resnet.hints import replanting

replanting.Bed._stale = lambda *_: []  # nothing is ever checked again because of what it uses
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="a second look needs a copy of the process")
async def test_a_wrong_answer_mends_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where what depends on an edit is missed, that is told as soon as there is a pause."""
    blind = tmp_path / "blind"
    blind.mkdir()
    (blind / "sitecustomize.py").write_text(BLIND)
    monkeypatch.setenv("PYTHONPATH", str(blind))
    text = (
        f"{HEAD}def make() -> Conv2D[L[3], L[8], L[3], L[1], L[1]]:\n"
        "    raise NotImplementedError  # judged, never run\n\n\n"
        "def use(x: Tensor[L[3], H, W]) -> Tensor[L[8], H, W]:\n"
        "    y = make()(x)\n    return y\n"
    )
    client = await started(tmp_path)
    try:
        editor = Editor(client, tmp_path)
        editor.write("net.py", text)
        right = await editor.hints("net.py")
        assert (FIRST + 5, 5, ": Tensor[8, H, W]") in right
        editor.write("net.py", text.replace("L[8], L[3]", "L[9], L[3]"))
        assert (FIRST + 5, 5, ": Tensor[8, H, W]") in await editor.hints("net.py")
        assert not client.diagnostics[editor.uri("net.py")]
        for _ in range(100):
            if client.diagnostics[editor.uri("net.py")]:
                break
            await asyncio.sleep(0.1)
        (error,) = client.diagnostics[editor.uri("net.py")]
        assert error.range.start.line == FIRST + 6
        assert (FIRST + 5, 5, ": Tensor[9, H, W]") in await editor.hints("net.py")
        editor.write("net.py", text)
        for _ in range(100):
            if not client.diagnostics[editor.uri("net.py")]:
                break
            await asyncio.sleep(0.1)
        assert await editor.hints("net.py") == right
    finally:
        await client.shutdown_session()
        await client.stop()


async def test_an_edit_ends_a_second_look(editor: Editor) -> None:
    """Edits at all distances from one another: each is answered, whatever is going on."""
    editor.write("net.py", HEAD + NET)
    for count in range(16):
        await editor.hints("net.py")
        await asyncio.sleep(0.06 * count)
        editor.write("net.py", HEAD + NET.replace("L[64]", f"L[{count + 1}]"))
        hints = await editor.hints("net.py")
        assert hints == [(FIRST + 6, 9, f": Tensor[*B, {count + 1}, ⌈H/2⌉, ⌈W/2⌉]")]
