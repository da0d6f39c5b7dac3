"""What every test has at hand."""

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# mypy reads the library once for all tests that run it, in whatever folder they do. Processes that
# test side by side have a cache each: two modules of one name would take turns in it.
_PROCESS = os.environ.get("PYTEST_XDIST_WORKER", "")
os.environ["MYPY_CACHE_DIR"] = str(Path(__file__).parents[1] / f".mypy_cache/tests{_PROCESS}")
os.environ["XDG_CACHE_HOME"] = str(Path(__file__).parents[1] / ".mypy_cache/home")

# How long a law takes to check says more of the machine, and of who else is at work on it.
settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--rewrite", action="store_true", help="write mypy's sentences into tests/static/reject"
    )


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave tests/oracles, and the large packages it imports, to those who ask for them."""
    unwanted = "not oracle" in config.getoption("markexpr")
    return True if unwanted and collection_path == Path(__file__).parent / "oracles" else None
