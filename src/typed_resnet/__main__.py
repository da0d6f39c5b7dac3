"""The command `typed-resnet`."""

from __future__ import annotations

import sys
from collections.abc import Sequence

USAGE = """\
usage: typed-resnet COMMAND …

  check PATH…   check the shapes of a program with mypy (its options apply);
                exit code 0 for no errors, 1 for errors, 2 if it could not be checked
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; return its exit code."""
    command, *rest = arguments if arguments is not None else sys.argv[1:] or ["--help"]
    if command == "check":
        try:
            from typed_resnet import check
        except ModuleNotFoundError as missing:
            if missing.name != "mypy":
                raise
            print(
                "typed-resnet check needs mypy: pip install 'typed-resnet[check]'", file=sys.stderr
            )
            return 2
        return check.main(rest)
    known = command in ("-h", "--help", "help")
    print(USAGE, end="", file=sys.stdout if known else sys.stderr)
    return 0 if known else 2


if __name__ == "__main__":
    sys.exit(main())
