"""mypy's options for a project: its own configuration, with our plugin, strict."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from mypy.build import BuildManager
from mypy.fscache import FileSystemCache
from mypy.main import process_options
from mypy.modulefinder import BuildSource
from mypy.options import Options

from typed_resnet.check.returned_any import ReturnedAny

PLUGIN: Final = "typed_resnet.mypy_plugin"


def configure(
    arguments: Sequence[str], program: str, fscache: FileSystemCache
) -> tuple[list[BuildSource], Options, ReturnedAny]:
    """Read mypy's options and configuration, of the folder that the process is in.

    What is returned with them says which of mypy's messages the reader is told.

    Raises: SystemExit, after a word on standard error, where they cannot be read.
    """
    sources, options = process_options([*arguments], fscache=fscache, program=program)
    ours = [plugin for plugin in options.plugins if plugin.startswith(PLUGIN)]
    options.plugins = [p for p in options.plugins if p not in ours] + [f"{PLUGIN}:strict"]
    options.check_untyped_defs = True  # "no errors" says that all functions were checked
    # Without a configuration file mypy loads no plugins, whatever the options say.
    options.config_file = options.config_file or str(Path(__file__).with_name("mypy.ini"))
    return sources, options, ReturnedAny(options, fscache)


def cache_folder(purpose: str) -> str:
    """Name a folder in mypy's own cache folder: what `mypy` itself keeps there stays apart."""
    if folder := os.environ.get("MYPY_CACHE_DIR"):
        return str(Path(folder, purpose))
    return f".mypy_cache/{purpose}" if os.access(".", os.W_OK) else os.devnull


def close_cache(manager: BuildManager) -> None:
    """Let go of the cache that mypy has written; the oldest mypys have nothing to let go of."""
    close = getattr(manager.metastore, "close", None)
    if close is not None:
        close()
