"""NumPy's BLAS: how many threads it has, and whether it copies the factors of a small product.

`threadpoolctl` asks and tells it. Without that, and of a BLAS that is not OpenBLAS, nothing is
known: it keeps its threads, and is taken for one that copies, as all do by default.
"""

from __future__ import annotations

import functools
import importlib
import itertools
from collections.abc import Callable
from typing import Any, Final

_LEAVES: Final = {"skylakex", "cooperlake", "sapphirerapids"}
"""The cores, as OpenBLAS calls them, for which it has kernels of small products: with AVX-512.

For all others, AVX2's Haswell and Zen among them, it copies both factors into an order of its own.
"""


_SUFFIXES: Final = ("", "64_", "_64")


class Blas:
    """What NumPy multiplies with, as far as it tells.

    Attributes:
        count: the threads that it has.
        copies: whether it copies the factors of a small product before it multiplies them.
    """

    def __init__(self) -> None:
        self.libraries: list[Any] = []
        self.count = 1
        self.copies = True
        try:
            threadpoolctl: Any = importlib.import_module("threadpoolctl")
        except ModuleNotFoundError:
            return
        found = threadpoolctl.ThreadpoolController().select(user_api="blas").lib_controllers
        self.libraries = [library for library in found if library.internal_api == "openblas"]
        self.count = max((library.num_threads for library in self.libraries), default=1)
        cores = {str(library.architecture).lower() for library in self.libraries}
        self.copies = not cores or not cores <= _LEAVES

    def hold(self, threads: int) -> None:
        """Have it use so many threads."""
        for hold in self._holds:
            hold(threads)

    @functools.cached_property
    def _holds(self) -> list[Callable[[int], object]]:
        return [_hold_of(library) for library in self.libraries]


def _hold_of(library: Any) -> Callable[[int], object]:
    """Find OpenBLAS's own function, under one of the names that it is built with.

    `threadpoolctl` looks for it at every call: some hundred times in a network's step, between
    two products, when Python's memory is in no cache.
    """
    for name in itertools.product(("", "scipy_"), ("openblas_set_num_threads",), _SUFFIXES):
        found: Callable[[int], object] | None = getattr(library.dynlib, "".join(name), None)
        if found is not None:
            return found
    by_search: Callable[[int], object] = library.set_num_threads
    return by_search


@functools.cache
def blas() -> Blas:
    """Look it up at the first call, when it is loaded and the user has set its threads."""
    return Blas()
