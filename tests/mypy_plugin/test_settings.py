"""What the section `[typed_resnet]` may hold."""

from pathlib import Path

import pytest

from typed_resnet.mypy_plugin.settings import Settings, read_settings

WRITTEN = [
    ("mypy.ini", "[mypy]\n", Settings()),
    ("mypy.ini", "[typed_resnet]\nstrict = true\n", Settings(strict=True)),
    ("mypy.ini", "[typed_resnet]\nprove-ranges = yes\n", Settings(prove_ranges=True)),
    ("mypy.ini", "[typed_resnet]\nstrict = false\n", Settings()),
    ("pyproject.toml", "[tool.typed_resnet]\nprove_ranges = true\n", Settings(prove_ranges=True)),
    ("pyproject.toml", "[tool.mypy]\n", Settings()),
]


@pytest.mark.parametrize(("name", "text", "expected"), WRITTEN)
def test_settings(name: str, text: str, expected: Settings, tmp_path: Path) -> None:
    file = tmp_path / name
    file.write_text(text)
    assert read_settings(str(file)) == expected


@pytest.mark.parametrize("file", [None, "missing.ini"])
def test_no_file_means_the_defaults(file: str | None) -> None:
    assert read_settings(file) == Settings()


@pytest.mark.parametrize("line", ["strict = maybe", "strickt = true", "prove_ranges = 1"])
def test_what_is_no_setting_is_refused(line: str, tmp_path: Path) -> None:
    file = tmp_path / "mypy.ini"
    file.write_text(f"[typed_resnet]\n{line}\n")
    with pytest.raises(ValueError, match="takes strict, prove_ranges, each true or false, got"):
        read_settings(str(file))
