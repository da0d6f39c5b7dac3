"""The configurations in `editors/`: each starts the server, as its editor would read it."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path
from xml.etree import ElementTree

import pytest

ROOT = Path(__file__).parents[1]
EDITORS = ROOT / "editors"
COMMAND = ["typed-resnet", "lsp"]
WINDOW = Path(__file__).parent / "data/vscode_window.js"


def test_helix() -> None:
    config = tomllib.loads((EDITORS / "helix/languages.toml").read_text())
    server = config["language-server"]["typed-resnet"]
    assert [server["command"], *server["args"]] == COMMAND
    assert server["config"] == {"callHints": True}
    (language,) = config["language"]
    assert (language["name"], language["language-servers"]) == ("python", ["typed-resnet"])


def test_neovim() -> None:
    text = (EDITORS / "neovim/typed_resnet.lua").read_text()
    command = re.search(r"cmd = \{ (.*) \}", text)
    assert command is not None
    assert re.findall(r"'([^']*)'", command[1]) == COMMAND
    assert "filetypes = { 'python' }" in text


def test_emacs() -> None:
    text = (EDITORS / "emacs/typed-resnet.el").read_text()
    code = re.sub(r";[^\n]*", "", text)
    assert code.count("(") == code.count(")")
    assert '("typed-resnet" "lsp" :initializationOptions (:callHints t))' in code


@pytest.mark.skipif(shutil.which("node") is None, reason="node runs the extension")
def test_the_extension_starts_and_stops_the_server() -> None:
    """Run it with a window in the place of VS Code's."""
    printed = subprocess.run(
        ["node", WINDOW, EDITORS / "vscode/extension.js"],
        capture_output=True,
        text=True,
        check=True,
    )
    told = json.loads(printed.stdout)
    steps = [step[0] for step in told["log"]]
    started = ["section", "client", "start"]
    assert steps == ["command", *started, *["stop", *started] * 2, "stop"]
    _, name, server, options = next(step for step in told["log"] if step[0] == "client")
    assert name == "typedResnet"
    assert server == {"command": "/venv/bin/typed-resnet", "args": ["lsp"]}
    assert options["documentSelector"] == [{"scheme": "file", "language": "python"}]
    assert options["initializationOptions"] == {"callHints": False}
    assert told["subscriptions"] == 2


def test_the_manifest_of_the_extension() -> None:
    package = json.loads((EDITORS / "vscode/package.json").read_text())
    assert (EDITORS / "vscode" / package["main"]).is_file()
    assert package["activationEvents"] == ["onLanguage:python"]
    settings = package["contributes"]["configuration"]["properties"]
    assert settings["typedResnet.command"]["default"] == COMMAND
    script = (EDITORS / "vscode" / package["main"]).read_text()
    for command in package["contributes"]["commands"]:
        assert f'"{command["command"]}"' in script
    read = set(re.findall(r'settings\.get\("(\w+)"\)', script))
    assert {f"typedResnet.{name}" for name in read} == set(settings)
    assert set(package["dependencies"]) == {"vscode-languageclient"}


def test_the_package_of_the_extension(tmp_path: Path) -> None:
    folder = tmp_path / "vscode"
    shutil.copytree(EDITORS / "vscode", folder, ignore=shutil.ignore_patterns("node_modules"))
    dependency = folder / "node_modules/vscode-languageclient/node.js"
    dependency.parent.mkdir(parents=True)
    dependency.write_text("")
    out = tmp_path / "typed-resnet.vsix"
    subprocess.run([sys.executable, ROOT / "scripts/make_vsix.py", folder, out], check=True)
    with zipfile.ZipFile(out) as archive:
        names = set(archive.namelist())
        manifest = ElementTree.fromstring(archive.read("extension.vsixmanifest"))
        types = ElementTree.fromstring(archive.read("[Content_Types].xml"))
    assert {
        "extension/package.json",
        "extension/extension.js",
        "extension/node_modules/vscode-languageclient/node.js",
    } <= names
    suffixes = {Path(name).suffix.lstrip(".") for name in names}
    assert suffixes - {"xml"} <= {kind.get("Extension") for kind in types}
    space = "{http://schemas.microsoft.com/developer/vsx-schema/2011}"
    identity = manifest.find(f"{space}Metadata/{space}Identity")
    assert identity is not None
    package = json.loads((folder / "package.json").read_text())
    assert identity.get("Id") == package["name"]
    assert identity.get("Version") == package["version"]
    asset = manifest.find(f"{space}Assets/{space}Asset")
    assert asset is not None
    assert asset.get("Path") in names
