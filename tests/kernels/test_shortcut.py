import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from typed_resnet.kernels import (
    pad_channels,
    pad_channels_vjp,
    slice_channels,
    slice_channels_vjp,
    subsample,
    subsample_vjp,
)

from .arrays import inner, laws, whole


def test_pad_appends_zeros():
    x = whole(1, 2, 3, 4, 5)
    y = pad_channels(x, 5)
    np.testing.assert_array_equal(y[:, :3], x)
    assert y.shape == (2, 5, 4, 5)
    assert not y[:, 3:].any()


def test_slice_keeps_the_first():
    x = whole(1, 2, 3, 4, 5)
    np.testing.assert_array_equal(slice_channels(x, 2), x[:, :2])


def test_subsample_keeps_every_second_from_the_first():
    x = np.arange(20.0).reshape(1, 1, 4, 5)
    np.testing.assert_array_equal(subsample(x, 2)[0, 0], [[0, 2, 4], [10, 12, 14]])
    np.testing.assert_array_equal(subsample(x, 3)[0, 0], [[0, 3], [15, 18]])


@pytest.mark.parametrize("N", [0, 1, 2])
def test_results_share_no_memory(N):
    x = whole(1, N, 3, 4, 5)
    for y in (pad_channels(x, 3), slice_channels(x, 3), slice_channels(x, 1), subsample(x, 1)):
        assert not np.shares_memory(x, y)
        assert y.flags.c_contiguous


@laws
@given(st.integers(0, 2**32), st.integers(0, 2), st.integers(1, 4), st.integers(1, 7))
def test_adjoints(seed, N, C, H):
    """<pad x, y> = <x, slice y>; the pullbacks are the adjoints."""
    x = whole(seed, N, C, H, 8 - H)
    for f, argument in [(pad_channels_vjp, C + 2), (slice_channels_vjp, max(1, C - 1))] + [
        (subsample_vjp, stride) for stride in (1, 2, 3)
    ]:
        y, pullback = f(x, argument)
        dy = whole(seed + 1, *y.shape)
        assert inner(y, dy) == inner(x, pullback(dy))
    wide = whole(seed + 2, N, C + 2, H, 8 - H)
    assert inner(pad_channels(x, C + 2), wide) == inner(x, slice_channels(wide, C))


@pytest.mark.parametrize(
    ("f", "argument", "sentence"),
    [
        (pad_channels, 2, "3 channels do not fit into 2"),
        (slice_channels, 4, "4 channels cannot be taken from 3"),
        (subsample, 0, "a stride is at least 1, got 0"),
    ],
)
def test_refusals(f, argument, sentence):
    with pytest.raises(ValueError, match=f"^{sentence}$"):
        f(whole(1, 1, 3, 4, 4), argument)
