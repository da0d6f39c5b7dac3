"""A project begins with the cache that another has made."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from typed_resnet.hints import first


@pytest.fixture
def made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The cache of a first project, as mypy writes one."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "home"))
    folder = tmp_path / "one/hints"
    (folder / "3.11").mkdir(parents=True)
    (folder / ".gitignore").write_text("*\n")
    with closing(sqlite3.connect(folder / "3.11/cache.0.db")) as store, store:
        store.execute("CREATE TABLE files2 (path TEXT)")
        store.execute("INSERT INTO files2 VALUES ('builtins')")
    return folder


def test_a_cache_is_kept_and_begun_with(made: Path, tmp_path: Path) -> None:
    second = tmp_path / "two/hints"
    assert not first.begin(second)
    assert not second.exists()
    outdated = first.kept().parent / "outdated"
    outdated.mkdir(parents=True)
    first.keep(made)
    assert not outdated.exists()
    assert first.begin(second)
    assert (second / ".gitignore").read_text() == "*\n"
    with closing(sqlite3.connect(second / "3.11/cache.0.db")) as store:
        assert store.execute("SELECT path FROM files2").fetchall() == [("builtins",)]


def test_a_project_keeps_the_cache_that_it_has(made: Path) -> None:
    first.keep(made)
    assert not first.begin(made)


def test_a_cache_that_cannot_be_read_is_not_begun_with(made: Path, tmp_path: Path) -> None:
    first.keep(made)
    (first.kept() / "3.11/cache.0.db").write_bytes(b"no database")
    second = tmp_path / "two/hints"
    assert not first.begin(second)
    assert not second.exists()
