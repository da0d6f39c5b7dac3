"""Any that is returned where sizes are declared: mypy is asked for it, and heard of only there.

mypy's `warn_return_any` names each function that returns `Any` where it declares more. Sizes are
lost so, as they are anywhere else; what has none is told only where the project asks for it.
"""

from __future__ import annotations

from mypy.find_sources import SourceFinder
from mypy.fscache import FileSystemCache
from mypy.options import Options

from typed_resnet.check.messages import RETURNED_ANY, holds_sizes


class ReturnedAny:
    """What a project's options say of functions that return `Any`, before ours say it of all."""

    def __init__(self, options: Options, fscache: FileSystemCache) -> None:
        self._asked = options.apply_changes({})
        self._finder = SourceFinder(fscache, options)
        options.warn_return_any = True

    def is_told(self, message: str, path: str | None) -> bool:
        """Say whether a message of mypy's about a file is for the reader; most are."""
        found = RETURNED_ANY.search(message)
        return found is None or holds_sizes(found["declared"]) or self._is_asked_for(path)

    def _is_asked_for(self, path: str | None) -> bool:
        """Say whether the project's options, or those of a part of it, ask for it in a file."""
        if not path or not self._asked.per_module_options:
            return self._asked.warn_return_any
        module, _ = self._finder.crawl_up(path)
        return self._asked.clone_for_module(module).warn_return_any
