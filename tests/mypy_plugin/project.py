"""A few modules that mypy is run on, in processes of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from mypy.build import build
from mypy.modulefinder import BuildSource
from mypy.options import Options
from mypy.server.update import FineGrainedBuildManager

import typed_resnet

SOURCES = Path(typed_resnet.__file__).parent.parent


@dataclass(frozen=True)
class Project:
    """Modules and a configuration."""

    folder: Path
    sources: Path = SOURCES
    """Where the library is that is used."""

    def write(self, name: str, text: str) -> None:
        """Write a file, in a later second than before: in one mypy tells files by length."""
        path = self.folder / name
        before = int(path.stat().st_mtime) if path.exists() else 0
        path.write_text(text)
        if int(path.stat().st_mtime) <= before:
            os.utime(path, (before + 1, before + 1))

    def run(self, *command: str) -> list[str]:
        """Run a module of mypy's in a process of its own; return the errors it prints."""
        done = subprocess.run(
            [sys.executable, "-m", *command],
            cwd=self.folder,
            env={**os.environ, "PYTHONPATH": str(self.sources)},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode in (0, 1), done.stdout + done.stderr
        return [line for line in done.stdout.splitlines() if " error: " in line]


def daemon_in(folder: Path, *names: str) -> FineGrainedBuildManager:
    """Start what mypy's daemon is inside, in this process, with the plugin, on some modules."""
    options = Options()
    options.config_file = str(folder / "mypy.ini")
    options.plugins = ["typed_resnet.mypy_plugin"]
    options.incremental = options.fine_grained_incremental = options.local_partial_types = True
    options.cache_dir = os.devnull
    sources = [BuildSource(str(folder / f"{name}.py"), name) for name in names]
    return FineGrainedBuildManager(build(sources, options))
