"""`typed-resnet lsp`: what is known of a file, told to an editor while it is written.

What an editor asks for is answered for the text that it has; where a newer one comes before the
answer does, the answer is thrown away.
"""

from __future__ import annotations

import asyncio

from lsprotocol import types as lsp

from typed_resnet.hints import translation
from typed_resnet.hints.model import Hover, Kind, Signature
from typed_resnet.hints.open_files import MARKERS, PATIENCE, Server


def make_server() -> Server:
    """Make a server that knows what it offers."""
    server = Server()

    @server.feature(lsp.TEXT_DOCUMENT_DID_OPEN)
    async def did_open(ls: Server, params: lsp.DidOpenTextDocumentParams) -> None:
        ls.start(ls.workspace.get_text_document(params.text_document.uri))

    @server.feature(lsp.TEXT_DOCUMENT_DID_CHANGE)
    async def did_change(ls: Server, params: lsp.DidChangeTextDocumentParams) -> None:
        ls.schedule(params.text_document.uri)
        ls.schedule_others(params.text_document.uri)

    @server.feature(lsp.TEXT_DOCUMENT_DID_SAVE)
    async def did_save(ls: Server, params: lsp.DidSaveTextDocumentParams) -> None:
        ls.schedule_others(params.text_document.uri)

    @server.feature(lsp.WORKSPACE_DID_CHANGE_WATCHED_FILES)
    async def did_change_files(ls: Server, params: lsp.DidChangeWatchedFilesParams) -> None:
        """Check what is open anew; by a new worker where mypy's configuration may be another."""
        for uri in ls.open:
            ls.schedule(uri, PATIENCE)
        if any(change.uri.rpartition("/")[2] in MARKERS for change in params.changes):
            await asyncio.gather(*(place.stop() for place in ls.workplaces.values()))

    @server.feature(lsp.WORKSPACE_DID_CHANGE_CONFIGURATION)
    async def did_change_configuration(
        ls: Server, params: lsp.DidChangeConfigurationParams
    ) -> None:
        ls.configure(params.settings)
        ls.refresh_hints()

    @server.feature(lsp.INITIALIZED)
    async def initialized(ls: Server, params: lsp.InitializedParams) -> None:
        await ls.watch()

    @server.feature(lsp.TEXT_DOCUMENT_DID_CLOSE)
    async def did_close(ls: Server, params: lsp.DidCloseTextDocumentParams) -> None:
        await ls.end(params.text_document.uri)

    @server.feature(lsp.TEXT_DOCUMENT_INLAY_HINT)
    async def inlay_hint(ls: Server, params: lsp.InlayHintParams) -> list[lsp.InlayHint]:
        known = await ls.current(params.text_document.uri)
        if known is None or known.analysis is None:
            return []
        places = ls.places(known.uri)
        wanted = places.read_range(params.range)
        return [
            places.hint(hint)
            for hint in known.analysis.hints
            if wanted.holds(hint.range.end) and (ls.show_calls or hint.kind is not Kind.CALL)
        ]

    @server.feature(lsp.TEXT_DOCUMENT_HOVER)
    async def hover(ls: Server, params: lsp.HoverParams) -> lsp.Hover | None:
        known = await ls.current(params.text_document.uri)
        if known is None:
            return None
        places = ls.places(known.uri)
        found = await ls.ask(known, "hover", places.read(params.position))
        return places.hover(found) if isinstance(found, Hover) else None

    @server.feature(lsp.TEXT_DOCUMENT_SIGNATURE_HELP, lsp.SignatureHelpOptions(["(", ","], [")"]))
    async def signature_help(
        ls: Server, params: lsp.SignatureHelpParams
    ) -> lsp.SignatureHelp | None:
        known = ls.open.get(params.text_document.uri)
        if known is None:
            return None
        text = ls.workspace.get_text_document(known.uri).source
        place = ls.places(known.uri).read(params.position)
        found = await ls.ask(known, "signature", text, place)
        return translation.signature(found) if isinstance(found, Signature) else None

    @server.feature(
        lsp.TEXT_DOCUMENT_CODE_ACTION,
        lsp.CodeActionOptions([lsp.CodeActionKind.RefactorRewrite]),
    )
    async def code_action(ls: Server, params: lsp.CodeActionParams) -> list[lsp.CodeAction]:
        only = params.context.only
        if only is not None and not any(map(_asks_for_fixes, only)):
            return []
        known = await ls.current(params.text_document.uri)
        if known is None:
            return []
        places = ls.places(known.uri)
        fixes = await ls.fixes(known, places.read_range(params.range))
        return [
            lsp.CodeAction(
                fix.title,
                lsp.CodeActionKind.RefactorRewrite,
                edit=lsp.WorkspaceEdit({known.uri: [places.edit(fix)]}),
            )
            for fix in fixes
        ]

    @server.feature(lsp.INITIALIZE)
    def initialize(ls: Server, params: lsp.InitializeParams) -> None:
        ls.configure(params.initialization_options)

    @server.feature(lsp.SHUTDOWN)
    async def shutdown(ls: Server, params: object) -> None:
        for uri in [*ls.open]:
            await ls.end(uri)

    return server


def _asks_for_fixes(kind: lsp.CodeActionKind | str) -> bool:
    """Say whether what an editor asks for has our fixes in it: `refactor` has."""
    asked = kind.value if isinstance(kind, lsp.CodeActionKind) else kind
    return not asked or f"{lsp.CodeActionKind.RefactorRewrite.value}.".startswith(f"{asked}.")


def main() -> int:
    """Serve on standard input and output."""
    make_server().start_io()
    return 0
