"""Whole solutions of linear inequalities, exactly: the Omega test.

Equations are used up by substitution. A variable whose coefficients are all 1 on one side is
eliminated exactly by adding each lower bound to each upper one (Fourier and Motzkin). Otherwise
the sums decide two things: without a solution of the sums there is none; with one that leaves
room for a whole number between the bounds (the dark shadow) there is one; and a solution of
neither kind lies close above a lower bound, on one of finitely many equations (the splinters).
Each step has fewer variables, so this ends, and always with the right answer.

Source: W. Pugh, The Omega test, Supercomputing 1991.
"""

from collections.abc import Iterable, Iterator, Mapping
from itertools import count
from math import gcd

Row = tuple[dict[int, int], int]
"""The sum of coefficient times variable, plus a number."""
Key = tuple[tuple[int, int], ...]
"""The coefficients of a row, sorted by variables, without common factor."""


_STEP = 10
"""What it takes, in coefficients, to begin with some rows."""


class WorkLimitError(Exception):
    """Say that the work allowed is used up."""


class Work:
    """Count what is still allowed: roughly, the coefficients of all rows made."""

    def __init__(self, allowed: int) -> None:
        self.left = allowed

    def spend(self, amount: int) -> None:
        self.left -= amount
        if self.left < 0:
            raise WorkLimitError


def solvable(zero: Iterable[Row], positive: Iterable[Row], work: Work) -> bool:
    """Say whether whole numbers make each row of `zero` 0 and each of `positive` >= 0.

    Raises:
        WorkLimitError: beyond the work allowed.
    """
    zero, rows = list(zero), list(positive)
    while True:
        eliminated = _substitute_equations(zero, rows, work)
        if eliminated is None:
            return False
        work.spend(_STEP + len(eliminated))
        tightened = _tighten(eliminated)
        if tightened is None:
            return False
        zero, rows = tightened
        if not zero:
            break
    rows = _without_one_sided(rows)
    if not rows:
        return True
    return _eliminate(rows, work)


