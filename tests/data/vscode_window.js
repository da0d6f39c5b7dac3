// Stands for a window of VS Code: activates the extension, restarts it twice, and says what it did.
const Module = require("module");
const log = [];
const settings = { command: ["/venv/bin/typed-resnet", "lsp"], callHints: false };
let changed;
const vscode = {
  workspace: {
    getConfiguration: (section) => (log.push(["section", section]), { get: (key) => settings[key] }),
    onDidChangeConfiguration: (listener) => ((changed = listener), {}),
  },
  commands: { registerCommand: (name, run) => (log.push(["command", name]), { run }) },
};
class LanguageClient {
  constructor(id, name, server, client) { log.push(["client", id, server, client]); }
  async start() { log.push(["start"]); }
  async stop() { log.push(["stop"]); }
}
const load = Module._load;
Module._load = (name, ...rest) =>
  name === "vscode" ? vscode : name === "vscode-languageclient/node" ? { LanguageClient } : load(name, ...rest);
const extension = require(process.argv[2]);
(async () => {
  const context = { subscriptions: [] };
  await extension.activate(context);
  await context.subscriptions[0].run();
  await changed({ affectsConfiguration: (section) => section === "typedResnet" });
  await extension.deactivate();
  await extension.deactivate();
  console.log(JSON.stringify({ log, subscriptions: context.subscriptions.length }));
})();
