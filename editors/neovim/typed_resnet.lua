-- Neovim 0.11 or newer: put this file into ~/.config/nvim/lsp/, and vim.lsp.enable('typed_resnet')
-- into init.lua, with vim.lsp.inlay_hint.enable() to see the hints.
return {
  cmd = { 'typed-resnet', 'lsp' },
  filetypes = { 'python' },
  root_markers = { 'pyproject.toml', 'mypy.ini', 'setup.cfg', '.git' },
  init_options = { callHints = true },
}
