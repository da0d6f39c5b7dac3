"""mypy, kept ready: after an edit only what the edit touches is checked again.

A first build reads the project as it is on disk, from mypy's cache where that is fresh, and
brings the cache up to date. What is being written stands in an overlay: its module alone is
checked anew each time, and what mypy's fine-grained dependencies say hangs on it.
"""

from __future__ import annotations

import gc
import io
import os
from collections.abc import Iterable, Mapping, Sequence
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import ClassVar, Final

from mypy import build
from mypy.defaults import CONFIG_NAMES, SHARED_CONFIG_NAMES
from mypy.errors import CompileError
from mypy.find_sources import InvalidSourceList, create_source_list
from mypy.fswatcher import FileSystemWatcher
from mypy.modulefinder import BuildSource, FindModuleCache, compute_search_paths
from mypy.nodes import Expression, MypyFile
from mypy.options import Options
from mypy.server.update import FineGrainedBuildManager
from mypy.types import Type
from mypy.util import is_typeshed_file

from typed_resnet.check.configuration import cache_folder, close_cache, configure
from typed_resnet.check.returned_any import ReturnedAny
from typed_resnet.hints import first
from typed_resnet.hints.checked import Checked, Kept, at_top, messages, syntax_errors
from typed_resnet.hints.grafting import finish
from typed_resnet.hints.imports import imported, is_known, modules
from typed_resnet.hints.keeping import Keeping
from typed_resnet.hints.overlay import Overlay
from typed_resnet.hints.saved import is_saved
from typed_resnet.hints.standing import Standing

PROGRAM: Final = "typed-resnet"
IMPORTS: Final = "__imports_of_unsaved_texts__"


class BlockedError(Exception):
    """mypy could not go on; the arguments are its messages."""


