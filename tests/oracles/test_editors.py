"""Neovim, Emacs, Helix and VS Code, with our configuration of each: what they show."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pexpect
import pyte
import pytest
from playwright.sync_api import Page, expect
from scripts.vscode import window

EDITORS = Path(__file__).parents[2] / "editors"
HELIX = shutil.which("hx") or str(Path(sys.prefix) / "helix/bin/hx")
"""Where Debian's is too old to have it, the Makefile puts it into the environment."""
TEXT = """\
from typed_resnet import Tensor, relu

y = relu(Tensor.zeros(3, 4))
x: int = "wrong"
"""
SAYS = {": Tensor[3, 4]", " → [3, 4]"}

NEOVIM = """
local config = dofile('{config}')
local answer, said
vim.lsp.handlers['textDocument/publishDiagnostics'] = function(_, result)
  said = result.diagnostics
end
local id = vim.lsp.start_client({{
  cmd = config.cmd, init_options = config.init_options, root_dir = vim.loop.cwd(),
}})
vim.lsp.buf_attach_client(0, id)
local client = vim.lsp.get_client_by_id(id)
vim.wait(10000, function() return client.initialized end)
client.request('textDocument/inlayHint', {{
  textDocument = {{ uri = vim.uri_from_bufnr(0) }},
  range = {{ start = {{ line = 0, character = 0 }}, ['end'] = {{ line = 99, character = 0 }} }},
}}, function(_, result) answer = result end, 0)
vim.wait(120000, function() return answer and said end)
vim.fn.writefile({{ vim.json.encode({{ hints = answer, said = said }}) }}, '{out}')
vim.lsp.stop_client(id)
vim.cmd('qall!')
"""
EMACS = """
(require 'json)
(package-initialize)
(load "{config}")
(find-file "{file}")
(python-mode)
(let* ((eglot-sync-connect 30)
       (server (apply #'eglot--connect (eglot--guess-contact)))
       (hints (jsonrpc-request server :textDocument/inlayHint
                (list :textDocument (eglot--TextDocumentIdentifier)
                      :range '(:start (:line 0 :character 0) :end (:line 99 :character 0)))
                :timeout 120)))
  (with-temp-file "{out}"
    (insert (json-encode (list :hints hints)))))
"""


pytestmark = pytest.mark.oracle


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with one file, and our command on the path."""
    (tmp_path / "model.py").write_text(TEXT)
    (tmp_path / "pyproject.toml").write_text("")
    bin_folder = tmp_path / "bin"
    bin_folder.mkdir()
    command = bin_folder / "typed-resnet"
    command.write_text(f'#!/bin/sh\nexec {sys.executable} -m typed_resnet "$@"\n')
    command.chmod(0o755)
    monkeypatch.setenv("PATH", f"{bin_folder}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_neovim(folder: Path) -> None:
    config, out = EDITORS / "neovim/typed_resnet.lua", folder / "out.json"
    (folder / "run.lua").write_text(NEOVIM.format(config=config, out=out))
    command = ["nvim", "--headless", "-u", "NONE", "-c", "luafile run.lua", "model.py"]
    subprocess.run(command, check=True, timeout=180, capture_output=True)
    found = json.loads(out.read_text())
    assert {hint["label"] for hint in found["hints"]} == SAYS
    assert [diagnostic["source"] for diagnostic in found["said"]] == ["typed-resnet"]


def test_emacs(folder: Path) -> None:
    config, out = EDITORS / "emacs/typed-resnet.el", folder / "out.json"
    file = folder / "model.py"
    (folder / "run.el").write_text(EMACS.format(config=config, file=file, out=out))
    command = ["emacs", "--batch", "-l", "run.el"]
    done = subprocess.run(command, timeout=180, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert {hint["label"] for hint in json.loads(out.read_text())["hints"]} == SAYS


class Terminal:
    """A program in a terminal: what is typed, and what can be read there."""

    def __init__(self, command: list[str]) -> None:
        rows, columns = 24, 120
        self._screen = pyte.Screen(columns, rows)
        self._stream = pyte.Stream(self._screen)
        environment = {**os.environ, "TERM": "xterm-256color"}
        self._process = pexpect.spawn(
            command[0], command[1:], env=environment, dimensions=(rows, columns), encoding="utf-8"
        )

    def type(self, keys: str) -> None:
        """Type as people do, one key after another."""
        for key in keys:
            self._process.send(key)
            time.sleep(0.05)

    def wait_for(self, *texts: str, seconds: float = 120) -> str:
        """Read the screen until all of some texts stand on it."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            with contextlib.suppress(pexpect.TIMEOUT):
                self._stream.feed(self._process.read_nonblocking(65536, timeout=0.2))
            screen = "\n".join(line.rstrip() for line in self._screen.display)
            if all(text in screen for text in texts):
                return screen
        raise AssertionError(f"not on the screen: {texts}\n{screen}")

    def close(self) -> None:
        self._process.close(force=True)


