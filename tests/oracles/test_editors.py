"""Neovim and Emacs, as Debian packages them, with our configuration of each."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

EDITORS = Path(__file__).parents[2] / "editors"
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


@pytest.mark.oracle
def test_neovim(folder: Path) -> None:
    config, out = EDITORS / "neovim/typed_resnet.lua", folder / "out.json"
    (folder / "run.lua").write_text(NEOVIM.format(config=config, out=out))
    command = ["nvim", "--headless", "-u", "NONE", "-c", "luafile run.lua", "model.py"]
    subprocess.run(command, check=True, timeout=180, capture_output=True)
    found = json.loads(out.read_text())
    assert {hint["label"] for hint in found["hints"]} == SAYS
    assert [diagnostic["source"] for diagnostic in found["said"]] == ["typed-resnet"]


@pytest.mark.oracle
def test_emacs(folder: Path) -> None:
    config, out = EDITORS / "emacs/typed-resnet.el", folder / "out.json"
    file = folder / "model.py"
    (folder / "run.el").write_text(EMACS.format(config=config, file=file, out=out))
    command = ["emacs", "--batch", "-l", "run.el"]
    done = subprocess.run(command, timeout=180, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert {hint["label"] for hint in json.loads(out.read_text())["hints"]} == SAYS
