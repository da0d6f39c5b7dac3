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
from typing import Any, BinaryIO, Final

from typed_resnet.hints.session import Session

HEADER: Final = struct.Struct(">I")
"""Before each message: how many bytes follow."""


def frame(message: object) -> bytes:
    """Write a message."""
    body = pickle.dumps(message)
    return HEADER.pack(len(body)) + body


def serve(questions: BinaryIO, answers: BinaryIO) -> None:
    """Answer questions `(number, method, arguments, options)` with `(number, result, error)`."""
    session = Session()
    while len(header := questions.read(HEADER.size)) == HEADER.size:
        number, method, arguments, options = pickle.loads(questions.read(*HEADER.unpack(header)))
        result: Any = None
        error: str | None = None
        try:
            result = getattr(session, method)(*arguments, **options)
        except Exception as failure:  # an answer is due, whatever happens
            error = f"{type(failure).__name__}: {failure}"
        answers.write(frame((number, result, error)))
        answers.flush()


def main() -> None:
    gc.set_threshold(200_000, 30, 30)  # as mypy's own command does: most of what it makes stays
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # what mypy prints is no answer
    serve(sys.stdin.buffer, answers)


if __name__ == "__main__":
    main()
