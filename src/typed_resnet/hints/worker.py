"""A process of its own for mypy, so that the server always answers.

`python -m typed_resnet.hints.worker MEGABYTES SECONDS` answers questions about the project in its
current folder: it reads them from standard input, one after another, and ends where that ends. A
pause is put to use: what was said is looked at again, within these limits, and where it does not
hold, that is told unasked.
"""

from __future__ import annotations

import gc
import os
import pickle
import sys
from contextlib import suppress
from functools import partial
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Any, BinaryIO, Final

from mypy.server.update import FineGrainedBuildManager

from typed_resnet.hints.framing import HEADER, frame
from typed_resnet.hints.limits import Limits
from typed_resnet.hints.second_look import IS_POSSIBLE, SecondLook
from typed_resnet.hints.session import Session

BREATH: Final = 0.01
"""Seconds without a question, after which there is time to collect the garbage of the last: before
the next letter, which else would wait for it."""
PAUSE: Final = 0.4
"""Seconds without a question, after which there is time for a second look."""
GLANCE: Final = 0.01
"""Seconds after which it is seen whether that is over."""


class Worker:
    """Answers questions `(number, method, arguments, options)` with `(number, result, error)`.

    No number has what is told unasked: that an answer given before does not hold.
    """

    def __init__(self, questions: BinaryIO, answers: BinaryIO, limits: Limits) -> None:
        self.answers = answers
        self.limits = limits
        """Of a second look: a question itself is watched by the server."""
        self.session = Session()
        self.waiting: SimpleQueue[bytes | None] = SimpleQueue()
        self.frozen: FineGrainedBuildManager | None = None
        """The build that garbage is not looked for in."""
        Thread(target=_listen, args=(questions, self.waiting), daemon=True).start()

    def serve(self) -> None:
        while (question := self._next()) is not None:
            number, method, arguments, options = pickle.loads(question)
            result: Any = None
            error: str | None = None
            try:
                result = getattr(self.session, method)(*arguments, **options)
            except Exception as failure:  # an answer is due, whatever happens
                error = f"{type(failure).__name__}: {failure}"
            self._tell(number, result, error)

    def _tell(self, *message: object) -> None:
        self.answers.write(frame(message))
        self.answers.flush()

    def _next(self) -> bytes | None:
        """Wait for a question, and put a pause to use; None where no more come."""
        with suppress(Empty):
            return self.waiting.get(timeout=BREATH)
        gc.collect(1)
        with suppress(Empty):
            return self.waiting.get(timeout=PAUSE - BREATH)
        self._tidy()
        while IS_POSSIBLE and (path := self.session.doubtful()) is not None:
            look = SecondLook(partial(self.session.holds, path), self.limits)
            try:
                while not look.is_over():
                    with suppress(Empty):
                        return self.waiting.get(timeout=GLANCE)
                if look.confirms():
                    self.session.trust(path)
                else:
                    self.session.doubt(path)
                    self._tell(None, None, None)
            finally:
                look.end()
        return self.waiting.get()

    def _tidy(self) -> None:
        """Collect all garbage; what is left of a build and its first text is there to stay."""
        gc.collect()
        built = self.session.project.manager
        if self.frozen is not built:
            self.frozen = built
            gc.freeze()


def _listen(questions: BinaryIO, waiting: SimpleQueue[bytes | None]) -> None:
    while len(header := questions.read(HEADER.size)) == HEADER.size:
        waiting.put(questions.read(*HEADER.unpack(header)))
    waiting.put(None)


def main() -> None:
    gc.set_threshold(1_000_000, 30, 30)  # some edits: what they leave behind, pauses are for
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # what mypy prints is no answer
    limits = Limits(*map(float, sys.argv[1:]))
    Worker(sys.stdin.buffer, answers, limits).serve()


if __name__ == "__main__":
    main()
