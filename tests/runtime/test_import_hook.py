"""Whole packages, checked by a hook; and who else may hook the same package."""

from __future__ import annotations

import importlib
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import jaxtyping
import numpy as np
import pytest
from hypothesis import find

from typed_resnet import ShapeError, Tensor, install_import_hook

zeros = Tensor.zeros

FIRST = '''
"""A docstring."""
from __future__ import annotations
import functools
from dataclasses import dataclass
from typing import Generic, overload
from typed_resnet import Layer, Tensor, typed
from typed_resnet.dims import B, C, H, N, W

@functools.lru_cache
def cached(n: N, m: N) -> N:
    return n

@overload
def one(x: int) -> int: ...
@overload
def one(x: str) -> str: ...
def one(x): return x

@dataclass
class Scale(Generic[C]):
    by: Tensor[C]
    def __call__(self, x: Tensor[*B, C]) -> Tensor[*B, C]:
        def inner(y: Tensor[N], z: Tensor[N]) -> None: ...
        inner(self.by, Tensor(x.array[0]))
        return x
    @staticmethod
    def still(x: Tensor[N], y: Tensor[N]) -> None: ...
    class Nested(Generic[C]):
        def method(self, x: Tensor[C], y: Tensor[C]) -> None: ...

class Flat(Layer, Generic[C]):
    by: Tensor[C]
    def __call__(self, x: Tensor[*B, C]) -> Tensor[*B, C]:
        raise RuntimeError("line 34")

lines = [lambda x: x]
'''
SECOND = """
from typed_resnet import Tensor
from typed_resnet.dims import N
def same(x: Tensor[N], y: Tensor[N]) -> None:
    local: Tensor[N] = Tensor.zeros(5)
"""


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Write a package that no other test has seen."""
    name = f"models_of_{tmp_path.name}".replace("-", "_")
    folder = tmp_path / name
    (folder / "inner").mkdir(parents=True)
    (folder / "__init__.py").write_text("")
    (folder / "first.py").write_text(FIRST)
    (folder / "inner" / "__init__.py").write_text("")
    (folder / "inner" / "second.py").write_text(SECOND)
    monkeypatch.syspath_prepend(str(tmp_path))
    yield name
    for module in [m for m in sys.modules if m.partition(".")[0] == name]:
        del sys.modules[module]


def load(package: str, module: str = "first") -> ModuleType:
    return importlib.import_module(f"{package}.{module}")


def test_all_definitions_are_checked(package: str) -> None:
    with install_import_hook(package):
        first = load(package)
        second = load(package, "inner.second")
    wrong = [
        lambda: first.cached(2, 3),
        lambda: first.Scale(zeros(2))(zeros(4, 3)),
        lambda: first.Scale.still(zeros(2), zeros(3)),
        lambda: first.Scale.Nested().method(zeros(2), zeros(3)),
        lambda: first.Flat(zeros(2))(zeros(3)),
        lambda: second.same(zeros(2), zeros(3)),
    ]
    for call in wrong:
        with pytest.raises(ShapeError):
            call()
    assert first.cached(2, 2) == 2
    assert first.one("a") == "a"
    assert first.__doc__ == "A docstring."
    assert first.Scale(zeros(2))(zeros(4, 2)).shape == (4, 2)


def test_lines_stay_where_they_are(package: str) -> None:
    with install_import_hook(package):
        first = load(package)
    with pytest.raises(RuntimeError) as caught:
        first.Flat(zeros(2))(zeros(2))
    assert (
        caught.traceback[-1].lineno + 1
        == FIRST.split("\n").index('        raise RuntimeError("line 34")') + 1
    )


def test_only_the_named_packages_are_checked_and_only_while_hooked(package: str) -> None:
    with install_import_hook("models_of_somebody_else", f"{package}.inner"):
        load(package).cached(2, 3)
        second = load(package, "inner.second")
        with pytest.raises(ShapeError):
            second.same(zeros(2), zeros(3))
    importlib.reload(second)
    second.same(zeros(2), zeros(3))
    with (
        pytest.warns(RuntimeWarning, match="imported before its checks were installed"),
        install_import_hook(f"{package}.inner.second"),
    ):
        importlib.reload(second)
    with pytest.raises(ShapeError):
        second.same(zeros(2), zeros(3))


def test_no_bytecode_with_checks_is_kept(package: str, tmp_path: Path) -> None:
    with install_import_hook(package):
        load(package)
    assert not list(tmp_path.rglob("first.*.pyc"))


def test_under_jaxtypings_hook_too_a_warning_says_who_acts(package: str) -> None:
    with (
        jaxtyping.install_import_hook(package, "beartype.beartype"),
        install_import_hook(package),
        pytest.warns(RuntimeWarning, match="jaxtyping's import hook too"),
    ):
        second = load(package, "inner.second")
    with pytest.raises(ShapeError):
        second.same(zeros(2), zeros(3))


MADE_ELSEWHERE = """
import functools
from contextlib import contextmanager
from typing import Any
from hypothesis import strategies as st
from typed_resnet import Tensor
from typed_resnet.dims import N

