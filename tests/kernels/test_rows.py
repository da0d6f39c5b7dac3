"""Sweeps over rows of channels, at sizes that no even cut fits."""

from __future__ import annotations

import numpy as np
import pytest

from typed_resnet.kernels import rows
from typed_resnet.kernels.epilogue import Epilogue


@pytest.mark.parametrize(
    ("L", "C"),
    [(97 * 97, 64), (8191, 64), (131_071, 3), (2 * 8191, 100), (131, 1024), (2, 200_000), (1, 5)],
)
def test_sweeps_do_not_ask_for_even_sizes(L: int, C: int) -> None:
    rng = np.random.default_rng(L)
    x, z = rng.standard_normal((2, L, C)).astype(np.float32)
    wide = x.astype(np.float64)
    mean, variance = rows.moments(x)
    np.testing.assert_allclose(mean, wide.mean(axis=0), atol=1e-6)
    np.testing.assert_allclose(variance, wide.var(axis=0), rtol=1e-4)
    a, b, c = rng.standard_normal((3, C)).astype(np.float32)
    np.testing.assert_allclose(rows.combined(a, x, b, z, c), x * a + z * b + c, atol=1e-5)
    then = Epilogue(a, b, residual=z, rectified=True)
    np.testing.assert_allclose(rows.affine(x, then), np.maximum(x * a + b + z, 0), atol=1e-5)
    np.testing.assert_allclose(rows.column_sums(z), z.sum(axis=0, dtype=np.float64), atol=0.01)