@pytest.fixture
def helix(folder: Path) -> Iterator[Terminal]:
    (folder / ".helix").mkdir()
    shutil.copy(EDITORS / "helix/languages.toml", folder / ".helix")
    (folder / ".helix/config.toml").write_text("[editor.lsp]\ndisplay-inlay-hints = true\n")
    terminal = Terminal([HELIX, "model.py"])
    yield terminal
    terminal.close()


def test_helix(helix: Terminal) -> None:
    helix.wait_for("● 1")
    helix.type("3gg")  # it asks for hints when keys have come to rest
    helix.wait_for("y: Tensor[3, 4] = relu(Tensor.zeros(3, 4) → [3, 4] )")
    helix.type("wwe k")  # below `relu`: what is known of it
    helix.wait_for("relu(x: Tensor[*Shape]) -> Tensor[*Shape]", "*Shape = [3, 4]")
    helix.type("oz = y + relu(")
    helix.wait_for("requires (x: Tensor[*Shape])")
    helix.type("Tensor.zeros(4, 4\x1b")
    helix.wait_for("Tensor.zeros(4, 4) → [4, 4] ) → [4, 4]", "● 2")
    helix.type("gh8l")  # onto `relu`, which the error is at
    helix.wait_for("+ expects 3 on axis 0, got 4")


@pytest.fixture
def vscode(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    with window(folder, "model.py", tmp_path_factory.mktemp("home")) as page:
        yield page


def test_vscode(vscode: Page) -> None:
    expect.set_options(timeout=30_000)
    text = vscode.locator(".view-lines")
    wrong = vscode.locator(".squiggly-error")
    expect(text).to_contain_text("y: Tensor[3, 4] = relu(Tensor.zeros(3, 4) → [3, 4])")
    expect(wrong).to_have_count(1)
    vscode.get_by_text("relu", exact=True).last.hover()
    known = vscode.locator(".monaco-hover:visible")
    expect(known).to_contain_text("relu(x: Tensor[*Shape]) -> Tensor[*Shape]")
    expect(known).to_contain_text("*Shape = [3, 4]")
    text.click()
    vscode.keyboard.press("Control+End")
    vscode.keyboard.type("z = y + relu(", delay=50)
    expect(vscode.locator(".parameter-hints-widget")).to_contain_text(
        "requires (x: Tensor[*Shape])"
    )
    vscode.keyboard.type("Tensor.zeros(4, 4))", delay=50)
    expect(text).to_contain_text("Tensor.zeros(4, 4) → [4, 4]")
    expect(wrong).to_have_count(2)
    vscode.keyboard.press("Escape")
    vscode.keyboard.press("F1")
    vscode.keyboard.type("restart the language server")
    vscode.keyboard.press("Enter")
    expect(wrong).to_have_count(0)
    expect(wrong).to_have_count(2)
    vscode.keyboard.press("F8")  # the next error, opened below its line
    expect(vscode.locator(".zone-widget")).to_contain_text("+ expects 3 on axis 0, got 4")