def _substitute_equations(zero: list[Row], rows: list[Row], work: Work) -> list[Row] | None:
    """Solve each equation for a variable and put it in; None if one has no whole solution."""
    fresh = count(
        1 + max((v for coefficients, _ in (*zero, *rows) for v in coefficients), default=0)
    )
    while zero:
        coefficients, number = zero.pop()
        common = gcd(*coefficients.values())
        if not common:
            if number:
                return None
            continue
        if number % common:
            return None
        coefficients = {v: c // common for v, c in coefficients.items()}
        number //= common
        variable = min(coefficients, key=lambda v: (abs(coefficients[v]), v))
        c = coefficients.pop(variable)
        sign = 1 if c > 0 else -1
        if abs(c) == 1:
            value = {v: -sign * a for v, a in coefficients.items()}, -sign * number
        else:
            # A variable of its own for the quotient makes every coefficient smaller.
            m = abs(c) + 1
            value = (
                {v: sign * _centred(a, m) for v, a in coefficients.items()},
                sign * _centred(number, m),
            )
            value = {**{v: a for v, a in value[0].items() if a}, next(fresh): -sign * m}, value[1]
            zero.append(put(({**coefficients, variable: c}, number), variable, value))
        # Most rows have not this variable, and there are many.
        zero = [put(row, variable, value) if variable in row[0] else row for row in zero]
        rows = [put(row, variable, value) if variable in row[0] else row for row in rows]
        work.spend(sum(len(row[0]) for row in rows))
    return rows


def _centred(a: int, m: int) -> int:
    """Reduce modulo m to the residue of smallest size."""
    return a - m * ((2 * a + m) // (2 * m))


def put(row: Row, variable: int, value: Row) -> Row:
    """Put what a variable is in its place."""
    coefficients, number = row
    c = coefficients.get(variable)
    if not c:
        return row
    result = {v: a for v, a in coefficients.items() if v != variable}
    for v, a in value[0].items():
        sum_ = result.get(v, 0) + c * a
        if sum_:
            result[v] = sum_
        else:
            result.pop(v, None)
    return result, number + c * value[1]


def tightest(rows: Iterable[Row]) -> dict[Key, int] | None:
    """Divide by common factors and keep the tightest of rows with the same coefficients.

    None where one of them, or two that are opposite, cannot be >= 0.
    """
    found = _tightest(rows)
    if found is None or any(room < 0 for _, _, room in _opposites(found)):
        return None
    return found


def _tightest(rows: Iterable[Row]) -> dict[Key, int] | None:
    """Do the same, opposite rows left as they are."""
    found: dict[Key, int] = {}
    for coefficients, number in rows:
        common = gcd(*coefficients.values())
        if not common:
            if number < 0:
                return None
            continue
        key = tuple(sorted(coefficients.items()))
        if common > 1:
            key = tuple([(v, c // common) for v, c in key])
        least, known = number // common, found.get(key)
        if known is None or least < known:
            found[key] = least
    return found


def _opposites(rows: Mapping[Key, int]) -> Iterator[tuple[Key, Key, int]]:
    """List rows with opposite coefficients, and what is left between them."""
    for key, number in rows.items():
        if key[0][1] > 0:
            opposite = tuple([(v, -c) for v, c in key])
            if opposite in rows:
                yield key, opposite, number + rows[opposite]


def _tighten(rows: list[Row]) -> tuple[list[Row], list[Row]] | None:
    """Divide by common factors, keep the tightest of parallel rows, find equations."""
    found = _tightest(rows)
    if found is None:
        return None
    zero = []
    for key, opposite, room in list(_opposites(found)):
        if room < 0:
            return None
        if not room:
            zero.append((dict(key), found[key]))
            del found[key], found[opposite]
    return zero, [(dict(key), number) for key, number in found.items()]


def _without_one_sided(rows: list[Row]) -> list[Row]:
    """Leave out rows with a variable that is bounded on one side only: it satisfies them."""
    while True:
        up = {v for coefficients, _ in rows for v, c in coefficients.items() if c > 0}
        down = {v for coefficients, _ in rows for v, c in coefficients.items() if c < 0}
        free = up ^ down
        if not free:
            return rows
        rows = [row for row in rows if free.isdisjoint(row[0])]


def _eliminate(rows: list[Row], work: Work) -> bool:
    lower: dict[int, list[Row]] = {}
    upper: dict[int, list[Row]] = {}
    for row in rows:
        for v, c in row[0].items():
            (lower if c > 0 else upper).setdefault(v, []).append(row)

    def cost(v: int) -> tuple[bool, int, int]:
        inexact = any(r[0][v] > 1 for r in lower[v]) and any(r[0][v] < -1 for r in upper[v])
        return inexact, len(lower[v]) * len(upper[v]), v

    inexact, _, variable = min(map(cost, lower))
    rest = [row for row in rows if variable not in row[0]]
    real, dark = list(rest), list(rest)
    for low in lower[variable]:
        for high in upper[variable]:
            a, b = low[0][variable], -high[0][variable]
            row = combined(low, b, high, a)
            work.spend(1 + len(row[0]))
            real.append(row)
            if inexact:
                dark.append((row[0], row[1] - (a - 1) * (b - 1)))
    if not inexact:
        return solvable((), real, work)
    if not solvable((), real, work):
        return False
    if solvable((), dark, work):
        return True
    steepest = max(-high[0][variable] for high in upper[variable])
    for coefficients, number in lower[variable]:
        a = coefficients[variable]
        for i in range((steepest * a - steepest - a) // steepest + 1):
            if solvable([(coefficients, number - i)], rows, work):
                return True
    return False


def combined(p: Row, a: int, q: Row, b: int) -> Row:
    """Compute a p + b q, for a other than 0."""
    result = {v: a * c for v, c in p[0].items()}
    for v, c in q[0].items():
        sum_ = result.get(v, 0) + b * c
        if sum_:
            result[v] = sum_
        else:
            result.pop(v, None)
    return result, a * p[1] + b * q[1]
