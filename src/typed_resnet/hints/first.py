"""A cache of mypy's to begin with: what one project has read, the next one need not.

Nearly all of the first start in a project goes into NumPy, Python's own stubs and this library,
which are the same for every project of an environment that asks the same of mypy. The cache of
the first one is kept for the user, and copied to where another begins; mypy itself finds out what
in it does not hold there.
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

from mypy.options import Options
from mypy.version import __version__ as mypy_version

from typed_resnet import mypy_plugin

NAME: Final = "typed-resnet"
_CURRENT: Final = f"{mypy_version} {sys.version} {mypy_plugin.__version__}"
"""What a cache is good for; said before mypy runs, for then the plugin names its settings too."""


MOST: Final = 4
"""How many caches are kept of one environment, for options that differ: 24 MB each."""


def kept(options: Options) -> Path:
    """Name the folder where a cache is kept for these options, as long as it is current."""
    home = os.environ.get("XDG_CACHE_HOME") or Path("~/.cache").expanduser()
    asked = (
        options.python_version,
        options.select_options_affecting_cache(),
        sorted(options.per_module_options.items()),
    )
    return Path(home, NAME, _digest(sys.prefix), _digest(_CURRENT), _digest(repr(asked)))


def begin(folder: Path, options: Options) -> bool:
    """Copy the cache that is kept to a folder that has none; say whether that was done."""
    place = kept(options)
    if folder.exists() or not place.is_dir():
        return False
    with suppress(OSError, sqlite3.Error):
        _copy(place, folder)
        os.utime(place)  # it is of use
        return True
    return False


def keep(folder: Path, options: Options) -> None:
    """Keep a copy of a project's cache, where none is yet; those of the past are let go."""
    place = kept(options)
    if place.is_dir() or not folder.is_dir():
        return
    with suppress(OSError, sqlite3.Error):
        _copy(folder, place)
        for past in place.parent.parent.iterdir():
            if past != place.parent:
                shutil.rmtree(past, ignore_errors=True)
        others = sorted(place.parent.iterdir(), key=lambda other: other.stat().st_mtime)
        for other in others[:-MOST]:
            shutil.rmtree(other, ignore_errors=True)


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
