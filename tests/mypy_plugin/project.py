"""A few modules that mypy is run on, in processes of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import typed_resnet

SOURCES = Path(typed_resnet.__file__).parent.parent


@dataclass(frozen=True)
class Project:
    """Modules and a configuration."""

    folder: Path
    sources: Path = SOURCES
    """Where the library is that is used."""

    def write(self, name: str, text: str) -> None:
        (self.folder / name).write_text(text)

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
