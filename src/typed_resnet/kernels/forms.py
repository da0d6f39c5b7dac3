"""The matrices of Winograd's forms, made of the points at which polynomials are multiplied.

A product of two polynomials is known by its values at m + 1 points p and at infinity, and each
value takes one product: the adjoint of that is a row of m results.

    A'[k, i] = p_i^k        G[i, k] = p_i^k / prod over j != i of (p_i - p_j)
    B'[i]    = the coefficients of prod over j != i of (x - p_j)

and at infinity 1 for the highest power of A' and of G, and of all points in B'.

Source: Lavin and Gray, arXiv:1509.09308, section 4; F(2x2) is theirs up to signs. The points of
F(4x4), where theirs are 0, 1, -1, 2 and -2, and of F(5x5) are those that err least of many: their
powers stay near 1, and no two are close.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction as Q
from functools import cached_property
from math import prod

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


def _form(m: int, *points: Q) -> Form:
    """Make F(m x m) of m + 1 points, of which the second is 1: all ones in A'[:, 1]."""
    others = [[q for q in points if q != p] for p in points]
    A = [[*(p**k for p in points), Q(k == m - 1)] for k in range(m)]
    B = [*([*_with_roots(roots), Q(0)] for roots in others), _with_roots(points)]
    sizes = [prod(p - q for q in rest) for p, rest in zip(points, others, strict=True)]
    G = [[p**k / size for k in range(3)] for p, size in zip(points, sizes, strict=True)]
    G.append([Q(0), Q(0), Q(1)])
    return Form(f"F({m}x{m})", *(np.array(T, float).astype(np.float32) for T in (A, B, G)))


def _with_roots(roots: Sequence[Q]) -> list[Q]:
    """Multiply out (x - r) of all roots; the coefficient of 1 comes first."""
    found = [Q(1)]
    for root in roots:
        found = [up - root * here for up, here in zip([Q(0), *found], [*found, Q(0)], strict=True)]
    return found


F2 = _form(2, Q(0), Q(1), Q(-1))
F4 = _form(4, Q(0), Q(1), Q(-1), Q(1, 2), Q(-2))
F5 = _form(5, Q(0), Q(1), Q(-1), Q(2), Q(-3, 2), Q(1, 3))
