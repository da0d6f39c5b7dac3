"""What `stubs/` says of other people's functions is so."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.oracle

ROOT = Path(__file__).parents[2]
STUBS = ROOT / "stubs"
MODULES = sorted(
    ".".join(path.relative_to(STUBS).with_suffix("").parts)
    for path in STUBS.rglob("*.pyi")
    if path.name != "__init__.pyi"
)


@pytest.mark.parametrize("module", MODULES)
def test_the_names_and_parameters_are_those_of_the_module(module: str) -> None:
    """Only what we use has a stub."""
    finished = subprocess.run(
        [sys.executable, "-m", "mypy.stubtest", "--ignore-missing-stub", module],
        cwd=ROOT,
        env=os.environ | {"MYPYPATH": str(STUBS)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert finished.returncode == 0, finished.stdout + finished.stderr


def test_the_photograph_has_the_shape_that_its_stub_says() -> None:
    from skimage import data  # noqa: PLC0415  # in the demo group

    assert data.astronaut().shape == (512, 512, 3)
    assert data.astronaut().dtype == "uint8"
