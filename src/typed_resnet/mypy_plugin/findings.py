"""What a call brings, and what is found of it."""

from __future__ import annotations

from typing import NamedTuple

from mypy.errorcodes import ErrorCode
from mypy.nodes import ARG_POS, ARG_STAR, ArgKind, Context, Expression
from mypy.types import CallableType, Type


class Actual(NamedTuple):
    """An argument as it is brought."""

    expression: Expression
    kind: ArgKind = ARG_POS
    name: str | None = None
    """The name it is brought by, if any."""
    type: Type | None = None
    """None where no size is wanted of it, and so nobody has asked."""

    @property
    def unpacked(self) -> bool:
        """Say whether it is brought as `*argument`."""
        return self.kind is ARG_STAR


class Finding(NamedTuple):
    """Something to report, and where."""

    message: str
    where: Context
    code: ErrorCode


class Judgement(NamedTuple):
    """A signature with the sizes of a call filled in, and what is wrong with the call."""

    signature: CallableType
    error: Finding | None
    lost: Finding | None = None
    """A size that is declared, but unknown where it comes from."""
    from_types: bool = False
    """It follows from the types of the arguments alone, not from how they are written."""
    another_kind: Finding | None = None
    """Something is brought that has no sizes of the kind declared: mypy says so, mostly."""

    @property
    def is_lasting(self) -> bool:
        """Say whether it is the same of all calls that bring these types."""
        return self.from_types and self.error is None and self.lost is None
