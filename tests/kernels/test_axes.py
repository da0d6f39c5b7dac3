"""Cutting and joining, and the mask of a dropout: what `test_every_kernel` cannot call."""

import numpy as np
import pytest

from typed_resnet import kernels

from .arrays import DTYPES, as_dtype, frozen, whole


@pytest.mark.parametrize("dtype", DTYPES, ids=str)
def test_split_is_undone_by_concat(dtype):
    (x,) = frozen(as_dtype(whole(0, 2, 6, 3), dtype))
    parts, pullback = kernels.split_vjp(x, 1, 3, 2)
    assert [part.shape for part in parts] == [(2, 1, 3), (2, 3, 3), (2, 2, 3)]
    for part in parts:
        assert part.dtype == dtype
        assert part.flags.c_contiguous
        assert not np.shares_memory(part, x)
    np.testing.assert_array_equal(kernels.concat(*parts), x)
    np.testing.assert_array_equal(pullback(*parts), x)


def test_sizes_add_up():
    with pytest.raises(ValueError, match="do not add up to 6"):
        kernels.split(whole(0, 2, 6, 3), 1, 3)


@pytest.mark.parametrize("dtype", DTYPES, ids=str)
def test_dropout_keeps_and_scales(dtype):
    (x,) = frozen(as_dtype(whole(0, 2, 6), dtype))
    keep = whole(1, 2, 6) > 0
    y, pullback = kernels.dropout_vjp(x, keep, 0.5)
    np.testing.assert_array_equal(y, np.where(keep, 2 * x, 0 * x))
    np.testing.assert_array_equal(kernels.dropout(x, keep, 0.5), y, strict=True)
    np.testing.assert_array_equal(pullback(x), y)
    assert y.dtype == dtype


def test_avg_pool_by_hand():
    x = np.arange(16.0).reshape(1, 1, 4, 4)
    assert kernels.avg_pool2d(x, 2, 2, 0).tolist() == [[[[2.5, 4.5], [10.5, 12.5]]]]
    assert kernels.avg_pool2d(x, 3, 3, 1).tolist() == [[[[10 / 9, 18 / 9], [42 / 9, 50 / 9]]]]
