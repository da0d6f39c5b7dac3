"""An editor that a test drives: a client of `typed-resnet lsp` over standard input and output."""

from __future__ import annotations

import sys
from pathlib import Path

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
