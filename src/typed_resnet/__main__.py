"""The command `typed-resnet`."""

from __future__ import annotations

import codecs
import errno
import io
import os
import signal
import sys
from argparse import REMAINDER, ArgumentParser, RawDescriptionHelpFormatter
from collections.abc import Sequence

EXIT_CODES = {
    "check": """\
exit code:
  0  no errors
  1  errors
  2  it could not be checked: a file is missing, or is not Python""",
    "hints": """\
exit code:
  0  no errors
  1  errors
  2  there is no such file, or it could not be checked""",
    "summary": """\
exit code:
  0  mypy and the arrays agree, as far as mypy can follow the model
  1  they disagree
  2  there is no such model, or it does not take such an input""",
}

EXTRAS = {"mypy": "check", "rich": "check", "pygls": "lsp", "lsprotocol": "lsp"}
"""Which extra brings a package that a command needs."""

LETTERS = {
    **{"⌈": "ceil(", "⌉": ")", "≥": ">=", "≤": "<=", "≠": "!=", "→": "->"},
    **{"∏": "prod ", "×": "x", "…": "...", "·": "-", "–": "-", "─": "-"},
}
"""How what we write is spelt where a terminal has no such letters."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; return its exit code.

    Where its reader has enough, as `head` has, or it is interrupted, it ends without a word, and
    with the code that a shell gives for that. A disk without space is told as any bad argument.
    """
    codecs.register_error("typed_resnet", _spelt)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper) and codecs.lookup(stream.encoding).name != "utf-8":
            stream.reconfigure(errors="typed_resnet")
    try:
        try:
            return _run(sys.argv[1:] if arguments is None else arguments)
        finally:  # also of a help that is printed
            if sys.stdout is not None and not sys.stdout.closed:  # as the language server does
                sys.stdout.flush()
    except BrokenPipeError:
        return _unread()
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise
        _discard_output()
        print(f"typed-resnet: what it found could not be written: {error}", file=sys.stderr)
        return 2
    except SystemExit as end:
        if isinstance(end.__context__, BrokenPipeError):  # rich ends the process itself, with 1
            return _unread()
        raise
    except KeyboardInterrupt:
        return 128 + signal.SIGINT


def _spelt(error: UnicodeError) -> tuple[str, int]:
    """Spell what an encoding has no letters for: `ceil(H/2)`."""
    assert isinstance(error, UnicodeEncodeError)
    lacking = error.object[error.start : error.end]
    return "".join(LETTERS.get(letter, "?") for letter in lacking), error.end


def _unread() -> int:
    _discard_output()
    return 128 + signal.SIGPIPE


def _discard_output() -> None:
    """Let what is left to be written go nowhere, when Python ends, too."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _run(given: Sequence[str]) -> int:
    if given[:1] == ["check"] and given[1:] not in (["-h"], ["--help"]):
        return _check(given[1:])  # mypy reads its own options
    options = _parser().parse_args(given or ["--help"])
    try:  # mypy, rich and pygls are optional
        if options.command == "lsp":
            from typed_resnet.hints import server  # noqa: PLC0415

            return server.main()
        if options.command == "hints":
            from typed_resnet import pages  # noqa: PLC0415

            return pages.main(options.file, html=options.html)
        from typed_resnet import summary  # noqa: PLC0415
    except ModuleNotFoundError as missing:
        return _needs(missing, options.command)
    return summary.main(
        options.model, options.input, symbolic=options.symbolic, drawing=options.svg
    )


def _check(arguments: Sequence[str]) -> int:
    try:
        from typed_resnet import check  # noqa: PLC0415  # mypy is optional
    except ModuleNotFoundError as missing:
        return _needs(missing, "check")
    return check.main(arguments)


def _needs(missing: ModuleNotFoundError, command: str) -> int:
    """Say how to install what a command needs."""
    package = (missing.name or "").partition(".")[0]
    if package not in EXTRAS:
        raise missing
    extra = EXTRAS[package]
    needed = f"typed-resnet {command} needs {package}: pip install 'typed-resnet[{extra}]'"
    print(needed, file=sys.stderr)
    return 2


def _parser() -> ArgumentParser:
    parser = ArgumentParser("typed-resnet", description="Shapes, proved by mypy and run.")
    commands = parser.add_subparsers(
        title="commands", metavar="COMMAND", dest="command", required=True
    )
    check = commands.add_parser(
        "check",
        help="check the shapes of a program with mypy",
        description="Check the shapes of a program with mypy: no configuration is needed, and\n"
        "mypy's own options and configuration apply. `--output json` writes a record a line,\n"
        "`--output sarif` one log for all.",
        epilog=EXIT_CODES["check"],
        formatter_class=RawDescriptionHelpFormatter,
    )
    check.add_argument("arguments", nargs=REMAINDER, metavar="PATH")
    hints = commands.add_parser(
        "hints",
        help="show a file with every shape that is inferred",
        description="Show a file with every shape that mypy infers, and what is wrong in it, in\n"
        "the terminal or as a page.",
        epilog=EXIT_CODES["hints"],
        formatter_class=RawDescriptionHelpFormatter,
    )
    hints.add_argument("file", metavar="FILE")
    hints.add_argument("--html", metavar="OUT", help="write one self-contained page instead")
    summary = commands.add_parser(
        "summary",
        help="run a model, and show each layer's shape by mypy and of the array",
        description="Run a model on noise, and show for each of its layers the shape that mypy\n"
        "infers from the source, and the shape of the array that came out.",
        epilog=EXIT_CODES["summary"],
        formatter_class=RawDescriptionHelpFormatter,
    )
    summary.add_argument(
        "model",
        metavar="MODEL",
        help="module:name of a layer, or of a function that makes one when called without"
        " arguments",
    )
    summary.add_argument(
        "--input", required=True, metavar="SIZES", help="the sizes of the input: 3x224x224"
    )
    summary.add_argument(
        "--symbolic", action="store_true", help="show the shapes for all inputs too"
    )
    summary.add_argument("--svg", metavar="OUT", help="draw the flow of shapes into this file")
    commands.add_parser(
        "lsp",
        help="serve an editor: types with sizes as you write",
        description="Serve an editor on standard input and output, by the language server\n"
        "protocol: inlay hints, hover, errors, signatures, fixes.",
        formatter_class=RawDescriptionHelpFormatter,
    )
    return parser


if __name__ == "__main__":
    sys.exit(main())
