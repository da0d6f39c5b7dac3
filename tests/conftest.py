"""What every test has at hand."""

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--rewrite", action="store_true", help="write mypy's sentences into tests/static/reject"
    )
