"""Run the kernels under jaxtyping's import hook: every annotation is checked at every call.

The tests of this folder import copies of their own. All others keep the modules that the layers
know: some, as `pending`, hold what must be there but once.
"""

import sys
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from types import ModuleType

import pytest
from jaxtyping import install_import_hook

import typed_resnet.kernels

PACKAGE = "typed_resnet.kernels"


def _taken_out() -> dict[str, ModuleType]:
    names = [name for name in sys.modules if f"{name}.".startswith(f"{PACKAGE}.")]
    return {name: sys.modules.pop(name) for name in names}


def _put_in(modules: dict[str, ModuleType]) -> None:
    sys.modules.update(modules)
    typed_resnet.kernels = modules[PACKAGE]


_plain = _taken_out()
with install_import_hook(PACKAGE, "beartype.beartype"):
    import typed_resnet.kernels
_checked = _taken_out()
_put_in(_plain)


@contextmanager
def _checked_kernels() -> Iterator[None]:
    plain = _taken_out()
    _put_in(_checked)
    try:
        yield
    finally:
        _checked.update(_taken_out())
        _put_in(plain)


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(
    collector: pytest.Collector,
) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """Import a module of this folder among the checked kernels."""
    with _checked_kernels():
        return (yield)
