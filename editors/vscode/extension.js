// Starts `typed-resnet lsp` for the Python files of a window; all else is the server's.
"use strict";

const vscode = require("vscode");
const { LanguageClient } = require("vscode-languageclient/node");

let client;

/** Start the server with the settings of the window. */
async function start() {
  const settings = vscode.workspace.getConfiguration("typedResnet");
  const [command, ...args] = settings.get("command");
  client = new LanguageClient(
    "typedResnet",
    "typed_resnet",
    { command, args },
    {
      documentSelector: [{ scheme: "file", language: "python" }],
      initializationOptions: { callHints: settings.get("callHints") },
    },
  );
  await client.start();
}

async function restart() {
  await deactivate();
  await start();
}

async function activate(context) {
  context.subscriptions.push(
    vscode.commands.registerCommand("typedResnet.restart", restart),
    vscode.workspace.onDidChangeConfiguration((change) =>
      change.affectsConfiguration("typedResnet") ? restart() : undefined,
    ),
  );
  await start();
}

async function deactivate() {
  const running = client;
  client = undefined;
  await running?.stop();
}

module.exports = { activate, deactivate };
