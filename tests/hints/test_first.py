"""A project begins with the cache that another has made."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from mypy.options import Options

from typed_resnet.hints import first

ASKED = Options()


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
    assert not first.begin(second, ASKED)
    assert not second.exists()
    outdated = first.kept(ASKED).parent.parent / "outdated"
    outdated.mkdir(parents=True)
    first.keep(made, ASKED)
    assert not outdated.exists()
    assert first.begin(second, ASKED)
    assert (second / ".gitignore").read_text() == "*\n"
    with closing(sqlite3.connect(second / "3.11/cache.0.db")) as store:
        assert store.execute("SELECT path FROM files2").fetchall() == [("builtins",)]


def test_a_project_keeps_the_cache_that_it_has(made: Path) -> None:
    first.keep(made, ASKED)
    assert not first.begin(made, ASKED)


def test_a_cache_that_cannot_be_read_is_not_begun_with(made: Path, tmp_path: Path) -> None:
    first.keep(made, ASKED)
    (first.kept(ASKED) / "3.11/cache.0.db").write_bytes(b"no database")
    second = tmp_path / "two/hints"
    assert not first.begin(second, ASKED)
    assert not second.exists()


def test_what_asks_something_else_of_mypy_has_a_cache_of_its_own(
    made: Path, tmp_path: Path
) -> None:
    """The few that were of use last are kept."""
    others = [Options() for _ in range(first.MOST + 1)]
    others[0].strict_equality = True
    others[1].python_version = (3, 12)
    for number, other in enumerate(others[2:]):
        other.per_module_options = {f"net{number}": {"ignore_errors": True}}
    assert len({first.kept(options) for options in [ASKED, *others]}) == len(others) + 1
    first.keep(made, ASKED)
    for age, options in enumerate(others):
        assert not first.begin(tmp_path / "other/hints", options)
        first.keep(made, options)
        os.utime(first.kept(options), (1000 + age, 1000 + age))
        assert first.begin(tmp_path / f"begun{age}/hints", ASKED)
    kept = [options for options in others if first.kept(options).is_dir()]
    assert kept == others[-first.MOST + 1 :]
