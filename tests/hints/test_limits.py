"""What becomes of a worker that takes more than it may: it is ended, and the user is told."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from lsprotocol import types as lsp

from typed_resnet.hints.limits import Limits, megabytes_of

from .editor import FIRST, HEAD, Editor, started
from .test_worker import workers

pytestmark = pytest.mark.asyncio
TEXT = HEAD + "x = Tensor.zeros({})\n"
SLOW = """\
import time

from typed_resnet.hints.session import Session

analyse = Session.analyse


def slowly(self, path, text=None, **options):
    if "sleep" in (text or ""):
        time.sleep(60)
    return analyse(self, path, text, **options)


Session.analyse = slowly
"""
"""A worker that one text keeps busy."""


@pytest_asyncio.fixture
async def editor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Editor]:
    slow = tmp_path / "slow"
    slow.mkdir()
    (slow / "sitecustomize.py").write_text(SLOW)
    monkeypatch.setenv("PYTHONPATH", str(slow))
    client = await started(tmp_path, maxSeconds=8)
    yield Editor(client, tmp_path)
    await client.shutdown_session()
    await client.stop()


def limit(editor: Editor, **settings: object) -> None:
    params = lsp.DidChangeConfigurationParams(settings)
    editor.client.workspace_did_change_configuration(params)


def told(editor: Editor) -> list[str]:
    return [message.message for message in editor.client.messages]


async def test_time(editor: Editor) -> None:
    """Hints stay, the text is not tried again, another is, and other files are answered for."""
    editor.write("net.py", TEXT.format(3))
    known = await editor.hints("net.py")
    assert known == [(FIRST, 1, ": Tensor[3]")]
    editor.write("net.py", TEXT.format(4) + "# sleep\n")
    assert await editor.hints("net.py") == known
    sentence = (
        "net.py: mypy needed more than 8 seconds, and was ended;"
        " it is tried again when the file is edited"
    )
    assert told(editor) == [sentence]
    editor.write("other.py", TEXT.format(6))
    assert await editor.hints("other.py") == [(FIRST, 1, ": Tensor[6]")]
    editor.write("net.py", TEXT.format(5))
    assert await editor.hints("net.py") == [(FIRST, 1, ": Tensor[5]")]
    assert told(editor) == [sentence]


async def test_a_text_is_not_blamed_for_the_one_before(editor: Editor) -> None:
    editor.write("net.py", TEXT.format(3))
    await editor.hints("net.py")
    editor.write("net.py", TEXT.format(4) + "# sleep\n")
    await asyncio.sleep(0.5)
    editor.write("net.py", TEXT.format(5))
    assert await editor.hints("net.py") == [(FIRST, 1, ": Tensor[5]")]
    assert told(editor) == []


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere memory is not watched")
async def test_memory(editor: Editor) -> None:
    editor.write("net.py", TEXT.format(3))
    known = await editor.hints("net.py")
    (process,) = workers(editor.folder)
    limit(editor, maxMegabytes=50)
    editor.write("net.py", TEXT.format(4) + "# sleep\n")
    assert await editor.hints("net.py") == known
    (said,) = told(editor)
    assert said.startswith("net.py: mypy needed more than 50 MB of memory, and was ended;")
    assert process not in workers(editor.folder)
    limit(editor, maxMegabytes=True)
    limit(editor, maxMegabytes=0)
    limit(editor, maxMegabytes=4096)
    editor.write("net.py", TEXT.format(5))
    assert await editor.hints("net.py") == [(FIRST, 1, ": Tensor[5]")]


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere memory is not watched")
async def test_what_a_process_holds() -> None:
    before = megabytes_of(os.getpid())
    assert before is not None
    held = b"x" * 100_000_000
    after = megabytes_of(os.getpid())
    assert after is not None
    assert 90 < after - before < 150
    assert len(held) == 100_000_000
    assert megabytes_of(2**22 + 1) is None
    assert Limits(megabytes=after / 2).passed(os.getpid(), 0) is not None
    assert Limits().passed(os.getpid(), 179) is None
