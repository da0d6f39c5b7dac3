"""Pictures as Chromium writes them: PNG of 8 bits a channel, not interlaced."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path

import numpy as np
import numpy.typing as npt

CHANNELS = {2: 3, 6: 4}


def read(file: Path) -> npt.NDArray[np.uint8]:
    """Read the colours of a picture.

    Shape: (height, width, 3)
    """
    data = file.read_bytes()
    assert data[:8] == b"\x89PNG\r\n\x1a\n"
    place, packed = 8, b""
    while place < len(data):
        (length,) = struct.unpack(">I", data[place : place + 4])
        kind, body = data[place + 4 : place + 8], data[place + 8 : place + 8 + length]
        if kind == b"IHDR":
            width, height, depth, colour, _, _, interlaced = struct.unpack(">IIBBBBB", body)
            assert (depth, interlaced) == (8, 0)
        elif kind == b"IDAT":
            packed += body
        place += length + 12
    step = CHANNELS[colour]
    lines = np.frombuffer(zlib.decompress(packed), np.uint8).reshape(height, 1 + width * step)
    return _unfiltered(lines, step).reshape(height, width, step)[:, :, :3]


def _unfiltered(lines: npt.NDArray[np.uint8], step: int) -> npt.NDArray[np.uint8]:
    """Add to each byte what its line's filter takes from it.

    Source: Portable Network Graphics specification, section 9.2.
    """
    above = [0] * (lines.shape[1] - 1)
    made = []
    for line in lines:
        kind, row = int(line[0]), line[1:].tolist()
        for i in range(len(row)) if kind else ():
            left = row[i - step] if i >= step else 0
            corner = above[i - step] if i >= step else 0
            up = above[i]
            guess = left + up - corner
            nearest = min((abs(guess - v), n) for n, v in enumerate((left, up, corner)))[1]
            added = (0, left, up, (left + up) // 2, (left, up, corner)[nearest])[kind]
            row[i] = (row[i] + added) % 256
        made.append(row)
        above = row
    return np.array(made, np.uint8)
