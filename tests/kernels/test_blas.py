"""What is known of NumPy's BLAS, and that kernels are right with either kind of it."""

import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
import threadpoolctl

from typed_resnet.kernels.blas import Blas

ASKED = "from typed_resnet.kernels.blas import blas; print(blas().copies)"
HASWELL = os.environ | {"OPENBLAS_CORETYPE": "Haswell"}
"""OpenBLAS takes its kernels for AVX2 then, whatever the machine has."""


def controller(*libraries):
    found = SimpleNamespace(lib_controllers=[SimpleNamespace(**each) for each in libraries])
    return lambda: SimpleNamespace(select=lambda **_: found)


def openblas(core, threads=4):
    return {"internal_api": "openblas", "architecture": core, "num_threads": threads}


@pytest.mark.parametrize(
    ("core", "copies"),
    [("SkylakeX", False), ("Cooperlake", False), ("Sapphirerapids", False), ("Haswell", True),
     ("Zen", True), ("neoversen1", True)],
)  # fmt: skip
def test_openblas_says_by_its_core_whether_it_copies(monkeypatch, core, copies):
    monkeypatch.setattr(threadpoolctl, "ThreadpoolController", controller(openblas(core)))
    assert (Blas().copies, Blas().count) == (copies, 4)


def test_another_blas_keeps_its_threads_and_is_taken_to_copy(monkeypatch):
    """MKL, say; of Accelerate threadpoolctl knows nothing at all."""
    mkl = {"internal_api": "mkl", "num_threads": 4}
    for libraries in ([mkl], []):
        monkeypatch.setattr(threadpoolctl, "ThreadpoolController", controller(*libraries))
        made = Blas()
        assert (made.copies, made.count, made.libraries) == (True, 1, [])


@pytest.mark.parametrize("name", ["openblas_set_num_threads", "scipy_openblas_set_num_threads64_"])
def test_openblas_is_held_by_its_own_function_or_else_by_threadpoolctl_s(monkeypatch, name):
    held = []
    own = SimpleNamespace(**{name: lambda count: held.append(("own", count))})
    other = SimpleNamespace(another_name=None)
    by_search = {"set_num_threads": lambda count: held.append(("searched", count))}
    libraries = [openblas("Haswell") | by_search | {"dynlib": each} for each in (own, other)]
    monkeypatch.setattr(threadpoolctl, "ThreadpoolController", controller(*libraries))
    Blas().hold(3)
    assert held == [("own", 3), ("searched", 3)]


def test_this_openblas_is_held():
    """By whatever name it has that function: threadpoolctl sees it."""
    made = Blas()
    try:
        made.hold(1)
        assert {library.num_threads for library in made.libraries} <= {1}
    finally:
        made.hold(made.count)
    assert max((library.num_threads for library in made.libraries), default=1) == made.count


def test_without_threadpoolctl_it_is_taken_to_copy(monkeypatch):
    monkeypatch.setitem(sys.modules, "threadpoolctl", None)
    assert (Blas().copies, Blas().count) == (True, 1)


def test_with_the_kernels_for_avx2_real_layers_are_as_accurate_as_stated():
    """In a process of its own, so that this is tried on machines with AVX-512 too."""
    asked = subprocess.run(
        [sys.executable, "-c", ASKED], env=HASWELL, check=True, capture_output=True, text=True
    )
    assert asked.stdout == "True\n"
    tests = str(Path(__file__).with_name("test_products.py"))
    ran = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", tests, "-k", "many_channels"],
        env=HASWELL, check=False, capture_output=True, text=True,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stdout
