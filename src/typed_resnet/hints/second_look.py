"""A second look at what was said of an edit, while nobody asks.

An edit is answered from what was known of the rest of its file. Should that not be enough one day,
the answer is wrong, and would stay so. So a copy of the process checks the whole text, when there
is time, and says whether that makes a difference; meanwhile questions are answered as ever.
"""

from __future__ import annotations

import gc
import os
import signal
from collections.abc import Callable
from contextlib import suppress
from typing import Final

from typed_resnet.hints.limits import Limits, bind_self

IS_POSSIBLE: Final = hasattr(os, "fork")
_YES: Final = b"y"
_COURTESY: Final = 5
"""By how much others go first."""


class SecondLook:
    """A copy of this process, made to find out one thing."""

    def __init__(self, holds: Callable[[], bool], limits: Limits) -> None:
        self._answer, answer = os.pipe()
        self._process = os.fork()
        if self._process == 0:
            try:
                gc.freeze()  # to look through memory would be to copy it
                os.nice(_COURTESY)
                bind_self(limits)
                if holds():
                    os.write(answer, _YES)
            finally:
                os._exit(0)
        os.close(answer)
        self._is_over = False

    def is_over(self) -> bool:
        if not self._is_over:
            try:
                self._is_over = os.waitpid(self._process, os.WNOHANG)[0] != 0
            except ChildProcessError:  # an editor ignores how processes end, and so do we then
                self._is_over = True
        return self._is_over

    def confirms(self) -> bool:
        """Say whether the copy, when it is over, has found that it holds, and has not failed."""
        return os.read(self._answer, 1) == _YES

    def end(self) -> None:
        """Let go of it; where it is not over, nobody wants to know any more."""
        if not self.is_over():
            with suppress(ProcessLookupError, ChildProcessError):
                os.kill(self._process, signal.SIGKILL)
                os.waitpid(self._process, 0)
        os.close(self._answer)
