"""`typed-resnet lsp`, driven over standard input and output by a client as an editor is one."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
import time
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from lsprotocol import types as lsp
from pytest_lsp import ClientServerConfig, LanguageClient, client_capabilities

HEAD = """\
from typing import Literal as L
import numpy as np
from typed_resnet import Conv2D, Layer, Tensor, relu
from typed_resnet.dims import Add, B, C, CeilDiv, FloorDiv, H, S, W

"""
NET = """\
class Net(Layer):
    stem: Conv2D[L[3], L[64], L[7], L[2], L[3]]

    def __call__(
        self, x: Tensor[*B, L[3], H, W]
    ) -> Tensor[*B, L[64], CeilDiv[H, L[2]], CeilDiv[W, L[2]]]:
        y = self.stem(x)
        return relu(y)
"""
FIRST = HEAD.count("\n")
COMMAND = [sys.executable, "-m", "typed_resnet", "lsp"]

pytestmark = pytest.mark.asyncio(loop_scope="module")


class Editor:
    """A few gestures of an editor, on files of one folder."""

    def __init__(self, client: LanguageClient, folder: Path) -> None:
        self.client = client
        self.folder = folder
        self.versions: dict[str, int] = {}

    def uri(self, name: str) -> str:
        return (self.folder / name).as_uri()

    def write(self, name: str, text: str) -> None:
        """Open a file with a text, or put a new one in its place."""
        uri, version = self.uri(name), self.versions.get(name, 0) + 1
        self.versions[name] = version
        if version == 1:
            item = lsp.TextDocumentItem(uri, "python", version, text)
            self.client.text_document_did_open(lsp.DidOpenTextDocumentParams(item))
        else:
            self.client.text_document_did_change(
                lsp.DidChangeTextDocumentParams(
                    lsp.VersionedTextDocumentIdentifier(version, uri),
                    [lsp.TextDocumentContentChangeWholeDocument(text)],
                )
            )

    def close(self, name: str) -> None:
        del self.versions[name]
        self.client.text_document_did_close(
            lsp.DidCloseTextDocumentParams(lsp.TextDocumentIdentifier(self.uri(name)))
        )

    def identify(self, name: str) -> lsp.TextDocumentIdentifier:
        return lsp.TextDocumentIdentifier(self.uri(name))

    async def hints(self, name: str) -> list[tuple[int, int, str]]:
        """List what is shown, as (line, character, label)."""
        everything = lsp.Range(lsp.Position(0, 0), lsp.Position(10_000, 0))
        params = lsp.InlayHintParams(self.identify(name), everything)
        found = await self.client.text_document_inlay_hint_async(params)
        return [(h.position.line, h.position.character, str(h.label)) for h in found or []]

    async def said(self, name: str) -> list[lsp.Diagnostic]:
        """List the diagnostics of the text as it is."""
        await self.hints(name)
        return [*self.client.diagnostics.get(self.uri(name), [])]

    async def hover(self, name: str, line: int, character: int) -> str | None:
        params = lsp.HoverParams(self.identify(name), lsp.Position(line, character))
        found = await self.client.text_document_hover_async(params)
        if found is None:
            return None
        assert isinstance(found.contents, lsp.MarkupContent)
        return found.contents.value

    async def signature(self, name: str, line: int, character: int) -> lsp.SignatureInformation:
        params = lsp.SignatureHelpParams(self.identify(name), lsp.Position(line, character))
        found = await self.client.text_document_signature_help_async(params)
        assert found is not None
        return found.signatures[0]

    async def fixes(self, name: str, line: int, only: str | None = None) -> list[lsp.CodeAction]:
        place = lsp.Range(lsp.Position(line, 0), lsp.Position(line, 200))
        context = lsp.CodeActionContext([], None if only is None else [only])
        found = await self.client.text_document_code_action_async(
            lsp.CodeActionParams(self.identify(name), place, context)
        )
        return [action for action in found or [] if isinstance(action, lsp.CodeAction)]


async def started(
    folder: Path,
    *others: Path,
    editor: str = "neovim",
    watched: list[lsp.Registration] | None = None,
    **options: object,
) -> LanguageClient:
    client = await ClientServerConfig(COMMAND).start()
    assert isinstance(client, LanguageClient)

    @client.feature(lsp.CLIENT_REGISTER_CAPABILITY)
    def register(params: lsp.RegistrationParams) -> None:
        if watched is not None:
            watched.extend(params.registrations)

    await client.initialize_session(
        lsp.InitializeParams(
            client_capabilities(editor),
            workspace_folders=[
                lsp.WorkspaceFolder(path.as_uri(), path.name) for path in (folder, *others)
            ],
            initialization_options=options or None,
        )
    )
    return client


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def editor(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Editor]:
    folder = tmp_path_factory.mktemp("workspace")
    client = await started(folder)
    yield Editor(client, folder)
    await client.shutdown_session()
    await client.stop()


async def test_hints(editor: Editor) -> None:
    editor.write("net.py", HEAD + NET)
    assert await editor.hints("net.py") == [
        (FIRST + 6, 9, ": Tensor[*B, 64, ⌈H/2⌉, ⌈W/2⌉]"),
    ]
    assert await editor.said("net.py") == []


async def test_hover(editor: Editor) -> None:
    editor.write("net.py", HEAD + NET)
    hover = await editor.hover("net.py", FIRST + 6, 19)
    assert hover == (
        "```python\nConv2D[3, 64, 7, 2, 3](x: Tensor[*B, Cin, H, W])"
        " -> Tensor[*B, Cout, (H + 2*P - K)//S + 1, (W + 2*P - K)//S + 1]\n"
        "→ Tensor[*B, 64, ⌈H/2⌉, ⌈W/2⌉]\n```\n\n"
        "`*B = [*B]` · `Cin = 3` · `Cout = 64` · `K = 7` · `S = 2` · `P = 3` · `H = H` · `W = W`"
    )
    assert await editor.hover("net.py", FIRST + 6, 22) == "```python\nTensor[*B, 3, H, W]\n```"
    assert await editor.hover("net.py", 0, 0) is None


async def test_diagnostics_say_where_sizes_come_from(editor: Editor) -> None:
    editor.write("net.py", HEAD + NET + "        \n    def twice(self, x: Tensor[L[64], H, W])"
                 " -> None:\n        self.stem(x)\n")  # fmt: skip
    (error,) = await editor.said("net.py")
    assert error.message == "Conv2D[3, 64, 7, 2, 3] expects 3 channels, got 64"
    assert (error.code, error.source) == ("shape", "typed-resnet")
    assert error.range == lsp.Range(lsp.Position(FIRST + 10, 18), lsp.Position(FIRST + 10, 19))
    places = [
        (related.location.uri.rpartition("/")[2], related.location.range.start.line)
        for related in error.related_information or []
    ]
    assert places[0] == ("net.py", FIRST + 9)
    assert ("net.py", FIRST + 1) in places
    assert "conv.py" in dict(places)
    texts = [related.message for related in error.related_information or []]
    assert texts[0] == "x: Tensor[64, H, W]"
    assert "stem: Conv2D[3, 64, 7, 2, 3]" in texts


async def test_signature_help_of_a_call_that_is_being_written(editor: Editor) -> None:
    editor.write("net.py", HEAD + NET.replace("y = self.stem(x)", "y = self.stem("))
    found = await editor.signature("net.py", FIRST + 6, 22)
    assert found.label.startswith("Conv2D[3, 64, 7, 2, 3](x: Tensor[*B, Cin, H, W]) -> ")
    assert found.parameters is not None
    assert [each.label for each in found.parameters] == ["x: Tensor[*B, Cin, H, W]"]
    assert isinstance(found.documentation, lsp.MarkupContent)
    assert found.documentation.value == "requires `(x: Tensor[*B, 3, H, W])`"
    assert found.active_parameter == 0


async def test_a_fix_declares_what_is_inferred(editor: Editor) -> None:
    editor.write("net.py", HEAD + NET)
    (action,) = await editor.fixes("net.py", FIRST + 6)
    assert action.title == "Declare y: Tensor[*B, L[64], CeilDiv[H, L[2]], CeilDiv[W, L[2]]]"
    assert action.edit is not None
    assert action.edit.changes is not None
    (edit,) = action.edit.changes[editor.uri("net.py")]
    assert edit.range.start == edit.range.end == lsp.Position(FIRST + 6, 9)
    assert edit.new_text == ": Tensor[*B, L[64], CeilDiv[H, L[2]], CeilDiv[W, L[2]]]"


async def test_a_fix_writes_a_size_shorter(editor: Editor) -> None:
    long = "FloorDiv[Add[H, L[1]], L[2]]"
    body = f"def f(x: Tensor[C, H, W]) -> Tensor[C, {long}, W]:\n    return Tensor(x.array)\n"
    editor.write("net.py", HEAD + body)
    (action,) = await editor.fixes("net.py", FIRST)
    assert action.title == "Write (H + 1)//2 as ⌈H/2⌉: CeilDiv[H, L[2]]"
    assert action.edit is not None
    assert action.edit.changes is not None
    (edit,) = action.edit.changes[editor.uri("net.py")]
    start = body.index(long)
    assert (edit.range.start.character, edit.range.end.character) == (start, start + len(long))


@pytest.mark.parametrize(
    ("only", "count"), [("", 1), ("refactor", 1), ("refactor.rewrite", 1), ("source.fixAll", 0)]
)
async def test_fixes_of_a_kind(editor: Editor, only: str, count: int) -> None:
    editor.write("net.py", HEAD + NET)
    assert len(await editor.fixes("net.py", FIRST + 6, only)) == count


async def test_many_fixes_keep_nobody_waiting(editor: Editor) -> None:
    """Each is tried by itself; an edit makes the rest of them idle."""
    names = [f"x{number}" for number in range(40)]
    text = HEAD + "".join(f"{name} = Tensor.zeros(3)\n" for name in names)
    editor.write("net.py", text)
    await editor.hints("net.py")
    place = lsp.Range(lsp.Position(0, 0), lsp.Position(100, 0))
    params = lsp.CodeActionParams(editor.identify("net.py"), place, lsp.CodeActionContext([]))
    asked = asyncio.create_task(editor.client.text_document_code_action_async(params))
    await asyncio.sleep(0.2)
    assert await editor.hover("net.py", FIRST, 0) == "```python\nTensor[3]\n```"
    assert not asked.done()
    editor.write("net.py", text + "y = x1\n")
    assert (FIRST + 40, 1, ": Tensor[3]") in await editor.hints("net.py")
    assert not await asked


async def test_half_written_code_keeps_hints(editor: Editor) -> None:
    editor.write("net.py", HEAD + NET)
    before = await editor.hints("net.py")
    editor.write("net.py", HEAD + NET + "x = relu(")
    assert await editor.hints("net.py") == before
    assert {d.code for d in await editor.said("net.py")} == {"syntax"}


async def test_only_the_newest_text_counts(editor: Editor) -> None:
    for size in range(3, 40):
        editor.write("net.py", HEAD + f"x = Tensor.zeros({size})\n")
    assert await editor.hints("net.py") == [(FIRST, 1, ": Tensor[39]")]


async def test_the_server_answers_while_mypy_works(editor: Editor) -> None:
    editor.write("net.py", HEAD + NET * 40)
    start = time.perf_counter()
    hover = asyncio.create_task(editor.hover("net.py", FIRST + 6, 22))
    await asyncio.sleep(0)
    params = lsp.ExecuteCommandParams("nothing")
    with pytest.raises(Exception, match="nothing"):
        await editor.client.workspace_execute_command_async(params)
    answered = time.perf_counter() - start
    assert await hover is not None
    assert answered < time.perf_counter() - start


@pytest.mark.parametrize(
    ("name", "encoding"), [("neovim", "utf-8"), ("visual_studio_code", "utf-16-le")]
)
async def test_places_count_in_the_units_of_the_editor(
    name: str, encoding: str, tmp_path: Path
) -> None:
    client = await started(tmp_path, editor=name)
    try:
        editor = Editor(client, tmp_path)
        editor.write("net.py", HEAD + 's = "😀"; x = Tensor.zeros(3)\n')
        end = len('s = "😀"; x'.encode(encoding)) // len("x".encode(encoding))
        assert await editor.hints("net.py") == [(FIRST, end, ": Tensor[3]")]
        assert await editor.hover("net.py", FIRST, end) == "```python\nTensor[3]\n```"
    finally:
        await client.shutdown_session()
        await client.stop()


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
