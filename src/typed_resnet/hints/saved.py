"""Whether a text is saved."""

from __future__ import annotations

from pathlib import Path


def is_saved(path: str, text: bytes) -> bool:
    """Say whether a file on disk has just this text."""
    try:
        return Path(path).read_bytes() == text
    except OSError:
        return False
