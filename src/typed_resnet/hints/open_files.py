"""The files that are open in an editor, checked while they are written.

The server itself never runs mypy: each workspace has a worker process, which is asked for the
newest text alone.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Final, cast

from lsprotocol import types as lsp
from pygls.lsp.server import LanguageServer
from pygls.uris import to_fs_path
from pygls.workspace import TextDocument

from typed_resnet.hints.columns import lines_of
from typed_resnet.hints.limits import Limits
from typed_resnet.hints.model import Analysis, Fix, Range
from typed_resnet.hints.saved import is_saved
from typed_resnet.hints.translation import Places
from typed_resnet.hints.workplace import LimitError, WorkerError, Workplace

NAME: Final = "typed-resnet"
PAUSE: Final = 0.002
"""Seconds without a further edit before a text is checked: some make one out of several."""
OPENING: Final = 2.0
"""Seconds that a question waits for the file that it is of to be opened: Helix, where it starts
slowly, asks for hints a moment before it says that a file is open, and does not ask again."""
PATIENCE: Final = 0.1
"""Seconds without a further edit before other texts are checked that it may be felt in."""
MARKERS: Final = ("pyproject.toml", "mypy.ini", ".mypy.ini", "setup.cfg", ".git")
"""What marks the folder of a project, where the editor names none."""


@dataclass
class Open:
    """A file that is open in the editor."""

    uri: str
    path: str
    workplace: Workplace
    version: int | None = None
    """The version of the text that the analysis is of."""
    analysis: Analysis | None = None
    refused: str | None = None
    """The text that took more than a worker may: it is not tried again, but another is."""
    task: asyncio.Task[None] | None = field(default=None, repr=False)


class Server(LanguageServer):
    """Holds what is open, and a worker for each workspace."""

    def __init__(self) -> None:
        super().__init__(NAME, "1")
        self.open: dict[str, Open] = {}
        self.awaited: dict[str, asyncio.Event] = {}
        """Files that are asked about, and not open yet."""
        self.workplaces: dict[str, Workplace] = {}
        self.show_calls = True
        self.limits = Limits()

    def places(self, uri: str) -> Places:
        document = self.workspace.get_text_document(uri)
        return Places(lines_of(document.source), self.workspace.position_codec)

    def start(self, document: TextDocument) -> None:
        path = to_fs_path(document.uri)
        if path is None:
            return
        folder = self._folder(path)
        workplace = self.workplaces.setdefault(
            folder, Workplace(folder, partial(self.check_all, folder), self.limits)
        )
        self.open[document.uri] = Open(document.uri, path, workplace)
        if (opened := self.awaited.pop(document.uri, None)) is not None:
            opened.set()
        self.schedule(document.uri, 0)
        if not is_saved(path, document.source.encode("utf-8", "replace")):
            self.schedule_others(document.uri)

    def schedule(self, uri: str, pause: float = PAUSE) -> None:
        """Check a file soon; what was to check it before is stopped."""
        known = self.open.get(uri)
        if known is not None:
            if known.task is not None:
                known.task.cancel()
            known.task = asyncio.create_task(self._check(known, pause))

    def schedule_others(self, uri: str) -> None:
        """Check the other files of a workspace again, which may use what one declares."""
        workplace = self.open[uri].workplace if uri in self.open else None
        for other in self.open.values():
            if other.uri != uri and (workplace is None or other.workplace is workplace):
                self.schedule(other.uri, PATIENCE)

    def check_all(self, folder: str) -> None:
        """Check all files of a workspace again."""
        for known in self.open.values():
            if known.workplace.folder == folder:
                self.schedule(known.uri, 0)

    async def current(self, uri: str) -> Open | None:
        """Wait until a file is open, and checked as it stands; None where it cannot be."""
        if uri not in self.open:
            opened = self.awaited.setdefault(uri, asyncio.Event())
            with suppress(TimeoutError):
                await asyncio.wait_for(opened.wait(), OPENING)
        known = self.open.get(uri)
        while known is not None and known.task is not None and not known.task.done():
            await asyncio.wait([known.task])
        return known if known is not None and known.analysis is not None else None

    async def _check(self, known: Open, pause: float) -> None:
        await asyncio.sleep(pause)
        document = self.workspace.get_text_document(known.uri)
        version = document.version
        if document.source == known.refused:
            return
        try:
            analysis = await known.workplace.ask(
                "analyse", known.path, document.source, with_expressions=False
            )
        except WorkerError as error:
            self.complain(known, error)
            return
        if self.workspace.get_text_document(known.uri).version != version:
            return
        known.analysis, known.version = cast(Analysis, analysis), version
        self.tell(known.workplace, known.analysis.complaint)
        places = self.places(known.uri)
        self.text_document_publish_diagnostics(
            lsp.PublishDiagnosticsParams(
                known.uri,
                [places.diagnostic(d, Path(known.workplace.folder)) for d in analysis.diagnostics],
                version,
            )
        )
        self.refresh_hints()

    def refresh_hints(self) -> None:
        """Have the editor ask for hints again, if it can be told to."""
        workspace = self.client_capabilities.workspace
        hints = workspace.inlay_hint if workspace is not None else None
        if hints is not None and hints.refresh_support:
            self.workspace_inlay_hint_refresh(None)

    def configure(self, options: object) -> None:
        """Take on the settings that an editor gives; those that it does not name stay."""
        if isinstance(options, dict):
            self.show_calls = bool(options.get("callHints", self.show_calls))
            limits = self.limits
            limits.megabytes = _positive(options.get("maxMegabytes"), limits.megabytes)
            limits.seconds = _positive(options.get("maxSeconds"), limits.seconds)
            for known in self.open.values():
                known.refused = None

    def tell(self, workplace: Workplace, complaint: str) -> None:
        """Say what is wrong with mypy's configuration, once until it says something else."""
        if complaint and complaint != workplace.complaint:
            params = lsp.ShowMessageParams(lsp.MessageType.Warning, complaint)
            self.window_show_message(params)
        workplace.complaint = complaint

    def complain(self, known: Open, error: WorkerError) -> None:
        """Say that there is no answer: in the log, but to the user what an edit can help."""
        if not isinstance(error, LimitError):
            self.window_log_message(lsp.LogMessageParams(lsp.MessageType.Error, str(error)))
            return
        known.refused = self.workspace.get_text_document(known.uri).source
        said = f"{Path(known.path).name}: {error}; it is tried again when the file is edited"
        self.window_show_message(lsp.ShowMessageParams(lsp.MessageType.Warning, said))

    async def watch(self) -> None:
        """Ask to be told of files that change on disk, of an editor that can do so."""
        workspace = self.client_capabilities.workspace
        watching = workspace.did_change_watched_files if workspace is not None else None
        if watching is not None and watching.dynamic_registration:
            globs = [f"**/{name}" for name in ("*.py", "*.pyi", *MARKERS)]
            options = lsp.DidChangeWatchedFilesRegistrationOptions(
                [lsp.FileSystemWatcher(glob) for glob in globs]
            )
            registration = lsp.Registration(NAME, lsp.WORKSPACE_DID_CHANGE_WATCHED_FILES, options)
            await self.client_register_capability_async(lsp.RegistrationParams([registration]))

    def _folder(self, path: str) -> str:
        """Find the project that a file belongs to."""
        parents = Path(path).parents
        named = {to_fs_path(uri) for uri in self.workspace.folders}
        if self.workspace.root_path is not None:
            named.add(self.workspace.root_path)
        for parent in parents:
            if str(parent) in named:
                return str(parent)
        marked = (p for p in parents if any((p / marker).exists() for marker in MARKERS))
        return str(next(marked, parents[0]))

    async def ask(self, known: Open, method: str, *arguments: object) -> object:
        """Ask a worker about a file; what it cannot answer is not known."""
        try:
            return await known.workplace.ask(method, known.path, *arguments)
        except WorkerError as error:
            self.complain(known, error)
            return None

    async def fixes(self, known: Open, place: Range) -> list[Fix]:
        """Find the changes that touch a place, each tried; none where the text is changed.

        Each trial is a question of its own, so that others need not wait for all of them, and
        that an editor may think better of it.
        """
        version = known.version
        found = await self.ask(known, "fixes", place)
        right: list[Fix] = []
        for fix in cast(list[Fix], found or []):
            if self.workspace.get_text_document(known.uri).version != version:
                return []
            if await self.ask(known, "is_right", fix):
                right.append(fix)
        return right

    async def end(self, uri: str) -> None:
        """Forget a file that is closed; where none is open in its workspace, end the worker."""
        known = self.open.pop(uri, None)
        if known is None:
            return
        if known.task is not None:
            known.task.cancel()
        self.text_document_publish_diagnostics(lsp.PublishDiagnosticsParams(uri, []))
        others = [o for o in self.open.values() if o.workplace is known.workplace]
        if others:
            for other in others:  # what is on disk counts again, and they may use it
                self.schedule(other.uri)
            await self.ask(known, "close")  # which comes before they are asked for
            return
        await self.workplaces.pop(known.workplace.folder).stop()


def _positive(given: object, otherwise: float) -> float:
    """Take a number that an editor gives, if it is one that can be a limit."""
    if isinstance(given, bool) or not isinstance(given, int | float) or given <= 0:
        return otherwise
    return given
