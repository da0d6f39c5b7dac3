"""What a worker may take at most, so that no text can take the machine down."""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

GLANCE: Final = 0.25
"""Seconds after which it is seen what a worker takes, while it works."""
_HELD: Final = re.compile(r"^Vm(?:RSS|Swap):\s*(\d+) kB$", re.MULTILINE)


@dataclass
class Limits:
    """May be changed while a worker works."""

    megabytes: float = 4096
    """Of memory; a model file of 500 lines takes 185, many imports take some hundreds."""
    seconds: float = 180
    """For one answer; the slowest, the first in an environment on a busy machine, takes 60."""

    def passed(self, process: int, seconds: float) -> str | None:
        """Say which limit a process is beyond that has worked for some time on an answer."""
        if seconds > self.seconds:
            return f"more than {self.seconds:g} seconds"
        held = megabytes_of(process)
        if held is not None and held > self.megabytes:
            return f"more than {self.megabytes:g} MB of memory"
        return None


def megabytes_of(process: int) -> float | None:
    """Say how much memory a process has; None where the system does not tell, as Linux does."""
    with suppress(OSError):
        found = _HELD.findall(Path(f"/proc/{process}/status").read_text("utf-8"))
        return sum(map(int, found)) / 1000 if found else None
    return None


def bind_self(limits: Limits) -> None:
    """Let the system end this process where it takes more than that; only where it can fork."""
    import resource  # noqa: PLC0415 -- Windows has none

    for kind, most in (
        (resource.RLIMIT_AS, limits.megabytes * 1e6),
        (resource.RLIMIT_CPU, limits.seconds),
    ):
        _, hard = resource.getrlimit(kind)
        allowed = int(most) if hard == resource.RLIM_INFINITY else min(int(most), hard)
        with suppress(ValueError, OSError):  # it has more than that by now, or may not say so
            resource.setrlimit(kind, (allowed, hard))
