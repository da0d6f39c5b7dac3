"""One warm cache for every mypy of these tests."""

from pathlib import Path

import pytest

from typed_resnet.check import check

from .judges import CONFIGURATION


@pytest.fixture(scope="session")
def mypy_cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Let mypy read the library and NumPy once."""
    folder = tmp_path_factory.mktemp("warm")
    file = folder / "warm.py"
    file.write_text("import typed_resnet\nimport typed_resnet.layers\n")
    cache = folder / "cache"
    report = check(["--config-file", str(CONFIGURATION), "--cache-dir", str(cache), str(file)])
    assert report.messages == []
    return cache
