"""Lanes: every block once, whoever computes it, and what goes wrong on one is seen."""

import threading

import pytest

from typed_resnet.kernels import lanes
from typed_resnet.kernels.lanes import each, leave, pieces, shares


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


def test_an_errand_is_done_by_a_lane_that_has_no_turn_before_anybody_waits():
    done, threads = threading.Event(), []

    def task(block):
        threads.append(threading.get_ident())
        if len(threads) == 3:
            done.set()

    errand = leave(range(3), task)
    assert done.wait(60)
    errand.wait()
    assert threading.get_ident() not in threads


def test_every_block_of_an_errand_is_done_once_beside_turns():
    done = []
    errands = [leave(range(20), lambda block, e=e: done.append((e, block))) for e in range(5)]
    test_every_block_is_done_once_and_by_both()
    for errand in errands:
        errand.wait()
    assert sorted(done) == [(e, block) for e in range(5) for block in range(20)]


def test_a_turn_that_no_lane_has_time_for_is_done_without_it():
    begun, over = threading.Event(), threading.Event()

    def long(_):
        begun.set()
        over.wait(60)

    errand = leave([0], long)
    begun.wait(60)
    threads = []
    each(range(4), lambda _: threads.append(threading.get_ident()))
    assert threads == [threading.get_ident()] * 4
    over.set()
    errand.wait()
    test_every_block_is_done_once_and_by_both()


def test_what_is_raised_on_an_errand_is_raised_where_it_is_waited_for():
    def task(block):
        if block == 1:
            raise ZeroDivisionError(str(block))

    errand = leave(range(3), task)
    with pytest.raises(ZeroDivisionError, match="1"):
        errand.wait()
    test_every_block_is_done_once_and_by_both()


def test_work_that_may_wait_is_cut_small_and_much_work_only_among_lanes():
    halves = [slice(0, 256), slice(256, 512)]
    assert pieces(512, 10**6, 2) == pieces(512, 10**10, 2) == halves
    assert pieces(512, 10**8, 2) == [slice(part, part + 128) for part in range(0, 512, 128)]
    assert pieces(6, 10**8, 2) == [slice(0, 3), slice(3, 6)]


def test_whoever_hands_out_a_turn_on_an_image_s_gradient_takes_most_of_it():
    assert shares(64, 2) == [slice(0, 48), slice(48, 64)]
    assert shares(64, 1) == [slice(0, 64)]
    assert shares(3, 2) == [slice(0, 1), slice(1, 3)]
    assert shares(64, 4) == [slice(k, k + 16) for k in range(0, 64, 16)]
