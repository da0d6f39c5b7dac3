"""What is wrong with an index, in words; see `sentences`."""

from __future__ import annotations

from typed_resnet.dims.normal_form import Dim, normal_form
from typed_resnet.dims.printer import show
from typed_resnet.dims.ranges import Always, at_least
from typed_resnet.dims.sentences import shape
from typed_resnet.dims.slicing import (
    BeyondFailure,
    DotsFailure,
    EmptyFailure,
    IndexFailure,
    Open,
    Slice,
    StepFailure,
    TooManyFailure,
)


def misindexed(failure: IndexFailure) -> str:
    """Say why an index does not fit a shape."""
    match failure:
        case TooManyFailure(axes=axes, count=count):
            most = f"{len(axes)} {'index' if len(axes) == 1 else 'indices'}"
            return f"[] expects at most {most} for {shape(axes)}, got {count}"
        case DotsFailure(count=count):
            return f"[] expects one ... at most, got {count}"
        case StepFailure():
            return "[] expects a step other than 0, got 0"
        case BeyondFailure(axis=axis, size=size, index=index):
            wanted = (
                f"index < {show(size)}"
                if _is_from_left(index)
                else f"index ≥ {show(normal_form(0) - size)}"
            )
            return (
                f"[] expects an {wanted} on axis {axis}, got {show(index)}{_unless(failure.needs)}"
            )
        case EmptyFailure(axis=axis, size=size, taken=taken):
            brought = f"{_slice(taken)} of {show(size)}"
            return (
                f"[] expects a slice of at least 1 on axis {axis},"
                f" got {brought}{_unless(failure.needs)}"
            )
    raise AssertionError(failure)


def _is_from_left(index: Dim) -> bool:
    return isinstance(at_least(index, 0), Always)


def _unless(needs: str | None) -> str:
    return f" unless {needs}" if needs else ""


def _slice(taken: Slice) -> str:
    bounds = [taken.start, taken.stop, *([] if taken.step is None else [taken.step])]
    return ":".join("?" if isinstance(b, Open) else "" if b is None else show(b) for b in bounds)
