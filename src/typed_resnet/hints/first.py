"""A cache of mypy's to begin with: what one project has read, the next one need not.

Nearly all of the first start in a project goes into NumPy, Python's own stubs and this library,
which are the same for every project of an environment. The cache of the first one is kept for the
user, and copied to where another begins; mypy itself finds out what in it does not hold there.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import sqlite3
import sys
import tempfile
from contextlib import closing, suppress
from pathlib import Path
from typing import Final

from mypy.version import __version__ as mypy_version

from typed_resnet import mypy_plugin

NAME: Final = "typed-resnet"
_CURRENT: Final = f"{mypy_version} {sys.version} {mypy_plugin.__version__}"
"""What a cache is good for; said before mypy runs, for then the plugin names its settings too."""


def kept() -> Path:
    """Name the folder where a cache is kept for this environment, as long as it is current."""
    home = os.environ.get("XDG_CACHE_HOME") or Path("~/.cache").expanduser()
    return Path(home, NAME, _digest(sys.prefix), _digest(_CURRENT))


def begin(folder: Path) -> bool:
    """Copy the cache that is kept to a folder that has none; say whether that was done."""
    if folder.exists() or not kept().is_dir():
        return False
    with suppress(OSError, sqlite3.Error):
        _copy(kept(), folder)
        return True
    return False


def keep(folder: Path) -> None:
    """Keep a copy of a project's cache, where none is yet; those of the past are let go."""
    place = kept()
    if place.is_dir() or not folder.is_dir():
        return
    with suppress(OSError, sqlite3.Error):
        shutil.rmtree(place.parent, ignore_errors=True)
        _copy(folder, place)


def _copy(source: Path, target: Path) -> None:
    """Copy a cache whole or not at all, also while mypy has it open."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent) as scratch:
        made = Path(scratch, "cache")
        for file in source.rglob("*"):
            place = made / file.relative_to(source)
            place.parent.mkdir(parents=True, exist_ok=True)
            if file.suffix == ".db":
                with closing(sqlite3.connect(file)) as one, closing(sqlite3.connect(place)) as two:
                    one.backup(two)
            elif file.is_file() and not file.name.endswith(("-wal", "-shm")):
                shutil.copy2(file, place)
        made.rename(target)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]
