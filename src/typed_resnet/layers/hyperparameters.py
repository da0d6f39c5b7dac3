"""Well-formedness of plain numbers."""

from __future__ import annotations

import math
from fractions import Fraction

from typed_resnet.dims.sentences import too_small
from typed_resnet.errors import ConfigError


def whole(owner: str, field: str, value: object, least: int = 1) -> None:
    """Accept an int of at least `least`; a bool, a float or a NumPy integer is none.

    Raises: ConfigError.
    """
    if type(value) is not int:
        raise ConfigError(f"{owner} expects {field} to be an int, got {value!r}")
    if value < least:
        raise ConfigError(too_small(owner, field, least, value))


def window(owner: str, kernel_size: int, stride: int, padding: int) -> None:
    """Accept a pooling window, padded by at most half of itself.

    Raises: ConfigError.
    """
    whole(owner, "kernel size", kernel_size)
    whole(owner, "stride", stride)
    whole(owner, "padding", padding, least=0)
    if 2 * padding > kernel_size:
        raise ConfigError(
            f"{owner} expects padding ≤ {kernel_size // 2},"
            f" half of window {kernel_size}, got {padding}"
        )


def positive(owner: str, field: str, value: object) -> None:
    """Accept a finite number above 0.

    Raises: ConfigError.
    """
    if not isinstance(value, float | int | Fraction) or isinstance(value, bool):
        raise ConfigError(f"{owner} expects {field} to be a number > 0, got {value!r}")
    if not 0 < value < math.inf:
        raise ConfigError(f"{owner} expects {field} to be a number > 0, got {value!r}")
