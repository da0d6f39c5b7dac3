"""Write the tables of docs/checkers.md: what each type checker says of which program.

python tests/oracles/matrix.py
"""

from __future__ import annotations

import math
import re
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import checkers
from checkers import CHECKERS, COMPUTED, EXAMPLES, LIBRARY, PORTABLE, ROOT, Checker

PAGE = ROOT / "docs/checkers.md"
STATIC = ROOT / "tests/static"
REJECT, SHOWN = PORTABLE / "reject.py", PORTABLE / "shown.py"
PLUGIN = "our plugin"
ALL: dict[str, Checker] = {PLUGIN: checkers.with_plugin, **CHECKERS}

BLOCK = re.compile(r"(<!-- begin (\w+) -->\n).*?(<!-- end -->)", re.DOTALL)
"""What this module writes into the page."""


@dataclass(frozen=True)
class Mistake:
    """A line that is wrong, and why."""

    file: str
    line: int
    why: str


def mistakes() -> list[Mistake]:
    lines = REJECT.read_text().splitlines()
    return [
        Mistake(REJECT.name, number, lines[number - 2].strip().removeprefix("# "))
        for number, line in enumerate(lines, 1)
        if re.search(r"  # refused(, but ty)?$", line)
    ]


@dataclass(frozen=True)
class Judged:
    """What one checker says."""

    complaints: checkers.Marks
    """On lines of the library, the examples and portable programs that are right."""
    computed: checkers.Marks
    """In the examples whose sizes are equal only by arithmetic."""
    refused: checkers.Marks
    """In the portable programs that are wrong."""
    caught: int
    """Of the mistakes that the plugin and the run refuse, in tests/static/reject."""
    false: int
    """Other lines that are refused there, and in tests/static/accept."""
    shown: dict[int, str]


BY_CHANCE = "higher_order.py"
"""What mypy alone judges by the order of its hash tables: one run so, the next otherwise."""


def programs() -> list[Path]:
    return [file for file in STATIC.glob("*/*.py") if file.name != BY_CHANCE]


EXPECTED = re.compile(r"#\s*E: .+\[[\w-]+\]\s*$")


def expected() -> checkers.Marks:
    return {
        (f"{file.parent.name}/{file.name}", number)
        for file in programs()
        for number, line in enumerate(file.read_text().splitlines(), 1)
        if EXPECTED.search(line)
    }


@cache
def judged(name: str) -> Judged:
    """Ask a checker once: of all programs that pass or fail as a whole, then of tests/static."""
    programs_asked = [*LIBRARY, *EXAMPLES, *COMPUTED, PORTABLE / "accept.py", REJECT, SHOWN]
    with tempfile.TemporaryDirectory() as folder:
        output = ALL[name](programs_asked, Path(folder))
        said = ALL[name]([STATIC / "accept", STATIC / "reject"], Path(folder))
    errors = checkers.errors(output)
    computed, refused = _within(errors, COMPUTED), _within(errors, [REJECT])
    lines = LINE.findall(said)
    marks = {(f"{kind}/{file}", int(n)) for kind, file, n in lines if file != BY_CHANCE}
    return Judged(
        complaints=errors - computed - refused - _within(errors, [SHOWN]),
        computed=computed,
        refused=refused,
        caught=len(marks & expected()),
        false=len(marks - expected()),
        shown={line: plain(typ) for line, typ in checkers.revealed(output, SHOWN).items()},
    )


def _within(marks: checkers.Marks, files: Sequence[Path]) -> checkers.Marks:
    names = {file.name for file in files}
    return {(name, line) for name, line in marks if name in names}


LINE = re.compile(r"(accept|reject)/(\w+\.py):(\d+)(?!.*(?:note|information):)")


def plain(typ: str) -> str:
    """Write a type without modules and owners, which each checker writes in its own way."""
    bare = re.sub(r"@\w+", "", re.sub(r"\b(?:\w+\.)+(?=\w)", "", typ))
    return re.sub(r"\[\*tuple\[(.*)\]\]$", r"[\1]", bare)


def page() -> str:
    """Ask all checkers, and put what they say into the page."""
    found = {name: judged(name) for name in ALL}
    tables = {
        "versions": f"{checkers.versions()}.\n",
        "accepted": _accepted(found),
        "refused": _refused(found),
        "static": _static(found),
        "hovers": _hovers(found),
    }
    return BLOCK.sub(lambda block: block[1] + tables[block[2]] + block[3], PAGE.read_text())


def _accepted(found: dict[str, Judged]) -> str:
    counts = (str(len(judged_by.complaints)) for judged_by in found.values())
    return _table(["", *found], [["complaints", *counts]])


def _refused(found: dict[str, Judged]) -> str:
    rows = [[mistake.why, *_marks(found, mistake)] for mistake in mistakes()]
    return _table(["mistake", *found], rows)


def _static(found: dict[str, Judged]) -> str:
    """Count in steps, so that one more program is no other page; all is all, and none is none."""
    wrong = len(expected())
    right = sum(map(_code_lines, programs())) - wrong
    caught = [f"{100 * judged.caught // wrong // 5 * 5}" for judged in found.values()]
    false = [f"{math.ceil(100 * judged.false / right)}" for judged in found.values()]
    rows = [["of 100 mistakes, refused", *caught], ["of 100 right lines, refused", *false]]
    return _table(["", *found], rows)


def _code_lines(file: Path) -> int:
    return sum(bool(line.strip()) for line in file.read_text().splitlines())


def _marks(found: dict[str, Judged], mistake: Mistake) -> Iterator[str]:
    for judged_by in found.values():
        yield "✓" if (mistake.file, mistake.line) in judged_by.refused else "–"


def _hovers(found: dict[str, Judged]) -> str:
    lines = SHOWN.read_text().splitlines()
    rows = []
    for line, typ in found[PLUGIN].shown.items():
        expression = lines[line - 1].strip().removeprefix("reveal_type(").removesuffix(")")
        others = {name: found[name].shown[line] for name in CHECKERS}
        common = max(others.values(), key=[*others.values()].count)
        odd = [f"; {name}: `{said}`" for name, said in others.items() if said != common]
        rows.append([f"`{expression}`", f"`{typ}`", f"`{common}`{''.join(odd)}"])
    return _table(["expression", PLUGIN, "the others"], rows)


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [head, ["---", *(":-:" for _ in head[1:])], *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


if __name__ == "__main__":
    PAGE.write_text(page())