class Project:
    """The project in the current folder, as mypy's configuration there describes it.

    mypy keeps a part of its state in globals: of several projects in a process, each but the one
    asked last starts anew when it is asked again.
    """

    last: ClassVar[Project | None] = None

    def __init__(self, arguments: Sequence[str] = ()) -> None:
        self.arguments = [*arguments]
        self.overlay = Overlay()
        self.sources: dict[str, BuildSource] = {}
        """The files asked for, by their paths from here."""
        self.extra: set[str] = set()
        """Modules that texts not saved yet import."""
        self.returned_any: ReturnedAny
        self.complaint = ""
        """What mypy says of a configuration that it can read in part."""
        self.manager: FineGrainedBuildManager | None = None
        self.watcher = FileSystemWatcher(self.overlay)
        self.standing = Standing()

    def check(self, path: str, text: str) -> Checked:
        """Check one file with this text, whatever is on disk.

        Raises: BlockedError, where mypy cannot start: its configuration is wrong, say.
        """
        if Project.last is not self:
            self.stop()
            Project.last = self
        path = local(path)
        self.overlay.flush()
        self.overlay.put(path, text)
        manager = self.manager
        if manager is None or path not in self.sources or self._outdated():
            self.sources.pop(path, None)
            manager = self._rebuild(path)
        source = self.sources[path]
        if new := self._missing(manager, source, text):
            self.extra |= new
            manager = self._rebuild(path)
        try:
            with redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()):
                checked = self.standing.check(manager, source, text)
        except Exception:  # what mypy holds now, nobody knows
            checked, manager = None, self._rebuild(path)
        if checked is None and (broken := syntax_errors(manager, source, text)):
            return Checked(broken, None, {})  # mypy stays with the last text that was Python
        if checked is not None:
            return checked
        keeping = self.standing.keeping(manager, source, text)
        return self._update(manager, source, text, keeping)

    def close(self, path: str) -> None:
        """Forget the text of a file: what is on disk counts again."""
        path = local(path)
        self.overlay.remove(path)
        if self.sources.pop(path, None) is not None:
            self.stop()

    def stop(self) -> None:
        """Let go of what mypy holds; the next check starts anew."""
        if self.manager is not None:
            close_cache(self.manager.manager)
        self.manager = None
        self.standing = Standing()

    def forget(self, path: str) -> None:
        """Check all of a file when it is asked for next."""
        source = self.sources.get(local(path))
        if source is not None:
            self.standing.drop([source.module])

    def stands(self, path: str, checked: Checked) -> bool:
        """Say whether nothing has been checked since that could have changed a tree."""
        source = self.sources.get(local(path))
        return source is not None and self.standing.is_at(source.module, checked)

    def tree(self, module: str) -> MypyFile | None:
        return None if self.manager is None else self.manager.manager.modules.get(module)

    def path_of(self, module: str) -> str | None:
        """Say which file a module is written in."""
        state = None if self.manager is None else self.manager.graph.get(module)
        return None if state is None else state.path

    @property
    def options(self) -> Options:
        assert self.manager is not None
        return self.manager.manager.options

    def _update(
        self,
        manager: FineGrainedBuildManager,
        source: BuildSource,
        text: str,
        keeping: Keeping | None = None,
    ) -> Checked:
        """Check the module of one file anew, but what can be kept of it."""
        assert source.path is not None
        types: Mapping[Expression, Type] = manager.manager.all_types
        manager.manager.all_types.clear()
        self.overlay.put(source.path, text if keeping is None else keeping.outline(text))
        try:
            with redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()) as said:
                told = manager.update([(source.module, source.path)], [])
        except BaseException as failure:
            self.stop()  # what it holds now, nobody knows
            if isinstance(failure, KeyboardInterrupt):
                raise
            raise BlockedError(said.getvalue().strip() or repr(failure)) from failure
        finally:
            manager.flush_cache()
            self.overlay.put(source.path, text)
        self.standing.drop(manager.processed_targets)
        kept: Kept | None = None
        if manager.blocking_error is None:
            types = finish(manager, source.module, types)
            if keeping is not None:
                try:
                    put_back = keeping.put_back(manager, types)
                except Exception:  # what mypy holds now, nobody knows
                    put_back, manager = None, self._rebuild(source.path)
                if put_back is None:
                    return self._update(manager, self.sources[source.path], text)
                types, kept = put_back
        found = messages(manager.manager.errors, source.path)
        if manager.blocking_error is not None:
            return Checked(found or [at_top(message) for message in told], None, {})
        tree = manager.manager.modules.get(source.module)
        checked = Checked(found, tree, dict(types), kept=kept)
        self.standing.put(manager, source, text, checked)
        return checked

    def _rebuild(self, path: str) -> FineGrainedBuildManager:
        """Build what is asked for from the files on disk, with the help of mypy's cache."""
        self.stop()
        gc.unfreeze()
        self.complaint, said = "", io.StringIO()
        try:
            with self.overlay.lifted(), redirect_stdout(said), redirect_stderr(said):
                result = self._build(path)
        except SystemExit as refused:
            raise BlockedError(said.getvalue().strip().rpartition("\n")[2]) from refused
        except CompileError as error:
            raise BlockedError(*error.messages) from error
        self.complaint = said.getvalue().strip()
        options = result.manager.options
        options.fine_grained_incremental = options.use_fine_grained_cache = True
        self.manager = FineGrainedBuildManager(result)
        self.manager.flush_cache()
        self.watcher = FileSystemWatcher(self.overlay)
        self.watcher.add_watched_paths(
            {
                state.path
                for state in result.graph.values()
                if state.path is not None and not is_typeshed_file(None, state.path)
            }
            | {*CONFIG_NAMES, *SHARED_CONFIG_NAMES}
        )
        with self.overlay.lifted():
            self.watcher.find_changed()
        first.keep(Path(options.cache_dir), options)
        gc.freeze()  # what was just read stays, with little that does not: no need to look
        self._add_unsaved(self.manager, path)
        return self.manager

    def _add_unsaved(self, manager: FineGrainedBuildManager, path: str) -> None:
        """Check other texts, not saved or not read in whole yet: an edit would have to."""
        for known, source in self.sources.items():
            text = self.overlay.texts[os.path.abspath(known)]
            is_read = source.module in manager.manager.modules and is_saved(known, text)
            if known != path and not is_read:
                written = text.decode()
                if not syntax_errors(manager, source, written):
                    self._update(manager, source, written)

    def _build(self, path: str) -> build.BuildResult:
        options = self._options(path)
        for known in [*self.sources, path]:
            self.sources[known] = _source(known, options)
        saved = [source for known, source in self.sources.items() if Path(known).is_file()]
        finder = FindModuleCache(
            compute_search_paths(saved, options, build.default_data_dir()), self.overlay, options
        )
        self._read_imports([s for s in self.sources.values() if s not in saved], finder)
        try:
            return build.build([*saved, self._imports()], options, fscache=self.overlay)
        except CompileError:  # one of them is broken on disk: its text in the editor need not be
            self._read_imports(saved, finder)
            return build.build([self._imports()], self._options(path), fscache=self.overlay)

    def _read_imports(self, sources: Iterable[BuildSource], finder: FindModuleCache) -> None:
        own = {source.module for source in self.sources.values()}
        for source in sources:
            text = self.overlay.texts[os.path.abspath(source.path or "")].decode()
            self.extra.update(modules(_imported(source, text) - own, finder))

    def _imports(self) -> BuildSource:
        """Import what unsaved texts import: of what is imported, mypy reports no errors."""
        return BuildSource(None, IMPORTS, "".join(f"import {n}\n" for n in sorted(self.extra)))

    def _options(self, path: str) -> Options:
        _, options, self.returned_any = configure([*self.arguments, path], PROGRAM, self.overlay)
        options.cache_dir = cache_folder("hints")
        first.begin(Path(options.cache_dir), options)
        options.cache_fine_grained = True
        options.export_types = True
        options.preserve_asts = True  # with the bodies of functions
        options.raise_exceptions = True
        options.incremental = options.sqlite_cache = True  # the cache is our own
        options.report_dirs = {}
        options.junit_xml = None
        options.pretty = False
        options.num_workers = 0
        return options

    def _missing(
        self, manager: FineGrainedBuildManager, source: BuildSource, text: str
    ) -> set[str]:
        """Find modules that the text imports and the build has not read.

        mypy's fine-grained mode would read each, and all that it imports, without its cache.
        """
        unknown = [name for name in _imported(source, text) if not is_known(name, manager)]
        finder = manager.manager.find_module_cache
        if unknown:
            finder.clear()  # a file may have come since
        return {*modules(unknown, finder)}

    def _outdated(self) -> bool:
        """Say whether a file that was read, and has no text in the editor, is another now."""
        return any(
            os.path.abspath(path) not in self.overlay.texts for path in self.watcher.find_changed()
        )


def local(path: str) -> str:
    """Name a file from here, as mypy is given it; one elsewhere has its whole path."""
    inside = os.path.relpath(path)
    return str(Path(path).absolute()) if inside.startswith("..") else inside


def _imported(source: BuildSource, text: str) -> set[str]:
    is_package = Path(source.path or "").stem == "__init__"
    return {*imported(text, source.module, is_package)} - {source.module}


def _source(path: str, options: Options) -> BuildSource:
    try:
        return create_source_list([path], options, allow_empty_dir=True)[0]
    except (InvalidSourceList, IndexError):
        return BuildSource(path, Path(path).stem, None)
