"""Why sizes do not agree, in words: the smallest sizes that show it, or what is not proved."""

from __future__ import annotations

from collections.abc import Mapping

from typed_resnet.dims.answers import Different, Undecided
from typed_resnet.dims.examples import example
from typed_resnet.dims.normal_form import Dim
from typed_resnet.dims.term import Symbol


def because(
    expected: Dim, got: Dim, verdict: Different | Undecided, got_first: bool = False
) -> str:
    """Say at which smallest sizes two others differ; of numbers, nothing."""
    if expected.constant is not None and got.constant is not None:
        return ""
    match verdict:
        case Different():
            at, left, right = example(expected, got, verdict)
            first, second = (right, left) if got_first else (left, right)
            return f": at {_assignment(at)} they are {first} and {second}"
        case Undecided(reason=why):
            return f": not proved equal, {why}"


def left_over(divisor: Dim, size: Dim, verdict: Different | Undecided) -> str:
    """Say at which smallest sizes one leaves a remainder; of numbers, nothing."""
    if divisor.constant is not None and size.constant is not None:
        return ""
    match verdict:
        case Different(at=at, left=most, right=whole):
            return f": at {_assignment(at)} the remainder is {whole - most}"
        case Undecided(reason=why):
            return f": not proved, {why}"


def _assignment(values: Mapping[Symbol, int]) -> str:
    """Write the sizes that symbols have: `H = 2, S = 2`."""
    ordered = sorted(values.items(), key=lambda item: item[0].name)
    return ", ".join(f"{symbol.name} = {value}" for symbol, value in ordered)
