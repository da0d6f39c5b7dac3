"""Memory comes back when the last array on it dies, and not before."""

import gc

import numpy as np
import pytest

from typed_resnet.kernels import buffers
from typed_resnet.kernels.buffers import LIMIT, empty, release, unused
from typed_resnet.kernels.workspace import scratch, zeros

F32 = np.dtype(np.float32)


@pytest.fixture(autouse=True)
def _nothing_unused():
    gc.collect()
    release()


def test_memory_is_used_again_when_no_view_is_left():
    a = empty((100, 1000), F32)
    place, view = a.ctypes.data, a[3:5].T
    del a
    assert unused() == 0
    del view
    assert unused() == 400_000
    assert empty((100, 1000), F32).ctypes.data == place


def test_a_part_of_a_lease_keeps_the_memory_and_gives_it_back_once():
    a = empty((100, 1000), F32)
    assert a.base is not None
    part = a.base[64:]
    del a
    assert unused() == 0
    del part
    assert unused() == 400_000


def test_another_size_takes_memory_that_is_little_larger():
    del_me = empty((100_000,), F32)
    place = del_me.ctypes.data
    del del_me
    assert empty((90_000,), F32).ctypes.data == place
    del_me = empty((50_000,), F32)
    assert del_me.ctypes.data != place


def test_what_lies_unused_is_bounded(monkeypatch):
    monkeypatch.setattr(buffers, "LIMIT", 1_000_000)
    arrays = [empty((100_000,), F32) for _ in range(5)]
    arrays.clear()
    assert unused() == 800_000
    assert LIMIT == 512 * 2**20
    release()
    assert unused() == 0


@pytest.mark.parametrize("size", [2**14, 100_000, 100_001])
def test_memory_begins_where_a_line_of_the_cache_does(size):
    """Elsewhere every wide load reads two lines."""
    arrays = empty((size,), F32), scratch("a", (size,), F32), zeros(size, F32)
    assert [array.ctypes.data % 64 for array in arrays] == [0, 0, 0]
    assert not zeros(size, F32).any()


def test_arrays_are_what_numpy_s_are():
    a = empty((300, 400), F32)
    assert a.flags.c_contiguous
    assert a.flags.writeable
    assert a.dtype == F32
    assert empty((2, 0), F32).shape == (2, 0)