@st.composite
def values(draw: st.DrawFn, upto: Any) -> int:
    return draw(st.integers(0, upto))

@contextmanager
def opened(x: Tensor[N], y: Tensor[N]):
    yield
"""


def test_what_a_decorator_made_elsewhere_is_no_function_of_the_module(
    package: str, tmp_path: Path
) -> None:
    """Names in its annotations are not its module's; what wraps a function is checked as that."""
    (tmp_path / package / "made.py").write_text(MADE_ELSEWHERE)
    with (
        jaxtyping.install_import_hook(package, None),
        install_import_hook(package),
        pytest.warns(RuntimeWarning, match="jaxtyping's import hook too"),
    ):
        made = load(package, "made")
    assert find(made.values(3), lambda drawn: drawn > 2) == 3
    with pytest.raises(ShapeError), made.opened(zeros(2), zeros(3)):
        pass


def test_where_jaxtypings_hook_comes_after_ours_a_warning_says_that_only_it_acts(
    package: str,
) -> None:
    hook = install_import_hook(package)
    with jaxtyping.install_import_hook(package, "beartype.beartype"):
        load(package, "inner.second").same(zeros(2), zeros(3))
    with pytest.warns(RuntimeWarning, match=f"{package} was found by .*: install ours last"):
        hook.uninstall()
    hook.uninstall()  # a second time says nothing


CLAW = """
import sys
from beartype.claw import beartype_package
from beartype.roar import BeartypeCallHintViolation
from typed_resnet import ShapeError, Tensor, install_import_hook
package, hooked = sys.argv[1], sys.argv[2] == "hooked"
sys.path.insert(0, sys.argv[3])
beartype_package(package)
if hooked:
    install_import_hook(package)
from importlib import import_module
first, second = import_module(package + ".first"), import_module(package + ".inner.second")
zeros = Tensor.zeros
first.Scale(zeros(2))(zeros(4, 2))
first.Scale.still(zeros(2), zeros(2))
try:
    first.Flat(zeros(2))(zeros(4, 3))
except ShapeError:
    pass
else:
    raise SystemExit("layers are checked everywhere")
try:
    second.same(zeros(2), zeros(2))
except (ShapeError, BeartypeCallHintViolation) as error:
    assert hooked and "N" in str(error), error
else:
    assert not hooked, "a local variable was not checked"
second.same(zeros(5), zeros(5))
try:
    second.same(zeros(5), zeros(3))
except ShapeError:
    assert hooked
else:
    assert not hooked
"""


@pytest.mark.parametrize("hooked", ["hooked", "alone"])
def test_beside_beartype_claw_both_act(package: str, hooked: str, tmp_path: Path) -> None:
    ignored = ["-W", "ignore::RuntimeWarning"]
    command = [sys.executable, "-W", "error", *ignored, "-c", CLAW, package, hooked, str(tmp_path)]
    subprocess.run(command, check=True)


TEST_FILE = """
import pytest
from typed_resnet import ShapeError, Tensor

def test_it():
    from {package}.inner.second import same
    with pytest.raises(ShapeError):
        same(Tensor.zeros(2), Tensor.zeros(3))
"""


def test_a_test_run_checks_what_a_conftest_imports(package: str, tmp_path: Path) -> None:
    """The checks are there before any conftest.py; a test module's own functions are checked."""
    (tmp_path / "conftest.py").write_text(f"import {package}.inner.second")
    text = textwrap.dedent(TEST_FILE.format(package=package))
    text += "    from typed_resnet.dims import N\n"
    text += SECOND.replace("same", "of_the_tests")
    text += "def test_mine():\n    with pytest.raises(ShapeError, match='of_the_tests'):\n"
    text += "        of_the_tests(Tensor.zeros(2), Tensor.zeros(3))\n"
    (tmp_path / "test_it.py").write_text(text)
    option = f"--typed-resnet={package},test_it"
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", option, "test_it.py"]
    done = subprocess.run(
        command, cwd=tmp_path, capture_output=True, text=True, check=False, env={"PYTHONPATH": "."}
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert (
        f"typed-resnet: checks {package},test_it; of modules that pytest rewrites" in done.stdout
    )
    assert "warning" not in done.stdout  # the header has said it


@pytest.mark.parametrize("hooked", [True, False])
def test_pytest_takes_the_packages_to_check(package: str, hooked: bool, tmp_path: Path) -> None:
    (tmp_path / "test_it.py").write_text(textwrap.dedent(TEST_FILE.format(package=package)))
    option = [f"--typed-resnet={package},other"] if hooked else []
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        *option,
        "test_it.py",
    ]
    done = subprocess.run(
        command, cwd=tmp_path, capture_output=True, text=True, check=False, env={"PYTHONPATH": "."}
    )
    assert (done.returncode == 0) is hooked, done.stdout + done.stderr


def test_arrays_of_one_module_may_stay_jaxtypings() -> None:
    assert isinstance(np.zeros(3, np.float32), jaxtyping.Float[np.ndarray, "N"])
