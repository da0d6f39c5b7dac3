"""Runs of mypy with the plugin and without it: what each took, in seconds or instructions."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

PLUGIN: Final = {
    "with": "plugins = typed_resnet.mypy_plugin\n[typed_resnet]\nstrict = true\n",
    "without": "",
}


class Folder:
    """A place to run mypy in, a configuration and a cache for either kind of run."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.environment = {**os.environ, "PYTHONPYCACHEPREFIX": str(path / "bytecode")}
        self.environment.pop("PYTHONDONTWRITEBYTECODE", None)
        for kind, line in PLUGIN.items():
            (path / f"{kind}.ini").write_text(f"[mypy]\nstrict = true\n{line}")

    def options(self, kind: str) -> list[str]:
        return ["--config-file", f"{kind}.ini", "--cache-dir", f"cache-{kind}"]

    def forget(self, kind: str) -> None:
        shutil.rmtree(self.path / f"cache-{kind}", ignore_errors=True)

    def seconds(self, kind: str, *what: str) -> float:
        """Run mypy; return what it took of the processor."""
        process = subprocess.Popen(
            [sys.executable, "-m", "mypy", *self.options(kind), *what],
            cwd=self.path, env=self.environment, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        assert process.stdout is not None
        said = process.stdout.read()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        assert process.returncode in (0, 1), said
        return usage.ru_utime + usage.ru_stime

    def instructions(self, kind: str, *what: str) -> float:
        """Run mypy; return how many instructions it took, in thousands of millions."""
        subprocess.run(
            [*self._counted(kind), "-m", "mypy", *self.options(kind), *what],
            cwd=self.path, env={**self.environment, "PYTHONHASHSEED": "0"},
            capture_output=True, check=False,
        )  # fmt: skip
        return self._instructions(kind)

    def _counted(self, kind: str) -> list[str]:
        """Run Python under valgrind, which writes down at the end what it counted."""
        log = f"--log-file={self.path / kind}.log"
        valgrind = ["valgrind", "--tool=cachegrind", "--cache-sim=no", log]
        return [*valgrind, "--cachegrind-out-file=/dev/null", sys.executable]

    def _instructions(self, kind: str) -> float:
        log = (self.path / f"{kind}.log").read_text()
        counted = re.search(r"I\s+refs:\s+([\d,]+)", log)
        assert counted is not None, log
        return int(counted[1].replace(",", "")) / 1e9

    def daemon_instructions(self, kind: str, file: str, edits: Sequence[str]) -> float:
        """Let a daemon check a file after each edit; return its instructions, its start with them.

        It begins with what a cache knows, as to read the library under valgrind takes minutes.
        """
        (self.path / file).write_text(edits[0])
        self.seconds(kind, "--cache-fine-grained", "--local-partial-types", file)
        status = self.path / f"{kind}.json"
        process = subprocess.Popen(
            [
                *self._counted(kind),
                *("-m", "mypy.dmypy", "--status-file", status, "daemon", "--"),
                *(*self.options(kind), "--use-fine-grained-cache"),
            ],
            cwd=self.path, env={**self.environment, "PYTHONHASHSEED": "0"},
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        while not status.exists():
            assert process.poll() is None, f"the daemon {kind} does not start"
            time.sleep(0.1)
        for edit in edits:
            (self.path / file).write_text(edit)
            self.daemon(kind, "check", file)
        self.daemon(kind, "stop")
        process.wait()
        return self._instructions(kind)

    def daemon_seconds(self, kind: str) -> float:
        """Read what the daemon has taken of the processor so far, as Linux tells."""
        pid = json.loads((self.path / f"{kind}.json").read_text())["pid"]
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def daemon(self, kind: str, *command: str) -> str:
        done = subprocess.run(
            [sys.executable, "-m", "mypy.dmypy", "--status-file", f"{kind}.json", *command],
            cwd=self.path, env=self.environment, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode in (0, 1), done.stdout + done.stderr
        return done.stdout


@contextmanager
def folder() -> Iterator[Folder]:
    with tempfile.TemporaryDirectory() as name:
        yield Folder(Path(name))
