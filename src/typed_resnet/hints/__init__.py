"""What an editor, a terminal or a page shows of a file: types with sizes, and what is wrong.

model       what is known of a file, as plain data
overlay     the files, with the texts that are not saved yet
saved       which these are
first       a cache of mypy's to begin with
project     mypy, kept ready in this process
bodies      which edits change one function alone, and
grafting    its check
parts       what each statement of a text says by itself,
statements  which of them an edit of some concerns, and
replanting  their check
outline     of a text, where that is not enough
keeping     bodies of functions that are left out of what mypy reads
inlay       which expressions get a hint
session     all of it for one project: `Session().analyse(path, text)`
server      an editor's questions, about
open_files  which are asked of
worker      a session in a process of its own, within
limits      of memory and time

A session is imported when it is first asked for: the server has none, and need not wait for mypy.
"""

from typing import TYPE_CHECKING

from typed_resnet.hints.model import Analysis as Analysis
from typed_resnet.hints.model import Diagnostic as Diagnostic
from typed_resnet.hints.model import Expression as Expression
from typed_resnet.hints.model import Fix as Fix
from typed_resnet.hints.model import Hint as Hint
from typed_resnet.hints.model import Hover as Hover
from typed_resnet.hints.model import Kind as Kind
from typed_resnet.hints.model import Position as Position
from typed_resnet.hints.model import Range as Range
from typed_resnet.hints.model import Related as Related
from typed_resnet.hints.model import Severity as Severity
from typed_resnet.hints.model import Signature as Signature

if TYPE_CHECKING:
    from typed_resnet.hints.session import Session as Session

__all__ = [
    "Analysis",
    "Diagnostic",
    "Expression",
    "Fix",
    "Hint",
    "Hover",
    "Kind",
    "Position",
    "Range",
    "Related",
    "Session",
    "Severity",
    "Signature",
]


def __getattr__(name: str) -> object:
    if name == "Session":
        from typed_resnet.hints.session import Session  # noqa: PLC0415 -- only now

        return Session
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
