"""Lanes: every block once, whoever computes it, and what goes wrong on one is seen."""

import threading

import pytest

from typed_resnet.kernels import lanes
from typed_resnet.kernels.lanes import each


@pytest.fixture(autouse=True)
def two_lanes(monkeypatch):
    """On a machine of one core too, and where the lanes have their start still before them."""
    made = lanes._Lanes()
    made.others = made.others or [lanes._lane()]
    made.width = 2
    monkeypatch.setattr(lanes, "_lanes", made)


def test_every_block_is_done_once_and_by_both():
    done, both = [], threading.Barrier(2, timeout=60)

    def task(block):
        if block < 2:
            both.wait()  # passed only where two threads run
        done.append(block)

    each(range(50), task)
    assert sorted(done) == list(range(50))


def test_within_a_task_blocks_run_one_after_another_where_they_are():
    threads = {}

    def task(block):
        each(range(4), lambda _: threads.setdefault(block, []).append(threading.get_ident()))
        assert threads[block] == [threading.get_ident()] * 4

    each([0, 1], task)
    assert set(threads) == {0, 1}


@pytest.mark.parametrize("wrong", [0, 1])
def test_what_is_raised_on_either_lane_is_raised_and_the_next_turn_is_as_before(wrong):
    both = threading.Barrier(2, timeout=60)

    def task(block):
        both.wait()
        if block == wrong:
            raise ZeroDivisionError(str(block))

    with pytest.raises(ZeroDivisionError, match=str(wrong)):
        each([0, 1], task)
    test_every_block_is_done_once_and_by_both()
