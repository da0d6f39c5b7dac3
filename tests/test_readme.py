"""What the README and the docs show is so: their programs run, and their output is compared.

A Python block whose first line is `# name.py` is that file; any other is run in the page's own
module, with all blocks before it. A text block after a Python block is what that prints. A console
block holds commands and what they print; `…` stands for lines that are not compared. A comment
`# error: sentence` is what mypy says of its line, and the only thing it says of the page.
"""

from __future__ import annotations

import contextlib
import io
import re
import runpy
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

import pytest

import typed_resnet
from typed_resnet.__main__ import main
from typed_resnet.check import check

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
BLOCK = re.compile(r"^```(?P<kind>\w+)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
CLAIM = re.compile(r"\s+# error: (?P<message>.+)$")
LINK = re.compile(r"\]\((?P<target>[^)#]+)(?:#[^)]*)?\)")


@dataclass
class Block:
    kind: str
    text: str

    @property
    def file(self) -> str | None:
        """The name of the file that this is, if it is one."""
        first = self.text.splitlines()[0] if self.text else ""
        return first[2:] if re.fullmatch(r"# \w+\.py", first) else None


def blocks(page: Path) -> list[Block]:
    return [Block(found["kind"], found["text"]) for found in BLOCK.finditer(page.read_text())]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder for the files of a page, from which they import one another."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(str(tmp_path))
    before = set(sys.modules)
    yield tmp_path
    for name in set(sys.modules) - before:
        if getattr(sys.modules[name], "__file__", None) and Path(name + ".py").exists():
            del sys.modules[name]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_page(page: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = folder / "page.py"
    source.touch()
    module = ModuleType("page")
    module.__file__ = str(source)
    monkeypatch.setitem(sys.modules, "page", module)
    printed = ""
    for block in blocks(page):
        if block.kind == "python" and block.file is not None:
            (folder / block.file).write_text(block.text)
        elif block.kind == "python":
            start = len(source.read_text().splitlines())
            with source.open("a") as file:
                file.write(block.text)
            printed = execute(block.text, start, module)
        elif block.kind == "text":
            assert block.text == printed
        elif block.kind == "console":
            for command, expected in commands(block.text):
                assert_like(expected, output(command))
    assert_claims(source)


def execute(text: str, start: int, module: ModuleType) -> str:
    """Run a block in the module of the page."""
    code = compile("\n" * start + text, str(module.__file__), "exec", dont_inherit=True)
    with contextlib.redirect_stdout(io.StringIO()) as out:
        exec(code, vars(module))
    return out.getvalue()


def assert_claims(source: Path) -> None:
    """Compare what the comments claim with all that mypy says."""
    claims = {
        number: found["message"]
        for number, line in enumerate(source.read_text().splitlines(), 1)
        if (found := CLAIM.search(line))
    }
    if not source.read_text():
        return
    said = {}
    for message in check([str(source)]).messages:
        _, line, _, text = message.split(":", 3)
        said[int(line)] = re.sub(r"\s+\[[\w-]+\]$", "", text.strip())
    assert said == claims


def commands(text: str) -> Iterator[tuple[str, str]]:
    for part in re.split(r"^\$ ", text, flags=re.MULTILINE)[1:]:
        command, _, expected = part.partition("\n")
        yield command, expected


def output(command: str) -> str:
    """Run a command as in a shell, in this process."""
    program, *arguments = command.split()
    with contextlib.redirect_stdout(io.StringIO()) as out:
        if program == "typed-resnet":
            main(arguments)
        else:
            assert program == "python"
            try:
                runpy.run_path(arguments[0], run_name="__main__")
            except Exception as error:
                print(f"Traceback\n{type(error).__module__}.{type(error).__qualname__}: {error}")
    return out.getvalue()


def assert_like(expected: str, actual: str) -> None:
    """Compare what is expected, in which `…` is any number of lines."""
    pattern = "".join(
        "(?:.*\n)*" if line == "…" else re.escape(line) + "\n" for line in expected.splitlines()
    )
    assert re.fullmatch(pattern, actual), f"expected:\n{expected}\ngot:\n{actual}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_links_lead_somewhere(page: Path) -> None:
    prose = BLOCK.sub("", page.read_text())
    targets = [found["target"] for found in LINK.finditer(prose)]
    local = [target for target in targets if "://" not in target]
    assert [target for target in local if not (page.parent / target).exists()] == []


def test_the_first_screen_is_one_screen() -> None:
    """What it is, how to install it, eight lines, a mistake: before line 50."""
    head = "\n".join((ROOT / "README.md").read_text().splitlines()[:50])
    assert "pip install" in head
    assert "[shape]" in head
    assert "ShapeError" in head


def test_the_map_of_the_specification_names_what_is_there() -> None:
    rows = (ROOT / "docs/spec-map.md").read_text().split("## Its quirks")[0].splitlines()
    names = [row.split("|")[2].strip().strip("`") for row in rows if row.startswith("| `")]
    assert len(names) == 31
    missing = [name for name in names if not _exists(name)]
    assert missing == []


def _exists(name: str) -> bool:
    found: object = typed_resnet
    for part in name.split("."):
        found = getattr(found, part, None)
    return found is not None
