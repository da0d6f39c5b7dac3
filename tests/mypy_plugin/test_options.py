"""What mypy's own options make of the plugin's errors, and the command's."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from mypy import api

from .judges import CONFIGURATION

PROGRAM = """\
from typing import Literal as L
from typed_resnet import Conv2D, Tensor
from typed_resnet.dims import C, FloorDiv, H, W

def too_many(conv: Conv2D[L[3], L[8], L[3], L[1], L[1]], x: Tensor[L[4], H, W]) -> None:
    conv(x)

def too_large(conv: Conv2D[L[3], L[8], L[7], L[1], L[0]], x: Tensor[L[3], L[4], W]) -> None:
    conv(x)

def right(x: Tensor[C, H, W]) -> Tensor[C, H, W]:
    return x + x
"""
SHAPE = "6: error: Conv2D[3, 8, 3, 1, 1] expects 3 channels, got 4  [shape]"
RANGE = "9: error: window 7 does not fit height 4 padded by 0  [shape-range]"


UNUSED = '{}: error: Unused "type: ignore" comment  [unused-ignore]'


def module(folder: Path) -> str:
    return f"program_{folder.name}"


def judge(text: str, folder: Path, cache: Path, *options: str) -> tuple[list[str], int]:
    """Let mypy judge a text; return its lines, without the file's name, and its exit code.

    The file's name is the test's: mypy's cache answers for a module by its name and text.
    """
    file = folder / f"{module(folder)}.py"
    file.write_text(text)
    configuration = () if "--config-file" in options else ("--config-file", str(CONFIGURATION))
    out, err, code = api.run(
        [*configuration, "--cache-dir", str(cache), "--no-error-summary", *options, str(file)]
    )
    assert err == ""
    return [line.removeprefix(f"{file}:") for line in out.splitlines()], code


@pytest.mark.parametrize(
    ("options", "expected", "code"),
    [
        ((), [SHAPE, RANGE], 1),
        (("--hide-error-codes",), [line.rpartition("  [")[0] for line in (SHAPE, RANGE)], 1),
        pytest.param(("--disable-error-code", "shape"), [RANGE], 1, marks=pytest.mark.slow),
        pytest.param(("--disable-error-code", "shape-range"), [SHAPE], 1, marks=pytest.mark.slow),
    ],
    ids=["codes", "no_codes", "no_shape", "no_range"],
)
def test_codes(
    options: tuple[str, ...], expected: list[str], code: int, tmp_path: Path, mypy_cache: Path
) -> None:
    assert judge(PROGRAM, tmp_path, mypy_cache, *options) == (expected, code)


def test_ignored_lines(tmp_path: Path, mypy_cache: Path) -> None:
    """A code names what it silences, nothing else, and is reported where it silences nothing."""
    lines = PROGRAM.splitlines()
    lines[5] += "  # type: ignore[shape]"
    lines[8] += "  # type: ignore[shape]"
    lines[11] += "  # type: ignore[shape]"
    said, code = judge("\n".join(lines) + "\n", tmp_path, mypy_cache)
    assert said == [
        UNUSED.format(9),
        RANGE,
        '9: note: Error code "shape-range" not covered by "type: ignore[shape]" comment',
        UNUSED.format(12),
    ]
    assert code == 1


def test_options_of_one_module(tmp_path: Path, mypy_cache: Path) -> None:
    """`disable_error_code` under a module's name counts for that module alone."""
    configuration = tmp_path / "mypy.ini"
    section = "\n[mypy-other.*]\ndisable_error_code = shape\n"
    configuration.write_text(CONFIGURATION.read_text() + section)
    own = section.replace("other.*", module(tmp_path))
    for text, expected in ((section, [SHAPE, RANGE]), (own, [RANGE])):
        configuration.write_text(CONFIGURATION.read_text() + text)
        said, _ = judge(PROGRAM, tmp_path, mypy_cache, "--config-file", str(configuration))
        assert said == expected


def test_inline_configuration(tmp_path: Path, mypy_cache: Path) -> None:
    inline = "# mypy: disable-error-code=shape\n"
    said, _ = judge(inline + PROGRAM, tmp_path, mypy_cache)
    assert said == [RANGE.replace("9:", "10:", 1)]


def test_json(tmp_path: Path, mypy_cache: Path) -> None:
    said, code = judge(PROGRAM, tmp_path, mypy_cache, "--output", "json")
    records = [json.loads(line) for line in said]
    assert [(r["line"], r["severity"], r["code"]) for r in records] == [
        (6, "error", "shape"),
        (9, "error", "shape-range"),
    ]
    assert code == 1


def test_columns_point_at_the_argument(tmp_path: Path, mypy_cache: Path) -> None:
    said, _ = judge(PROGRAM, tmp_path, mypy_cache, "--show-column-numbers")
    assert said[0].startswith("6:10: error: Conv2D")


@pytest.mark.slow
def test_plugin_off(tmp_path: Path) -> None:
    """Without the plugin mypy says in its own words what it can say, and knows no code of ours."""
    configuration = tmp_path / "mypy.ini"
    configuration.write_text("[mypy]\nstrict = true\n")
    said, code = judge(PROGRAM, tmp_path, tmp_path / "cache", "--config-file", str(configuration))
    assert [line.rpartition("  [")[2] for line in said] == ["arg-type]"]
    assert code == 1


REDEFINED = """\
from typing import Literal as L
from typed_resnet import Conv2D, MaxPool2D, Tensor
from typed_resnet.dims import FloorDiv, H, W

def net(
    stem: Conv2D[L[3], L[8], L[3], L[1], L[1]], pool: MaxPool2D[L[2], L[2], L[0]],
    x: Tensor[L[3], H, W]
) -> Tensor[L[8], FloorDiv[H, L[2]], FloorDiv[W, L[2]]]:
    y = stem(x)
    y = pool(y)
    stem(y)
    return y
"""


def test_a_name_may_be_given_another_shape_where_mypy_is_told_so(
    tmp_path: Path, mypy_cache: Path
) -> None:
    """Each use is judged by the shape that the name has there."""
    said, code = judge(REDEFINED, tmp_path, mypy_cache, "--allow-redefinition")
    assert said == ["11: error: Conv2D[3, 8, 3, 1, 1] expects 3 channels, got 8  [shape]"]
    assert code == 1
    said, _ = judge(REDEFINED, tmp_path, mypy_cache)
    assert [line.partition(":")[0] for line in said] == ["10", "11", "12"]
