"""Transformed windows are kept, and never stale."""

import gc

import numpy as np
import pytest

from typed_resnet.kernels import conv2d, settled, weights

from .arrays import normal


@pytest.fixture
def case():
    x = normal(1, 1, 8, 24, 24).astype(np.float32)
    return x, normal(2, 8, 8, 3, 3).astype(np.float32)


def kept_now():
    return {
        key: entry.kept for key, entry in weights._entries.items() if entry.array() is not None
    }


def test_they_are_kept_by_the_kernel_and_die_with_it(case):
    x, w = case
    conv2d(x, w, None, 1, 1)
    (held,) = kept_now()[id(w)].values()
    conv2d(x, w, None, 1, 1)
    assert next(iter(kept_now()[id(w)].values())) is held
    key = id(w)
    del case, w
    gc.collect()
    assert key not in kept_now() or kept_now()[key] != held


@pytest.mark.parametrize("change", ["one number", "a sign", "two filters", "through a view"])
def test_a_kernel_that_was_written_to_is_read_anew(case, change):
    x, w = case
    view = w[2:4]
    conv2d(x, w, None, 1, 1)
    if change == "one number":
        w[3, 4, 1, 1] += np.float32(1e-4)
    elif change == "a sign":
        w *= -1
    elif change == "two filters":
        w[[0, 1]] = w[[1, 0]]
    else:
        view[...] = 0
    np.testing.assert_array_equal(conv2d(x, w, None, 1, 1), conv2d(x, w.copy(), None, 1, 1))


def test_settled_kernels_cannot_be_written_to(case):
    x, w = case
    kernel = settled(w)
    np.testing.assert_array_equal(kernel, w)
    assert kernel is not w
    for array in (kernel, kernel.base):
        with pytest.raises(ValueError, match="read-only"):
            array[...] = 0
    np.testing.assert_allclose(conv2d(x, kernel, None, 1, 1), conv2d(x, w, None, 1, 1), atol=1e-4)
