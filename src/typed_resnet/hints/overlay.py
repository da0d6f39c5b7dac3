"""The file system as an editor sees it: files on disk, and over them texts not saved yet."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

from mypy.fscache import FileSystemCache


class Overlay(FileSystemCache):
    """Gives mypy the text of the editor in the place of a file's."""

    def __init__(self) -> None:
        self.texts: dict[str, bytes] = {}
        self.active = True
        super().__init__()

    def put(self, path: str, text: str) -> None:
        self.texts[os.path.abspath(path)] = text.encode("utf-8", "replace")

    def remove(self, path: str) -> None:
        self.texts.pop(os.path.abspath(path), None)

    @contextmanager
    def lifted(self) -> Iterator[None]:
        """Show the files as they are on disk, while this is open."""
        self.active = False
        self.flush()
        try:
            yield
        finally:
            self.active = True
            self.flush()

    def _text(self, path: str) -> bytes | None:
        if not self.active or not self.texts:
            return None
        return self.texts.get(os.path.abspath(path))

    def read(self, path: str) -> bytes:
        text = self._text(path)
        return super().read(path) if text is None else text

    def hash_digest(self, path: str) -> str:
        text = self._text(path)
        return super().hash_digest(path) if text is None else f"unsaved {hash(text)}"

    def isfile(self, path: str) -> bool:
        return self._text(path) is not None or super().isfile(path)

    def exists(self, path: str, real_only: bool = False) -> bool:
        # mypy's parser reads what is real by itself, past this class.
        if self._text(path) is not None:
            return not real_only
        return super().exists(path, real_only)
