"""What is known of a file, as the terminal, the page and the language server show it.

Lines and columns count from nought, columns in characters, as Python indexes a line.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple


class Position(NamedTuple):
    """A place between two characters."""

    line: int
    column: int


class Range(NamedTuple):
    """The text from one place up to another."""

    start: Position
    end: Position

    def holds(self, position: Position) -> bool:
        return self.start <= position <= self.end

    def shifted(self, lines: int) -> Range:
        return Range(
            Position(self.start.line + lines, self.start.column),
            Position(self.end.line + lines, self.end.column),
        )


class Kind(Enum):
    """What a hint stands after."""

    NAME = "name"
    """A name that is given a value: by an assignment, `with`, or `:=`."""
    LOOP = "loop"
    """The variable of a loop or comprehension."""
    CALL = "call"
    """A call inside a larger expression."""


@dataclass(frozen=True)
class Hint:
    """The type of an expression whose sizes the text does not say."""

    kind: Kind
    range: Range
    """The expression; what is shown stands at its end."""
    type: str
    """Its type: `Tensor[*B, Cout, ⌈H/S⌉, ⌈W/S⌉]`, `Conv2D[3, 64, 7, 2, 3]`."""

    @property
    def label(self) -> str:
        """What is shown: `: Tensor[C, H, W]` after a name, ` → [C, H, W]` after a call."""
        if self.kind is Kind.CALL:
            return f" → {self.type.removeprefix('Tensor')}"
        return f": {self.type}"


class Severity(Enum):
    """How bad a diagnostic is."""

    ERROR = "error"
    NOTE = "note"


@dataclass(frozen=True)
class Related:
    """Another place that a diagnostic speaks of: where one of its sizes comes from."""

    path: str
    range: Range
    message: str


@dataclass(frozen=True)
class Fix:
    """A change of the text that is certain to be right."""

    title: str
    range: Range
    text: str


@dataclass(frozen=True)
class Diagnostic:
    """One message of mypy's, in the words of `typed-resnet check`."""

    range: Range
    message: str
    code: str | None
    severity: Severity = Severity.ERROR
    related: tuple[Related, ...] = ()


@dataclass(frozen=True)
class Expression:
    """An expression whose type holds sizes."""

    range: Range
    type: str


@dataclass(frozen=True)
class Analysis:
    """What is known of one text of a file."""

    path: str
    hints: tuple[Hint, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()
    expressions: tuple[Expression, ...] = ()
    """Every expression whose type holds sizes, outer ones first: a page shows them on hover."""
    fixes: tuple[Fix, ...] = ()
    blocked: bool = False
    """The text is not Python yet, or mypy could not go on: the hints are those of the last text
    that was, as far as its lines still stand."""
    complaint: str = ""
    """What mypy says of a configuration that it can read in part."""


@dataclass(frozen=True)
class Hover:
    """What is known of the expression at a place."""

    range: Range
    type: str
    rule: str | None = None
    """Of a call: its signature as declared, `(x: Tensor[*B, Cin, H, W]) -> Tensor[…]`."""
    sizes: tuple[tuple[str, str], ...] = ()
    """Of a call: what each symbol of the rule is here, as `("H", "⌈H/2⌉")`."""


@dataclass(frozen=True)
class Signature:
    """The call that a place stands in, as its author declared it."""

    label: str
    parameters: tuple[str, ...]
    active: int | None
    """The parameter that the place belongs to."""
    required: tuple[str, ...]
    """The same parameters with the sizes that this call requires."""
