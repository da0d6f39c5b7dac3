"""`typed-resnet hints FILE`."""

from __future__ import annotations

from pathlib import Path

from rich.console import Console
from rich.text import Text

from typed_resnet.errors import ConfigError
from typed_resnet.hints import Analysis, Session, Severity
from typed_resnet.pages.beside import verdict
from typed_resnet.pages.html import page
from typed_resnet.pages.terminal import show


def main(file: str, *, html: str | None = None) -> int:
    """Print a file with its shapes, or write its page; the exit code is that of a check."""
    try:
        text = _read(file)
        with Console(stderr=True).status("mypy reads the file"):
            analysis = Session().analyse(file, text)
        if analysis.complaint:
            Console(stderr=True).print(Text(analysis.complaint), soft_wrap=True)
        if html is None:
            show(file, text, analysis, _console())
        else:
            _write(Path(html), page(file, text, analysis))
            Console().print(Text(f"{html}: {verdict(analysis)}"), soft_wrap=True)
    except ConfigError as error:
        Console(stderr=True).print(Text(f"typed-resnet hints: {error}"), soft_wrap=True)
        return 2
    return _exit_code(analysis)


def _exit_code(analysis: Analysis) -> int:
    if analysis.blocked:
        return 2
    return int(any(found.severity is Severity.ERROR for found in analysis.diagnostics))


def _console() -> Console:
    """Print to the terminal; a file is as wide as it must be."""
    console = Console(highlight=False)
    return console if console.is_terminal else Console(highlight=False, width=1000)


def _read(file: str) -> str:
    try:
        return Path(file).read_text("utf-8-sig")
    except OSError as error:
        raise ConfigError(f"cannot read {file}: {error.strerror}") from None
    except UnicodeDecodeError:
        raise ConfigError(f"cannot read {file}: it is not UTF-8") from None


def _write(file: Path, text: str) -> None:
    try:
        file.write_text(text, "utf-8")
    except OSError as error:
        raise ConfigError(f"--html cannot write {file}: {error.strerror}") from None
