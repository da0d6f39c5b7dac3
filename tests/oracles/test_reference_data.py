"""The stored reference vectors are what their script makes."""

import importlib.util
from pathlib import Path

import numpy as np
import pytest

pytestmark = pytest.mark.oracle

ROOT = Path(__file__).parents[2]
STORED = ["onnx_pytorch.npz", "torch_gradients.npz"]


@pytest.fixture(scope="module")
def remade(tmp_path_factory):
    spec = importlib.util.spec_from_file_location("make", ROOT / "scripts/make_reference_data.py")
    assert spec is not None
    assert spec.loader is not None
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    folder = tmp_path_factory.mktemp("data")
    script.main(folder)
    return folder


@pytest.mark.parametrize("file", STORED)
def test_stored_vectors_are_what_the_script_makes(remade, file):
    with np.load(ROOT / "tests/data" / file) as stored, np.load(remade / file) as made:
        assert set(stored) == set(made)
        for key in stored:
            np.testing.assert_allclose(made[key], stored[key], rtol=1e-12, atol=1e-13, strict=True)


@pytest.mark.parametrize("file", STORED)
def test_stored_vectors_are_small(file):
    assert (ROOT / "tests/data" / file).stat().st_size < 200_000
