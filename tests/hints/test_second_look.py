"""A copy of the process finds something out, or is ended before."""

from __future__ import annotations

import itertools
import os
import signal
import time

import pytest

from typed_resnet.hints.limits import Limits
from typed_resnet.hints.second_look import IS_POSSIBLE, SecondLook

pytestmark = [
    pytest.mark.skipif(not IS_POSSIBLE, reason="there is no copy of a process here"),
    pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning"),  # the copy starts no thread
]


def finished(look: SecondLook) -> bool:
    """Wait until a copy is over, and say whether it confirms."""
    for _ in range(1000):
        if look.is_over():
            return look.confirms()
        time.sleep(0.01)
    raise AssertionError("it takes more than ten seconds")


def fails() -> bool:
    raise ValueError("nobody hears this")


@pytest.mark.parametrize("handling", [signal.SIG_DFL, signal.SIG_IGN])
def test_what_it_finds(handling: signal.Handlers) -> None:
    """Also where whoever started us does not care how processes end."""
    before = signal.signal(signal.SIGCHLD, handling)
    try:
        for holds, confirmed in ((lambda: True, True), (lambda: False, False), (fails, False)):
            look = SecondLook(holds, Limits())
            assert finished(look) is confirmed
            look.end()
        look = SecondLook(lambda: time.sleep(60) is None, Limits())
        begun = time.monotonic()
        assert not look.is_over()
        look.end()
        assert time.monotonic() - begun < 30
    finally:
        signal.signal(signal.SIGCHLD, before)


def test_it_leaves_nothing_behind() -> None:
    open_before = len(os.listdir("/proc/self/fd")) if os.path.isdir("/proc/self/fd") else 0
    for _ in range(3):
        look = SecondLook(lambda: True, Limits())
        finished(look)
        look.end()
    if open_before:
        assert len(os.listdir("/proc/self/fd")) == open_before


def test_it_is_ended_where_it_takes_too_much() -> None:
    """By the system: it is let go, and nobody watches it."""
    for holds, limits in (
        (lambda: bool(bytearray(10**9)), Limits(megabytes=900)),
        (lambda: all(True for _ in itertools.count()), Limits(seconds=1)),
    ):
        look = SecondLook(holds, limits)
        assert finished(look) is False
        look.end()
