"""With the checks switched off, nothing stands in for a function or a method."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

SWITCHED_OFF = """
from typed_resnet import typed, cast, Tensor, Layer
import numpy as np
def f(x: Tensor[3]): return x
assert typed(f) is f
class A(Layer):
    x: Tensor[3]
    def g(self, x: Tensor[3]): return x
assert not hasattr(A.g, "__wrapped__") and not hasattr(A.__init__, "__wrapped__")
assert cast(Tensor[3], np.zeros(4)).shape == (4,)
import hooked_package
from typed_resnet import install_import_hook
with install_import_hook("hooked_package"):
    assert hooked_package is __import__("importlib").reload(hooked_package)
assert not hasattr(hooked_package.f, "__wrapped__")
assert hooked_package.f.__code__.co_filename == hooked_package.__file__
try:
    Tensor.zeros(3) + Tensor.zeros(4)
except TypeError:
    pass
else:
    raise SystemExit("nothing may broadcast")
"""


@pytest.mark.parametrize(("flags", "switch"), [([], "0"), (["-O"], "1")])
def test_switched_off_there_is_no_wrapper(flags: list[str], switch: str, tmp_path: Path) -> None:
    (tmp_path / "hooked_package.py").write_text("def f(x: int) -> int: return x")
    environment = os.environ | {"TYPED_RESNET_CHECKS": switch, "PYTHONPATH": str(tmp_path)}
    subprocess.run([sys.executable, *flags, "-c", SWITCHED_OFF], check=True, env=environment)
