"""SARIF of what a check found, held to the rules of its standard."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from typed_resnet.__main__ import main
from typed_resnet.check.sarif import sarif

WRONG = """\
from typing import Literal as L
from typed_resnet import Conv2D, Tensor

def gray(conv: Conv2D[L[3], L[64], L[7], L[2], L[3]], x: Tensor[L[1], L[32], L[32]]) -> None:
    conv(x)
"""


def assert_valid(log: Any) -> None:
    """Hold a log to what SARIF 2.1.0 demands of the properties we write, by section."""
    assert log["version"] == "2.1.0"  # 3.13.2
    for run in log["runs"]:
        driver = run["tool"]["driver"]  # 3.18.2
        assert isinstance(driver["name"], str)  # 3.19.8
        assert re.fullmatch(r"\d+\.\d+\.\d+.*", driver["semanticVersion"])  # 3.19.12
        ids = [rule["id"] for rule in driver["rules"]]  # 3.49.3
        assert len(ids) == len(set(ids))  # 3.19.23
        assert run["columnKind"] in ("unicodeCodePoints", "utf16CodeUnits")  # 3.14.17
        for invocation in run["invocations"]:
            assert isinstance(invocation["executionSuccessful"], bool)  # 3.20.14
            for notification in invocation.get("toolExecutionNotifications", []):
                assert notification["message"]["text"]  # 3.58.5
        for result in run["results"]:
            assert result["ruleId"] == ids[result["ruleIndex"]]  # 3.27.5, 3.27.6
            assert result["level"] in ("none", "note", "warning", "error")  # 3.27.10
            assert result["message"]["text"]  # 3.27.11
            for location in result["locations"]:
                assert_place(location["physicalLocation"])


def assert_place(place: Any) -> None:
    # 3.4.3: an URI as RFC 3986 has it
    assert re.fullmatch(r"[\w.~:/?#@!$&'()*+,;=%-]+", place["artifactLocation"]["uri"], re.ASCII)
    region = place["region"]
    assert region["startLine"] >= 1  # 3.30.5
    assert region.get("startColumn", 1) >= 1  # 3.30.6
    assert region.get("endLine", region["startLine"]) >= region["startLine"]  # 3.30.7


@pytest.mark.parametrize(
    "option", [["--output", "sarif"], ["--output=sarif"], ["-O", "sarif"], ["-Osarif"]]
)
def test_an_error(
    option: list[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("my nets.py").write_text(WRONG)
    assert main(["check", *option, "my nets.py"]) == 1
    log = json.loads(capsys.readouterr().out)
    assert_valid(log)
    (run,) = log["runs"]
    assert run["tool"]["driver"]["rules"] == [
        {"id": "shape", "shortDescription": {"text": "A size, rank or shape is proved wrong"}}
    ]
    (result,) = run["results"]
    assert (result["ruleId"], result["level"]) == ("shape", "error")
    assert result["message"] == {"text": "Conv2D[3, 64, 7, 2, 3] expects 3 channels, got 1"}
    place = result["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "my%20nets.py"
    assert place["region"] == {"startLine": 5, "startColumn": 10, "endLine": 5, "endColumn": 11}
    assert WRONG.splitlines()[4][9:10] == "x"


def test_no_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("right.py").write_text("x: int = 1\n")
    assert main(["check", "--output", "sarif", "right.py"]) == 0
    log = json.loads(capsys.readouterr().out)
    assert_valid(log)
    assert log["runs"][0]["results"] == []
    assert log["runs"][0]["invocations"] == [{"executionSuccessful": True}]


def test_another_layout(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        main(["check", "--output", "xml", "right.py"])
    assert end.value.code == 2
    assert "invalid choice: 'xml' (choose from 'json', 'sarif')" in capsys.readouterr().err


def test_what_cannot_be_checked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["check", "--output", "sarif", "nofile.py"]) == 2
    log = json.loads(capsys.readouterr().out)
    assert_valid(log)
    (invocation,) = log["runs"][0]["invocations"]
    assert invocation["executionSuccessful"] is False
    assert "nofile.py" in invocation["toolExecutionNotifications"][0]["message"]["text"]


def test_a_missing_file_in_json(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["check", "-O", "json", "nofile.py"]) == 2
    (line,) = capsys.readouterr().out.splitlines()
    record = json.loads(line)
    assert (record["file"], record["severity"]) == (None, "error")
    assert "nofile.py" in record["message"]


def test_a_message_of_a_whole_file() -> None:
    """Of some, mypy knows no line, column or code; to others it adds hints."""
    record = {"file": "/a/ü.py", "line": -1, "column": -1, "end_line": -1, "end_column": -1}
    said = {"message": "found twice", "hint": "rename it", "code": None, "severity": "note"}
    log = json.loads(sarif([record | said], finished=True))
    assert_valid(log)
    (result,) = log["runs"][0]["results"]
    assert result["ruleId"] == "misc"
    assert result["level"] == "note"
    assert result["message"]["text"] == "found twice\nrename it"
    place = result["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "file:///a/%C3%BC.py"
    assert place["region"] == {"startLine": 1}
