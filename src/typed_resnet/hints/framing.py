"""What passes between the server and a worker: messages, each after its length."""

from __future__ import annotations

import pickle
import struct
from typing import Final

HEADER: Final = struct.Struct(">I")
"""Before each message: how many bytes follow."""


def frame(message: object) -> bytes:
    """Write a message."""
    body = pickle.dumps(message)
    return HEADER.pack(len(body)) + body
