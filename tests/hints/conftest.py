"""A project of a few files, kept open in one session: mypy starts once for all the tests."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio

from typed_resnet.hints import Session

from .editor import Editor, started


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


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def editor(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Editor]:
    """A server with an editor, in a folder of its own, which serve all the tests of a module."""
    folder = tmp_path_factory.mktemp("workspace")
    client = await started(folder)
    yield Editor(client, folder)
    await client.shutdown_session()
    await client.stop()
