"""`typed-resnet check PATH…`: mypy with the plugin, no configuration needed, sizes for people."""

from __future__ import annotations

import json
import re
import sys
from argparse import ArgumentParser
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, TextIO

from mypy import build
from mypy.errors import CompileError
from mypy.fscache import FileSystemCache
from mypy.modulefinder import BuildSource

from typed_resnet.check.configuration import close_cache, configure
from typed_resnet.check.messages import readable
from typed_resnet.check.sarif import sarif

_FUNCTION: Final = re.compile(r"^[ \t]*(?:async[ \t]+)?def[ \t]", re.MULTILINE)


@dataclass
class Report:
    """What a check found."""

    messages: list[str] = field(default_factory=list)
    """In mypy's layout: `file:line: error: …  [code]`, or JSON lines with `--output json`."""
    output: str | None = None
    """The layout that was asked for, where it is another than mypy's own."""
    files: int = 0
    functions: int = 0
    blocked: bool = False
    """mypy could not start or go on: a file is missing, or is not Python."""

    @property
    def errors(self) -> int:
        return sum(1 for message in self.messages if _is_error(message))

    @property
    def exit_code(self) -> int:
        """As mypy's: 0 for no errors, 1 for errors, 2 where it could not go on."""
        return 2 if self.blocked else int(self.errors > 0)


def check(arguments: Sequence[str], stdout: TextIO | None = None) -> Report:
    """Check files and folders; takes mypy's own options too, and reads mypy's configuration.

    Messages are written to `stdout` as they come, where it is given.
    """
    fscache = FileSystemCache()
    sources, options, returned_any = configure(arguments, "typed-resnet check", fscache)
    report = Report([], options.output, len(sources), _count_functions(sources))

    def take(filename: str | None, messages: list[str], serious: bool) -> None:
        for message in messages:
            record = None if options.output is None else _record(message)
            said = message if record is None else record["message"]
            if not returned_any.is_told(said, filename):
                continue
            written = readable(said)
            if record is not None:
                written = json.dumps(record | {"message": written})
            report.messages.append(written)
            if stdout is not None:
                print(written, file=stdout, flush=True)

    try:
        result = build.build(sources, options, None, take, fscache, sys.stdout, sys.stderr)
        close_cache(result.manager)
    except CompileError as error:
        report.blocked = True
        take(None, error.messages, True)
    return report


def summary(report: Report) -> str:
    """Say in a line what was proved."""
    errors = "no errors" if report.errors == 0 else _plural(report.errors, "error")
    return (
        f"{_plural(report.files, 'file')}, {_plural(report.functions, 'function')} checked:"
        f" {errors}"
    )


def main(arguments: Sequence[str]) -> int:
    """Run the command; the exit code is mypy's."""
    layout, others = _layout(arguments)
    if layout == "sarif":  # mypy writes none: it is made of its JSON
        report = check(["--output=json", *others])
        print(sarif(map(json.loads, report.messages), finished=not report.blocked))
        return report.exit_code
    report = check(arguments, sys.stdout)
    if report.output is None:
        print(summary(report))
    return report.exit_code


def _layout(arguments: Sequence[str]) -> tuple[str | None, list[str]]:
    """Take the layout that is asked for out of mypy's options, which know all but SARIF."""
    usage = "typed-resnet check [mypy's options] PATH ..."
    reader = ArgumentParser("typed-resnet check", usage, add_help=False, allow_abbrev=False)
    reader.add_argument("-O", "--output", choices=["json", "sarif"])
    known, others = reader.parse_known_args(arguments)
    return known.output, others


def _record(message: str) -> dict[str, Any]:
    """Read a message that mypy wrote as JSON."""
    if not message.startswith("{"):
        return _about_the_run(message)
    record: dict[str, Any] = json.loads(message)
    return record


def _about_the_run(message: str) -> dict[str, Any]:
    """Write what mypy says as plain text, of a file that is not there, as a record of its own."""
    nowhere = dict.fromkeys(("line", "column", "end_line", "end_column"), -1)
    said = {"message": message, "hint": None, "code": None, "severity": "error"}
    return {"file": None, **nowhere, **said}


def _is_error(message: str) -> bool:
    if message.startswith("{"):
        return bool(json.loads(message).get("severity") == "error")
    return ": error: " in message


def _count_functions(sources: Sequence[BuildSource]) -> int:
    """Count the functions in the sources; strict mode checks each one."""
    texts = [
        Path(source.path).read_text("utf-8", "replace")
        for source in sources
        if source.path is not None and Path(source.path).is_file()
    ]
    return sum(len(_FUNCTION.findall(text)) for text in texts)


def _plural(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"
