"""Write the tables of docs/checkers.md: what each type checker says of which program.

python tests/oracles/matrix.py
"""

from __future__ import annotations

import math
import re
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import checkers
from checkers import CHECKERS, EXAMPLES, LIBRARY, PORTABLE, ROOT, Checker

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

    complaints: int
    """On lines of the library, the examples and portable programs that are right."""
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


def judged(checker: Checker) -> Judged:
    with tempfile.TemporaryDirectory() as folder:
        scratch = Path(folder)
        right = checkers.errors(checker([*LIBRARY, *EXAMPLES, PORTABLE / "accept.py"], scratch))
        wrong = checkers.errors(checker([REJECT], scratch))
        shown = checkers.revealed(checker([SHOWN], scratch))
        said = checker([STATIC / "accept", STATIC / "reject"], scratch)
    lines = LINE.findall(said)
    marks = {(f"{kind}/{name}", int(n)) for kind, name, n in lines if name != BY_CHANCE}
    found = {line: plain(typ) for line, typ in shown.items()}
    return Judged(len(right), wrong, len(marks & expected()), len(marks - expected()), found)


LINE = re.compile(r"(accept|reject)/(\w+\.py):(\d+)(?!.*(?:note|information):)")


def plain(typ: str) -> str:
    """Write a type without modules and owners, which each checker writes in its own way."""
    bare = re.sub(r"@\w+", "", re.sub(r"\b(?:\w+\.)+(?=\w)", "", typ))
    return re.sub(r"\[\*tuple\[(.*)\]\]$", r"[\1]", bare)


def page() -> str:
    """Ask all checkers, and put what they say into the page."""
    found = {name: judged(checker) for name, checker in ALL.items()}
    tables = {
        "versions": f"{checkers.versions()}.\n",
        "accepted": _accepted(found),
        "refused": _refused(found),
        "static": _static(found),
        "hovers": _hovers(found),
    }
    return BLOCK.sub(lambda block: block[1] + tables[block[2]] + block[3], PAGE.read_text())


def _accepted(found: dict[str, Judged]) -> str:
    return _table(["", *found], [["complaints", *(str(j.complaints) for j in found.values())]])


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
