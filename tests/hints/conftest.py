"""A project of a few files, kept open in one session: mypy starts once for all the tests."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from typed_resnet.hints import Session


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """An empty folder, which is the current one while a module's tests run."""
    made = tmp_path_factory.mktemp("project")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(made)
        yield made


@pytest.fixture(scope="module")
def session(folder: Path) -> Session:
    return Session()
