"""What an editor may set while the server runs, and what it is asked for."""

from __future__ import annotations

from pathlib import Path

import pytest
from lsprotocol import types as lsp
from pytest_lsp import ClientServerConfig, LanguageClient

from tests.hints.editor import COMMAND, HEAD, Editor

pytestmark = pytest.mark.asyncio

TEXT = f"{HEAD}y = relu(relu(Tensor.zeros(5)))\n"


@pytest.mark.parametrize("refreshes", [True, False])
async def test_settings_count_at_once(tmp_path: Path, refreshes: bool) -> None:
    """Only an editor that can be told so is told to ask for hints again."""
    client = await ClientServerConfig(COMMAND).start()
    assert isinstance(client, LanguageClient)
    told: list[object] = []

    @client.feature(lsp.WORKSPACE_INLAY_HINT_REFRESH)
    def refresh(*params: object) -> None:
        told.append(params)

    hints = lsp.InlayHintWorkspaceClientCapabilities(refresh_support=refreshes)
    workspace = lsp.WorkspaceClientCapabilities(inlay_hint=hints)
    folder = lsp.WorkspaceFolder(tmp_path.as_uri(), tmp_path.name)
    await client.initialize_session(
        lsp.InitializeParams(
            lsp.ClientCapabilities(workspace=workspace), workspace_folders=[folder]
        )
    )
    try:
        editor = Editor(client, tmp_path)
        editor.write("model.py", TEXT)
        assert len(await editor.hints("model.py")) == 3
        before = len(told)
        for settings, count in (
            ({"callHints": False}, 1),
            ({}, 1),
            (None, 1),
            ({"callHints": True}, 3),
        ):
            client.workspace_did_change_configuration(lsp.DidChangeConfigurationParams(settings))
            assert len(await editor.hints("model.py")) == count
        assert len(told) - before == 4 * refreshes
        assert bool(told) == refreshes
    finally:
        await client.shutdown_session()
        await client.stop()
