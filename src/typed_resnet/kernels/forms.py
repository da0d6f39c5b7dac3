"""The matrices of Winograd's forms.

Source: Lavin and Gray, arXiv:1509.09308, section 4.1; for m = 4 its section 4.3.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction as Q
from functools import cached_property

import numpy as np


@dataclass(frozen=True)
class Form:
    """F(m x m, 3 x 3), by its three matrices."""

    name: str
    A: np.ndarray
    """A', [m, m + 2]."""
    B: np.ndarray
    """B', [m + 2, m + 2]."""
    G: np.ndarray
    """G, [m + 2, 3]."""

    @cached_property
    def m(self) -> int:
        return len(self.A)

    @cached_property
    def a(self) -> int:
        return len(self.B)


def _form(name: str, A: list[list[int]], B: list[list[int]], G: list[list[Q]]) -> Form:
    return Form(name, *(np.array(T, float).astype(np.float32) for T in (A, B, G)))


F2 = _form(
    "F(2x2)",
    A=[[1, 1, 1, 0], [0, 1, -1, -1]],
    B=[[1, 0, -1, 0], [0, 1, 1, 0], [0, -1, 1, 0], [0, 1, 0, -1]],
    G=[[Q(1), Q(0), Q(0)], [Q(1, 2)] * 3, [Q(1, 2), Q(-1, 2), Q(1, 2)], [Q(0), Q(0), Q(1)]],
)
F4 = _form(
    "F(4x4)",
    A=[[1, 1, 1, 1, 1, 0], [0, 1, -1, 2, -2, 0], [0, 1, 1, 4, 4, 0], [0, 1, -1, 8, -8, 1]],
    B=[
        [4, 0, -5, 0, 1, 0],
        [0, -4, -4, 1, 1, 0],
        [0, 4, -4, -1, 1, 0],
        [0, -2, -1, 2, 1, 0],
        [0, 2, -1, -2, 1, 0],
        [0, 4, 0, -5, 0, 1],
    ],
    G=[
        [Q(1, 4), Q(0), Q(0)],
        [Q(-1, 6), Q(-1, 6), Q(-1, 6)],
        [Q(-1, 6), Q(1, 6), Q(-1, 6)],
        [Q(1, 24), Q(1, 12), Q(1, 6)],
        [Q(1, 24), Q(-1, 12), Q(1, 6)],
        [Q(0), Q(0), Q(1)],
    ],
)
