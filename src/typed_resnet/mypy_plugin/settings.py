"""What a user may choose: in the section `[typed_resnet]` of mypy's own configuration file.

    [typed_resnet]
    strict = true          report a size that was lost on its way (code shape-unknown)
    prove_ranges = true    report a size that is not proved to be one or more (code shape-range)

In `pyproject.toml` the section is `[tool.typed_resnet]`.
"""

from __future__ import annotations

import configparser
import tomllib
from dataclasses import asdict, dataclass, fields
from pathlib import Path


@dataclass(frozen=True)
class Settings:
    """The plugin's settings."""

    strict: bool = False
    prove_ranges: bool = False


def read_settings(config_file: str | None) -> Settings:
    """Read the settings from the file that mypy read its own from.

    Raises: ValueError, for a setting that does not exist or is neither true nor false.
    """
    if config_file is None or not Path(config_file).is_file():
        return Settings()
    written: dict[str, object]
    if config_file.endswith(".toml"):
        with Path(config_file).open("rb") as file:
            written = tomllib.load(file).get("tool", {}).get("typed_resnet", {})
    else:
        parser = configparser.ConfigParser()
        parser.read(config_file, "utf-8")
        section = parser["typed_resnet"] if parser.has_section("typed_resnet") else {}
        written = {name: _boolean(value) for name, value in section.items()}
    known = [field.name for field in fields(Settings)]
    settings = asdict(Settings())
    for name, value in written.items():
        key = name.replace("-", "_")
        if key not in known or not isinstance(value, bool):
            choices = ", ".join(known)
            raise ValueError(
                f"{config_file}: [typed_resnet] takes {choices}, each true or false,"
                f" got {name} = {value}"
            )
        settings[key] = value
    return Settings(**settings)


def _boolean(text: str) -> bool | str:
    return {"true": True, "yes": True, "false": False, "no": False}.get(text.lower(), text)
