"""`typed-resnet lsp` on several files and folders, on what is on disk, and on a configuration."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from lsprotocol import types as lsp

from .editor import FIRST, HEAD, Editor, started

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_several_files(editor: Editor) -> None:
    own = "def own(x: Tensor[C, H, W]) -> Tensor[C, {}, W]:\n    return Tensor(x.array)\n"
    user = "from own import own\ndef f(x: Tensor[C, H, W]) -> None:\n    y = own(x)\n"
    editor.write("own.py", HEAD + own.format("H"))
    editor.write("net.py", HEAD + user)
    assert await editor.hints("net.py") == [(FIRST + 2, 5, ": Tensor[C, H, W]")]
    (editor.folder / "own.py").write_text(HEAD + own.format("H"))
    editor.write("own.py", HEAD + own.format("L[7]"))
    await editor.hints("own.py")
    assert await editor.hints("net.py") == [(FIRST + 2, 5, ": Tensor[C, 7, W]")]
    editor.close("own.py")  # what is asked for next is of the files as they are from now on
    assert await editor.hints("net.py") == [(FIRST + 2, 5, ": Tensor[C, H, W]")]
    editor.write("own.py", HEAD + own.format("L[8]"))  # opened with a text that is not saved
    assert await editor.hints("net.py") == [(FIRST + 2, 5, ": Tensor[C, 8, W]")]
    editor.close("own.py")
    assert await editor.hints("net.py") == [(FIRST + 2, 5, ": Tensor[C, H, W]")]
    (editor.folder / "own.py").unlink()


async def test_files_that_change_on_disk(tmp_path: Path) -> None:
    """An editor that can watch files is asked to; mypy's configuration is one of them."""
    watched: list[lsp.Registration] = []
    client = await started(tmp_path, editor="visual_studio_code", watched=watched)
    try:
        editor = Editor(client, tmp_path)
        own, config = tmp_path / "own.py", tmp_path / "mypy.ini"

        async def change(file: Path, text: str) -> None:
            file.write_text(text)
            kind = lsp.FileChangeType.Changed
            events = [lsp.FileEvent(file.as_uri(), kind)]
            client.workspace_did_change_watched_files(lsp.DidChangeWatchedFilesParams(events))
            await asyncio.sleep(0.3)

        own.write_text(HEAD + "x = Tensor.zeros(3)\n")
        text = HEAD + "from own import x\ny = relu(x) + Tensor.zeros(3)\n"
        editor.write("use.py", text)
        assert (FIRST + 1, 1, ": Tensor[3]") in await editor.hints("use.py")
        assert await editor.said("use.py") == []
        await change(own, HEAD + "x = Tensor.zeros(4)\n")
        assert [d.code for d in await editor.said("use.py")] == ["shape"]
        await change(config, "[mypy]\ndisable_error_code = shape\n")
        assert await editor.said("use.py") == []
        options = watched[0].register_options
        globs = {watcher["globPattern"] for watcher in options["watchers"]}
        assert {"**/*.py", "**/mypy.ini", "**/pyproject.toml"} <= globs
    finally:
        await client.shutdown_session()
        await client.stop()


async def test_what_mypy_says_of_its_configuration(tmp_path: Path) -> None:
    """It is shown once, and again where it is another; meanwhile all else goes on."""
    client = await started(tmp_path)  # an editor that watches no files
    try:
        editor = Editor(client, tmp_path)
        config = tmp_path / "mypy.ini"
        config.write_text("[mypy]\nstrikt = true\n")
        for size in (3, 4):
            editor.write("model.py", f"{HEAD}x = Tensor.zeros({size})\n")
            shown = (FIRST, 1, f": Tensor[{size}]")
            assert shown in await editor.hints("model.py")
        strikt = "mypy.ini: [mypy]: Unrecognized option: strikt = true"
        assert [str(m.message) for m in client.messages] == [strikt]
        assert client.messages[0].type is lsp.MessageType.Warning
        config.write_text("[mypy]\nwarn_unused_configs = true\n")
        editor.write("model.py", f"{HEAD}x = Tensor.zeros(5)\n")
        assert (FIRST, 1, ": Tensor[5]") in await editor.hints("model.py")
        config.write_text("[mypy]\nstrikt = true\n")
        editor.write("model.py", f"{HEAD}x = Tensor.zeros(6)\n")
        await editor.hints("model.py")
        assert [str(m.message) for m in client.messages] == [strikt, strikt]
    finally:
        await client.shutdown_session()
        await client.stop()


async def test_several_workspaces_and_settings(tmp_path: Path) -> None:
    folders = [tmp_path / "a", tmp_path / "b"]
    for size, folder in enumerate(folders):
        folder.mkdir()
        (folder / "sizes.py").write_text(f"{HEAD}x = Tensor.zeros({size + 1})\n")
    client = await started(*folders, callHints=False)
    try:
        text = HEAD + "from sizes import x\ny = relu(relu(x))\n"
        shown = []
        for folder in folders:
            editor = Editor(client, folder)
            editor.write("use.py", text)
            shown.append(await editor.hints("use.py"))
        assert shown == [[(FIRST + 1, 1, f": Tensor[{size}]")] for size in (1, 2)]
    finally:
        await client.shutdown_session()
        await client.stop()
