"""What a comparison of two sizes finds."""

from dataclasses import dataclass
from typing import NamedTuple

from .term import Symbol


@dataclass(frozen=True, slots=True)
class Equal:
    """Both sizes are the same wherever both are defined."""


class Different(NamedTuple):
    """The sizes differ; `at` has the least sum of values, of several the first by names."""

    at: dict[Symbol, int]
    left: int
    right: int


class Undecided(NamedTuple):
    """Neither was found; the reason is a clause."""

    reason: str


Decision = Equal | Different | Undecided


def by_size(difference: Different) -> tuple[int, list[int]]:
    """Sort by the sum of values, then by these in order."""
    values = list(difference.at.values())
    return sum(values), values
