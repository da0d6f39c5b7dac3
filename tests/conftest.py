"""What every test has at hand."""

import os
from pathlib import Path

import pytest

# mypy reads the library once for all tests that run it, in whatever folder they do.
os.environ["MYPY_CACHE_DIR"] = str(Path(__file__).parents[1] / ".mypy_cache/tests")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--rewrite", action="store_true", help="write mypy's sentences into tests/static/reject"
    )
