"""What a check found, as SARIF 2.1.0: code hosts and editors show it beside the lines.

Source: OASIS, Static Analysis Results Interchange Format, sections 3.13 to 3.58.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

from mypy.errorcodes import MISC, error_codes

SCHEMA: Final = "https://json.schemastore.org/sarif-2.1.0.json"
LEVELS: Final = {"error": "error", "warning": "warning", "note": "note"}

Json = dict[str, Any]


def sarif(records: Iterable[Mapping[str, Any]], *, finished: bool) -> str:
    """Write mypy's records as one log of one run.

    A record without a file is about the run; `finished` says whether it came to its end.
    """
    found = list(records)
    codes = sorted({record["code"] or MISC.code for record in found if record["file"]})
    driver: Json = {
        "name": "typed-resnet",
        "semanticVersion": version("typed-resnet"),
        "rules": [_rule(code) for code in codes],
    }
    run: Json = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "invocations": [_invocation(found, finished)],
        "results": [_result(record, codes) for record in found if record["file"]],
    }
    log: Json = {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}
    return json.dumps(log, indent=2)


def _rule(code: str) -> Json:
    rule: Json = {"id": code}
    if code in error_codes:  # ours are, once mypy has loaded the plugin
        rule["shortDescription"] = {"text": error_codes[code].description}
    return rule


def _invocation(records: Sequence[Mapping[str, Any]], finished: bool) -> Json:
    made: Json = {"executionSuccessful": finished}
    about = [record["message"] for record in records if not record["file"]]
    if about:
        made["toolExecutionNotifications"] = [
            {"level": "error", "message": {"text": text}} for text in about
        ]
    return made


def _result(record: Mapping[str, Any], codes: Sequence[str]) -> Json:
    code = record["code"] or MISC.code
    text = "\n".join(filter(None, [record["message"], record["hint"]]))
    location = {"artifactLocation": {"uri": _uri(record["file"])}, "region": _region(record)}
    return {
        "ruleId": code,
        "ruleIndex": codes.index(code),
        "level": LEVELS.get(record["severity"], "none"),
        "message": {"text": text},
        "locations": [{"physicalLocation": location}],
    }


def _uri(file: str) -> str:
    """Write the path of a file as an URI, relative where the path is."""
    path = Path(file)
    return path.as_uri() if path.is_absolute() else quote(path.as_posix())


def _region(record: Mapping[str, Any]) -> Json:
    """Say where a message begins and ends; what mypy does not know is left out.

    mypy counts columns from 0 in its records, SARIF from 1; the end is the first one after it.
    """
    line = max(record["line"], 1)
    region = {"startLine": line}
    if record["column"] >= 0:
        region["startColumn"] = record["column"] + 1
        if record["end_line"] >= line and record["end_column"] >= 0:
            region["endLine"] = record["end_line"]
            region["endColumn"] = record["end_column"] + 1
    return region
