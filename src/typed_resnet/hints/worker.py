"""A process of its own for mypy, so that the server always answers.

`python -m typed_resnet.hints.worker` answers questions about the project in its current folder:
it reads them from standard input, one after another, and ends where that ends.
"""

from __future__ import annotations

import gc
import os
import pickle
import struct
import sys
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Any, BinaryIO, Final

from typed_resnet.hints.session import Session

HEADER: Final = struct.Struct(">I")
"""Before each message: how many bytes follow."""

REST: Final = 0.1
"""Seconds without a question, after which there is time to collect what is garbage."""


def frame(message: object) -> bytes:
    """Write a message."""
    body = pickle.dumps(message)
    return HEADER.pack(len(body)) + body


def serve(questions: BinaryIO, answers: BinaryIO) -> None:
    """Answer questions `(number, method, arguments, options)` with `(number, result, error)`."""
    waiting: SimpleQueue[bytes | None] = SimpleQueue()
    Thread(target=_listen, args=(questions, waiting), daemon=True).start()
    session = Session()
    while (question := _next(waiting)) is not None:
        number, method, arguments, options = pickle.loads(question)
        result: Any = None
        error: str | None = None
        try:
            result = getattr(session, method)(*arguments, **options)
        except Exception as failure:  # an answer is due, whatever happens
            error = f"{type(failure).__name__}: {failure}"
        answers.write(frame((number, result, error)))
        answers.flush()


def _listen(questions: BinaryIO, waiting: SimpleQueue[bytes | None]) -> None:
    while len(header := questions.read(HEADER.size)) == HEADER.size:
        waiting.put(questions.read(*HEADER.unpack(header)))
    waiting.put(None)


def _next(waiting: SimpleQueue[bytes | None]) -> bytes | None:
    """Wait for a question, and put a pause to use; None where no more come."""
    try:
        return waiting.get(timeout=REST)
    except Empty:
        gc.collect()
        return waiting.get()


def main() -> None:
    gc.set_threshold(1_000_000, 30, 30)  # some edits: what they leave behind, pauses are for
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # what mypy prints is no answer
    serve(sys.stdin.buffer, answers)


if __name__ == "__main__":
    main()
