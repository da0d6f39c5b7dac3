"""The syntax of PEP 695, which Python 3.12 brought."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

import pytest

from typed_resnet import ShapeError, Tensor, install_import_hook

zeros = Tensor.zeros
pytestmark = pytest.mark.skipif(sys.version_info < (3, 12), reason="Python 3.12's syntax")

SOURCE = """
from dataclasses import dataclass
from typed_resnet import Layer, Tensor, typed

type Image[C: int, H: int] = Tensor[C, H, H]
type Images[C: int] = list[Image[C, 8]]

class Dense[In: int, Out: int](Layer):
    weight: Tensor[Out, In]

    def __call__[*B](self, x: Tensor[*B, In]) -> Tensor[*B, Out]:
        return Tensor(x.array @ self.weight.array.T)

class Twice[In: int](Layer):
    one: Dense[In, In]
    two: "Dense[In, In]"

def square[C: int, H: int](x: Image[C, H], h: H) -> None: ...
def stack[C: int](xs: Images[C]) -> None: ...

def around[N: int](x: Tensor[N]):
    def same(y: Tensor[N]) -> None: ...
    def another[N: int, *B](y: Tensor[*B, N]) -> None: ...
    return same, another
"""


def test_they_are_sizes_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "in_new_syntax.py").write_text(SOURCE)
    monkeypatch.syspath_prepend(str(tmp_path))
    with install_import_hook("in_new_syntax"):
        new = importlib.import_module("in_new_syntax")

    dense = new.Dense(zeros(2, 3))
    assert repr(dense) == "Dense[3, 2]"
    assert dense(zeros(7, 3)).shape == (7, 2)
    new.square(zeros(3, 4, 4), 4)
    new.stack([zeros(3, 8, 8)])
    same, another = new.around(zeros(2))
    same(zeros(2))
    another(zeros(7, 3))
    for wrong, sentence in (
        (lambda: dense(zeros(2)), r"Dense\[3, 2\] expects 3 features, got 2"),
        (lambda: new.Twice(dense, dense), "Twice expects 3 features, got 2"),
        (lambda: new.square(zeros(3, 4, 5), 4), "square expects height 4, got 5"),
        (lambda: new.square(zeros(3, 4, 4), 5), "square expects height 4 as in x, got 5"),
        (lambda: same(zeros(3)), "same expects 2 images, got 3"),
        (lambda: new.stack([zeros(3, 8, 9)]), "stack expects 8 on axis 2, got 9"),
    ):
        with pytest.raises(ShapeError, match=f"^{sentence}"):
            wrong()
