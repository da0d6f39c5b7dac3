"""Run the kernels under jaxtyping's import hook: every annotation is checked at every call."""

import sys

from jaxtyping import install_import_hook

PACKAGE = "typed_resnet.kernels"

# Whoever came first may have imported them unchecked.
for name in [name for name in sys.modules if f"{name}.".startswith(f"{PACKAGE}.")]:
    del sys.modules[name]
with install_import_hook(PACKAGE, "beartype.beartype"):
    import typed_resnet.kernels  # noqa: F401
